"""HTTP of conversations."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query, Response

from services.messaging.conversations import opening, service
from services.messaging.conversations.repository import Conversations
from services.messaging.conversations.schemas import BlockBody, ConversationView, NewConversation, ReadUpTo
from services.messaging.conversations.views import view_of, views_of
from services.messaging.directory.errors import BookingNotConfirmed
from services.messaging.messages.live_updates import Live
from services.messaging.participants.errors import (
    Blocked,
    CannotMessageSelf,
    FixedParticipants,
    NotABookingParty,
    NotAllowedToWrite,
    UserToBlockMissing,
)
from shared.errors import Forbidden, NotFound
from shared.runtime import Runtime
from shared.web.http import Idempotency, Route, SessionDep, Signed, errors_of, runtime_of
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1/conversations", route_class=Route, tags=["conversations"])
RuntimeDep = Annotated[Runtime, Depends(runtime_of)]
OPENED_BEFORE = 200


@router.post(
    "/",
    status_code=201,
    responses=errors_of(NotFound, NotAllowedToWrite, Blocked, BookingNotConfirmed, CannotMessageSelf, NotABookingParty),
)
async def open_conversation(
    body: NewConversation, caller: Signed, runtime: RuntimeDep, once: Idempotency, response: Response
) -> ConversationView:
    """A conversation with these users, or about a booking; the same again is the same one, with 200."""
    await opening.prepare(runtime, caller, body)
    async with runtime.db.transaction() as session:
        await once.start(session)
        conversation, is_new = await opening.open_conversation(session, caller, body)
        response.status_code = 201 if is_new else OPENED_BEFORE
        view = await view_of(session, conversation, caller)
        await once.done(session, response.status_code, view)
    return view


@router.get("/")
async def list_conversations(
    caller: Signed, session: SessionDep, page: Paging, booking_id: UUID | None = None
) -> Listing[ConversationView]:
    """The caller's conversations, newest activity first; `search` looks into subjects and messages."""
    conversations, total = await Conversations(session).list(caller, page, booking_id)
    return Listing[ConversationView].of(await views_of(session, conversations, caller), total, page)


@router.get("/{conversation_id}/", responses=errors_of(NotFound))
async def get_conversation(conversation_id: UUID, caller: Signed, session: SessionDep) -> ConversationView:
    """One of the caller's conversations."""
    return await view_of(session, await Conversations(session).get(conversation_id, caller), caller)


@router.post("/{conversation_id}/read/", status_code=204, responses=errors_of(NotFound))
async def mark_conversation_read(
    conversation_id: UUID, body: ReadUpTo, caller: Signed, session: SessionDep, live: Live
) -> None:
    """The caller has read up to that message; an older one than before changes nothing."""
    await service.mark_read(session, conversation_id, caller, body.up_to, live)


@router.post("/{conversation_id}/block/", status_code=204, responses=errors_of(NotFound, UserToBlockMissing))
async def block_conversation(
    conversation_id: UUID, caller: Signed, session: SessionDep, body: Annotated[BlockBody | None, Body()] = None
) -> None:
    """Neither of the two writes to the other from now on."""
    await service.block(session, conversation_id, caller, None if body is None else body.user_id)


@router.delete("/{conversation_id}/block/", status_code=204, responses=errors_of(NotFound, UserToBlockMissing))
async def unblock_conversation(
    conversation_id: UUID, caller: Signed, session: SessionDep, user_id: Annotated[UUID | None, Query()] = None
) -> None:
    """Ends the caller's own block."""
    await service.unblock(session, conversation_id, caller, user_id)


@router.delete(
    "/{conversation_id}/participants/{user_id}/",
    status_code=204,
    responses=errors_of(NotFound, Forbidden, FixedParticipants),
)
async def leave_conversation(
    conversation_id: UUID, user_id: UUID, caller: Signed, session: SessionDep, live: Live
) -> None:
    """Leaves a conversation of three or more; `user_id` is the caller's own."""
    await service.leave(session, conversation_id, caller, user_id, live)

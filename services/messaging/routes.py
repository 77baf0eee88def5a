"""HTTP and WebSocket of messaging: conversations for their members, reported ones for staff."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query, Response
from starlette.websockets import WebSocket

from services.messaging import leaving, moderation, service
from services.messaging.chat import Chat
from services.messaging.domain import ReportStatus
from services.messaging.errors import (
    Blocked,
    BookingNotConfirmed,
    CannotMessageSelf,
    ConversationClosed,
    FixedMembers,
    NotABookingParty,
    NotAllowedToWrite,
    UserToBlockMissing,
)
from services.messaging.moderation import Reports
from services.messaging.overview import show, shown
from services.messaging.repository import Conversations, Messages
from services.messaging.schemas import (
    BlockBody,
    ConversationView,
    MessageView,
    NewConversation,
    NewMessage,
    NewReport,
    ReadUpTo,
    ReportView,
    Resolution,
)
from shared.errors import Forbidden, NotFound
from shared.records.state import IllegalTransition
from shared.runtime import Runtime
from shared.web.http import Once, Route, SessionDep, Signed, Staff, errors_of, runtime_of
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1/conversations", route_class=Route, tags=["conversations"])
admin = APIRouter(prefix="/api/v1/admin/conversations", route_class=Route, tags=["moderation"])
sockets = APIRouter()
Rt = Annotated[Runtime, Depends(runtime_of)]
AGAIN = 200
OPENING = errors_of(NotFound, NotAllowedToWrite, Blocked, BookingNotConfirmed, CannotMessageSelf, NotABookingParty)


@router.post("/", status_code=201, responses=OPENING)
async def open_conversation(
    body: NewConversation, who: Signed, runtime: Rt, once: Once, response: Response
) -> ConversationView:
    """A conversation with these people, or about a booking; the same again is the same one, with 200."""
    await service.prepare(runtime, who, body)
    async with runtime.db.transaction() as session:
        await once.start(session)
        conversation, is_new = await service.open_conversation(session, who, body)
        response.status_code = 201 if is_new else AGAIN
        view = await show(session, who, conversation)
        await once.done(session, response.status_code, view)
    return view


@router.get("/")
async def list_conversations(
    who: Signed, session: SessionDep, page: Paging, booking_id: UUID | None = None
) -> Listing[ConversationView]:
    """One's conversations, newest activity first; `search` looks into subjects and messages."""
    conversations, total = await Conversations(session).list(who, page, booking_id)
    return Listing[ConversationView].of(await shown(session, who, conversations), total, page)


@router.get("/messages/")
async def search_messages(who: Signed, session: SessionDep, page: Paging) -> Listing[MessageView]:
    """The messages of all one's conversations, newest first; `search` looks into them."""
    return Listing[MessageView].of(*await Messages(session).search(who, page), page)


@router.get("/{conversation_id}/", responses=errors_of(NotFound))
async def get_conversation(conversation_id: UUID, who: Signed, session: SessionDep) -> ConversationView:
    """One of one's conversations."""
    return await show(session, who, await Conversations(session).get(who, conversation_id))


@router.post(
    "/{conversation_id}/messages/", status_code=201, responses=errors_of(NotFound, Blocked, ConversationClosed)
)
async def send(
    conversation_id: UUID, body: NewMessage, who: Signed, session: SessionDep, response: Response
) -> MessageView:
    """Writes; the same client_id again is the same message, with 200."""
    sent = await service.send(session, who, conversation_id, body)
    response.status_code = 201 if sent.is_new else AGAIN
    return MessageView.model_validate(sent.message)


@router.get("/{conversation_id}/messages/", responses=errors_of(NotFound))
async def list_messages(
    conversation_id: UUID,
    who: Signed,
    session: SessionDep,
    page: Paging,
    before: Annotated[UUID | None, Query(description="Only what came before this message")] = None,
    after: Annotated[UUID | None, Query(description="Only what came after this message")] = None,
) -> Listing[MessageView]:
    """Newest first."""
    await Conversations(session).get(who, conversation_id)
    return Listing[MessageView].of(*await Messages(session).list(conversation_id, page, before, after), page)


@router.post("/{conversation_id}/read/", status_code=204, response_class=Response, responses=errors_of(NotFound))
async def read(conversation_id: UUID, body: ReadUpTo, who: Signed, session: SessionDep) -> None:
    """One has read up to that message; going back changes nothing."""
    await service.mark_read(session, who, conversation_id, body.up_to)


@router.post(
    "/{conversation_id}/block/",
    status_code=204,
    response_class=Response,
    responses=errors_of(NotFound, UserToBlockMissing),
)
async def block(
    conversation_id: UUID, who: Signed, session: SessionDep, body: Annotated[BlockBody | None, Body()] = None
) -> None:
    """Neither of the two writes to the other from now on."""
    await service.block(session, who, conversation_id, None if body is None else body.user_id)


@router.delete(
    "/{conversation_id}/block/",
    status_code=204,
    response_class=Response,
    responses=errors_of(NotFound, UserToBlockMissing),
)
async def unblock(
    conversation_id: UUID, who: Signed, session: SessionDep, user_id: Annotated[UUID | None, Query()] = None
) -> None:
    """Takes one's own block back."""
    await service.unblock(session, who, conversation_id, user_id)


@router.delete(
    "/{conversation_id}/participants/{user_id}/",
    status_code=204,
    response_class=Response,
    responses=errors_of(NotFound, Forbidden, FixedMembers),
)
async def leave(conversation_id: UUID, user_id: UUID, who: Signed, session: SessionDep) -> None:
    """Leaves a conversation of three or more; `user_id` is one's own."""
    await leaving.leave(session, who, conversation_id, user_id)


@router.post("/{conversation_id}/reports/", status_code=201, responses=errors_of(NotFound))
async def report(
    conversation_id: UUID, body: NewReport, who: Signed, session: SessionDep, response: Response
) -> ReportView:
    """Asks staff to look at this conversation; while one's report is open, another is the same, with 200."""
    complaint, is_new = await moderation.report(session, who, conversation_id, body)
    response.status_code = 201 if is_new else AGAIN
    return ReportView.model_validate(complaint)


@admin.get("/reports/", responses=errors_of(Forbidden))
async def list_reports(
    who: Staff, session: SessionDep, page: Paging, status: ReportStatus | None = None
) -> Listing[ReportView]:
    """Newest first."""
    return Listing[ReportView].of(*await Reports(session).list(page, status), page)


@admin.post("/reports/{report_id}/resolve/", responses=errors_of(Forbidden, NotFound, IllegalTransition))
async def resolve(report_id: UUID, body: Resolution, who: Staff, session: SessionDep) -> ReportView:
    """Dismisses the report, or upholds it and closes the conversation."""
    return ReportView.model_validate(await moderation.resolve(session, who, report_id, body))


@admin.get("/{conversation_id}/messages/", responses=errors_of(Forbidden, NotFound))
async def read_reported(conversation_id: UUID, who: Staff, session: SessionDep, page: Paging) -> Listing[MessageView]:
    """A conversation of which a report is open; each look is on record."""
    return Listing[MessageView].of(*await moderation.read_reported(session, who, conversation_id, page), page)


@sockets.websocket("/ws/chat/{conversation_id}/")
async def chat(socket: WebSocket, conversation_id: str) -> None:
    """`message.created` and `message.read` of one conversation, and a way to write to it."""
    await Chat(socket, conversation_id).serve()

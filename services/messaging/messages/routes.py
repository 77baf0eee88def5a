"""HTTP of messages."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.messaging.messages import service
from services.messaging.messages.errors import ConversationClosed
from services.messaging.messages.live_updates import Live
from services.messaging.messages.repository import Messages
from services.messaging.messages.schemas import MessageView, NewMessage
from services.messaging.participants.errors import Blocked
from services.messaging.participants.repository import Participants
from shared.errors import NotFound
from shared.web.http import Route, SessionDep, Signed, errors_of
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1/conversations", route_class=Route, tags=["conversations"])
SENT_BEFORE = 200


@router.get("/messages/")
async def search_messages(caller: Signed, session: SessionDep, page: Paging) -> Listing[MessageView]:
    """The messages of all the caller's conversations, newest first; `search` looks into them."""
    return Listing[MessageView].of(*await Messages(session).search(caller, page), page)


@router.post(
    "/{conversation_id}/messages/", status_code=201, responses=errors_of(NotFound, Blocked, ConversationClosed)
)
async def send_message(
    conversation_id: UUID, body: NewMessage, caller: Signed, session: SessionDep, live: Live, response: Response
) -> MessageView:
    """Sends a message; the same client_id again is the same message, with 200."""
    sent = await service.send(session, conversation_id, caller, body, live)
    response.status_code = 201 if sent.is_new else SENT_BEFORE
    return MessageView.model_validate(sent.message)


@router.get("/{conversation_id}/messages/", responses=errors_of(NotFound))
async def list_messages(
    conversation_id: UUID,
    caller: Signed,
    session: SessionDep,
    page: Paging,
    before: Annotated[UUID | None, Query(description="Only what came before this message")] = None,
    after: Annotated[UUID | None, Query(description="Only what came after this message")] = None,
) -> Listing[MessageView]:
    """Newest first."""
    await Participants(session).get(conversation_id, caller)
    return Listing[MessageView].of(*await Messages(session).list(conversation_id, page, before, after), page)

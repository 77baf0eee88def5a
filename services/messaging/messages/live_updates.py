"""What open chats send of stored rows: implemented by `live`, which stands on the other nouns."""

from collections.abc import Iterable
from typing import Annotated, Protocol, cast
from uuid import UUID

from fastapi import Depends, Request

from services.messaging.messages.models import Message
from shared.database.session import Session


class LiveUpdates(Protocol):
    """Each takes effect after the session's commit."""

    def without_open_chat(self, conversation_id: UUID, user_ids: Iterable[UUID]) -> list[UUID]:
        """Those of the users who do not have that conversation open in any process."""
        ...

    def message_stored(self, session: Session, message: Message) -> None:
        """The sockets of the conversation send it."""
        ...

    def receipt_stored(self, session: Session, conversation_id: UUID) -> None:
        """The sockets of the conversation send it."""
        ...

    def participant_left(self, session: Session, conversation_id: UUID, user_id: UUID) -> None:
        """The sockets of that user in the conversation end."""
        ...


async def live_of(request: Request) -> LiveUpdates:
    """The process's own, as `create_app` made it."""
    return cast(LiveUpdates, request.app.state.live)


Live = Annotated[LiveUpdates, Depends(live_of)]

"""What messaging tells the others. No body leaves messaging: whoever wants to read a message asks for it there."""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from shared.events.base import Event, Personal


class ConversationEvent(Event):
    """An event of one conversation; ordered per conversation."""

    topic: ClassVar[str] = "estuary.messaging"

    conversation_id: UUID

    @property
    def key(self) -> UUID:
        """Events of one conversation keep their order."""
        return self.conversation_id


class MessageCreated(ConversationEvent):
    """Somebody wrote. `recipient_ids` are all who should hear of it, `away_ids` those of them without an open chat."""

    message_id: UUID
    sender_id: UUID
    recipient_ids: list[UUID]
    away_ids: list[UUID]
    booking_id: UUID | None
    subject: Annotated[str | None, Personal]
    created_at: datetime


class ConversationRead(ConversationEvent):
    """A member has read up to that message; `unread_count` is what others have written to them since.

    Who leaves a conversation leaves nothing unread there.
    """

    user_id: UUID
    up_to: UUID
    unread_count: int
    read_at: datetime


class SubjectForgotten(ConversationEvent):
    """Whoever gave the conversation its subject was erased: it has none any more.

    `member_ids` are all who ever belonged to it.
    """

    member_ids: list[UUID]

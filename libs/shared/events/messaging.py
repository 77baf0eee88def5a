"""Events of messaging. None carries the body of a message: a service that needs it asks messaging by id."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from shared.events.base import Event, Owned, Personal


class ConversationEvent(Event):
    """An event of one conversation; ordered per conversation."""

    topic: ClassVar[str] = "estuary.messaging"
    keyed_by: ClassVar[str] = "conversation_id"

    conversation_id: UUID


class MessageCreated(ConversationEvent):
    """A message was stored. `recipient_ids` are to be notified of it, `away_ids` those of them without an open chat."""

    owned: ClassVar[Mapping[str, Owned]] = {"subject": Owned(("conversation_id",))}

    message_id: UUID
    sender_id: UUID
    recipient_ids: list[UUID]
    away_ids: list[UUID]
    booking_id: UUID | None
    subject: Annotated[str | None, Personal]
    created_at: datetime


class ConversationRead(ConversationEvent):
    """A member has read up to that message; `unread_count` is what others have written to them since.

    A member who leaves has nothing unread there any more: 0.
    """

    user_id: UUID
    up_to: UUID
    unread_count: int
    read_at: datetime


class SubjectForgotten(ConversationEvent):
    """The user who gave the conversation its subject was erased: it has none any more.

    `member_ids` are all present and former members.
    """

    member_ids: list[UUID]

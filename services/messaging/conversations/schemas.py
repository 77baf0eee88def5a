"""Bodies of conversations."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.messaging.messages.schemas import MessageView
from services.messaging.participants.domain import MOST_PARTICIPANTS
from shared.web.http import Body, Text, UtcTime, View


class NewConversation(Body):
    """The other participants, by user id; with a booking its other side."""

    participant_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_PARTICIPANTS - 1)]
    booking_id: UUID | None = None
    subject: Annotated[Text, StringConstraints(min_length=1, max_length=200)] | None = None


class ReadUpTo(Body):
    """The newest message that was read."""

    up_to: UUID


class BlockBody(Body):
    """Whom to block; need not be given in a conversation of two."""

    user_id: UUID | None = None


class ParticipantView(View):
    """A participant. `name`: a practitioner's display name; null while unknown, and for a deactivated account."""

    user_id: UUID
    name: str | None
    is_active: bool
    read_up_to: UUID | None


class ConversationView(View):
    """A conversation as one of its participants sees it."""

    id: UUID
    participants: list[ParticipantView]
    booking_id: UUID | None
    subject: str | None
    status: str
    last_message: MessageView | None
    unread_count: int
    created_at: UtcTime

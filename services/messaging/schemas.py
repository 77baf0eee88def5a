"""Bodies of requests, answers and frames."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from services.messaging.domain import BODY_LENGTH, MEMBERS, ReportStatus
from shared.records.text import lines
from shared.records.times import whole_text
from shared.web.http import Body, LongText, Text, UtcTime, View

MessageBody = Annotated[
    str,
    StringConstraints(min_length=1, max_length=BODY_LENGTH),
    AfterValidator(lines),
]
"""Kept as it was written, white space included."""
ClientId = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(whole_text)]


class NewConversation(Body):
    """The others, by user id; with a booking its other side."""

    participant_ids: Annotated[list[UUID], Field(min_length=1, max_length=MEMBERS - 1)]
    booking_id: UUID | None = None
    subject: Annotated[Text, StringConstraints(min_length=1, max_length=200)] | None = None


class NewMessage(Body):
    """`client_id` is the sender's own name for the message: the same one again is the same message."""

    body: MessageBody
    client_id: ClientId | None = None
    attachments: Annotated[list[UUID], Field(default_factory=list, max_length=0, description="None can be sent yet")]


class ReadUpTo(Body):
    """The newest message that was read."""

    up_to: UUID


class BlockBody(Body):
    """Whom to block; in a conversation of two it need not be said."""

    user_id: UUID | None = None


class NewReport(Body):
    """What is wrong."""

    reason: Annotated[LongText, StringConstraints(min_length=1, max_length=2000)]


class Resolution(Body):
    """Staff's decision; an upheld report closes the conversation."""

    outcome: Literal["dismissed", "upheld"]
    note: Annotated[LongText, StringConstraints(min_length=1, max_length=2000)] | None = None


class MessageView(View):
    """A message, in answers and as the data of `message.created`."""

    id: UUID
    conversation_id: UUID
    sender_id: UUID
    body: str
    client_id: str | None
    created_at: UtcTime


class ParticipantView(View):
    """A member; of a practitioner the display name. The name is null while unknown, and when the account is no more."""

    user_id: UUID
    name: str | None
    is_active: bool
    read_up_to: UUID | None


class ConversationView(View):
    """A conversation as one of its members sees it."""

    id: UUID
    participants: list[ParticipantView]
    booking_id: UUID | None
    subject: str | None
    status: str
    last_message: MessageView | None
    unread_count: int
    created_at: UtcTime


class ReportView(View):
    """A report, as its author and staff see it."""

    id: UUID
    conversation_id: UUID
    reporter_id: UUID
    reason: str
    status: ReportStatus
    note: str | None
    created_at: UtcTime
    resolved_at: UtcTime | None

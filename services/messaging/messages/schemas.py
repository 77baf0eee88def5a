"""Bodies of messages."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from services.messaging.messages.domain import LONGEST_BODY
from shared.records.text import lines
from shared.records.times import whole_text
from shared.web.http import Body, UtcTime, View

MessageBody = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_BODY), AfterValidator(lines)]
"""Stored as it was written, white space included."""
ClientId = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(whole_text)]


class NewMessage(Body):
    """`client_id` is the sender's own name for the message: the same one again is the same message."""

    body: MessageBody
    client_id: ClientId | None = None
    attachments: Annotated[list[UUID], Field(default_factory=list, max_length=0, description="None can be sent yet")]


class MessageView(View):
    """A message, in answers and as the data of `message.created`."""

    id: UUID
    conversation_id: UUID
    sender_id: UUID
    body: str
    client_id: str | None
    created_at: UtcTime

"""Bodies about passkeys."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints

from shared.web.http import Body, Text, UtcTime, View

TicketText = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
PasskeyName = Annotated[Text, StringConstraints(min_length=1, max_length=100)]
Credential = dict[str, Any]
"""What `PublicKeyCredential.toJSON()` gives."""


class PasskeyOptions(View):
    """`options` are WebAuthn's in JSON, for the browser; its answer goes back with the ticket within 300 seconds."""

    ticket: str
    options: dict[str, Any]


class NewPasskey(Body):
    """What the browser made of the options."""

    ticket: TicketText
    name: PasskeyName
    credential: Credential


class PasskeyChange(Body):
    """Another name."""

    name: PasskeyName


class PasskeyView(View):
    """A passkey; `backed_up`: it is kept on more than one device."""

    id: UUID
    name: str
    backed_up: bool
    created_at: UtcTime
    last_used_at: UtcTime | None

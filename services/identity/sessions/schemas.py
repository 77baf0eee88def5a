"""Bodies about sign-in sessions."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.identity.accounts.schemas import TypedEmail, UserView
from shared.web.http import Body, Text, UtcTime, View

Opaque = Annotated[Text, StringConstraints(min_length=1, max_length=4096)]


class Credentials(Body):
    """A sign-in. What could not be an address or a password of ours is simply wrong, not malformed."""

    email: TypedEmail
    password: Annotated[str, StringConstraints(max_length=128)]


class Refresh(Body):
    """The refresh token of the pair that was issued last."""

    refresh_token: Opaque


class Logout(Body):
    """The session to end, by its refresh token; the access token's session ends as well."""

    refresh_token: Opaque | None = None


class TokenPair(View):
    """A fresh pair; `expires_in` is the access token's life in seconds."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int
    user: UserView


class SessionView(View):
    """A sign-in as its person sees it; `current` is the one that asks. `device` and `address` where they are known.

    `client_name` and `scopes` are those of an app that the person signed in to with this account. `impersonation`:
    staff act in the person's place, within `scopes`.
    """

    id: UUID
    kind: Literal["sign_in", "app", "impersonation"] = "sign_in"
    current: bool = False
    client_name: str | None = None
    scopes: list[str]
    device: str | None
    address: str | None
    methods: list[str]
    created_at: UtcTime = Field(validation_alias="started_at")
    last_used_at: UtcTime
    expires_at: UtcTime


class EndedSessions(View):
    """How many sessions have ended by this."""

    ended: int

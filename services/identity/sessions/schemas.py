"""Bodies about sign-in sessions."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from services.identity.accounts.schemas import UserView
from shared.web.http import Body, Text, View

Opaque = Annotated[Text, StringConstraints(min_length=1, max_length=4096)]


class Credentials(Body):
    """A sign-in. What could not be an address or a password of ours is simply wrong, not malformed."""

    email: Annotated[Text, StringConstraints(max_length=254)]
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

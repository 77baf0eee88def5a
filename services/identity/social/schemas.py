"""Bodies of social sign-in."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.identity.sessions.schemas import Opaque
from services.identity.social.domain import ATTEMPT_LIFE, LONGEST_REDIRECT, Mode
from shared.records.text import Name
from shared.web.emails import Email
from shared.web.http import Body, View

Challenge = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
Verifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._~-]{43,128}$")]
"""RFC 7636."""


class ProviderView(View):
    """A provider by which people may sign in."""

    name: str
    title: str


class SocialStart(Body):
    """Where the app is sent back to, and the challenge (S256) of a verifier that it keeps."""

    redirect_uri: Annotated[str, StringConstraints(max_length=LONGEST_REDIRECT)]
    code_challenge: Challenge
    mode: Mode = Mode.SIGN_IN


class SocialStarted(View):
    """Where the browser goes now; the same `state` comes back with the code. `expires_in` is in seconds."""

    authorization_url: str
    state: str
    expires_in: int = int(ATTEMPT_LIFE.total_seconds())


class SocialCode(Body):
    """The code that came back, and the verifier of the challenge."""

    code: Opaque
    code_verifier: Verifier


class NativeToken(Body):
    """An ID token that a provider gave an app on a device, with the nonce that the app chose for it.

    Names where the provider told them to the app alone.
    """

    id_token: Annotated[str, StringConstraints(min_length=1, max_length=16_384)]
    nonce: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    first_name: Name | None = None
    last_name: Name | None = None


class Resolution(Body):
    """How a sign-in goes on: by the account's password, by claiming the address, or by an address that was missing."""

    ticket: Opaque
    password: Annotated[str, StringConstraints(max_length=128)] | None = None
    claim: Literal[True] | None = None
    email: Email | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(given is not None for given in (self.password, self.claim, self.email)) != 1:
            raise PydanticCustomError("one_needed", "Send one of password, claim and email")
        return self


class Linked(View):
    """The provider that opens the account from now on."""

    provider: str = Field(description="The provider's name")

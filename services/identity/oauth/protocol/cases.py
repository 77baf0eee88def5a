"""What goes into the core, and what comes out of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from joserfc.jwk import ECKey, RSAKey

from services.identity.oauth.clients.models import OAuthClient

Minted = dict[str, Any]
"""The body of an answer with tokens."""


@dataclass(frozen=True, slots=True)
class Proof:
    """When (seconds since 1970) and how a person signed in, in the words of ID tokens."""

    auth_time: int
    acr: str
    amr: Sequence[str]


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code that was given; only its hash is stored."""

    code: str
    redirect_uri: str
    scopes: list[str]
    nonce: str | None
    challenge: str


@dataclass(frozen=True, slots=True)
class KnownCode:
    """What a code stands for, as Authlib asks it."""

    redirect_uri: str
    scopes: Sequence[str]
    nonce: str | None
    code_challenge: str
    proof: Proof
    code_challenge_method: str = "S256"

    def get_redirect_uri(self) -> str:
        """Where the browser was sent."""
        return self.redirect_uri

    def get_scope(self) -> str:
        """What was allowed."""
        return " ".join(self.scopes)

    def get_nonce(self) -> str | None:
        """The client's own."""
        return self.nonce

    def get_auth_time(self) -> int:
        """Of the sign-in."""
        return self.proof.auth_time

    def get_acr(self) -> str:
        """Of the sign-in."""
        return self.proof.acr

    def get_amr(self) -> list[str]:
        """Of the sign-in."""
        return list(self.proof.amr)


@dataclass(frozen=True, slots=True)
class KnownRefresh:
    """What a refresh token stands for, as Authlib asks it."""

    client_id: str
    scopes: Sequence[str]

    def check_client(self, client: Any) -> bool:
        """Whether it was given to that client."""
        return bool(client.get_client_id() == self.client_id)

    def get_scope(self) -> str:
        """What was allowed."""
        return " ".join(self.scopes)


@dataclass(slots=True)
class Case:
    """All that is known of a request. `mint` makes the tokens of the session for these scopes; it stores nothing.

    `id_key` signs the ID token about `subject`, who signed in as `proof` says, in the session `sid`.
    """

    issuer: str
    client: OAuthClient | None = None
    former_secret_is_good: bool = False
    code: KnownCode | None = None
    refresh: KnownRefresh | None = None
    mint: Callable[[str], Minted] | None = None
    id_key: ECKey | RSAKey | None = None
    subject: str | None = None
    sid: str | None = None
    proof: Proof | None = None


@dataclass(slots=True)
class Answer:
    """What goes back to a client: JSON, or a way to go on."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def location(self) -> str | None:
        """Where the browser goes."""
        return self.headers.get("Location")

    @location.setter
    def location(self, url: str) -> None:
        self.headers["Location"] = url

    @property
    def error(self) -> str | None:
        """The code of the refusal, of an answer that is one."""
        return self.body.get("error") if isinstance(self.body, dict) else None

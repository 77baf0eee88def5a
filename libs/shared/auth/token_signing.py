"""Making access tokens: ES256, with a key id. Only identity signs; all others verify (`shared.auth.verification`)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import ECKey

from shared.auth.verification import ACCESS_TYPE, AUDIENCE, ISSUER, STEP_UP_SECONDS
from shared.records.ids import new_id


def new_key() -> ECKey:
    """A fresh P-256 signing key, with its id derived from the key."""
    return ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """To what a token is narrowed: these scopes, for that client or API key, or for staff in the person's place."""

    scopes: Iterable[str]
    client_id: str | None = None
    actor_id: UUID | None = None

    def claims(self) -> dict[str, Any]:
        """As RFC 8693 and RFC 9068 name them."""
        claims: dict[str, Any] = {"scope": " ".join(sorted(self.scopes))}
        if self.client_id is not None:
            claims["client_id"] = self.client_id
        if self.actor_id is not None:
            claims["act"] = {"sub": str(self.actor_id)}
        return claims


@dataclass(frozen=True, slots=True)
class Proof:
    """When a person proved who they are (machine time), how well, and by which methods of RFC 8176.

    Without a moment the token opens nothing that asks for a proof of late; with one it does for `fresh_seconds`.
    `factors` are the account's second factors, if they are on; `needs_factor`: its role asks for one, and none is on.
    `narrowing` makes the token less than a session.
    """

    at: datetime | None = None
    acr: str = "aal1"
    amr: Sequence[str] = ()
    fresh_seconds: int = STEP_UP_SECONDS
    factors: Sequence[str] = ()
    needs_factor: bool = False
    narrowing: Narrowing | None = None

    def claims(self) -> dict[str, Any]:
        """`auth_time`, `acr` and `amr` as OpenID Connect has them; what is not so is left out."""
        at = int(self.at.timestamp()) if self.at else 0
        claims: dict[str, Any] = {"acr": self.acr, "amr": list(self.amr), "auth_time": at}
        claims["fresh_until"] = at + self.fresh_seconds if at else 0
        if self.factors:
            claims["factors"] = list(self.factors)
        if self.needs_factor:
            claims["needs_factor"] = True
        return claims | (self.narrowing.claims() if self.narrowing else {})


NO_PROOF = Proof()


def sign_access_token(
    key: ECKey,
    *,
    user_id: UUID,
    roles: Iterable[str],
    practitioner_id: UUID | None,
    session_id: UUID,
    now: datetime,
    lifetime: timedelta,
    proof: Proof = NO_PROOF,
) -> str:
    """An access token of that account, good for `lifetime` from `now` (machine time)."""
    issued = int(now.timestamp())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(user_id),
        "typ": "access",
        "roles": sorted(roles),
        "pid": str(practitioner_id) if practitioner_id else None,
        "sid": str(session_id),
        "jti": str(new_id()),
        "iat": issued,
        "exp": issued + int(lifetime.total_seconds()),
        **proof.claims(),
    }
    return jwt.encode({"alg": "ES256", "kid": key.kid, "typ": ACCESS_TYPE}, claims, key, algorithms=["ES256"])

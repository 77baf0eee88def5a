"""ID tokens that come back to us as a hint about who is meant."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import KeySet

from services.identity.keys.domain import Algorithm
from services.identity.keys.service import published
from services.identity.runtime import IdentityRuntime
from shared.auth.verification import UNREADABLE
from shared.database.session import Session
from shared.records.clock import machine_now


@dataclass(frozen=True, slots=True)
class Hint:
    """What an ID token of ours says."""

    subject: str
    client_id: str
    session_id: UUID | None


async def read_hint(session: Session, runtime: IdentityRuntime, token: str | None) -> Hint | None:
    """The hint, expired or not; None for what is no ID token of ours."""
    if not token:
        return None
    keys: Any = {"keys": await published(session, machine_now())}
    try:
        decoded = jwt.decode(token, KeySet.import_key_set(keys), algorithms=[one.value for one in Algorithm])
        claims: dict[str, Any] = decoded.claims
        if claims.get("iss") != runtime.settings.public_url or "events" in claims:
            return None
        return Hint(str(claims["sub"]), str(claims["aud"]), UUID(claims["sid"]) if "sid" in claims else None)
    except UNREADABLE:
        return None

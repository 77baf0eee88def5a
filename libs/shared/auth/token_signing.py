"""Making access tokens: ES256, with a key id. Only identity signs; all others verify (`shared.auth.verification`)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import ECKey

from shared.auth.verification import ACCESS_TYPE, AUDIENCE, ISSUER
from shared.records.ids import new_id


def new_key() -> ECKey:
    """A fresh P-256 signing key, with its id derived from the key."""
    return ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)


def sign_access_token(
    key: ECKey,
    *,
    user_id: UUID,
    roles: Iterable[str],
    practitioner_id: UUID | None,
    session_id: UUID,
    now: datetime,
    lifetime: timedelta,
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
    }
    return jwt.encode({"alg": "ES256", "kid": key.kid, "typ": ACCESS_TYPE}, claims, key, algorithms=["ES256"])

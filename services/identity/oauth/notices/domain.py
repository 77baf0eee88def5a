"""Rules of notices. Times are machine time."""

from datetime import timedelta
from typing import Any

from shared.concurrency.back_off import BackOff

TRIED_FOR = timedelta(hours=1)
TOKEN_LIFE = timedelta(minutes=2)
BACK_OFF = BackOff(first=10.0, cap=300.0)
"""The first pause is longer than a call may take: no two processes send the same."""
CONCURRENCY = 20
EVENT = "http://schemas.openid.net/event/backchannel-logout"
TYPE = "logout+jwt"
HEARD = (200, 204)
"""The answers of a client that took it in."""


def logout_claims(issuer: str, *, client_id: str, subject: str, sid: str, token_id: str, now: int) -> dict[str, Any]:
    """What a logout token says; `now` in seconds since 1970."""
    return {
        "iss": issuer,
        "aud": client_id,
        "sub": subject,
        "sid": sid,
        "jti": token_id,
        "iat": now,
        "exp": now + int(TOKEN_LIFE.total_seconds()),
        "events": {EVENT: {}},
    }

"""Rules of signing keys. Times are machine time."""

from datetime import datetime, timedelta
from enum import StrEnum

ACCESS_TTL = timedelta(minutes=60)
"""How long an access token is good."""
# A new signing key is published this long before it signs, so that every verifier has fetched it by then.
KEY_OVERLAP = timedelta(minutes=10)
CLOCK_LEEWAY = timedelta(minutes=1)


class Algorithm(StrEnum):
    """What a key signs by: access tokens ES256 alone, ID tokens what their client asks for."""

    ES256 = "ES256"
    RS256 = "RS256"


def signing_key_at(starts: list[datetime], now: datetime) -> int:
    """Index of the key that signs now: the newest that has started. `starts`, of one algorithm, is ascending and its
    first has started."""
    return max(index for index, start in enumerate(starts) if start <= now)


def published_from(starts: list[datetime], now: datetime) -> int:
    """Index of the oldest key that a token still in force may carry; those before it can go."""
    horizon = now - ACCESS_TTL - CLOCK_LEEWAY
    return max((index for index, start in enumerate(starts) if start <= horizon), default=0)

"""Rules of accounts and sessions. Times here are machine time: a token must not outlive a moved business clock."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_urlsafe

ACCESS_TTL = timedelta(minutes=60)
REFRESH_TTL = timedelta(days=7)
SESSION_TTL = timedelta(days=90)
REUSE_GRACE = timedelta(seconds=10)
# A new signing key is published this long before it signs, so that every verifier has fetched it by then.
KEY_OVERLAP = timedelta(minutes=10)
CLOCK_LEEWAY = timedelta(minutes=1)
LATEST_COMMIT = timedelta(minutes=2)
"""How long after the time that it wrote a transaction may still commit."""

DEMO_ACCOUNTS = tuple(f"{name}@estuary.example" for name in ("staff", "superuser", "practitioner", "client"))


class Role(StrEnum):
    """What an account may do; every account is a `user`."""

    USER = "user"
    PRACTITIONER = "practitioner"
    STAFF = "staff"
    SUPERUSER = "superuser"


class Ended(StrEnum):
    """Why a session ended before its time."""

    LOGOUT = "logout"
    REFRESH_REUSED = "refresh_reused"
    DEACTIVATED = "deactivated"
    ROLE_TAKEN = "role_taken"


class Verdict(StrEnum):
    """What a presented refresh token is worth."""

    ROTATE = "rotate"
    SAME_SUCCESSOR = "same_successor"
    REUSED = "reused"
    EXPIRED = "expired"
    ENDED = "ended"


@dataclass(frozen=True)
class RefreshAttempt:
    """What is known of a presented refresh token; `successor_used` is about the token that replaced it, if any."""

    used_at: datetime | None
    successor_used: bool
    expires_at: datetime
    session_expires_at: datetime
    session_ended: Ended | None


def judge(token: RefreshAttempt, now: datetime) -> Verdict:
    """One use rotates; a second one within the grace, while the successor is unused, is a lost answer; else theft."""
    if token.session_ended is not None:
        return Verdict.REUSED if token.session_ended is Ended.REFRESH_REUSED else Verdict.ENDED
    if token.used_at is not None:
        in_grace = now - token.used_at <= REUSE_GRACE and not token.successor_used
        return Verdict.SAME_SUCCESSOR if in_grace else Verdict.REUSED
    if now >= min(token.expires_at, token.session_expires_at):
        return Verdict.EXPIRED
    return Verdict.ROTATE


def refresh_expiry(now: datetime, session_expires_at: datetime) -> datetime:
    """Seven days from now, but never past the session's own end."""
    return min(now + REFRESH_TTL, session_expires_at)


def new_refresh_token() -> str:
    """256 random bits: the first token of a session."""
    return token_urlsafe(32)


def successor_of(token: str, key: bytes) -> str:
    """The one token that replaces this one; derived, so that parallel uses agree and nothing secret is stored."""
    return urlsafe_b64encode(hmac.digest(key, token.encode(), "sha256")).rstrip(b"=").decode()


def fingerprint(token: str) -> bytes:
    """What is stored of a refresh token. A fast hash is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def roles_of(*, practitioner: bool, staff: bool, superuser: bool) -> list[Role]:
    """The roles in a stable order; a superuser is staff too."""
    held = [(Role.PRACTITIONER, practitioner), (Role.STAFF, staff or superuser), (Role.SUPERUSER, superuser)]
    return [Role.USER, *(role for role, has in held if has)]


def signing_key_at(starts: list[datetime], now: datetime) -> int:
    """Index of the key that signs now: the newest that has started. `starts` is ascending and its first has started."""
    return max(index for index, start in enumerate(starts) if start <= now)


def published_from(starts: list[datetime], now: datetime) -> int:
    """Index of the oldest key that a token still in force may carry; those before it can go."""
    horizon = now - ACCESS_TTL - CLOCK_LEEWAY
    return max((index for index, start in enumerate(starts) if start <= horizon), default=0)

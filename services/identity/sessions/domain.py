"""Rules of sign-in sessions. Times here are machine time: a token must not outlive a moved business clock."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_urlsafe

REFRESH_TTL = timedelta(days=7)
REUSE_GRACE = timedelta(seconds=10)
LATEST_COMMIT = timedelta(minutes=2)
"""How long after the time that it wrote a transaction may still commit."""


class EndReason(StrEnum):
    """Why a session ended before its time."""

    LOGOUT = "logout"
    REFRESH_REUSED = "refresh_reused"
    DEACTIVATED = "deactivated"
    ROLE_TAKEN = "role_taken"
    PASSWORD_CHANGED = "password_changed"
    EMAIL_CHANGED = "email_changed"
    ENDED = "ended"
    KEY_ENDED = "key_ended"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    CODE_REUSED = "code_reused"
    CLIENT_REMOVED = "client_removed"
    MFA_RESET = "mfa_reset"


class SessionKind(StrEnum):
    """How a session came about: by signing in, to an app, by an API key, or as staff act in the person's place."""

    SIGN_IN = "sign_in"
    APP = "app"
    API_KEY = "api_key"
    IMPERSONATION = "impersonation"


class RefreshResult(StrEnum):
    """What follows from the use of a refresh token."""

    ROTATE = "rotate"
    SAME_SUCCESSOR = "same_successor"
    REUSED = "reused"
    EXPIRED = "expired"
    ENDED = "ended"


@dataclass(frozen=True)
class RefreshAttempt:
    """What is known of a refresh token in use; `successor_used` is about the token that replaced it, if any."""

    used_at: datetime | None
    successor_used: bool
    expires_at: datetime
    session_expires_at: datetime
    end_reason: EndReason | None


def evaluate_refresh(token: RefreshAttempt, now: datetime) -> RefreshResult:
    """The first use rotates. A second one within REUSE_GRACE, while the successor is unused, means a lost answer; any
    other means that the token was stolen."""
    if token.end_reason is not None:
        return RefreshResult.REUSED if token.end_reason is EndReason.REFRESH_REUSED else RefreshResult.ENDED
    if token.used_at is not None:
        in_grace = now - token.used_at <= REUSE_GRACE and not token.successor_used
        return RefreshResult.SAME_SUCCESSOR if in_grace else RefreshResult.REUSED
    if now >= min(token.expires_at, token.session_expires_at):
        return RefreshResult.EXPIRED
    return RefreshResult.ROTATE


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

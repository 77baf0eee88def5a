"""How a refresh token is used: its successor takes its place, in the locked session."""

from datetime import datetime

from services.identity.sessions.domain import (
    RefreshAttempt,
    RefreshResult,
    evaluate_refresh,
    fingerprint,
    refresh_expiry,
    successor_of,
)
from services.identity.sessions.errors import RefreshInvalid
from services.identity.sessions.models import RefreshToken, SignInSession
from services.identity.sessions.repository import SignInSessions
from shared.database.session import Session
from shared.records.clock import machine_now


def token_row(owner: SignInSession, token_hash: bytes, now: datetime) -> RefreshToken:
    """A new refresh token of that session, to be stored."""
    expires_at = refresh_expiry(now, owner.expires_at)
    return RefreshToken(hash=token_hash, session_id=owner.id, issued_at=now, expires_at=expires_at)


async def use_refresh_token(session: Session, owner: SignInSession, token: str, key: bytes) -> RefreshResult:
    """What follows from its use; where its successor takes its place, that is stored. Raises RefreshInvalid."""
    result = await judge_refresh_token(session, owner, token)
    if result is RefreshResult.ROTATE:
        await rotate(session, owner, token, key)
    return result


async def judge_refresh_token(session: Session, owner: SignInSession, token: str) -> RefreshResult:
    """What would follow from its use in the locked session, which changes nothing yet. Raises RefreshInvalid."""
    tokens = SignInSessions(session)
    given = await tokens.find_token(fingerprint(token))
    if given is None:
        raise RefreshInvalid
    successor = await tokens.find_token(given.replaced_by)
    attempt = RefreshAttempt(
        used_at=given.used_at,
        successor_used=successor is not None and successor.used_at is not None,
        expires_at=given.expires_at,
        session_expires_at=owner.expires_at,
        end_reason=owner.end_reason,
    )
    return evaluate_refresh(attempt, machine_now())


async def rotate(session: Session, owner: SignInSession, token: str, key: bytes) -> None:
    """Uses the token up and stores its successor."""
    given, now = await SignInSessions(session).find_token(fingerprint(token)), machine_now()
    if given is None:
        raise RefreshInvalid
    given.used_at, given.replaced_by = now, fingerprint(successor_of(token, key))
    owner.last_used_at = now
    # The old token must be used up before the new one is stored: a session has one that can be used.
    await session.flush()
    session.add(token_row(owner, given.replaced_by, now))

"""Use cases of API keys.

A key opens nothing by itself: the gateway exchanges it for a token of a session of its own, which ends with the key,
and whenever its owner's other sessions end with a role.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from joserfc.jwk import ECKey

from services.identity.accounts.models import User
from services.identity.accounts.repository import Users
from services.identity.accounts.service import get_user
from services.identity.api_keys.domain import MOST_KEYS, TOKEN_LIFE, USED_EVERY, grantable, new_key
from services.identity.api_keys.errors import ExpiryPassed, ScopeNotAllowed
from services.identity.api_keys.models import ApiKey
from services.identity.api_keys.repository import ApiKeys
from services.identity.api_keys.schemas import NewApiKey
from services.identity.mail_tokens.domain import MailKind
from services.identity.mail_tokens.service import issue
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.domain import EndReason, SessionKind, fingerprint
from services.identity.sessions.models import SignInSession
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.service import announce, end_sessions
from services.identity.sessions.tokens import token_of
from shared.auth import permissions
from shared.auth.permissions import Permission
from shared.auth.token_signing import Narrowing, Proof
from shared.auth.verification import Caller
from shared.database.listing import Found, Page
from shared.database.session import Session
from shared.errors import FieldError, LimitReached, NotFound
from shared.internal.identity import ApiKeyToken
from shared.records.clock import machine_now
from shared.records.ids import new_id

FOR_EVER = timedelta(days=36_500)


async def create(session: Session, caller: Caller, given: NewApiKey) -> tuple[ApiKey, str]:
    """A key, and what it is known by, which is stored nowhere.

    Raises ScopeNotAllowed and ExpiryPassed; LimitReached beyond MOST_KEYS, of many at once too.
    """
    user = await get_user(session, caller, lock=True)
    _demand_grantable(user, given.scopes)
    now, key = machine_now(), new_key()
    if given.expires_at is not None and given.expires_at <= now:
        raise ExpiryPassed
    if await ApiKeys(session).count_of(user.id) >= MOST_KEYS:
        raise LimitReached
    scopes = sorted(set(given.scopes))
    made = ApiKey(id=new_id(), user_id=user.id, name=given.name, hash=fingerprint(key), scopes=scopes)
    made.created_at, made.expires_at = now, given.expires_at
    session.add(made)
    await session.flush()
    await issue(session, MailKind.API_KEY_MADE, user.id, user.email)
    return made, key


def _demand_grantable(user: User, scopes: Sequence[str]) -> None:
    allowed = grantable(user.roles)
    refused = [at for at, scope in enumerate(scopes) if scope not in allowed]
    if refused:
        code, detail = ScopeNotAllowed.code, ScopeNotAllowed.detail
        raise ScopeNotAllowed(
            code="invalid", errors=[FieldError(field=f"scopes.{at}", message=detail, code=code) for at in refused]
        )


async def list_own(session: Session, caller: Caller, page: Page) -> Found[ApiKey]:
    """One page of the caller's keys that can be used, newest first."""
    return await ApiKeys(session).page_of(caller.user_id, page)


async def end_one(runtime: IdentityRuntime, caller: Caller, key_id: UUID) -> None:
    """Ends one of the caller's keys; NotFound for another's, or one that has ended."""
    async with runtime.db.transaction() as session:
        user = await get_user(session, caller, lock=True)
        key = await ApiKeys(session).get_of(key_id, user.id)
        ended = await _end(session, [key])
        await issue(session, MailKind.API_KEY_ENDED, user.id, user.email)
    await announce(runtime, ended)


async def end_all(session: Session, user_id: UUID, since: datetime | None = None) -> list[UUID]:
    """Ends every key of a locked account, or only those that were made since then.

    Returns the sessions that ended with them, which are to be announced.
    """
    keys = await ApiKeys(session).lock_all_of(user_id)
    return await _end(session, [key for key in keys if since is None or key.created_at >= since])


async def _end(session: Session, keys: Sequence[ApiKey]) -> list[UUID]:
    ended: list[UUID] = []
    for key in keys:
        key.ended_at = machine_now()
        opened = await SignInSessions(session).find_live(session_id=key.session_id, token_hash=None)
        end_sessions(session, opened, EndReason.KEY_ENDED)
        ended += [one.id for one in opened]
    return ended


async def exchange(runtime: IdentityRuntime, given: str) -> ApiKeyToken:
    """A token for who has that key: what its owner may now, cut to its scopes.

    Raises NotFound for a key that nobody has, that has ended or expired, or whose owner may have none any more.
    """
    signer = await runtime.keyring.signer(runtime.db)
    async with runtime.db.transaction() as session:
        known = await ApiKeys(session).find(fingerprint(given))
        if known is None:
            raise NotFound("There is no such API key.")
        # The account before its key, as everywhere: what ends all keys of an account waits, or is waited for.
        user = await Users(session).find_active(known.user_id, lock=True)
        key = await ApiKeys(session).lock(known.id)
        if user is None or user.suspended_at is not None or not key.is_good(machine_now()) or not _may_have_keys(user):
            raise NotFound("There is no such API key.")
        return _token(user, key, await _session_of(session, key), signer)


def _may_have_keys(user: User) -> bool:
    return permissions.has(user.roles, Permission.HOLD_API_KEYS)


async def _session_of(session: Session, key: ApiKey) -> SignInSession:
    now = machine_now()
    if key.last_used_at is None or now - key.last_used_at > USED_EVERY:
        key.last_used_at = now
    live = await SignInSessions(session).find_live(session_id=key.session_id, token_hash=None)
    if live:
        return live[0]
    expires_at = key.expires_at or now + FOR_EVER
    opened = SignInSession(id=new_id(), user_id=key.user_id, started_at=now, expires_at=expires_at)
    opened.kind, opened.methods = SessionKind.API_KEY, []
    opened.authenticated_at = opened.last_used_at = now
    session.add(opened)
    await session.flush()
    key.session_id = opened.id
    return opened


def _token(user: User, key: ApiKey, opened: SignInSession, signer: ECKey) -> ApiKeyToken:
    now = machine_now()
    life = TOKEN_LIFE if key.expires_at is None else min(TOKEN_LIFE, key.expires_at - now)
    scopes = grantable(user.roles).intersection(key.scopes)
    proof = Proof(narrowing=Narrowing(scopes, client_id=str(key.id)))
    token = token_of(user, opened, signer, proof, now, life)
    return ApiKeyToken(access_token=token, expires_in=int(life.total_seconds()))

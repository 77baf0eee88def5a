"""Use cases of accounts and sessions. Those with slow hashing or an after-commit step take the runtime."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from joserfc.jwk import ECKey

from services.identity.demo import demand_not_reserved
from services.identity.domain import (
    ACCESS_TTL,
    SESSION_TTL,
    Ended,
    RefreshAttempt,
    Verdict,
    fingerprint,
    judge,
    new_refresh_token,
    refresh_expiry,
    successor_of,
)
from services.identity.errors import InvalidCredentials, RefreshInvalid, RefreshReused
from services.identity.models import RefreshToken, SignInSession, User
from services.identity.passwords import HasLeft
from services.identity.repository import Sessions, Users
from services.identity.runtime import IdentityRuntime
from services.identity.schemas import Credentials, Registration, UserChange
from shared.auth.token_signing import sign_access_token
from shared.auth.verification import Who
from shared.database.session import Session
from shared.errors import Unauthenticated
from shared.events.identity import SessionRevoked, UserRegistered, UserUpdated
from shared.messaging.outbox import emit
from shared.records.clock import machine_now
from shared.records.ids import new_id


@dataclass(frozen=True)
class Issued:
    """A pair of tokens and whose they are; `expires_in` is the access token's life in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    user: User


async def register(runtime: IdentityRuntime, given: Registration, has_left: HasLeft) -> Issued:
    """Creates the account and signs it in; raises EmailTaken, and Overloaded before anything was done."""
    password_hash = await runtime.passwords.hash(given.password, has_left)
    signer = await runtime.keyring.signer(runtime.db)
    async with runtime.db.transaction() as session:
        user = await add_user(session, given, password_hash)
        return await _open_session(session, user, signer)


async def login(runtime: IdentityRuntime, given: Credentials, has_left: HasLeft) -> Issued:
    """Opens a session; raises InvalidCredentials, as slowly for an unknown address as for a wrong password."""
    email, password = given.email, given.password
    async with runtime.db.read() as reader:
        known = await Users(reader).find_by_email(email)
    stored = None if known is None else known.password_hash
    right = await runtime.passwords.matches(stored, password, has_left)
    if known is None or not right or known.deactivated_at is not None:
        raise InvalidCredentials
    renewed = await _renewed_hash(runtime, known, password)
    signer = await runtime.keyring.signer(runtime.db)
    async with runtime.db.transaction() as session:
        user = await Users(session).get(known.id, lock=True)
        if user.deactivated_at is not None:
            raise InvalidCredentials
        if renewed is not None and user.password_hash == known.password_hash:
            user.password_hash = renewed
        return await _open_session(session, user, signer)


async def refresh(runtime: IdentityRuntime, token: str) -> Issued:
    """A new pair for a refresh token; a token used twice outside the grace ends its whole session."""
    signer = await runtime.keyring.signer(runtime.db)
    async with runtime.db.transaction() as session:
        owner = await Sessions(session).owning(fingerprint(token))
        verdict = await _use(session, owner, token, runtime.refresh_key)
        if verdict is Verdict.REUSED:
            end_sessions(session, [owner], Ended.REFRESH_REUSED)
    if verdict in (Verdict.ROTATE, Verdict.SAME_SUCCESSOR):
        return _issue(owner.user, owner.id, successor_of(token, runtime.refresh_key), signer)
    if verdict is Verdict.REUSED:
        await announce(runtime, [owner.id])
        raise RefreshReused
    raise RefreshInvalid


async def logout(runtime: IdentityRuntime, who: Who | None, token: str | None) -> None:
    """Ends the access token's session and the refresh token's; what has ended already is fine."""
    if who is None and token is None:
        raise Unauthenticated
    async with runtime.db.transaction() as session:
        ended = await Sessions(session).find_live(
            session_id=None if who is None else who.session_id,
            token_hash=None if token is None else fingerprint(token),
        )
        end_sessions(session, ended, Ended.LOGOUT)
    await announce(runtime, [opened.id for opened in ended])


async def get_user(session: Session, who: Who, *, lock: bool = False) -> User:
    """The account of the token's holder."""
    user = await Users(session).find_active(who.user_id, lock=lock)
    if user is None:
        raise Unauthenticated("The account of this token does not exist.")
    return user


async def update_user(session: Session, who: Who, change: UserChange) -> User:
    """Changes what is given and tells the other services."""
    user = await get_user(session, who, lock=True)
    for name, value in change.model_dump(exclude_none=True).items():
        setattr(user, name, value)
    user.updated_at = session.now()
    emit(session, UserUpdated(user_id=user.id, **_public_fields(user)))
    return user


async def add_user(session: Session, given: Registration, password_hash: str) -> User:
    """A new account, of which the others hear; raises EmailTaken and ReservedAddress."""
    demand_not_reserved(session.info["settings"], given.email)
    fields = given.model_dump(exclude={"password"})
    user = await Users(session).add(password_hash=password_hash, **fields)
    emit(session, UserRegistered(user_id=user.id, **_public_fields(user)))
    return user


async def _renewed_hash(runtime: IdentityRuntime, user: User, password: str) -> str | None:
    if not runtime.passwords.outdated(user.password_hash):
        return None
    return await runtime.passwords.hash(password)


async def _open_session(session: Session, user: User, signer: ECKey) -> Issued:
    now, token = machine_now(), new_refresh_token()
    opened = SignInSession(id=new_id(), user_id=user.id, started_at=now, expires_at=now + SESSION_TTL)
    session.add(opened)
    await session.flush()
    session.add(_token_row(opened, fingerprint(token), now))
    return _issue(user, opened.id, token, signer)


def _token_row(owner: SignInSession, token_hash: bytes, now: datetime) -> RefreshToken:
    expires_at = refresh_expiry(now, owner.expires_at)
    return RefreshToken(hash=token_hash, session_id=owner.id, issued_at=now, expires_at=expires_at)


def _issue(user: User, session_id: UUID, refresh_token: str, signer: ECKey) -> Issued:
    access_token = sign_access_token(
        signer,
        user_id=user.id,
        roles=user.roles,
        practitioner_id=user.practitioner_id,
        session_id=session_id,
        now=machine_now(),
        lifetime=ACCESS_TTL,
    )
    return Issued(access_token, refresh_token, int(ACCESS_TTL.total_seconds()), user)


async def _use(session: Session, owner: SignInSession, token: str, key: bytes) -> Verdict:
    now, tokens = machine_now(), Sessions(session)
    given = await tokens.find_token(fingerprint(token))
    if given is None:
        raise RefreshInvalid
    successor = await tokens.find_token(given.replaced_by)
    verdict = judge(
        RefreshAttempt(
            used_at=given.used_at,
            successor_used=successor is not None and successor.used_at is not None,
            expires_at=given.expires_at,
            session_expires_at=owner.expires_at,
            session_ended=owner.ended_why,
        ),
        now,
    )
    if verdict is Verdict.ROTATE:
        given.used_at, given.replaced_by = now, fingerprint(successor_of(token, key))
        # The old token must be spent before the new one arrives: a session has one that can be used.
        await session.flush()
        session.add(_token_row(owner, given.replaced_by, now))
    return verdict


def end_sessions(session: Session, sessions: Sequence[SignInSession], why: Ended) -> None:
    """Ends those that have not ended; a token of theirs is worth nothing from `announce` on."""
    for ended in sessions:
        if ended.ended_at is None:
            ended.ended_at, ended.ended_why = machine_now(), why
            emit(session, SessionRevoked(user_id=ended.user_id, session_id=ended.id, reason=why))


async def announce(runtime: IdentityRuntime, sessions: Iterable[UUID]) -> None:
    """Tells every process to refuse the access tokens now; who misses it reads the list from identity."""
    for session_id in sessions:
        await runtime.bus.broadcast("sessions.revoked", {"session_id": str(session_id)})


def _public_fields(user: User) -> dict[str, str]:
    return {name: getattr(user, name) for name in ("email", "first_name", "last_name", "timezone")}

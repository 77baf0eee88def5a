"""Use cases of sign-in sessions. They take the runtime: hashing and signing come before the transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from joserfc.jwk import ECKey

from services.identity.accounts.common_passwords import demand_uncommon
from services.identity.accounts.models import User
from services.identity.accounts.passwords import HasLeft
from services.identity.accounts.repository import Users
from services.identity.accounts.schemas import Registration, UserView
from services.identity.accounts.service import add_user, get_user, view_of
from services.identity.app_grants.repository import AppGrants
from services.identity.factors.domain import PASSWORD
from services.identity.factors.errors import SecondStepRequired
from services.identity.factors.service import begin_second_step
from services.identity.mail_tokens.domain import MailKind
from services.identity.mail_tokens.repository import MailTokens
from services.identity.mail_tokens.service import issue
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.clients import Client
from services.identity.sessions.domain import (
    EndReason,
    RefreshResult,
    SessionKind,
    fingerprint,
    new_refresh_token,
    successor_of,
)
from services.identity.sessions.errors import AccountSuspended, InvalidCredentials, RefreshInvalid, RefreshReused
from services.identity.sessions.limits import LATELY, SignInAttempt, count_request
from services.identity.sessions.models import SignInSession
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.rotation import token_row, use_refresh_token
from services.identity.sessions.schemas import Credentials
from services.identity.sessions.tokens import EXPIRES_IN, access_token
from services.identity.settings import IdentitySettings
from shared.auth.verification import EDGE_CHANGED, Caller
from shared.database.listing import Found, Page
from shared.database.session import Session
from shared.errors import Unauthenticated, Unavailable
from shared.events.identity import SessionRevoked
from shared.messaging.outbox import emit
from shared.records.clock import machine_now
from shared.records.ids import new_id


@dataclass(frozen=True)
class Issued:
    """A pair of tokens and whose they are; `expires_in` is the access token's life in seconds."""

    session_id: UUID
    access_token: str
    refresh_token: str
    expires_in: int
    user: UserView


async def register(runtime: IdentityRuntime, given: Registration, client: Client, has_left: HasLeft) -> Issued:
    """Creates the account and signs it in.

    Raises EmailTaken, PasswordTooCommon, TooManyAttempts, and Overloaded before anything was done.
    """
    async with runtime.db.autocommit() as session:
        await count_request(session, "register", client)
    demand_uncommon(given.password, given.email, given.first_name, given.last_name)
    password_hash = await runtime.passwords.hash(given.password, has_left)
    signer = await runtime.keyring.signer(runtime.db)
    async with runtime.db.transaction() as session:
        user = await add_user(session, runtime.settings, given, password_hash)
        return await open_session(session, runtime.settings, user, signer, client, [PASSWORD])


async def login(runtime: IdentityRuntime, given: Credentials, client: Client, has_left: HasLeft) -> Issued:
    """Opens a session; raises InvalidCredentials, as slowly for an unknown address as for a wrong password.

    Raises AccountSuspended where the password is right, SecondStepRequired where a second factor is on, and
    TooManyAttempts, for unknown addresses too, and then nothing was checked.
    """
    email, password = given.email, given.password
    async with runtime.db.read() as reader:
        known = await Users(reader).find_to_sign_in(email)
    stored = None if known is None else known.password_hash
    right = await check_password(runtime, email, stored, password, client, has_left)
    if known is None or not right or known.deactivated_at is not None:
        raise InvalidCredentials
    if known.suspended_at is not None:
        raise AccountSuspended
    renewed = await _renewed_hash(runtime, known, password)
    signer = await runtime.keyring.signer(runtime.db)
    async with runtime.db.transaction() as session:
        user = await Users(session).lock_to_sign_in(known.id)
        is_same = user.password_hash == known.password_hash and user.deactivated_at is None
        if is_same:
            if renewed is not None:
                user.password_hash = renewed
            issued = await sign_in(session, runtime.settings, user, signer, client, PASSWORD)
    return admitted(issued) if is_same else await login(runtime, given, client, has_left)  # it changed meanwhile


async def sign_in(
    session: Session, settings: IdentitySettings, user: User, signer: ECKey, client: Client, method: str
) -> Issued | SecondStepRequired:
    """A new session for who proved one factor; where a second is on, the refusal with the ticket for it."""
    if user.mfa_enabled:
        return await begin_second_step(session, user, [method])
    return await complete_sign_in(session, settings, user, signer, client, [method])


async def complete_sign_in(
    session: Session, settings: IdentitySettings, user: User, signer: ECKey, client: Client, methods: Sequence[str]
) -> Issued:
    """A new session for who proved all that is asked of them; a device and network that are new are reported."""
    await _report_new_device(session, user, client)
    return await open_session(session, settings, user, signer, client, methods)


def admitted(signed_in: Issued | SecondStepRequired) -> Issued:
    """The pair, or raises the refusal: after the commit, since the ticket has to stay."""
    if isinstance(signed_in, SecondStepRequired):
        raise signed_in
    return signed_in


async def check_password(
    runtime: IdentityRuntime, email: str, stored: str | None, password: str, client: Client, has_left: HasLeft
) -> bool:
    """Whether the password is that of the stored hash; a wrong one counts against account and network.

    Raises TooManyAttempts, and Overloaded before anything was checked.
    """
    attempt = SignInAttempt(runtime.db, email, client)
    await attempt.count()
    try:
        right = await runtime.passwords.matches(stored, password, has_left)
    except Unavailable:
        await attempt.forgive()
        raise
    if right:
        await attempt.forgive()
    return right


async def refresh(runtime: IdentityRuntime, token: str) -> Issued:
    """A new pair for a refresh token; a token used twice outside the grace period ends its whole session."""
    signer = await runtime.keyring.signer(runtime.db)
    async with runtime.db.transaction() as session:
        owner = await SignInSessions(session).owning(fingerprint(token))
        if owner.kind is not SessionKind.SIGN_IN:  # apps refresh where they got their tokens
            raise RefreshInvalid
        result = await use_refresh_token(session, owner, token, runtime.refresh_key)
        if result is RefreshResult.REUSED:
            end_sessions(session, [owner], EndReason.REFRESH_REUSED)
        view = await view_of(session, owner.user)
    if result in (RefreshResult.ROTATE, RefreshResult.SAME_SUCCESSOR):
        return _issue(runtime.settings, view, owner.user, owner, successor_of(token, runtime.refresh_key), signer)
    if result is RefreshResult.REUSED:
        async with runtime.db.autocommit() as session:
            await MailTokens(session).void_asked_by([owner.id])
        await announce(runtime, [owner.id])
        raise RefreshReused
    raise RefreshInvalid


async def logout(runtime: IdentityRuntime, caller: Caller | None, token: str | None) -> None:
    """Ends the access token's session and the refresh token's; what has ended already is fine."""
    if caller is None and token is None:
        raise Unauthenticated
    async with runtime.db.transaction() as session:
        ended = await SignInSessions(session).find_live(
            session_id=None if caller is None else caller.session_id,
            token_hash=None if token is None else fingerprint(token),
        )
        end_sessions(session, ended, EndReason.LOGOUT)
    await announce(runtime, [opened.id for opened in ended])


async def list_sessions(session: Session, caller: Caller, page: Page) -> Found[SignInSession]:
    """One page of the caller's sessions that can be used."""
    await get_user(session, caller)
    return await SignInSessions(session).page_of(caller.user_id, page)


async def end_one(runtime: IdentityRuntime, caller: Caller, session_id: UUID) -> None:
    """Ends one of the caller's sessions; NotFound for another's, or one that has ended.

    That of an app goes with what the person allowed it, and with all other sessions that rest on that.
    """
    async with runtime.db.transaction() as session:
        await get_user(session, caller, lock=True)
        live = await SignInSessions(session).find_live_of(caller.user_id)
        ended = [await SignInSessions(session).get_of(session_id, caller.user_id)]
        client_id = ended[0].client_id
        if client_id is not None and await AppGrants(session).remove(caller.user_id, client_id):
            ended = [one for one in live if one.client_id == client_id]
        await _end_untrusted(session, ended, EndReason.ENDED)
    await announce(runtime, [one.id for one in ended])


async def end_others(runtime: IdentityRuntime, caller: Caller) -> int:
    """Ends the caller's other sessions, those of apps with what the person allowed them.

    Returns how many of them could still be used: as many as the list shows less afterwards.
    """
    async with runtime.db.transaction() as session:
        await get_user(session, caller, lock=True)
        live = await SignInSessions(session).find_live_of(caller.user_id)
        others = [one for one in live if one.id != caller.session_id and one.kind is not SessionKind.API_KEY]
        usable = {*await SignInSessions(session).live_ids_of(caller.user_id)}
        await _end_untrusted(session, others, EndReason.ENDED)
        for client_id in {one.client_id for one in others if one.client_id is not None}:
            await AppGrants(session).remove(caller.user_id, client_id)
    await announce(runtime, [opened.id for opened in others])
    return sum(opened.id in usable for opened in others)


def end_sessions(session: Session, sessions: Sequence[SignInSession], reason: EndReason) -> None:
    """Ends those that have not ended; their tokens are refused from `announce` on."""
    for ended in sessions:
        if ended.ended_at is None:
            ended.ended_at, ended.end_reason = machine_now(), reason
            emit(session, SessionRevoked(user_id=ended.user_id, session_id=ended.id, reason=reason))


async def _end_untrusted(session: Session, sessions: Sequence[SignInSession], reason: EndReason) -> None:
    """Ends sessions of a locked account that may be those of a stranger: a change of address that was asked for in one
    is void."""
    end_sessions(session, sessions, reason)
    await MailTokens(session).void_asked_by([ended.id for ended in sessions])


async def announce(runtime: IdentityRuntime, sessions: Iterable[UUID]) -> None:
    """Has every process refuse the access tokens now; a process that misses it reads them from identity soon."""
    ended = [str(session_id) for session_id in sessions]
    if ended:
        await runtime.bus.broadcast(EDGE_CHANGED, {"ended_sessions": ended})


async def prove_again(session: Session, caller: Caller, method: str) -> SignInSession | None:
    """Writes into the caller's session, unless it has ended, that they proved who they are by that method now."""
    opened = await SignInSessions(session).find(caller.session_id, lock=True)
    if opened is not None:
        opened.authenticated_at = machine_now()
        opened.methods = list(dict.fromkeys([*opened.methods, method]))
    return opened


async def _renewed_hash(runtime: IdentityRuntime, user: User, password: str) -> str | None:
    if not runtime.passwords.outdated(user.password_hash):
        return None
    return await runtime.passwords.hash(password)


async def open_session(
    session: Session,
    settings: IdentitySettings,
    user: User,
    signer: ECKey,
    client: Client,
    methods: Sequence[str],
    *,
    authenticated_at: datetime | None = None,
) -> Issued:
    """A new session of an account that proved itself by these methods, now or at that moment.

    Raises AccountSuspended.
    """
    if user.suspended_at is not None:
        raise AccountSuspended
    now, token = machine_now(), new_refresh_token()
    opened = SignInSession(id=new_id(), user_id=user.id, started_at=now, expires_at=now + settings.session_life)
    opened.kind, opened.scopes = SessionKind.SIGN_IN, []
    opened.authenticated_at, opened.last_used_at, opened.methods = authenticated_at or now, now, list(methods)
    opened.address, opened.network, opened.device = client.address, client.network, client.device
    await SignInSessions(session).add(opened, token_row(opened, fingerprint(token), now))
    return _issue(settings, await view_of(session, user), user, opened, token, signer)


async def _report_new_device(session: Session, user: User, client: Client) -> None:
    """Mails the person, if neither network nor device was seen lately."""
    if client.network is None:
        return
    if not await SignInSessions(session).has_seen(user.id, client.network, client.device, machine_now() - LATELY):
        await issue(session, MailKind.SIGNED_IN, user.id, user.email)


def _issue(
    settings: IdentitySettings, view: UserView, user: User, opened: SignInSession, refresh_token: str, signer: ECKey
) -> Issued:
    return Issued(opened.id, access_token(settings, user, opened, signer), refresh_token, EXPIRES_IN, view)

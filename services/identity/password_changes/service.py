"""Use cases of new passwords. Hashing and signing come before the transaction, and nothing is announced inside it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from services.identity.accounts.common_passwords import demand_uncommon
from services.identity.accounts.errors import WrongPassword
from services.identity.accounts.models import User
from services.identity.accounts.passwords import HasLeft
from services.identity.accounts.service import find_of_token, get_user, publish_change, use_token
from services.identity.app_grants.repository import AppGrants
from services.identity.factors.domain import PASSWORD
from services.identity.factors.service import end_proofs
from services.identity.first_proofs.service import drop_older
from services.identity.mail_tokens.domain import SUPERSEDED_BY_NEXT, MailKind
from services.identity.mail_tokens.errors import TokenInvalid
from services.identity.mail_tokens.repository import MailTokens
from services.identity.mail_tokens.service import issue, request
from services.identity.password_changes.schemas import PasswordChange, ResetConfirmation
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.clients import Client
from services.identity.sessions.domain import EndReason
from services.identity.sessions.freshness import demand_fresh
from services.identity.sessions.limits import count_request
from services.identity.sessions.models import SignInSession
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.service import Issued, announce, check_password, end_sessions, open_session
from shared.auth.verification import Caller
from shared.database.session import Session


async def request_reset(session: Session, runtime: IdentityRuntime, email: str, client: Client) -> None:
    """Stores that a link was asked for; a job finds out whose the address is, so that every address takes as long.

    Raises TooManyAttempts where the network sent too many.
    """
    await count_request(session, "reset", client)
    await request(session, MailKind.RESET_PASSWORD, email, runtime.settings.reset_life)
    session.wake_jobs_after_commit("decide_mail_requests")


async def confirm_reset(runtime: IdentityRuntime, given: ResetConfirmation, has_left: HasLeft) -> None:
    """Sets the password, proves the address and ends all sessions; of many uses at once one succeeds.

    Raises TokenInvalid, PasswordTooCommon, and Overloaded before anything was done.
    """
    key = runtime.mail_token_key
    async with runtime.db.read() as reader:
        known = await find_of_token(reader, key, MailKind.RESET_PASSWORD, given.token)
    demand_uncommon(given.password, known.email, known.first_name, known.last_name)
    password_hash = await runtime.passwords.hash(given.password, has_left)
    async with runtime.db.transaction() as session:
        user, mail = await use_token(session, key, MailKind.RESET_PASSWORD, given.token)
        if mail.address.lower() != user.email.lower():
            raise TokenInvalid
        user.password_hash = password_hash
        dropped = await prove(session, user)
        ended = await _replace_password(session, user)
        await AppGrants(session).remove_all(user.id)
    await announce(runtime, [*dropped, *(opened.id for opened in ended)])


async def change(
    runtime: IdentityRuntime, caller: Caller, given: PasswordChange, client: Client, has_left: HasLeft
) -> Issued:
    """Sets the password, ends all sessions and opens a new one.

    Raises WrongPassword, TooManyAttempts after some of them, PasswordTooCommon, and StepUpRequired where there is no
    present one.
    """
    async with runtime.db.read() as reader:
        known = await get_user(reader, caller)
    await _check_present(runtime, caller, known, given.current_password, client, has_left)
    demand_uncommon(given.password, known.email, known.first_name, known.last_name)
    password_hash = await runtime.passwords.hash(given.password, has_left)
    signer = await runtime.keyring.signer(runtime.db)
    async with runtime.db.transaction() as session:
        user = await get_user(session, caller, lock=True)
        if user.password_hash != known.password_hash:  # changed by another request meanwhile
            raise WrongPassword
        user.password_hash = password_hash
        ended = await _replace_password(session, user)
        methods, proven_at = _proof(caller, user, known, ended)
        issued = await open_session(
            session, runtime.settings, user, signer, client, methods, authenticated_at=proven_at
        )
    await announce(runtime, [opened.id for opened in ended])
    return issued


def _proof(
    caller: Caller, user: User, known: User, ended: Sequence[SignInSession]
) -> tuple[Sequence[str], datetime | None]:
    """How and when the new session was proven: as the caller's own, unless the password was that proof just now."""
    former = next((opened for opened in ended if opened.id == caller.session_id), None)
    methods = [PASSWORD] if former is None else former.methods
    if known.has_password and not user.mfa_enabled:
        return methods if PASSWORD in methods else [*methods, PASSWORD], None
    return methods, datetime.fromtimestamp(caller.auth_time, UTC) if former is None else former.authenticated_at


async def _check_present(
    runtime: IdentityRuntime, caller: Caller, user: User, password: str | None, client: Client, has_left: HasLeft
) -> None:
    if not user.has_password:
        await demand_fresh(runtime, caller)
    elif not await check_password(runtime, user.email, user.password_hash, password or "", client, has_left):
        raise WrongPassword


async def prove(session: Session, user: User) -> list[UUID]:
    """The address is proven by the mail. The first time nothing that was made before may open the account, but for its
    sign-ins, which are left to the caller; returns the sessions that ended, which are to be announced."""
    if user.is_verified:
        return []
    user.is_verified = True
    dropped = await drop_older(session, user)
    publish_change(session, user)
    return dropped


async def _replace_password(session: Session, user: User) -> Sequence[SignInSession]:
    """Ends all sessions, voids what was mailed before, and reports the change by mail.

    A mail by which the former address can be taken back stays good: else who took an account over would void it.
    """
    await MailTokens(session).supersede(user.id, SUPERSEDED_BY_NEXT)
    await end_proofs(session, user)
    await issue(session, MailKind.PASSWORD_CHANGED, user.id, user.email)
    user.updated_at = session.now()
    ended = await SignInSessions(session).find_live_of(user.id)
    end_sessions(session, ended, EndReason.PASSWORD_CHANGED)
    return ended

"""Use cases of addresses. What ends sessions opens its own transaction, since it announces them after the commit."""

from uuid import UUID

from services.identity.accounts.demo import demand_not_reserved
from services.identity.accounts.errors import EmailTaken
from services.identity.accounts.models import User
from services.identity.accounts.repository import Users
from services.identity.accounts.service import get_user, lock_of_token, mail_verification, publish_change, use_token
from services.identity.addresses.errors import SameAddress
from services.identity.api_keys.service import end_all as end_keys
from services.identity.app_grants.repository import AppGrants
from services.identity.factors.service import remove_factors
from services.identity.first_proofs.service import drop_older
from services.identity.mail_tokens.domain import SUPERSEDED_BY_NEXT, MailKind
from services.identity.mail_tokens.errors import TokenInvalid
from services.identity.mail_tokens.repository import MailTokens
from services.identity.mail_tokens.service import issue, request
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.clients import Client
from services.identity.sessions.domain import EndReason
from services.identity.sessions.limits import count_request
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.service import announce, end_sessions
from services.identity.social.links import drop_links
from shared.auth.verification import Caller
from shared.database.session import Session


async def verify(runtime: IdentityRuntime, token: str, client: Client, caller: Caller | None = None) -> User:
    """Marks the address as proven; the same token again changes nothing. Raises TokenInvalid.

    The first time all goes that may be of who does not own the address, but for the password, and the sign-ins of the
    `caller` and of the network from which the mail is opened: there sits who has just registered. A link stays where
    there is no password, or nothing would open the account.
    """
    ended: list[UUID] = []
    async with runtime.db.transaction() as session:
        user, mail = await lock_of_token(session, runtime.mail_token_key, MailKind.VERIFY_EMAIL, token)
        is_present = mail.address.lower() == user.email.lower()
        if not is_present or not (await MailTokens(session).use(mail.id) or mail.is_confirmed):
            raise TokenInvalid
        if not user.is_verified:
            user.is_verified = True
            dropped = await drop_older(session, user, links=user.has_password)
            own = caller.session_id if caller is not None and caller.user_id == user.id else None
            ended = [*dropped, *await _end_all(session, user, but=own, from_elsewhere_than=client.network)]
            publish_change(session, user)
    await announce(runtime, ended)
    return user


async def resend_verification(session: Session, runtime: IdentityRuntime, caller: Caller, client: Client) -> None:
    """Mails a new link, which voids the former; none where the address is proven. Raises TooManyAttempts."""
    await count_request(session, "resend", client)
    user = await get_user(session, caller, lock=True)
    if not user.is_verified:
        await mail_verification(session, runtime.settings, user)


async def request_change(session: Session, runtime: IdentityRuntime, caller: Caller, email: str) -> None:
    """Stores that a link to the new address was asked for, and mails the present one.

    A job finds out whether the address is free, so that a taken one takes as long. Raises SameAddress, ReservedAddress.
    """
    demand_not_reserved(runtime.settings, email)
    user = await get_user(session, caller, lock=True)
    if email.lower() == user.email.lower():
        raise SameAddress
    life = runtime.settings.verify_life
    await request(session, MailKind.CHANGE_EMAIL, email, life, user_id=user.id, session_id=caller.session_id)
    await issue(session, MailKind.EMAIL_CHANGE_REQUESTED, user.id, user.email)
    session.wake_jobs_after_commit("decide_mail_requests")


async def confirm_change(runtime: IdentityRuntime, token: str) -> User:
    """The mailed address becomes the account's, proven; the former one can be taken back for a while.

    All sessions end but the one that asked. Raises TokenInvalid, or EmailTaken, after which the token is still good.
    """
    async with runtime.db.transaction() as session:
        user, mail = await use_token(session, runtime.mail_token_key, MailKind.CHANGE_EMAIL, token)
        former = user.email
        dropped = [] if user.is_verified else await drop_older(session, user)
        await _move(session, user, mail.address)
        await issue(session, MailKind.UNDO_EMAIL, user.id, former)
        ended = await _end_all(session, user, but=mail.session_id)
    await announce(runtime, [*dropped, *ended])
    return user


async def undo_change(runtime: IdentityRuntime, token: str) -> User:
    """The account gets back the address that the mail went to; its password is void and all sessions end.

    Factors, passkeys, links and API keys that were added meanwhile go, and mails by which a later address could be
    taken back are void too. Raises TokenInvalid or EmailTaken.
    """
    async with runtime.db.transaction() as session:
        user, mail = await use_token(session, runtime.mail_token_key, MailKind.UNDO_EMAIL, token)
        user.password_hash = ""
        await MailTokens(session).supersede(user.id, [MailKind.UNDO_EMAIL], since=mail.id)
        await _move(session, user, mail.address)
        # What was added since the change can have been asked for may be that of who took the account over.
        since = mail.created_at - runtime.settings.verify_life
        await remove_factors(session, user, since=since)
        await drop_links(session, user, since=since)
        await AppGrants(session).remove_all(user.id)
        ended = await _end_all(session, user)
        await end_keys(session, user.id, since=since)  # whose sessions are among those
    await announce(runtime, ended)
    return user


async def _move(session: Session, user: User, address: str) -> None:
    await Users(session).move(user, address)
    if await MailTokens(session).is_reserved(address, but_for=user.id):  # it may have become free just now
        raise EmailTaken
    await MailTokens(session).supersede(user.id, SUPERSEDED_BY_NEXT)
    publish_change(session, user)


async def _end_all(
    session: Session, user: User, but: UUID | None = None, from_elsewhere_than: str | None = None
) -> list[UUID]:
    live = [opened for opened in await SignInSessions(session).find_live_of(user.id) if opened.id != but]
    if from_elsewhere_than is not None:
        live = [opened for opened in live if opened.network != from_elsewhere_than]
    end_sessions(session, live, EndReason.EMAIL_CHANGED)
    return [opened.id for opened in live]

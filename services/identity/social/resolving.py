"""Use cases of a ticket: a sign-in goes on by password, by claiming the address, or by naming one."""

from uuid import UUID

from services.identity.accounts.demo import demand_not_reserved
from services.identity.accounts.models import User
from services.identity.accounts.passwords import HasLeft
from services.identity.accounts.repository import Users
from services.identity.accounts.service import publish_change
from services.identity.factors.domain import PASSWORD
from services.identity.factors.errors import TicketInvalid
from services.identity.factors.service import end_proofs
from services.identity.mail_tokens.domain import TOKENS
from services.identity.mail_tokens.repository import MailTokens
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.clients import Client
from services.identity.sessions.domain import EndReason
from services.identity.sessions.errors import InvalidCredentials
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.service import announce, check_password, end_sessions
from services.identity.social.admission import Admission, Admitted, Outcome, admit, link_and_sign_in, settled
from services.identity.social.domain import AttemptStep, Holder, hash_of, may_claim
from services.identity.social.errors import ClaimRefused, IdentityTaken
from services.identity.social.links import identity_of
from services.identity.social.models import SocialAttempt
from services.identity.social.repository import SocialAttempts
from services.identity.social.schemas import Resolution
from shared.database import audit
from shared.database.session import Session


async def resolve(runtime: IdentityRuntime, given: Resolution, client: Client, has_left: HasLeft) -> Admitted:
    """A session for who has the ticket, and what is asked of them; of many at once one succeeds.

    A wrong password leaves the ticket good. Raises TicketInvalid, InvalidCredentials, TooManyAttempts, ClaimRefused,
    IdentityTaken, LinkRequired where the address that was named has an account, SecondStepRequired.
    """
    if given.password is not None:
        return await _by_password(runtime, given.ticket, given.password, client, has_left)
    admission = Admission(await runtime.keyring.signer(runtime.db), client)
    ended: list[UUID] = []
    async with runtime.db.transaction() as session:
        attempt = await _use(session, given.ticket)
        if given.email is not None:
            outcome = await _by_address(session, runtime, attempt, given.email, admission)
        else:
            ended = await _release(session, attempt)
            outcome = await admit(session, runtime, attempt, admission)
    await announce(runtime, ended)
    return settled(outcome)


async def _by_password(
    runtime: IdentityRuntime, ticket: str, password: str, client: Client, has_left: HasLeft
) -> Admitted:
    async with runtime.db.read() as reader:
        attempt = await SocialAttempts(reader).find(hash_of(ticket), AttemptStep.TICKET)
        if attempt is None or attempt.email is None:
            raise TicketInvalid
        known = await Users(reader).find_by_email(attempt.email)
    stored = None if known is None else known.password_hash
    right = await check_password(runtime, attempt.email, stored, password, client, has_left)
    if known is None or not right:
        raise InvalidCredentials
    admission = Admission(await runtime.keyring.signer(runtime.db), client)
    async with runtime.db.transaction() as session:
        outcome = await _link(session, runtime, await _use(session, ticket), known, admission)
    return settled(outcome)


async def _link(
    session: Session, runtime: IdentityRuntime, attempt: SocialAttempt, known: User, given: Admission
) -> Outcome:
    """Links the account whose password was checked; a change of it meanwhile leaves the ticket good."""
    identity = await identity_of(session, attempt)
    user = await Users(session).find_active(known.id, lock=True)
    is_same = user is not None and (user.password_hash, user.email) == (known.password_hash, known.email)
    if user is None or not is_same:
        raise InvalidCredentials
    if identity is None:
        return await link_and_sign_in(session, runtime, attempt, user, PASSWORD, given)
    return IdentityTaken() if identity.user_id != user.id else await admit(session, runtime, attempt, given)


async def _by_address(
    session: Session, runtime: IdentityRuntime, attempt: SocialAttempt, email: str, given: Admission
) -> Outcome:
    """A ticket that asks for an address gets one, unproven; one that has an address is good for nothing here."""
    if attempt.email is not None:
        raise TicketInvalid
    demand_not_reserved(runtime.settings, email)
    attempt.email, attempt.is_email_good = email, False
    return await admit(session, runtime, attempt, given)


async def _release(session: Session, attempt: SocialAttempt) -> list[UUID]:
    """Takes the address from the account that never proved it; the sessions that end by this.

    The account keeps its data. Raises ClaimRefused, and TicketInvalid for a ticket without an address.
    """
    if attempt.email is None:
        raise TicketInvalid
    await identity_of(session, attempt)  # before the account is locked, as in all that links
    holder = await Users(session).find_by_email(attempt.email, lock=True)
    if holder is None:
        return []
    seen = Holder(holder.is_verified, holder.deactivated_at is None, has_other_subject=False)
    if not may_claim(is_word_good=attempt.is_email_good, holder=seen):
        raise ClaimRefused
    await MailTokens(session).supersede(holder.id, TOKENS)
    await end_proofs(session, holder)
    await Users(session).release_address(holder)
    publish_change(session, holder)
    await audit.record(session, None, "user.release_address", holder.id, {}, {"claimed": True})
    live = await SignInSessions(session).find_live_of(holder.id)
    end_sessions(session, live, EndReason.EMAIL_CHANGED)
    return [opened.id for opened in live]


async def _use(session: Session, ticket: str) -> SocialAttempt:
    attempt = await SocialAttempts(session).take(hash_of(ticket), AttemptStep.TICKET, AttemptStep.DONE)
    if attempt is None:
        raise TicketInvalid
    return attempt

"""Who a provider named comes in: to their account, to a new one, or not yet.

What is refused here is answered after the commit, since the code is burnt and the ticket has to stay.
"""

from dataclasses import dataclass, replace

from joserfc.jwk import ECKey

from services.identity.accounts.demo import demand_not_reserved
from services.identity.accounts.errors import EmailTaken
from services.identity.accounts.models import User
from services.identity.accounts.repository import Users
from services.identity.accounts.service import add_account, view_of
from services.identity.factors.errors import SecondStepRequired
from services.identity.mail_tokens.repository import MailTokens
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.clients import Client
from services.identity.sessions.domain import new_refresh_token
from services.identity.sessions.errors import InvalidCredentials
from services.identity.sessions.service import Issued, open_session, sign_in
from services.identity.social.domain import (
    SECOND_STEP_LIFE,
    SOCIAL,
    TICKET_LIFE,
    AttemptStep,
    Decision,
    Holder,
    decide,
    hash_of,
)
from services.identity.social.errors import EmailRequired, InvalidGrant, LinkRequired
from services.identity.social.links import add_identity, identity_of
from services.identity.social.models import SocialAttempt, SocialIdentity
from services.identity.social.profiles import first_name_of
from services.identity.social.repository import SocialAttempts, SocialIdentities
from shared.database.session import Session
from shared.errors import AppError
from shared.records.clock import machine_now


@dataclass(frozen=True, slots=True)
class Admission:
    """What a person who comes in is given."""

    signer: ECKey
    client: Client


@dataclass(frozen=True, slots=True)
class Admitted:
    """Their pair of tokens; `is_new`: the account was made by this."""

    issued: Issued
    is_new: bool


Outcome = Admitted | AppError


def settled(outcome: Outcome) -> Admitted:
    """The pair, or raises the refusal; after the commit."""
    if isinstance(outcome, AppError):
        raise outcome
    return outcome


async def admit(session: Session, runtime: IdentityRuntime, attempt: SocialAttempt, given: Admission) -> Outcome:
    """What follows from what the provider said of a person. Raises ReservedAddress."""
    identity = await identity_of(session, attempt)
    holder = None if identity else await _holder_of(session, attempt)
    decision = decide(
        is_known=identity is not None,
        has_address=attempt.email is not None,
        is_word_good=attempt.is_email_good,
        holder=await _seen(session, attempt, holder),
    )
    match decision:
        case Decision.ASK_ADDRESS:
            return EmailRequired(_ticket(attempt))
        case Decision.CREATE:
            return await _create(session, runtime, attempt, given)
    if identity is not None:
        return await _sign_in_known(session, runtime, identity, given)
    if holder is not None and decision is Decision.LINK:
        return await link_and_sign_in(session, runtime, attempt, holder, SOCIAL, given)
    return LinkRequired(_ticket(attempt))


async def link_and_sign_in(
    session: Session, runtime: IdentityRuntime, attempt: SocialAttempt, user: User, method: str, given: Admission
) -> Outcome:
    """Links a locked account to whom the attempt named; where a second step is on, only once that is done."""
    signed_in = await sign_in(session, runtime.settings, user, given.signer, given.client, method)
    if isinstance(signed_in, SecondStepRequired):
        attempt.step, attempt.user_id = AttemptStep.SECOND_STEP, user.id
        attempt.hash, attempt.expires_at = hash_of(signed_in.mfa["ticket"]), machine_now() + SECOND_STEP_LIFE
        return signed_in
    await add_identity(session, attempt, user)
    return Admitted(replace(signed_in, user=await view_of(session, user)), is_new=False)


async def await_turn(session: Session, ticket: str) -> None:
    """Until the commit no other transaction decides about whoever the sign-in of that ticket named at a provider.

    Call it before the account is locked, as in all that links: else two who wait for each other wait for ever.
    """
    attempt = await SocialAttempts(session).find(hash_of(ticket), AttemptStep.SECOND_STEP)
    if attempt is not None:
        await identity_of(session, attempt)


async def link_after_second_step(session: Session, user: User, ticket: str) -> None:
    """Links a locked account to whom the sign-in of that ticket had named, if it was one by a provider."""
    attempt = await SocialAttempts(session).take(hash_of(ticket), AttemptStep.SECOND_STEP, AttemptStep.DONE)
    if attempt is not None and attempt.user_id == user.id and await identity_of(session, attempt) is None:
        await add_identity(session, attempt, user)


async def _holder_of(session: Session, attempt: SocialAttempt) -> User | None:
    return None if attempt.email is None else await Users(session).find_by_email(attempt.email, lock=True)


async def _seen(session: Session, attempt: SocialAttempt, holder: User | None) -> Holder | None:
    if holder is None or attempt.issuer is None:
        return None
    has_other = await SocialIdentities(session).has_at(holder.id, attempt.issuer)
    return Holder(holder.is_verified, holder.deactivated_at is None, has_other)


async def _sign_in_known(
    session: Session, runtime: IdentityRuntime, identity: SocialIdentity, given: Admission
) -> Outcome:
    user = await Users(session).find_active(identity.user_id, lock=True)
    if user is None:
        return InvalidCredentials()
    if not await SocialIdentities(session).is_there(identity.id):  # unlinked meanwhile
        return InvalidGrant()
    signed_in = await sign_in(session, runtime.settings, user, given.signer, given.client, SOCIAL)
    return signed_in if isinstance(signed_in, SecondStepRequired) else Admitted(signed_in, is_new=False)


async def _create(session: Session, runtime: IdentityRuntime, attempt: SocialAttempt, given: Admission) -> Outcome:
    """A new account. Where somebody registers the address at the same moment, they hold it."""
    email = attempt.email or ""
    demand_not_reserved(runtime.settings, email)
    if await MailTokens(session).is_reserved(email):
        return EmailTaken()
    names = {"first_name": first_name_of(attempt.first_name, email), "last_name": attempt.last_name}
    proven = attempt.is_email_good
    try:
        user = await add_account(session, runtime.settings, email=email, is_verified=proven, password_hash="", **names)
    except EmailTaken:
        if await MailTokens(session).is_reserved(email):  # since then: nothing of this is committed
            raise
        return await admit(session, runtime, attempt, given)
    await add_identity(session, attempt, user, is_new=True)
    issued = await open_session(session, runtime.settings, user, given.signer, given.client, [SOCIAL])
    return Admitted(issued, is_new=True)


def _ticket(attempt: SocialAttempt) -> str:
    """A ticket with which the attempt goes on."""
    ticket = new_refresh_token()
    attempt.step, attempt.hash = AttemptStep.TICKET, hash_of(ticket)
    attempt.expires_at = machine_now() + TICKET_LIFE
    return ticket

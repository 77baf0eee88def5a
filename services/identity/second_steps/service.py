"""Use cases of proofs. What counts a wrong one opens its own transaction: the count stays, the refusal comes after."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from joserfc.jwk import ECKey

from services.identity.accounts.errors import WrongPassword
from services.identity.accounts.models import User
from services.identity.accounts.passwords import HasLeft
from services.identity.accounts.repository import Users
from services.identity.accounts.service import get_user
from services.identity.factors.domain import PASSKEY, PASSWORD, Purpose
from services.identity.factors.errors import WRONG_PASSKEY, InvalidCode, NoPasskey, SecondStepWrong, TicketInvalid
from services.identity.factors.models import Ticket
from services.identity.factors.relying_party import Answer, RelyingParty, credential_id_of, user_handle_of
from services.identity.factors.repository import Passkeys, Tickets
from services.identity.factors.service import check_code, check_passkey, open_ticket, step_up_methods
from services.identity.passkeys.schemas import PasskeyOptions
from services.identity.runtime import IdentityRuntime
from services.identity.second_steps.schemas import PasskeySignIn, SecondStep, StepUp
from services.identity.sessions.clients import Client
from services.identity.sessions.errors import UNKNOWN_PASSKEY, InvalidCredentials
from services.identity.sessions.service import Issued, check_password, complete_sign_in, prove_again
from services.identity.sessions.tokens import EXPIRES_IN, access_token
from services.identity.social.admission import await_turn, link_after_second_step
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.errors import StepUpRequired, TokenExpired


@dataclass(frozen=True, slots=True)
class Stepped:
    """A new access token of the session that stepped up."""

    access_token: str
    expires_in: int
    fresh_until: datetime


async def ask_for_second_step(session: Session, runtime: IdentityRuntime, ticket_text: str) -> PasskeyOptions:
    """What the browser is to answer for the second step. Raises TicketInvalid, NoPasskey without any."""
    opened = await open_ticket(session, ticket_text, Purpose.SECOND_STEP)
    if opened is None:
        raise TicketInvalid
    user, ticket = opened
    known = await Passkeys(session).list_of(user.id)
    if not known:
        raise NoPasskey
    options, ticket.challenge = RelyingParty.of(runtime.settings).ask_for_one(known)
    return PasskeyOptions(ticket=ticket_text, options=options)


async def finish_sign_in(runtime: IdentityRuntime, given: SecondStep, client: Client) -> Issued:
    """Opens the session for which the first step got its ticket, once.

    Raises TicketInvalid, SecondStepWrong, TooManyAttempts.
    """
    signer = await runtime.keyring.signer(runtime.db)
    async with runtime.db.transaction() as session:
        await await_turn(session, given.ticket)
        opened = await open_ticket(session, given.ticket, Purpose.SECOND_STEP)
        if opened is None:
            raise TicketInvalid
        user, ticket = opened
        if right := await _is_second_step(session, runtime, user, ticket, given):
            methods = [*ticket.methods, given.method]
            await Tickets(session).remove(ticket)
            await link_after_second_step(session, user, given.ticket)
            issued = await complete_sign_in(session, runtime.settings, user, signer, client, methods)
        else:
            ticket.wrong += 1
    if not right:
        raise SecondStepWrong(_why_wrong(given))
    return issued


async def _is_second_step(
    session: Session, runtime: IdentityRuntime, user: User, ticket: Ticket, given: SecondStep
) -> bool:
    if given.method == PASSKEY:
        answer = cast(Answer, given.credential)
        return await check_passkey(session, RelyingParty.of(runtime.settings), user, ticket, answer) is not None
    return await check_code(session, runtime.sealing, user, given.method, cast(str, given.code))


def _why_wrong(given: SecondStep | StepUp) -> str | None:
    return WRONG_PASSKEY if given.method == PASSKEY else None


async def ask_for_sign_in(session: Session, runtime: IdentityRuntime) -> PasskeyOptions:
    """What the browser is to answer for a sign-in by whichever passkey it has."""
    options, challenge = RelyingParty.of(runtime.settings).ask_for_one()
    ticket = await Tickets(session).add(Purpose.PASSKEY_SIGN_IN, None, challenge=challenge)
    return PasskeyOptions(ticket=ticket, options=options)


async def sign_in_by_passkey(runtime: IdentityRuntime, given: PasskeySignIn, client: Client) -> Issued:
    """Opens a session: a passkey is both factors. The ticket is used up; InvalidCredentials if anything is wrong."""
    signer = await runtime.keyring.signer(runtime.db)
    async with runtime.db.transaction() as session:
        user = await _owner_of_passkey(session, runtime, given)
        if user is not None:
            issued = await complete_sign_in(session, runtime.settings, user, signer, client, [PASSKEY])
    if user is None:
        raise InvalidCredentials(UNKNOWN_PASSKEY)
    return issued


async def _owner_of_passkey(session: Session, runtime: IdentityRuntime, given: PasskeySignIn) -> User | None:
    ticket = await Tickets(session).lock(given.ticket, Purpose.PASSKEY_SIGN_IN)
    if ticket is None:
        return None
    user = await _named_owner(session, given.credential)
    party = RelyingParty.of(runtime.settings)
    right = user is not None and await check_passkey(session, party, user, ticket, given.credential) is not None
    await Tickets(session).remove(ticket)
    return user if right else None


async def _named_owner(session: Session, answer: Answer) -> User | None:
    """The account, locked, whose passkey it is: the browser and our row have to say the same."""
    credential_id = credential_id_of(answer)
    passkey = None if credential_id is None else await Passkeys(session).find(credential_id)
    if passkey is None or user_handle_of(answer) != passkey.user_id.bytes:
        return None
    return await Users(session).find_active(passkey.user_id, lock=True)


async def ask_for_step_up(session: Session, runtime: IdentityRuntime, caller: Caller) -> PasskeyOptions:
    """What the browser is to answer for a step-up. Raises NoPasskey without any."""
    user = await get_user(session, caller)
    known = await Passkeys(session).list_of(user.id)
    if not known:
        raise NoPasskey
    options, challenge = RelyingParty.of(runtime.settings).ask_for_one(known)
    ticket = await Tickets(session).add(Purpose.STEP_UP, user.id, challenge=challenge)
    return PasskeyOptions(ticket=ticket, options=options)


async def step_up(
    runtime: IdentityRuntime, caller: Caller, given: StepUp, client: Client, has_left: HasLeft
) -> Stepped:
    """Writes into the caller's session that they proved themselves now.

    Raises InvalidCode, WrongPassword, TooManyAttempts; StepUpRequired for a password while a second factor is on.
    """
    password_hash = await _checked(runtime, caller, given, client, has_left) if given.method == PASSWORD else None
    signer = await runtime.keyring.signer(runtime.db)
    async with runtime.db.transaction() as session:
        user = await get_user(session, caller, lock=True)
        if password_hash is not None:
            await _demand_password_is_enough(session, user, password_hash)
            right = True
        else:
            right = await _is_step_up(session, runtime, user, given)
        stepped = await _write_proof(session, runtime, caller, user, given.method, signer) if right else None
    if stepped is None:
        raise InvalidCode(_why_wrong(given), field="code" if given.code is not None else "credential")
    return stepped


async def _checked(runtime: IdentityRuntime, caller: Caller, given: StepUp, client: Client, has_left: HasLeft) -> str:
    """The hash of the caller's password, which is the one that was given."""
    async with runtime.db.read() as reader:
        known = await get_user(reader, caller)
        await _demand_password_is_enough(reader, known, known.password_hash)
    password = cast(str, given.password)
    if not await check_password(runtime, known.email, known.password_hash, password, client, has_left):
        raise WrongPassword(field="password")
    return known.password_hash


async def _demand_password_is_enough(session: Session, user: User, password_hash: str) -> None:
    if user.mfa_enabled or not user.has_password or user.password_hash != password_hash:
        raise StepUpRequired(await step_up_methods(session, user))


async def _is_step_up(session: Session, runtime: IdentityRuntime, user: User, given: StepUp) -> bool:
    if given.method != PASSKEY:
        return await check_code(session, runtime.sealing, user, given.method, cast(str, given.code))
    opened = await open_ticket(session, cast(str, given.ticket), Purpose.STEP_UP, of=user.id)
    if opened is None:
        return False
    ticket, answer = opened[1], cast(Answer, given.credential)
    right = await check_passkey(session, RelyingParty.of(runtime.settings), user, ticket, answer) is not None
    await Tickets(session).remove(ticket)
    return right


async def _write_proof(
    session: Session, runtime: IdentityRuntime, caller: Caller, user: User, method: str, signer: ECKey
) -> Stepped:
    opened = await prove_again(session, caller, method)
    if opened is None:
        raise TokenExpired("The session of this token has ended.")
    fresh_until = opened.authenticated_at + timedelta(seconds=runtime.settings.step_up_seconds)
    return Stepped(access_token(runtime.settings, user, opened, signer), EXPIRES_IN, fresh_until)

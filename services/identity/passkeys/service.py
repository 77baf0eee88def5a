"""Use cases of passkeys. Who adds one was asked for a proof of late when they got the ticket."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from webauthn.registration.verify_registration_response import VerifiedRegistration

from services.identity.accounts.models import User
from services.identity.accounts.service import get_user
from services.identity.factors.domain import MOST_PASSKEYS, Purpose
from services.identity.factors.errors import InvalidCredential, PasskeyExists, TicketRefused
from services.identity.factors.models import Passkey
from services.identity.factors.relying_party import RelyingParty, transports_of
from services.identity.factors.repository import Passkeys, Tickets
from services.identity.factors.service import keep_on, lose_factor, open_ticket, record_change
from services.identity.mail_tokens.domain import MailKind
from services.identity.mail_tokens.service import issue
from services.identity.passkeys.schemas import Credential, NewPasskey, PasskeyOptions
from services.identity.runtime import IdentityRuntime
from shared.auth.verification import Caller
from shared.database.listing import Found, Page
from shared.database.session import Session
from shared.errors import LimitReached
from shared.records.clock import machine_now
from shared.records.ids import new_id


async def ask_for_new(session: Session, runtime: IdentityRuntime, caller: Caller) -> PasskeyOptions:
    """What the browser is to make, and the ticket with which its answer comes back. Raises LimitReached."""
    user = await get_user(session, caller, lock=True)
    present = await _below_limit(session, user)
    name = f"{user.first_name} {user.last_name}"
    options, challenge = RelyingParty.of(runtime.settings).ask_for_new(user.id, user.email, name, present)
    ticket = await Tickets(session).add(Purpose.ADD_PASSKEY, user.id, challenge=challenge)
    return PasskeyOptions(ticket=ticket, options=options)


async def add(runtime: IdentityRuntime, caller: Caller, given: NewPasskey) -> Passkey:
    """Stores the passkey; the ticket is used up, whatever comes of it.

    Raises TicketRefused, InvalidCredential, PasskeyExists, LimitReached.
    """
    async with runtime.db.transaction() as session:
        challenge = await _take_challenge(session, caller, given.ticket)
    made = None if challenge is None else RelyingParty.of(runtime.settings).verify_new(given.credential, challenge)
    if made is None:
        raise InvalidCredential
    async with runtime.db.transaction() as session:
        user = await get_user(session, caller, lock=True)
        await _below_limit(session, user)
        return await _add(session, caller, user, _passkey(user, given.name, given.credential, made))


async def _take_challenge(session: Session, caller: Caller, ticket_text: str) -> bytes | None:
    opened = await open_ticket(session, ticket_text, Purpose.ADD_PASSKEY, of=caller.user_id)
    if opened is None:
        raise TicketRefused
    await Tickets(session).remove(opened[1])
    return opened[1].challenge


async def _add(session: Session, caller: Caller, user: User, passkey: Passkey) -> Passkey:
    before = list(user.second_factors)
    if not await Passkeys(session).add(passkey):
        raise PasskeyExists
    await keep_on(session, user, on=user.mfa_enabled)
    await record_change(session, caller, user, before, "user.passkey_add", passkey.id)
    await issue(session, MailKind.PASSKEY_ADDED, user.id, user.email)
    return passkey


def _passkey(user: User, name: str, answer: Credential, made: VerifiedRegistration) -> Passkey:
    fields: dict[str, Any] = {"user_id": user.id, "name": name, "transports": transports_of(answer)}
    return Passkey(
        id=new_id(),
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        backed_up=made.credential_backed_up,
        created_at=machine_now(),
        **fields,
    )


async def _below_limit(session: Session, user: User) -> Sequence[Passkey]:
    present = await Passkeys(session).list_of(user.id)
    if len(present) >= MOST_PASSKEYS:
        raise LimitReached
    return present


async def list_own(session: Session, caller: Caller, page: Page) -> Found[Passkey]:
    """One page of the caller's, oldest first."""
    await get_user(session, caller)
    return await Passkeys(session).page_of(caller.user_id, page)


async def rename(session: Session, caller: Caller, passkey_id: UUID, name: str) -> Passkey:
    """Gives it another name; NotFound for another's."""
    passkey = await Passkeys(session).get_of(passkey_id, caller.user_id)
    passkey.name = name
    return passkey


async def remove(session: Session, runtime: IdentityRuntime, caller: Caller, passkey_id: UUID) -> None:
    """Deletes it; the last factor turns two-step sign-in off.

    Raises NotFound for another's, FactorRequiredByRole for the last one of staff that need it.
    """
    user = await get_user(session, caller, lock=True)
    before = list(user.second_factors)
    await Passkeys(session).remove(await Passkeys(session).get_of(passkey_id, user.id))
    await lose_factor(session, runtime.settings, user)
    await record_change(session, caller, user, before, "user.passkey_remove", passkey_id)
    await issue(session, MailKind.PASSKEY_REMOVED, user.id, user.email)

"""Use cases of factors that other nouns build on: what an account has, begin a proof, check one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.identity.accounts.models import User
from services.identity.accounts.repository import Users
from services.identity.factors.codes import matching_steps, recovery_hash
from services.identity.factors.domain import PASSKEY, PASSWORD, RECOVERY_CODE, TICKET_LIFE, TOTP, Purpose
from services.identity.factors.errors import FactorRequiredByRole, SecondStepRequired
from services.identity.factors.models import Passkey, Ticket, TotpFactor
from services.identity.factors.relying_party import Answer, RelyingParty, credential_id_of
from services.identity.factors.repository import Passkeys, RecoveryCodes, Tickets, TotpFactors
from services.identity.mail_tokens.domain import MailKind
from services.identity.mail_tokens.service import issue
from services.identity.settings import IdentitySettings
from shared.auth.verification import Caller
from shared.database import audit
from shared.database.sealing import Sealing
from shared.database.session import Session
from shared.database.throttle import Limit, Throttle
from shared.records.clock import machine_now

WRONG_CODES = Limit("wrong codes", 20, timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Available:
    """The factors of an account, whether they are on or not."""

    totp: bool
    passkeys: int

    @property
    def names(self) -> list[str]:
        """Those that there are."""
        return [name for name, has in ((TOTP, self.totp), (PASSKEY, self.passkeys > 0)) if has]


async def available(session: Session, user: User) -> Available:
    """What the account has."""
    totp = await TotpFactors(session).find_confirmed(user.id)
    return Available(totp is not None, len(await Passkeys(session).list_of(user.id)))


async def step_up_methods(session: Session, user: User) -> list[str]:
    """By what the account's owner can prove once more who they are: the password only while no second factor is on."""
    if user.mfa_enabled:
        return list(user.second_factors)
    own = (await available(session, user)).names
    return [PASSWORD, *own] if user.has_password else own


async def begin_second_step(session: Session, user: User, methods: Sequence[str]) -> SecondStepRequired:
    """The refusal of a sign-in by these methods, with a new ticket: raise it once the ticket is committed."""
    ticket = await Tickets(session).add(Purpose.SECOND_STEP, user.id, methods)
    left = [RECOVERY_CODE] if await RecoveryCodes(session).count(user.id) else []
    return SecondStepRequired(ticket, [*user.second_factors, *left], int(TICKET_LIFE.total_seconds()))


async def open_ticket(
    session: Session, text: str, purpose: Purpose, *, of: UUID | None = None
) -> tuple[User, Ticket] | None:
    """The account, locked first as in all that changes one, and the ticket, if it is good, and that account's."""
    user_id = await Tickets(session).owner(text, purpose)
    if of is not None and of != user_id:
        return None
    user = None if user_id is None else await Users(session).find_active(user_id, lock=True)
    ticket = None if user is None else await Tickets(session).lock(text, purpose)
    return None if user is None or ticket is None else (user, ticket)


async def check_code(session: Session, sealing: Sealing, user: User, method: str, code: str) -> bool:
    """Whether the code is right, and uses it up. It is counted first: the caller commits a wrong one too.

    Raises TooManyAttempts, and then nothing was checked.
    """
    await Throttle(session).take(WRONG_CODES, str(user.id))
    if method == TOTP:
        right = await _use_totp(session, sealing, user, code)
    else:
        right = await RecoveryCodes(session).use(user.id, recovery_hash(code))
    if right:
        await Throttle(session).give_back(WRONG_CODES, str(user.id))
    return right


async def _use_totp(session: Session, sealing: Sealing, user: User, code: str) -> bool:
    factor = await TotpFactors(session).find_confirmed(user.id)
    for step in [] if factor is None else _steps(sealing, factor, code):
        if await TotpFactors(session).use(user.id, step):
            return True
    return False


def _steps(sealing: Sealing, factor: TotpFactor, code: str) -> list[int]:
    secret = sealing.open(factor.secret, TotpFactor.secret, factor.user_id)
    return matching_steps(secret.decode(), code, machine_now())


async def check_new_totp(session: Session, sealing: Sealing, factor: TotpFactor, code: str) -> int | None:
    """The step of which this is a code of an app that is not confirmed yet; counted as other codes are."""
    await Throttle(session).take(WRONG_CODES, str(factor.user_id))
    steps = _steps(sealing, factor, code)
    if not steps:
        return None
    await Throttle(session).give_back(WRONG_CODES, str(factor.user_id))
    return steps[0]


async def check_passkey(
    session: Session, party: RelyingParty, user: User, ticket: Ticket, answer: Answer
) -> Passkey | None:
    """The passkey of that account by which the browser answered; None if anything is wrong. The challenge is used up
    either way."""
    challenge, ticket.challenge = ticket.challenge, None
    credential_id = credential_id_of(answer)
    passkey = None if credential_id is None else await Passkeys(session).find(credential_id)
    if challenge is None or passkey is None or passkey.user_id != user.id:
        return None
    proof = party.verify(answer, challenge, passkey)
    if proof is None:
        return None
    moved = await Passkeys(session).use(passkey.id, proof.new_sign_count, backed_up=proof.credential_backed_up)
    return passkey if moved else None


async def end_proofs(session: Session, user: User) -> None:
    """Ends every proof of the account that is under way: what its first step proved is void."""
    await Tickets(session).remove_all(user.id)


async def remove_factors(session: Session, user: User, since: datetime | None = None) -> None:
    """Takes the factors and passkeys of a locked account, or only those that were made since then, and mails that."""
    if await delete_factors(session, user, since):
        await issue(session, MailKind.FACTOR_REMOVED, user.id, user.email)


async def delete_factors(session: Session, user: User, since: datetime | None = None) -> bool:
    """The same without a mail; False where there were none. Proofs that are under way end."""
    await end_proofs(session, user)
    had_totp = await TotpFactors(session).remove(user.id, since)
    had_passkeys = await Passkeys(session).remove_all(user.id, since)
    await RecoveryCodes(session).remove_all(user.id, since)
    await keep_on(session, user, on=user.mfa_enabled)
    return had_totp or had_passkeys


async def keep_on(session: Session, user: User, *, on: bool) -> None:
    """Writes into a locked account which second factors are on: all that there are, or none.

    Without any, recovery codes go too.
    """
    user.second_factors = (await available(session, user)).names if on else []
    if not user.second_factors:
        await RecoveryCodes(session).replace(user.id, [])


def needs_factor(settings: IdentitySettings, user: User) -> bool:
    """Whether the account's role asks for a second factor."""
    return settings.staff_needs_factor and user.is_staff_member


async def lose_factor(session: Session, settings: IdentitySettings, user: User) -> None:
    """After a factor of a locked account was deleted: the last one turns two-step sign-in off, and mails that.

    Raises FactorRequiredByRole for staff that need one, and nothing is deleted.
    """
    was_on = user.mfa_enabled
    await keep_on(session, user, on=was_on)
    if was_on and not user.mfa_enabled:
        if needs_factor(settings, user):
            raise FactorRequiredByRole
        await issue(session, MailKind.MFA_TURNED_OFF, user.id, user.email)


async def record_change(
    session: Session, caller: Caller, user: User, before: Sequence[str], action: str, subject_id: UUID | None = None
) -> None:
    """Writes into the audit log what the caller did to their own factors."""
    now = {"second_factors": list(user.second_factors)}
    await audit.record(session, caller.user_id, action, subject_id or user.id, {"second_factors": list(before)}, now)

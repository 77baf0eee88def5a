"""Use cases of two-step sign-in. What counts a wrong code opens its own transaction: the count stays."""

from dataclasses import dataclass

from services.identity.accounts.models import User
from services.identity.accounts.service import get_user
from services.identity.factors.codes import new_recovery_codes, new_secret, otpauth_uri, qr_svg, recovery_hash
from services.identity.factors.domain import TOTP
from services.identity.factors.errors import FactorRequiredByRole, InvalidCode, NoFactor, TotpExists
from services.identity.factors.models import TotpFactor
from services.identity.factors.repository import RecoveryCodes, TotpFactors
from services.identity.factors.service import (
    available,
    check_new_totp,
    keep_on,
    lose_factor,
    needs_factor,
    record_change,
)
from services.identity.mail_tokens.domain import MailKind
from services.identity.mail_tokens.service import issue
from services.identity.mfa.schemas import MfaState
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.service import prove_again
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class TotpSetup:
    """What an authenticator app needs."""

    secret: str
    otpauth_uri: str
    qr_svg: str


async def show(session: Session, caller: Caller) -> MfaState:
    """What the caller has."""
    return await _state(session, await get_user(session, caller))


async def _state(session: Session, user: User) -> MfaState:
    own = await available(session, user)
    left = await RecoveryCodes(session).count(user.id)
    return MfaState(enabled=user.mfa_enabled, totp=own.totp, passkeys=own.passkeys, recovery_codes_left=left)


async def switch(
    session: Session, runtime: IdentityRuntime, caller: Caller, *, on: bool
) -> tuple[MfaState, list[str] | None]:
    """Turns it on or off; what is so already changes nothing. The codes are new ones, where there were none.

    Raises NoFactor where there is none to ask for, FactorRequiredByRole where staff turn it off that need it.
    """
    user = await get_user(session, caller, lock=True)
    codes = None
    if on != user.mfa_enabled:
        before = list(user.second_factors)
        if on:
            codes = await _turn_on(session, user)
        else:
            await _turn_off(session, runtime, user)
        await record_change(session, caller, user, before, "user.mfa_on" if on else "user.mfa_off")
        await issue(session, MailKind.MFA_TURNED_ON if on else MailKind.MFA_TURNED_OFF, user.id, user.email)
    return await _state(session, user), codes


async def _turn_on(session: Session, user: User) -> list[str] | None:
    await keep_on(session, user, on=True)
    if not user.mfa_enabled:
        raise NoFactor
    return await _first_codes(session, user)


async def _turn_off(session: Session, runtime: IdentityRuntime, user: User) -> None:
    if needs_factor(runtime.settings, user):
        raise FactorRequiredByRole
    await keep_on(session, user, on=False)


async def begin_totp(runtime: IdentityRuntime, caller: Caller) -> TotpSetup:
    """A new secret, in place of one that was not confirmed. Raises TotpExists."""
    sealing, secret = await runtime.sealing.loaded(runtime.db), new_secret()
    async with runtime.db.transaction() as session:
        user = await get_user(session, caller, lock=True)
        sealed = sealing.seal(secret.encode(), TotpFactor.secret, user.id)
        if not await TotpFactors(session).begin(user.id, sealed):
            raise TotpExists
    uri = otpauth_uri(secret, user.email)
    return TotpSetup(secret, uri, qr_svg(uri))


async def confirm_totp(runtime: IdentityRuntime, caller: Caller, code: str) -> list[str] | None:
    """The app counts from now on, and two-step sign-in is on. The codes are new ones, where there were none.

    Raises InvalidCode, TooManyAttempts, TotpExists where it is confirmed already, NoFactor where it is too late.
    """
    sealing = await runtime.sealing.loaded(runtime.db)
    async with runtime.db.transaction() as session:
        user = await get_user(session, caller, lock=True)
        factor = await _unconfirmed(session, user)
        step = await check_new_totp(session, sealing, factor, code)
        codes = None if step is None else await _confirm(session, caller, user, step)
    if step is None:
        raise InvalidCode(field="code")
    return codes


async def _unconfirmed(session: Session, user: User) -> TotpFactor:
    factor = await TotpFactors(session).find_unconfirmed(user.id)
    if factor is None:
        raise TotpExists if (await available(session, user)).totp else NoFactor
    return factor


async def _confirm(session: Session, caller: Caller, user: User, step: int) -> list[str] | None:
    before = list(user.second_factors)
    await TotpFactors(session).confirm(user.id, step)
    await keep_on(session, user, on=True)
    await prove_again(session, caller, TOTP)
    await record_change(session, caller, user, before, "user.totp_add")
    await issue(session, MailKind.FACTOR_ADDED, user.id, user.email)
    return await _first_codes(session, user)


async def remove_totp(session: Session, runtime: IdentityRuntime, caller: Caller) -> None:
    """Deletes the authenticator app; the last factor turns two-step sign-in off.

    Raises NotFound, and FactorRequiredByRole for the last one of staff that need it.
    """
    user = await get_user(session, caller, lock=True)
    before = list(user.second_factors)
    if not await TotpFactors(session).remove(user.id):
        raise NotFound("There is no authenticator app.")
    await lose_factor(session, runtime.settings, user)
    await record_change(session, caller, user, before, "user.totp_remove")
    await issue(session, MailKind.FACTOR_REMOVED, user.id, user.email)


async def replace_codes(session: Session, caller: Caller) -> list[str]:
    """New recovery codes; the former ones are void. Raises NoFactor while two-step sign-in is off."""
    user = await get_user(session, caller, lock=True)
    if not user.mfa_enabled:
        raise NoFactor
    await record_change(session, caller, user, user.second_factors, "user.recovery_codes")
    await issue(session, MailKind.RECOVERY_CODES_MADE, user.id, user.email)
    return await _make_codes(session, user)


async def _first_codes(session: Session, user: User) -> list[str] | None:
    return None if await RecoveryCodes(session).count(user.id) else await _make_codes(session, user)


async def _make_codes(session: Session, user: User) -> list[str]:
    codes = new_recovery_codes()
    await RecoveryCodes(session).replace(user.id, [recovery_hash(code) for code in codes])
    return codes

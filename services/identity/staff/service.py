"""Use cases of staff accounts: who gets the role, who loses it, and which accounts staff may end."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import ValidationError

from services.identity.accounts.common_passwords import demand_uncommon
from services.identity.accounts.demo import demand_not_reserved
from services.identity.accounts.domain import AT_WORK
from services.identity.accounts.errors import EmailTaken
from services.identity.accounts.models import User
from services.identity.accounts.passwords import Passwords
from services.identity.accounts.repository import Users
from services.identity.accounts.schemas import Registration
from services.identity.accounts.service import add_user
from services.identity.api_keys.service import end_all as end_keys
from services.identity.erasures.errors import OpenObligations
from services.identity.erasures.models import Erasure
from services.identity.erasures.schemas import ErasureByStaff
from services.identity.erasures.service import erases_at, is_scheduled, preview, schedule
from services.identity.people.service import as_rows
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.domain import EndReason
from services.identity.sessions.models import SignInSession
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.service import announce, end_sessions
from services.identity.settings import IdentitySettings
from services.identity.staff.errors import AddressNotProven, NotStaff
from services.identity.staff.schemas import Deactivation
from services.identity.superusers.service import keep_one, lock_account
from shared.auth.verification import Caller
from shared.database import audit
from shared.database.session import Session
from shared.errors import Invalid, NotFound
from shared.events.identity import UserDeactivated
from shared.messaging.outbox import emit


async def demand_free(session: Session, settings: IdentitySettings, email: str) -> None:
    """Raises EmailTaken or Invalid where no account can be made with that address, whatever the password."""
    _registration(email=email, password="any password", first_name="Estuary", last_name="Staff")
    demand_not_reserved(settings, email)
    if await Users(session).find_by_email(email) is not None:
        raise EmailTaken


async def create_staff(
    session: Session, settings: IdentitySettings, email: str, password: str, *, superuser: bool = False
) -> User:
    """A new staff account; a superuser if it is asked for, or while there is none.

    Raises EmailTaken for an address that has an account: whoever registered it chose its password, and need not be
    its owner. Raises Invalid, naming the field, where such an account could not be registered.
    """
    superusers = await Users(session).lock_superusers()
    await demand_free(session, settings, email)
    return await _add(session, settings, email, password, superuser=superuser or not superusers)


async def promote(session: Session, email: str, *, superuser: bool = False) -> User:
    """Makes an account staff that is in use and whose owner proved the address; its password stays.

    Raises NotFound or AddressNotProven. What the account is already changes nothing.
    """
    superusers = await Users(session).lock_superusers()
    user = await _get_by_email(session, email)
    if not user.is_verified:
        raise AddressNotProven
    await _grant(session, user, superuser=superuser or not superusers)
    return user


async def seed_staff(
    session: Session, settings: IdentitySettings, email: str, password: str, *, superuser: bool = False
) -> None:
    """The staff account of the demo, unless its address has an account: that one stays as it is."""
    if await Users(session).find_by_email(email) is None:
        await _add(session, settings, email, password, superuser=superuser)


async def revoke_staff(session: Session, email: str) -> User:
    """Takes every role of those who work for the platform, and ends the account's sessions; a job announces that.

    Raises NotFound, NotStaff, or LastSuperuser.
    """
    superusers = await Users(session).lock_superusers()
    user = await _get_by_email(session, email)
    if not user.works_here:
        raise NotStaff
    keep_one(superusers, user)
    before = {"roles": user.roles}
    user.is_staff = user.is_superuser = False
    user.granted_roles = [role for role in user.granted_roles if role not in AT_WORK]
    user.updated_at = session.now()
    await end_sessions_of(session, user)
    await audit.record(session, None, "user.revoke_staff", user.id, before, {"roles": user.roles})
    return user


async def end_sessions_of(session: Session, user: User) -> None:
    """Ends the sessions of an account that lost a role: their tokens carry it."""
    end_sessions(session, await SignInSessions(session).find_live_of(user.id), EndReason.ROLE_TAKEN)
    session.wake_jobs_after_commit("announce_taken_roles")


async def deactivate(runtime: IdentityRuntime, caller: Caller, user_id: UUID, given: Deactivation) -> User:
    """Ends an account for good, with all its sessions; that of staff is ended by superusers.

    Again changes nothing, but an account that has ended can still be erased.
    """
    async with runtime.db.transaction() as session:
        user = await lock_account(session, caller, user_id)
        before = {"active": user.deactivated_at is None}
        if user.deactivated_at is not None and (not given.erase or await is_scheduled(session, user.id)):
            return user
        ended = await end_account(session, user)
        if given.erase:
            await schedule(session, user.id, caller.user_id, session.now())
        await _record(session, caller, user, before, given)
    await announce(runtime, [opened.id for opened in ended])
    return user


async def erase(runtime: IdentityRuntime, caller: Caller, user_id: UUID, given: ErasureByStaff) -> Erasure:
    """Schedules an account's erasure, at once if that is asked for; that of staff by superusers.

    Raises OpenObligations where it is to be at once and something is open, and Unavailable.
    """
    async with runtime.db.read() as session:
        await Users(session).get(user_id)
    if given.now and (found := await preview(runtime, user_id)):
        raise OpenObligations(as_rows(found))
    async with runtime.db.transaction() as session:
        user = await lock_account(session, caller, user_id)
        at = session.now() if given.now else erases_at(runtime)
        erasure = await schedule(session, user.id, caller.user_id, at)
        after = {"erasure_id": str(erasure.id), "erases_at": at.isoformat()}
        await audit.record(session, caller.user_id, "user.erase", user.id, {}, after, reason=given.reason)
        return erasure


async def end_account(session: Session, user: User) -> Sequence[SignInSession]:
    """Ends a locked account and its sessions, which the caller announces after the commit; again changes nothing."""
    if user.deactivated_at is not None:
        return []
    user.deactivated_at = user.updated_at = session.now()
    ended = await SignInSessions(session).find_live_of(user.id)
    end_sessions(session, ended, EndReason.DEACTIVATED)
    await end_keys(session, user.id)  # whose sessions are among those
    emit(session, UserDeactivated(user_id=user.id))
    return ended


async def _record(session: Session, caller: Caller, user: User, before: dict[str, bool], given: Deactivation) -> None:
    after = {"active": False, "erased": given.erase}
    reason = None if given.erase else given.reason
    await audit.record(session, caller.user_id, "user.deactivate", user.id, before, after, reason=reason)


async def _get_by_email(session: Session, email: str) -> User:
    user = await Users(session).find_by_email(email, lock=True)
    if user is None or user.deactivated_at is not None:
        raise NotFound("There is no account in use with this e-mail address.")
    return user


async def _add(session: Session, settings: IdentitySettings, email: str, password: str, *, superuser: bool) -> User:
    given = _registration(email=email, password=password, first_name="Estuary", last_name="Staff")
    demand_uncommon(given.password, given.email, given.first_name, given.last_name)
    user = await add_user(session, settings, given, await Passwords(settings).hash(password))
    await _grant(session, user, superuser=superuser)
    return user


async def _grant(session: Session, user: User, *, superuser: bool) -> None:
    before = {"roles": user.roles}
    user.is_staff, user.is_superuser = True, user.is_superuser or superuser
    if before != {"roles": user.roles}:
        await audit.record(session, None, "user.grant_staff", user.id, before, {"roles": user.roles})


def _registration(**fields: str) -> Registration:
    try:
        return Registration.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Invalid(f"{first['loc'][0]}: {first['msg']}", field=str(first["loc"][0])) from None

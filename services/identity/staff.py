"""Use cases of staff accounts: who gets the role, who loses it, and which accounts staff may end."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import ValidationError

from services.identity.demo import demand_not_reserved
from services.identity.domain import Ended
from services.identity.errors import (
    AddressNotProven,
    EmailTaken,
    LastSuperuser,
    NotStaff,
    OwnAccount,
    SuperuserRequired,
)
from services.identity.models import SignInSession, User
from services.identity.passwords import Passwords
from services.identity.repository import AuditLog, Sessions, Users
from services.identity.runtime import IdentityRuntime
from services.identity.schemas import Deactivation, Registration
from services.identity.service import add_user, announce, end_sessions
from shared.auth.verification import Who
from shared.database.session import Session
from shared.errors import Invalid, NotFound
from shared.events.identity import UserDeactivated
from shared.messaging.outbox import emit


async def demand_free(session: Session, email: str) -> None:
    """Raises EmailTaken or Invalid where no account can be made with that address, whatever the password."""
    _registration(email=email, password="any password", first_name="Estuary", last_name="Staff")
    demand_not_reserved(session.info["settings"], email)
    if await Users(session).find_by_email(email) is not None:
        raise EmailTaken


async def create_staff(session: Session, email: str, password: str, *, superuser: bool = False) -> User:
    """A new staff account; a superuser if it is asked for, or while there is none.

    Raises EmailTaken for an address that has an account: whoever registered it chose its password, and need not be
    its owner. Raises Invalid, naming the field, where such an account could not be registered.
    """
    superusers = await Users(session).lock_superusers()
    await demand_free(session, email)
    given = _registration(email=email, password=password, first_name="Estuary", last_name="Staff")
    user = await add_user(session, given, await Passwords(session.info["settings"]).hash(password))
    _grant(session, user, superuser=superuser or not superusers)
    return user


async def promote(session: Session, email: str, *, superuser: bool = False) -> User:
    """Makes an account staff that is in use and whose owner proved the address; its password stays.

    Raises NotFound or AddressNotProven. What the account is already changes nothing.
    """
    superusers = await Users(session).lock_superusers()
    user = await _by_email(session, email)
    if not user.is_verified:
        raise AddressNotProven
    _grant(session, user, superuser=superuser or not superusers)
    return user


async def seed_staff(session: Session, email: str, password: str, *, superuser: bool = False) -> None:
    """The staff account of the demo, unless its address has an account: that one stays as it is."""
    if await Users(session).find_by_email(email) is None:
        given = _registration(email=email, password=password, first_name="Estuary", last_name="Staff")
        user = await add_user(session, given, await Passwords(session.info["settings"]).hash(password))
        _grant(session, user, superuser=superuser)


async def revoke_staff(session: Session, email: str) -> User:
    """Takes the roles of staff and superuser, and ends the account's sessions; others learn it from the job.

    Raises NotFound, NotStaff, or LastSuperuser.
    """
    superusers = await Users(session).lock_superusers()
    user = await _by_email(session, email)
    if not user.is_staff_member:
        raise NotStaff
    _leave_one(superusers, user)
    before = {"roles": user.roles}
    user.is_staff = user.is_superuser = False
    user.updated_at = session.now()
    await role_taken(session, user)
    AuditLog(session).add(None, "staff_revoked", user, before)
    return user


async def role_taken(session: Session, user: User) -> None:
    """Ends the sessions of an account that lost a role: their tokens carry it."""
    end_sessions(session, await Sessions(session).find_live_of(user.id), Ended.ROLE_TAKEN)
    session.wake_jobs_after_commit("announce_taken_roles")


async def deactivate(runtime: IdentityRuntime, who: Who, user_id: UUID, given: Deactivation) -> User:
    """Ends an account for good, with all its sessions; that of staff is ended by superusers.

    Again changes nothing, but a person whose account has ended can still be erased.
    """
    async with runtime.db.transaction() as session:
        # Before the account itself: two superusers who end each other's lock in one order.
        superusers = await Users(session).lock_superusers() if "superuser" in who.roles else []
        user = await Users(session).get(user_id, lock=True)
        before = {"active": user.deactivated_at is None}
        if user.deactivated_at is not None and (_is_erased(user) or not given.erase):
            return user
        if user.is_staff_member:
            _may_end_staff(who, user, superusers)
        ended = await _deactivate(session, user, given)
        after = {"active": False, "erased": given.erase, "reason": given.reason}
        AuditLog(session).add(who.user_id, "user_deactivated", user, before, after)
        if given.erase:
            await session.flush()
            await AuditLog(session).erase_reasons(user.id)
    await announce(runtime, [opened.id for opened in ended])
    return user


def _may_end_staff(who: Who, user: User, superusers: Sequence[User]) -> None:
    if "superuser" not in who.roles:
        raise SuperuserRequired
    if user.id == who.user_id:
        raise OwnAccount
    _leave_one(superusers, user)
    if who.user_id not in {superuser.id for superuser in superusers}:  # lost since the token was made
        raise SuperuserRequired


def _leave_one(superusers: Sequence[User], user: User) -> None:
    if [superuser.id for superuser in superusers] == [user.id]:
        raise LastSuperuser


async def _deactivate(session: Session, user: User, given: Deactivation) -> Sequence[SignInSession]:
    user.updated_at = session.now()
    user.deactivated_at = user.deactivated_at or session.now()
    if given.erase:
        _erase(user)
    ended = await Sessions(session).find_live_of(user.id)
    end_sessions(session, ended, Ended.DEACTIVATED)
    emit(session, UserDeactivated(user_id=user.id, erased=given.erase))
    return ended


def _erase(user: User) -> None:
    """The address becomes free, and nothing tells of the person any more."""
    user.email, user.password_hash = _address_once_erased(user), ""
    user.first_name, user.last_name, user.timezone = "Erased", "account", None


def _is_erased(user: User) -> bool:
    return user.email == _address_once_erased(user)


def _address_once_erased(user: User) -> str:
    return f"{user.id}@erased.invalid"


async def _by_email(session: Session, email: str) -> User:
    user = await Users(session).find_by_email(email, lock=True)
    if user is None or user.deactivated_at is not None:
        raise NotFound("There is no account in use with this e-mail address.")
    return user


def _grant(session: Session, user: User, *, superuser: bool) -> None:
    before = {"roles": user.roles}
    user.is_staff, user.is_superuser = True, user.is_superuser or superuser
    if before != {"roles": user.roles}:
        AuditLog(session).add(None, "staff_granted", user, before)


def _registration(**fields: str) -> Registration:
    try:
        return Registration.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Invalid(f"{first['loc'][0]}: {first['msg']}", field=str(first["loc"][0])) from None

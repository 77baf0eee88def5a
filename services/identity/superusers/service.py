"""Accounts that staff, or their owners, are about to take access from: locked in one order, and one superuser stays."""

from collections.abc import Sequence
from uuid import UUID

from services.identity.accounts.errors import LastSuperuser
from services.identity.accounts.models import User
from services.identity.accounts.repository import Users
from services.identity.accounts.service import get_user
from services.identity.superusers.errors import OwnAccount
from shared.auth.permissions import Permission, StaffRequired, SuperuserRequired
from shared.auth.verification import Caller
from shared.database.session import Session


async def lock_account(session: Session, caller: Caller, user_id: UUID) -> User:
    """The account, locked, whose access staff are about to take; that of staff only for superusers.

    Raises NotFound, SuperuserRequired, OwnAccount, LastSuperuser.
    """
    # Before the account itself: two superusers who end each other's lock in one order.
    superusers = await Users(session).lock_superusers() if caller.may(Permission.DEACTIVATE_STAFF) else []
    user = await Users(session).get(user_id, lock=True)
    if user.works_here and user.deactivated_at is None:
        _check_may_end_staff(caller, user, superusers)
    return user


async def lock_leaving(session: Session, user_id: UUID) -> User:
    """The account, locked, that is about to end because its owner wants that; raises NotFound, LastSuperuser."""
    users = Users(session)
    superusers = await users.lock_superusers() if await users.is_superuser(user_id) else []
    user = await users.get(user_id, lock=True)
    keep_one(superusers, user)
    return user


async def lock_own(session: Session, caller: Caller) -> User:
    """The same for the caller's own account; Unauthenticated where it does not exist any more."""
    await lock_leaving(session, caller.user_id)
    return await get_user(session, caller, lock=True)


def keep_one(superusers: Sequence[User], user: User) -> None:
    """Raises LastSuperuser where nobody but that superuser is among these, who are all that are in use, locked."""
    if user.is_superuser and user.deactivated_at is None and {one.id for one in superusers} <= {user.id}:
        raise LastSuperuser


def demand_superuser(superusers: Sequence[User], caller: Caller) -> None:
    """Raises SuperuserRequired for a caller who lost the role since their token was made."""
    if caller.user_id not in {superuser.id for superuser in superusers}:
        raise SuperuserRequired


def demand_at_work(staff: User | None) -> None:
    """Raises StaffRequired for somebody who is not staff any more, or cannot be signed in."""
    if staff is None or not staff.is_staff_member or staff.status != "active":
        raise StaffRequired


def _check_may_end_staff(caller: Caller, user: User, superusers: Sequence[User]) -> None:
    caller.demand(Permission.DEACTIVATE_STAFF)
    if user.id == caller.user_id:
        raise OwnAccount
    keep_one(superusers, user)
    demand_superuser(superusers, caller)

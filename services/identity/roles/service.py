"""Use cases of granting roles."""

from collections.abc import Collection, Sequence
from uuid import UUID

from services.identity.accounts.models import User
from services.identity.accounts.repository import Users
from services.identity.roles.domain import OF_STAFF, SETTABLE, STORED, not_settable, settable
from services.identity.roles.errors import RoleNotSettable
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.domain import EndReason
from services.identity.sessions.models import SignInSession
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.service import announce, end_sessions
from services.identity.superusers.errors import OwnAccount
from services.identity.superusers.service import demand_superuser, keep_one
from shared.auth.permissions import Permission, Role
from shared.auth.verification import Caller
from shared.database import audit
from shared.database.session import Session
from shared.errors import FieldError
from shared.records.state import IllegalTransition


async def set_roles(runtime: IdentityRuntime, caller: Caller, user_id: UUID, roles: Sequence[str], reason: str) -> User:
    """Gives the account these of the roles that the caller grants, and takes the others of them; again changes nothing.

    Raises RoleNotSettable, NotFound, OwnAccount, LastSuperuser, SuperuserRequired for a caller who lost the role since,
    and IllegalTransition for an account that is closed.
    """
    allowed = settable(by_superuser=caller.may(Permission.GRANT_STAFF_ROLES))
    wanted = demand_settable(roles, allowed)
    async with runtime.db.transaction() as session:
        user = await _lock(session, caller, user_id, allowed)
        ended = await change_roles(session, caller.user_id, user, wanted | (held_by(user) - allowed), reason)
    await announce(runtime, [opened.id for opened in ended])
    return user


def demand_settable(roles: Sequence[str], allowed: frozenset[Role]) -> frozenset[Role]:
    """These roles; raises RoleNotSettable, naming those that are not allowed."""
    refused = not_settable(roles, allowed)
    if refused:
        code, detail = RoleNotSettable.code, RoleNotSettable.detail
        raise RoleNotSettable(errors=[FieldError(field=f"roles.{at}", message=detail, code=code) for at in refused])
    return frozenset(map(Role, roles))


def held_by(user: User) -> frozenset[Role]:
    """The roles that somebody granted to the account."""
    return SETTABLE.intersection(user.roles)


async def change_roles(
    session: Session,
    actor_id: UUID,
    user: User,
    roles: Collection[Role],
    reason: str | None,
    *,
    action: str = "user.set_roles",
    **noted: str,
) -> Sequence[SignInSession]:
    """Gives a locked account just these of the roles that can be granted; returns the sessions that ended.

    The caller announces those after the commit. `noted` stands in the audit row beside the roles.
    """
    before, lost = {"roles": user.roles}, held_by(user) - frozenset(roles)
    user.granted_roles = [role.value for role in Role if role in STORED and role in roles]
    user.is_superuser = Role.SUPERUSER in roles
    user.is_staff = user.is_superuser or Role.STAFF in roles
    if user.roles == before["roles"] and not noted:
        return []
    user.updated_at = session.now()
    after = {"roles": user.roles, **noted}
    await audit.record(session, actor_id, action, user.id, before, after, reason=reason)
    ended = await SignInSessions(session).find_live_of(user.id) if lost else []
    end_sessions(session, ended, EndReason.ROLE_TAKEN)
    return ended


async def _lock(session: Session, caller: Caller, user_id: UUID, allowed: frozenset[Role]) -> User:
    # Before the account itself, as in all that takes a superuser's access.
    superusers = await Users(session).lock_superusers() if allowed >= OF_STAFF else []
    user = await Users(session).get(user_id, lock=True)
    if user.id == caller.user_id:
        raise OwnAccount
    if user.deactivated_at is not None:
        raise IllegalTransition("This account is closed.")
    if user.works_here or allowed >= OF_STAFF:
        caller.demand(Permission.GRANT_STAFF_ROLES)
        keep_one(superusers, user)
        demand_superuser(superusers, caller)
    return user

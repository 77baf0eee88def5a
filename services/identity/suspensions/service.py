"""Use cases of suspending: the account cannot be signed in to, its practitioner sells nothing and waits for payouts."""

from uuid import UUID

from services.identity.accounts.models import User
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.domain import EndReason
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.service import announce, end_sessions
from services.identity.superusers.service import lock_account
from shared.auth.verification import Caller
from shared.database import audit
from shared.events.identity import UserRestored, UserSuspended
from shared.messaging.outbox import emit
from shared.records.state import IllegalTransition


async def suspend(runtime: IdentityRuntime, caller: Caller, user_id: UUID, reason: str) -> User:
    """Ends the sessions and opens none until it is restored; of staff superusers decide.

    Raises IllegalTransition for an account that is suspended or closed, and what `lock_account` raises.
    """
    async with runtime.db.transaction() as session:
        user = await lock_account(session, caller, user_id)
        _demand(user, "active", "suspended")
        user.suspended_at = user.updated_at = session.now()
        ended = await SignInSessions(session).find_live_of(user.id)
        end_sessions(session, ended, EndReason.SUSPENDED)
        emit(session, UserSuspended(user_id=user.id, practitioner_id=user.practitioner_id))
        before, after = {"status": "active"}, {"status": user.status}
        await audit.record(session, caller.user_id, "user.suspend", user.id, before, after, reason=reason)
    await announce(runtime, [opened.id for opened in ended])
    return user


async def restore(runtime: IdentityRuntime, caller: Caller, user_id: UUID, reason: str) -> User:
    """Undoes a suspension; who it was signs in again. Raises as `suspend` does."""
    async with runtime.db.transaction() as session:
        user = await lock_account(session, caller, user_id)
        _demand(user, "suspended", "active")
        user.suspended_at, user.updated_at = None, session.now()
        emit(session, UserRestored(user_id=user.id, practitioner_id=user.practitioner_id))
        before, after = {"status": "suspended"}, {"status": user.status}
        await audit.record(session, caller.user_id, "user.restore", user.id, before, after, reason=reason)
    return user


def _demand(user: User, status: str, to: str) -> None:
    if user.status != status:
        raise IllegalTransition(f"This cannot go from {user.status} to {to}.")

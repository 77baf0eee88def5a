"""Staff take the second factors of somebody who lost them."""

from uuid import UUID

from services.identity.accounts.models import User
from services.identity.factors.service import available, remove_factors
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.domain import EndReason
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.service import announce, end_sessions
from services.identity.superusers.service import lock_account
from shared.auth.verification import Caller
from shared.database import audit
from shared.records.state import IllegalTransition


async def reset(runtime: IdentityRuntime, caller: Caller, user_id: UUID, reason: str) -> User:
    """Takes second factors, passkeys and recovery codes, ends the sessions that they opened, and mails the person.

    Where there are none nothing changes. Of those at work superusers decide; raises what `lock_account` raises, and
    IllegalTransition for a closed account.
    """
    async with runtime.db.transaction() as session:
        user = await lock_account(session, caller, user_id)
        if user.deactivated_at is not None:
            raise IllegalTransition("This account is closed.")
        had = (await available(session, user)).names
        if not had:
            return user
        await remove_factors(session, user)
        user.updated_at = session.now()
        ended = await SignInSessions(session).find_live_of(user.id)
        end_sessions(session, ended, EndReason.MFA_RESET)
        await audit.record(
            session, caller.user_id, "user.reset_mfa", user.id, {"factors": had}, {"factors": []}, reason=reason
        )
    await announce(runtime, [opened.id for opened in ended])
    return user

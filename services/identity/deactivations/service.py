"""Use cases of leaving."""

from services.identity.erasures.errors import OpenObligations
from services.identity.erasures.service import preview
from services.identity.people.service import as_rows
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.service import announce
from services.identity.staff.service import end_account
from services.identity.superusers.service import lock_own
from shared.auth.verification import Caller
from shared.database import audit

LEFT_BEHIND = frozenset({"bought_credits", "open_earnings"})
"""What a person may leave without settling it: it stays under the id of the account."""


async def leave(runtime: IdentityRuntime, caller: Caller, reason: str | None) -> None:
    """Ends the caller's account for good, with all its sessions.

    Raises OpenObligations where somebody still waits for something, LastSuperuser, and Unavailable where a service that
    would know does not answer.
    """
    found = [one for one in await preview(runtime, caller.user_id) if one.code not in LEFT_BEHIND]
    if found:
        raise OpenObligations(as_rows(found))
    async with runtime.db.transaction() as session:
        user = await lock_own(session, caller)
        ended = await end_account(session, user)
        await audit.record(
            session, caller.user_id, "user.leave", user.id, {"active": True}, {"active": False}, reason=reason
        )
    await announce(runtime, [opened.id for opened in ended])

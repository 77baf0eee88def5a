"""Periodic work on credits."""

from services.payments.credits import service
from services.payments.credits.repository import Grants
from services.payments.runtime import PaymentsRuntime
from shared.jobs import Job, Jobs

BATCH = 50


async def expire_credits(runtime: PaymentsRuntime) -> int:
    """Posts what is left on grants whose time is over; it could not be spent any more from that moment (rule 14)."""
    async with runtime.db.read() as session:
        owners = await Grants(session).expired_owners(BATCH)
    expired = 0
    for user_id in owners:
        async with runtime.db.transaction() as session:
            expired += await service.expire(session, user_id)
    return expired


JOBS: Jobs = {"expire_credits": Job(expire_credits, every=5.0)}

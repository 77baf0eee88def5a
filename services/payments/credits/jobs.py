"""Periodic work on credits."""

from functools import partial
from uuid import UUID

from services.payments.credits import service
from services.payments.credits.repository import Grants
from services.payments.runtime import PaymentsRuntime
from shared.work.jobs import Job, Jobs, each

BATCH = 50


async def expire_credits(runtime: PaymentsRuntime) -> int:
    """Posts what is left on grants whose time is over; it could not be spent any more from that moment (rule 14)."""
    async with runtime.db.read() as session:
        owners = await Grants(session).expired_owners(BATCH)
    return await each(owners, partial(_expire, runtime))


async def _expire(runtime: PaymentsRuntime, user_id: UUID) -> bool:
    async with runtime.db.transaction() as session:
        return bool(await service.expire(session, user_id))


JOBS: Jobs = {"expire_credits": Job(expire_credits, every=5.0)}

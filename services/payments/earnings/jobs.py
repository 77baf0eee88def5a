"""Periodic work on earnings."""

from services.payments.earnings.available import release
from services.payments.earnings.repository import Earnings
from services.payments.runtime import PaymentsRuntime
from shared.jobs import Job, Jobs

SELLERS_AT_ONCE = 100


async def release_earnings(runtime: PaymentsRuntime) -> int:
    """Makes available what has been held long enough; returns how many entries."""
    now = runtime.clock.now()
    async with runtime.db.read() as session:
        sellers = await Earnings(session).sellers_due(now, SELLERS_AT_ONCE)
    released = 0
    for practitioner_id in sellers:
        async with runtime.db.transaction() as session:
            released += await release(session, practitioner_id, now)
    return released


JOBS: Jobs = {"release_earnings": Job(release_earnings, every=1.0)}

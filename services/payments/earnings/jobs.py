"""Periodic work on earnings."""

from datetime import datetime
from functools import partial
from uuid import UUID

from services.payments.earnings.available import release
from services.payments.earnings.repository import Earnings
from services.payments.runtime import PaymentsRuntime
from shared.work.jobs import Job, Jobs, each

PRACTITIONERS_PER_RUN = 100


async def release_earnings(runtime: PaymentsRuntime) -> int:
    """Makes available what has been held long enough; returns of how many practitioners."""
    now = runtime.clock.now()
    async with runtime.db.read() as session:
        practitioners = await Earnings(session).practitioners_due(now, PRACTITIONERS_PER_RUN)
    return await each(practitioners, partial(_release, runtime, now))


async def _release(runtime: PaymentsRuntime, until: datetime, practitioner_id: UUID) -> bool:
    async with runtime.db.transaction() as session:
        return bool(await release(session, practitioner_id, until))


JOBS: Jobs = {"release_earnings": Job(release_earnings, every=1.0)}

"""Offers paid tiers at payments, which sells them as plans."""

from functools import partial

from services.streams.tiers import service
from services.streams.tiers.models import PlanUpdate
from shared.concurrency.back_off import BackOff
from shared.runtime import Runtime
from shared.work.attempts import claim, try_each
from shared.work.jobs import Job, Jobs

BATCH = 50
BACK_OFF = BackOff(5.0, 3600.0)


async def send_plans(runtime: Runtime) -> int:
    """Sends what payments does not know yet: it is repeated until payments has answered."""
    async with runtime.db.autocommit() as session:
        updates = await claim(session, PlanUpdate, BATCH, BACK_OFF)
    return await try_each(runtime.db, updates, partial(service.send, runtime), BACK_OFF)


JOBS: Jobs = {"send_plans": Job(send_plans, every=1.0)}

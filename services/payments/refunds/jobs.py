"""Periodic work on refunds."""

from services.payments.refunds import service
from services.payments.refunds.repository import Refunds
from services.payments.runtime import PaymentsRuntime
from shared.clock import machine_now
from shared.jobs import Job, Jobs

AT_ONCE = 20


async def finish_refunds(runtime: PaymentsRuntime) -> int:
    """Carries out what a crash or Stripe's absence left undone; returns how many refunds were finished."""
    async with runtime.db.read() as session:
        waiting = await Refunds(session).due(machine_now(), AT_ONCE)
    return sum([await service.carry_out(runtime, booked) for booked in waiting])


JOBS: Jobs = {"finish_refunds": Job(finish_refunds, every=1.0)}

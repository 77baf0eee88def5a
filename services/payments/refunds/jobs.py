"""Periodic work on refunds."""

from functools import partial
from uuid import UUID

from services.payments.refunds import service
from services.payments.refunds.repository import Refunds
from services.payments.runtime import PaymentsRuntime
from shared.records.clock import machine_now
from shared.work.jobs import Job, Jobs, each

BATCH = 20


async def finish_refunds(runtime: PaymentsRuntime) -> int:
    """Carries out what a crash or Stripe's absence left undone; returns how many refunds were finished."""
    async with runtime.db.read() as session:
        waiting = await Refunds(session).due(machine_now(), BATCH)
    return await each([booked.id for booked in waiting], partial(_finish, runtime), partial(_put_off, runtime))


async def _finish(runtime: PaymentsRuntime, refund_id: UUID) -> bool:
    async with runtime.db.read() as session:
        booked = await Refunds(session).find(refund_id)
    return booked is not None and await service.execute(runtime, booked)


async def _put_off(runtime: PaymentsRuntime, refund_id: UUID, error: Exception) -> None:
    await service.postpone(runtime, refund_id, repr(error))


JOBS: Jobs = {"finish_refunds": Job(finish_refunds, every=1.0)}

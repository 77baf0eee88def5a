"""Periodic work on refunds."""

from functools import partial
from uuid import UUID

from services.payments.refunds import execution, sync
from services.payments.refunds.domain import RefundStatus
from services.payments.refunds.models import Refund
from services.payments.refunds.repository import Refunds
from services.payments.runtime import PaymentsRuntime
from shared.records.clock import machine_now
from shared.work.attempts import reason_of
from shared.work.jobs import Job, Jobs, each

BATCH = 20


async def finish_refunds(runtime: PaymentsRuntime) -> int:
    """Makes what a crash or Stripe's absence left undone; returns how many refunds were finished."""
    async with runtime.db.read() as session:
        waiting = await Refunds(session).due(machine_now(), BATCH)
    return await each([booked.id for booked in waiting], partial(_finish, runtime), partial(_defer, runtime))


async def _finish(runtime: PaymentsRuntime, refund_id: UUID) -> bool:
    booked = await _get(runtime, refund_id)
    if booked.failing_since is not None:
        # A refund made at Stripe, and not known here yet, may have left too little for this one.
        await sync.import_made_at_stripe(runtime, booked.order_id)
        booked = await _get(runtime, refund_id)
    return booked.status is RefundStatus.PENDING and await execution.execute(runtime, booked)


async def _get(runtime: PaymentsRuntime, refund_id: UUID) -> Refund:
    async with runtime.db.read() as session:
        return await Refunds(session).get(refund_id)


async def _defer(runtime: PaymentsRuntime, refund_id: UUID, error: Exception) -> None:
    await execution.postpone(runtime, refund_id, reason_of(error))


JOBS: Jobs = {"finish_refunds": Job(finish_refunds, every=1.0)}

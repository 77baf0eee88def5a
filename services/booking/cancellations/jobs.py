"""Cancellations whose request died before the refund was recorded."""

from functools import partial

from services.booking.cancellations.models import Cancellation
from services.booking.cancellations.repository import BACK_OFF, Cancellations
from services.booking.cancellations.service import refund_cancellation
from services.booking.runtime import BookingRuntime
from shared.database.idempotency import IdempotentOperation
from shared.work.attempts import try_each
from shared.work.jobs import Job, Jobs


async def finish_cancellations(runtime: BookingRuntime) -> int:
    """Refunds what was cancelled and not refunded yet; tries again, ever more slowly, until it is done."""
    async with runtime.db.read() as session:
        if not await Cancellations(session).any_unrefunded():
            return 0
    async with runtime.db.autocommit() as session:
        waiting = await Cancellations(session).claim_unrefunded()
    return await try_each(runtime.db, waiting, partial(_finish, runtime), BACK_OFF)


async def _finish(runtime: BookingRuntime, cancellation: Cancellation) -> bool:
    await refund_cancellation(runtime, cancellation, IdempotentOperation())
    return True


JOBS: Jobs = {"finish_cancellations": Job(finish_cancellations, every=1.0)}

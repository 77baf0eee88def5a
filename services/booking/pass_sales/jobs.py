"""Passes go on without their people: they lapse, their end is announced, and returned ones are refunded."""

from functools import partial
from uuid import UUID

from services.booking.pass_sales.returns import refund_pass
from services.booking.passes.domain import WARNED_BEFORE, PassStatus
from services.booking.passes.events import publish
from services.booking.passes.models import Pass
from services.booking.passes.repository import BACK_OFF, Passes
from services.booking.passes.service import lapse
from services.booking.runtime import BookingRuntime
from shared.database.idempotency import IdempotentOperation
from shared.work.attempts import try_each
from shared.work.jobs import Job, Jobs, each


async def lapse_passes(runtime: BookingRuntime) -> int:
    """What is open of a pass lapses when it expires, and is earned then."""
    async with runtime.db.read() as session:
        over = await Passes(session).over(session.now())
    return await each(over, partial(_lapse, runtime))


async def announce_expiring_passes(runtime: BookingRuntime) -> int:
    """Once for each end, where sessions are left."""
    async with runtime.db.read() as session:
        near = await Passes(session).to_warn(session.now())
    return await each(near, partial(_announce, runtime))


async def finish_returns(runtime: BookingRuntime) -> int:
    """Refunds what was returned and not refunded yet; tries again, ever more slowly, until it is done."""
    async with runtime.db.read() as session:
        if not await Passes(session).any_unrefunded():
            return 0
    async with runtime.db.autocommit() as session:
        waiting = await Passes(session).claim_unrefunded()
    return await try_each(runtime.db, waiting, partial(_finish, runtime), BACK_OFF)


async def _lapse(runtime: BookingRuntime, pass_id: UUID) -> bool:
    async with runtime.db.transaction() as session:
        sold = await Passes(session).find(pass_id, lock=True, skip_locked=True)
        if sold is None or sold.status is not PassStatus.ACTIVE or sold.expires_at > session.now():
            return False
        lapse(session, sold)
        return True


async def _announce(runtime: BookingRuntime, pass_id: UUID) -> bool:
    async with runtime.db.transaction() as session:
        sold = await Passes(session).find(pass_id, lock=True, skip_locked=True)
        if sold is None or sold.warned_at is not None or sold.expires_at - WARNED_BEFORE > session.now():
            return False
        sold.warned_at = session.now()
        if sold.open_sessions:
            publish(session, sold, "expiring")
        return True


async def _finish(runtime: BookingRuntime, claimed: Pass) -> bool:
    async with runtime.db.read() as session:
        sold = await Passes(session).get(claimed.id)
    await refund_pass(runtime, sold, IdempotentOperation())
    return True


JOBS: Jobs = {
    "lapse_passes": Job(lapse_passes, every=1.0),
    "announce_expiring_passes": Job(announce_expiring_passes, every=1.0),
    "finish_returns": Job(finish_returns, every=1.0),
}

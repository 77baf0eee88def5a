"""Periodic work on orders."""

from functools import partial
from uuid import UUID

from services.payments.orders import service
from services.payments.orders.domain import UNPAID
from services.payments.orders.repository import Orders
from services.payments.runtime import PaymentsRuntime
from shared.concurrency.back_off import BackOff
from shared.work.attempts import reason_of
from shared.work.jobs import Job, Jobs, each

BATCH = 20
BACK_OFF = BackOff(5.0, 3600.0)


async def reconcile_intents(runtime: PaymentsRuntime) -> int:
    """Asks Stripe for intents that may have changed without our hearing of it: a lost webhook loses no money."""
    async with runtime.db.read() as session:
        due_for_reconciliation = [order.id for order in await Orders(session).due_for_reconciliation(BATCH)]
    return await each(due_for_reconciliation, partial(_sync, runtime), partial(_defer, runtime))


async def _sync(runtime: PaymentsRuntime, order_id: UUID) -> bool:
    async with runtime.db.read() as session:
        order = await Orders(session).get(order_id)
    if order.intent_id is not None and order.awaited:
        return await service.sync_intent(runtime, order.intent_id)
    await service.abandon_intent(runtime, order.id)
    return True


async def close_expired_orders(runtime: PaymentsRuntime) -> int:
    """Closes what was not paid in time: purchases at their expiry, bookings a minute later if booking has not."""
    async with runtime.db.read() as session:
        overdue = await Orders(session).overdue(BATCH)
    return await each(overdue, partial(_close, runtime), partial(_defer, runtime))


async def _close(runtime: PaymentsRuntime, order_id: UUID) -> bool:
    return (await service.close_order(runtime, order_id, "expired")).status not in UNPAID


async def _defer(runtime: PaymentsRuntime, order_id: UUID, error: Exception) -> None:
    async with runtime.db.transaction() as session:
        (await Orders(session).get(order_id, lock=True)).failed(reason_of(error), BACK_OFF)


JOBS: Jobs = {
    "reconcile_intents": Job(reconcile_intents, every=30.0),
    "close_expired_orders": Job(close_expired_orders, every=5.0),
}

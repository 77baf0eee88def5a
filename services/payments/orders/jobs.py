"""Periodic work on orders."""

from services.payments.orders import service
from services.payments.orders.domain import OrderStatus
from services.payments.orders.models import Order
from services.payments.orders.repository import Orders
from services.payments.runtime import PaymentsRuntime
from shared.jobs import Job, Jobs

BATCH = 20


async def reconcile_intents(runtime: PaymentsRuntime) -> int:
    """Asks Stripe for intents that may have changed without our hearing of it: a lost webhook loses no money."""
    async with runtime.db.read() as session:
        unsure = await Orders(session).unsure(BATCH)
    for order in unsure:
        await _look_again(runtime, order)
    return len(unsure)


async def _look_again(runtime: PaymentsRuntime, order: Order) -> None:
    if order.intent_id is not None and order.payable:
        await service.look_at_intent(runtime, order.intent_id)
    else:
        await service.give_up_intent(runtime, order.id)


async def close_unpaid_purchases(runtime: PaymentsRuntime) -> int:
    """Closes purchases of credits that were not paid in time; bookings close their own orders."""
    async with runtime.db.read() as session:
        overdue = await Orders(session).overdue_purchases(BATCH)
    fates = [await service.close_order(runtime, order_id, "expired") for order_id in overdue]
    return sum(fate is not OrderStatus.OPEN for fate in fates)


JOBS: Jobs = {
    "reconcile_intents": Job(reconcile_intents, every=30.0),
    "close_unpaid_purchases": Job(close_unpaid_purchases, every=5.0),
}

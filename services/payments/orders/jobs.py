"""Periodic work on orders."""

from uuid import UUID

from services.payments.errors import StripeUnavailable
from services.payments.orders import service
from services.payments.orders.domain import OrderStatus
from services.payments.orders.models import Order
from services.payments.orders.repository import Orders
from services.payments.runtime import PaymentsRuntime
from shared.errors import AppError
from shared.jobs import Job, Jobs
from shared.logs import logger

BATCH = 20
log = logger()


async def reconcile_intents(runtime: PaymentsRuntime) -> int:
    """Asks Stripe for intents that may have changed without our hearing of it: a lost webhook loses no money."""
    async with runtime.db.read() as session:
        unsure = await Orders(session).unsure(BATCH)
    return sum([await _look_again(runtime, order) for order in unsure])


async def _look_again(runtime: PaymentsRuntime, order: Order) -> bool:
    """One order that Stripe refuses to speak of must not keep the others waiting."""
    try:
        if order.intent_id is not None and order.payable:
            return await service.look_at_intent(runtime, order.intent_id)
        await service.give_up_intent(runtime, order.id)
    except StripeUnavailable:
        raise
    except AppError as error:
        log.warning("reconcile.failed", order_id=str(order.id), error=repr(error))
        async with runtime.db.read() as session:
            await Orders(session).look_later(order.id)
        return False
    return True


async def close_unpaid_purchases(runtime: PaymentsRuntime) -> int:
    """Closes purchases of credits that were not paid in time; bookings close their own orders."""
    async with runtime.db.read() as session:
        overdue = await Orders(session).overdue_purchases(BATCH)
    return sum([await _closed(runtime, order_id) for order_id in overdue])


async def _closed(runtime: PaymentsRuntime, order_id: UUID) -> bool:
    try:
        return await service.close_order(runtime, order_id, "expired") is not OrderStatus.OPEN
    except AppError as error:
        log.warning("purchase.not_closed", order_id=str(order_id), error=repr(error))
        return False


JOBS: Jobs = {
    "reconcile_intents": Job(reconcile_intents, every=30.0),
    "close_unpaid_purchases": Job(close_unpaid_purchases, every=5.0),
}

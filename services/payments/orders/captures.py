"""Charging what a card was authorised for."""

from functools import partial
from uuid import UUID

from services.payments.orders.domain import OrderStatus
from services.payments.orders.errors import NotAuthorized
from services.payments.orders.models import Order
from services.payments.orders.repository import Orders
from services.payments.orders.settlement import apply_intent, move
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe.domain import Intent
from services.payments.stripe.errors import StripeRefused
from services.payments.stripe.requests import with_another_key
from shared.records.ids import new_id


async def capture_order(runtime: PaymentsRuntime, order_id: UUID) -> Order:
    """Charges it once and whole, or answers the order that is paid already; what credits pay is spent then.

    Raises NotAuthorized, also where the order is being closed: its authorisation is given back.
    """
    async with runtime.db.transaction() as session:
        order = await Orders(session).get(order_id, lock=True)
        if order.status is OrderStatus.PAID:
            return order
        if order.status is not OrderStatus.AUTHORIZED or order.closing_at is not None:
            raise NotAuthorized
        if order.intent_id is None:
            await move(session, order, OrderStatus.PAID)
            return order
    intent = await _captured(runtime, order.intent_id, order_id)
    async with runtime.db.transaction() as session:
        order = await apply_intent(session, intent)
    if order.status is not OrderStatus.PAID:
        raise NotAuthorized
    return order


async def _captured(runtime: PaymentsRuntime, intent_id: str, order_id: UUID) -> Intent:
    """The intent can be captured only once, so that what Stripe had refused before is asked for anew."""
    send = partial(runtime.stripe.capture, intent_id, order_id)
    try:
        return await with_another_key(send)
    except StripeRefused as refused:
        if not refused.repeated:
            raise
        return await send(again=new_id())

"""Buying credits: an order like any other, with credits instead of a booking behind it."""

from datetime import timedelta

from services.payments.credits.errors import AmountTooSmall
from services.payments.orders.domain import LineTerms, OrderKind, OrderStatus, Terms
from services.payments.orders.errors import OrderClosed
from services.payments.orders.schemas import PurchaseOrder
from services.payments.orders.service import open_order
from services.payments.runtime import PaymentsRuntime
from shared.auth.verification import Caller
from shared.database.idempotency import IdempotentOperation
from shared.records.currencies import minimum_charge
from shared.records.ids import derived_id
from shared.records.money import Money

TIME_TO_PAY = timedelta(hours=24)


async def purchase(runtime: PaymentsRuntime, caller: Caller, once: IdempotentOperation, amount: Money) -> PurchaseOrder:
    """Opens the order; it waits 24 hours of business time for its payment.

    Raises AmountTooSmall, and OrderClosed where a repeat with the same key comes after those hours.
    """
    if amount.amount < minimum_charge(amount.currency):
        raise AmountTooSmall("A card cannot be charged so little.", field="amount")
    line = LineTerms(derived_id(once.id, "line"), "Credits", amount.amount)
    expires_at = runtime.clock.now() + TIME_TO_PAY
    terms = Terms(OrderKind.CREDITS, caller.user_id, line.description, amount.currency, [line], expires_at)
    order = await open_order(runtime, once.id, terms, None, once)
    if order.status is OrderStatus.CANCELLED:
        raise OrderClosed
    answer = PurchaseOrder.of(order, runtime.settings.stripe_publishable_key)
    async with runtime.db.autocommit() as session:
        await once.done(session, 201, answer)
    return answer

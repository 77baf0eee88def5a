"""The bill of a period: an order with one line and one PaymentIntent, whoever pays it and however often it is tried."""

from collections.abc import Sequence
from datetime import timedelta

from services.payments.billing.repository import Bills
from services.payments.earnings.accrual import earn
from services.payments.memberships import service as memberships
from services.payments.orders import service as orders
from services.payments.orders.domain import LineTerms, OrderKind, OrderStatus, Saving, Terms
from services.payments.orders.errors import OrderClosed
from services.payments.orders.models import Order
from services.payments.orders.repository import Orders
from services.payments.runtime import PaymentsRuntime
from services.payments.subscriptions.domain import (
    TIME_TO_PAY,
    SubscriptionStatus,
    grace_end,
)
from services.payments.subscriptions.models import Period, Subscription
from services.payments.subscriptions.settlement import period_paid
from shared.database.session import Session
from shared.records.ids import derived_id

LATE_TRY = timedelta(hours=1)


async def open_bill(runtime: PaymentsRuntime, subscription: Subscription, period: Period) -> Order | None:
    """The period's order as it is now, opened if it is not there yet; None where it was given up. A bill of nothing is
    paid at once."""
    terms = _terms(subscription, period, runtime.settings.retry_schedule)
    try:
        order = await orders.open_order(runtime, period.order_id, terms, None)
    except OrderClosed:
        return None
    return None if order.status in (OrderStatus.CANCELLED, OrderStatus.PAID_LATE) else order


async def keep_open(runtime: PaymentsRuntime, order: Order) -> None:
    """Lets a bill be paid that is tried after its time, since nobody looked before."""
    if order.expires_at <= runtime.clock.now():
        async with runtime.db.autocommit() as session:
            await Bills(session).extend(order.id, runtime.clock.now() + LATE_TRY)


async def is_at_bank(runtime: PaymentsRuntime, order: Order) -> bool:
    """Whether the client is on their bank's page for this bill just now. Stripe is asked: a browser pays there too."""
    if order.intent_id is not None:
        await orders.sync_intent(runtime, order.intent_id)
    async with runtime.db.read() as session:
        return (await Orders(session).get(order.id)).is_at_bank(session.now())


def _terms(subscription: Subscription, period: Period, days: Sequence[int]) -> Terms:
    title = f"{subscription.plan['name']}, {period.start_at:%Y-%m-%d} to {period.end_at:%Y-%m-%d}"
    line = LineTerms(
        derived_id(period.order_id, "line"),
        title,
        period.amount,
        practitioner_id=subscription.seller_id,
        subject_id=subscription.id,
    )
    first = subscription.status is SubscriptionStatus.INCOMPLETE
    begins = first or subscription.status is SubscriptionStatus.PAUSED
    expires_at = period.start_at + TIME_TO_PAY if begins else grace_end(period.start_at, days)
    saving = Saving.ALWAYS if first else Saving.BEFORE
    return Terms(
        OrderKind.SUBSCRIPTION, subscription.user_id, title, period.currency, [line], expires_at, saving=saving
    )


async def subscription_paid(session: Session, order: Order) -> None:
    """Whoever sells it has earned at once, the subscription goes on, and has what it grants for the period.

    The order is locked.
    """
    await earn(session, order)
    paid = await period_paid(session, order.id, order.paid_at or session.now())
    if paid is not None:
        await memberships.grant_period(session, *paid)


async def close_bill(runtime: PaymentsRuntime, period: Period, reason: str) -> bool:
    """Nobody shall pay it any more; False where it is paid."""
    return (await orders.close_order(runtime, period.order_id, reason)).status is not OrderStatus.PAID

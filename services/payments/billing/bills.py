"""The bill of a period: an order with one line and one PaymentIntent, whoever pays it and however often it is tried."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

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
    boundary,
    grace_end,
)
from services.payments.subscriptions.models import Period, PlanChange, Subscription
from services.payments.subscriptions.settlement import change_paid, period_paid
from shared.database.session import Session
from shared.records.ids import derived_id

LATE_TRY = timedelta(hours=1)


async def open_bill(runtime: PaymentsRuntime, subscription: Subscription, period: Period) -> Order | None:
    """The period's order as it is now, opened if it is not there yet; None where it was given up. A bill of nothing is
    paid at once."""
    return await _opened(runtime, period.order_id, _terms(subscription, period, runtime.settings.retry_schedule))


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


async def open_difference(runtime: PaymentsRuntime, subscription: Subscription, change: PlanChange) -> Order | None:
    """The order of a change's difference as it is now, opened if it is not there yet; None where it was given up."""
    assert change.order_id is not None
    return await _opened(runtime, change.order_id, _terms_of(subscription, change, change.order_id))


async def _opened(runtime: PaymentsRuntime, order_id: UUID, terms: Terms) -> Order | None:
    try:
        order = await orders.open_order(runtime, order_id, terms, None)
    except OrderClosed:
        return None
    return None if order.status in (OrderStatus.CANCELLED, OrderStatus.PAID_LATE) else order


def _terms_of(subscription: Subscription, change: PlanChange, order_id: UUID) -> Terms:
    begins = change.interval is not subscription.interval
    end = boundary(change.at, 1, change.interval) if begins else subscription.current_period_end or change.at
    title = f"{change.plan['name']}, {change.at:%Y-%m-%d} to {end:%Y-%m-%d}"
    lines, expires_at = _lines_of(subscription, change, order_id, title), change.expires_at or change.at
    kind, client_id = OrderKind.SUBSCRIPTION, subscription.user_id
    return Terms(kind, client_id, title, change.currency, lines, expires_at, saving=Saving.BEFORE)


def _lines_of(subscription: Subscription, change: PlanChange, order_id: UUID, title: str) -> list[LineTerms]:
    """What is charged for the new plan, and below zero what is credited for the old one; who sells a stream's tier
    earns the difference, in one line."""
    line = partial(LineTerms, practitioner_id=subscription.seller_id, subject_id=subscription.id)
    charge_id, credit_id = derived_id(order_id, "line"), derived_id(order_id, "credit")
    if subscription.seller_id is not None:
        return [line(charge_id, title, change.due)]
    credit = f"{subscription.plan['name']}, not used from {change.at:%Y-%m-%d}"
    given = change.credit if change.due else change.charge
    return [line(charge_id, title, change.charge), line(credit_id, credit, -given)]


async def subscription_paid(session: Session, order: Order) -> None:
    """Whoever sells it has earned at once, the subscription goes on or changes, and has what that grants.

    The order is locked.
    """
    await earn(session, order)
    paid = await period_paid(session, order.id, order.paid_at or session.now())
    if paid is not None:
        await memberships.grant_period(session, *paid)
    changed = await change_paid(session, order.id)
    if changed is not None:
        await memberships.grant_change(session, *changed)


async def close_bill(runtime: PaymentsRuntime, period: Period, reason: str) -> bool:
    """Nobody shall pay it any more; False where it is paid."""
    return (await orders.close_order(runtime, period.order_id, reason)).status is not OrderStatus.PAID

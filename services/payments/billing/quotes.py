"""To which plans a subscription can change, and what that costs."""

from datetime import datetime

from services.payments.billing.errors import (
    IntervalNotOffered,
    OtherKind,
    PaymentDue,
    PlanInactive,
    PreviewExpired,
    SamePlan,
)
from services.payments.billing.repository import Bills
from services.payments.billing.schemas import PlanChoice
from services.payments.plans.domain import Interval
from services.payments.plans.models import Plan
from services.payments.plans.repository import Plans
from services.payments.subscriptions.domain import SubscriptionStatus
from services.payments.subscriptions.models import Subscription
from services.payments.subscriptions.proration import FREE, SECOND, Cost, Effective, Quote, Span, is_fresh, prorate
from services.payments.subscriptions.repository import Changes
from shared.database.session import Session
from shared.records.money import Money
from shared.records.state import IllegalTransition


async def quoted(session: Session, subscription: Subscription, wanted: PlanChoice) -> tuple[Plan, Quote]:
    """The plan, and what changing to it costs now, or by the moment that was previewed.

    Raises PaymentDue, IllegalTransition where the subscription does not go on, PreviewExpired, NotFound, OtherKind,
    PlanInactive, SamePlan and IntervalNotOffered.
    """
    end, now = _end_of_paid(subscription, session.now()), session.now()
    plan = await _wanted_plan(session, subscription, wanted)
    price = price_of(plan, wanted.interval)
    since = await _since(session, subscription, plan)
    if wanted.prorate_at is not None and not is_fresh(wanted.prorate_at, since, now):
        raise PreviewExpired
    paid = await Bills(session).really_paid(subscription)
    return plan, _quote(subscription, paid, Cost(wanted.interval, price.amount), end, wanted.prorate_at, now)


async def _since(session: Session, subscription: Subscription, plan: Plan) -> datetime:
    """From when on the present terms are in force, and the wanted plan is as it is: a preview's moment may lie up to a
    second before it."""
    start = subscription.current_period_start or subscription.created_at
    return max(start, await Changes(session).last_applied(subscription.id) or start, plan.updated_at - SECOND)


async def _wanted_plan(session: Session, subscription: Subscription, wanted: PlanChoice) -> Plan:
    """One's own plan is another once staff have changed it."""
    plan = await Plans(session).get(wanted.plan_id)
    if (plan.kind, plan.stream_id) != (subscription.kind, subscription.stream_id):
        raise OtherKind
    if not plan.is_active:
        raise PlanInactive
    known = (subscription.plan_id, subscription.plan["version"], subscription.interval)
    if known == (plan.id, plan.version, wanted.interval):
        raise SamePlan
    return plan


def price_of(plan: Plan, interval: Interval) -> Money:
    """What the plan costs; raises IntervalNotOffered."""
    prices = {each.interval: each.price for each in plan.prices}
    if interval not in prices:
        raise IntervalNotOffered
    return prices[interval]


def _quote(
    subscription: Subscription, paid: int, new: Cost, end: datetime, prorate_at: datetime | None, now: datetime
) -> Quote:
    currency = subscription.currency
    if subscription.status is SubscriptionStatus.TRIALING:
        return Quote(FREE, currency, now, now)
    period = Span(subscription.current_period_start or now, end)
    moment = prorate_at or period.moment(now)
    old = Cost(subscription.interval, subscription.amount)
    proration = prorate(old, new, paid, period, moment, currency)
    return Quote(proration, currency, moment if proration.effective is Effective.NOW else end, moment)


def _end_of_paid(subscription: Subscription, now: datetime) -> datetime:
    if subscription.status is SubscriptionStatus.ENDED:
        raise IllegalTransition("This subscription has ended.")
    if subscription.cancel_at is not None:
        raise IllegalTransition("You have cancelled this subscription. Reactivate it first.")
    if subscription.status is SubscriptionStatus.PAUSED:
        raise IllegalTransition("This subscription is paused. Resume it first.")
    end = subscription.paid_until
    if end is None or end <= now:
        raise PaymentDue
    return end

"""To which plans a subscription can change, and what that costs."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.payments.billing.errors import IntervalNotOffered, OtherKind, PaymentDue, PlanInactive, SamePlan
from services.payments.plans.domain import Interval
from services.payments.plans.models import Plan
from services.payments.plans.repository import Plans
from services.payments.subscriptions.domain import SubscriptionStatus
from services.payments.subscriptions.models import Subscription
from services.payments.subscriptions.proration import FREE, Cost, Effective, Proration, Span, prorate
from shared.database.session import Session
from shared.records.money import Money
from shared.records.state import IllegalTransition


@dataclass(frozen=True)
class Quote:
    """What a change costs by the figures of `prorate_at`, and when the plan is in force (`at`)."""

    proration: Proration
    currency: str
    at: datetime
    prorate_at: datetime


async def wanted_plan(session: Session, subscription: Subscription, plan_id: UUID, interval: Interval) -> Plan:
    """The plan, where the subscription can change to it; raises NotFound, OtherKind, PlanInactive, SamePlan,
    IntervalNotOffered. One's own plan is another once staff have changed it."""
    plan = await Plans(session).get(plan_id)
    if (plan.kind, plan.stream_id) != (subscription.kind, subscription.stream_id):
        raise OtherKind
    if not plan.is_active:
        raise PlanInactive
    price_of(plan, interval)
    known = (subscription.plan_id, subscription.plan["version"], subscription.interval)
    if known == (plan.id, plan.version, interval):
        raise SamePlan
    return plan


def price_of(plan: Plan, interval: Interval) -> Money:
    """What the plan costs; raises IntervalNotOffered."""
    prices = {each.interval: each.price for each in plan.prices}
    if interval not in prices:
        raise IntervalNotOffered
    return prices[interval]


def quote(subscription: Subscription, new: Money, interval: Interval, now: datetime) -> Quote:
    """What the change costs now; raises PaymentDue, and IllegalTransition where the subscription does not go on."""
    end = _end_of_paid(subscription, now)
    if subscription.status is SubscriptionStatus.TRIALING:
        return Quote(FREE, new.currency, now, now)
    period = Span(subscription.current_period_start or now, end)
    old, moment = Cost(subscription.interval, subscription.amount), period.moment(now)
    proration = prorate(old, Cost(interval, new.amount), subscription.amount, period, moment, new.currency)
    at = moment if proration.effective is Effective.NOW else end
    return Quote(proration, new.currency, at, moment)


def _end_of_paid(subscription: Subscription, now: datetime) -> datetime:
    if subscription.status is SubscriptionStatus.ENDED:
        raise IllegalTransition("This subscription has ended.")
    if subscription.cancel_at is not None:
        raise IllegalTransition("You have cancelled this subscription. Reactivate it first.")
    trial = subscription.status is SubscriptionStatus.TRIALING
    end = subscription.trial_until if trial else subscription.current_period_end
    runs = subscription.status in (SubscriptionStatus.TRIALING, SubscriptionStatus.ACTIVE)
    if end is None or end <= now or not runs:
        raise PaymentDue
    return end

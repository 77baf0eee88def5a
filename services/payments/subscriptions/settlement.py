"""What a paid bill does to its subscription: the one way forward, in the transaction of the payment.

The caller holds the order's lock; the subscription is locked here, never the other way round.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.payments.subscriptions.domain import (
    CHANGE_TRANSITIONS,
    PERIOD_TRANSITIONS,
    TRANSITIONS,
    ChangeStatus,
    PeriodStatus,
    SubscriptionStatus,
    access_while_renewing,
    recounted,
)
from services.payments.subscriptions.models import Period, PlanChange, Subscription
from services.payments.subscriptions.proration import Span
from services.payments.subscriptions.repository import Changes, Periods, Subscriptions
from shared.database.session import Session
from shared.events.subscriptions import (
    SubscriptionActivated,
    SubscriptionChanged,
    SubscriptionEvent,
    SubscriptionRenewed,
    SubscriptionResumed,
    SubscriptionSnapshot,
)
from shared.messaging.outbox import emit
from shared.records.state import transition


async def period_paid(session: Session, order_id: UUID, paid_at: datetime) -> tuple[Subscription, Period] | None:
    """The period of that order is paid: it is the current one from here on. None where the order is another service's.

    The one for which an incomplete subscription waits begins at its payment.
    """
    period = await Periods(session).find_of_order(order_id)
    if period is None:
        return None
    subscription = await Subscriptions(session).get(period.subscription_id, lock=True)
    event = _event_of(subscription)
    if subscription.status is SubscriptionStatus.INCOMPLETE:
        _begin(subscription, period, paid_at)
    transition(period, PeriodStatus.PAID, PERIOD_TRANSITIONS)
    _enter(subscription, period)
    publish(session, subscription, event)
    return subscription, period


def _event_of(subscription: Subscription) -> type[SubscriptionEvent]:
    """What its payment means, by what it was until then: one that is incomplete after a pause gave access before."""
    if subscription.status is SubscriptionStatus.INCOMPLETE and subscription.access_until is None:
        return SubscriptionActivated
    begins = subscription.status in (SubscriptionStatus.INCOMPLETE, SubscriptionStatus.PAUSED)
    return SubscriptionResumed if begins else SubscriptionRenewed


def _begin(subscription: Subscription, period: Period, at: datetime) -> None:
    subscription.anchor = period.start_at = at
    period.end_at = subscription.end_of(period.number)


def _enter(subscription: Subscription, period: Period) -> None:
    """Who cancelled while this bill was being paid has cancelled to the end of what it paid for."""
    transition(subscription, SubscriptionStatus.ACTIVE, TRANSITIONS)
    subscription.number = period.number
    subscription.current_period_start, subscription.current_period_end = period.start_at, period.end_at
    subscription.cancel_at = subscription.cancel_at and period.end_at
    subscription.retry_at = subscription.paused_until = None
    subscription.refused_methods = []
    subscription.access_until = access_while_renewing(period.end_at, subscription.cancel_at)
    subscription.next_at = period.end_at
    subscription.start_over()


class Changed(NamedTuple):
    """A change that is paid: of which plan, in which period."""

    change: PlanChange
    plan_before: dict[str, Any]
    period: Span


async def change_paid(session: Session, order_id: UUID) -> tuple[Subscription, Changed] | None:
    """The difference of that order is paid: the new plan is in force. None where the order pays something else.

    Another interval began when it was prorated, and ended the period that ran.
    """
    change = await Changes(session).find_of_order(order_id)
    if change is None:
        return None
    subscription = await Subscriptions(session).get(change.subscription_id, lock=True)
    begins = change.interval is not subscription.interval
    period = Span(subscription.current_period_start or change.at, subscription.current_period_end or change.at)
    changed = Changed(change, subscription.plan, period)
    _take_terms(subscription, change)
    if begins:
        subscription.anchor, subscription.before_anchor = change.at, subscription.number
        _enter(subscription, await Periods(session).begin_anew(subscription, change, order_id))
    publish(session, subscription, SubscriptionChanged)
    return subscription, changed


def apply_change(session: Session, subscription: Subscription, change: PlanChange) -> None:
    """The new plan is in force without payment: it is free, or the next period is the first one. Both are locked."""
    subscription.anchor, subscription.before_anchor = recounted(
        subscription.anchor, subscription.before_anchor, subscription.number, subscription.interval, change.interval
    )
    _take_terms(subscription, change)
    publish(session, subscription, SubscriptionChanged)


def _take_terms(subscription: Subscription, change: PlanChange) -> None:
    transition(change, ChangeStatus.APPLIED, CHANGE_TRANSITIONS)
    subscription.plan_id, subscription.plan = change.plan_id, change.plan
    subscription.interval, subscription.currency, subscription.amount = change.interval, change.currency, change.amount


def publish(session: Session, subscription: Subscription, kind: type[SubscriptionEvent], **more: Any) -> None:
    """Publishes the subscription's next version, with what else the event says."""
    subscription.version += 1
    emit(session, kind(subscription=snapshot_of(subscription), **more))


def snapshot_of(subscription: Subscription) -> SubscriptionSnapshot:
    """The subscription as events and other services have it."""
    plan = subscription.plan
    of_plan = {"plan_code": plan["code"], "plan_name": plan["name"]} | {key: plan[key] for key in ("level", "features")}
    same = {name: getattr(subscription, name) for name in SubscriptionSnapshot.model_fields if name not in of_plan}
    return SubscriptionSnapshot(**same, **of_plan)

"""Pauses of subscriptions: planned for the end of what is paid, undone before that, and ended by hand or by time."""

from datetime import datetime
from uuid import UUID

from services.payments.billing.errors import PauseTooLong, PauseTooShort
from services.payments.plans.domain import PlanKind
from services.payments.subscriptions.domain import (
    MAX_PAUSE,
    TIME_TO_PAY,
    TRANSITIONS,
    Step,
    SubscriptionStatus,
    access_while_renewing,
)
from services.payments.subscriptions.models import Period, Subscription
from services.payments.subscriptions.repository import Periods, Subscriptions
from services.payments.subscriptions.settlement import publish
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.events.subscriptions import (
    SubscriptionChanged,
    SubscriptionPastDue,
    SubscriptionPaused,
)
from shared.records.state import IllegalTransition, transition


async def pause(session: Session, caller: Caller, subscription_id: UUID, until: datetime | None) -> Subscription:
    """Pauses it from the end of what is paid, or of the trial; again with another end as long as it has not begun.

    Raises NotFound for another's, IllegalTransition, PauseTooShort and PauseTooLong.
    """
    subscription = await Subscriptions(session).owned_by(caller, subscription_id, lock=True)
    start = _demand_pausable(session, subscription)
    until = until or start + MAX_PAUSE
    if until <= start:
        raise PauseTooShort
    if until > start + MAX_PAUSE:
        raise PauseTooLong
    subscription.paused_until, subscription.access_until = until, access_while_renewing(start, until)
    publish(session, subscription, SubscriptionChanged)
    return subscription


def _demand_pausable(session: Session, subscription: Subscription) -> datetime:
    """When the pause begins."""
    if subscription.kind is PlanKind.PLATFORM:
        raise IllegalTransition("A plan of this kind cannot be paused. Cancel it instead.")
    if subscription.cancel_at is not None:
        raise IllegalTransition("This subscription is cancelled. Take the cancellation back first.")
    start = subscription.paid_until
    if start is None or start <= session.now():
        raise IllegalTransition("Only a paid period or a trial can be followed by a pause.")
    return start


def begin(session: Session, subscription: Subscription) -> None:
    """The end of what is paid has come: nothing is billed until the pause is over. The subscription is locked."""
    transition(subscription, SubscriptionStatus.PAUSED, TRANSITIONS)
    subscription.next_at = subscription.paused_until
    subscription.start_over()
    publish(session, subscription, SubscriptionPaused)


def resume(session: Session, subscription: Subscription) -> None:
    """Undoes a pause that has not begun, or ends it now, so that the next step bills the period that begins.

    The subscription is locked. Raises IllegalTransition.
    """
    paid_until, now = subscription.paid_until, session.now()
    if subscription.paused_until is None:
        raise IllegalTransition("This subscription is not paused.")
    if paid_until is not None and paid_until > now:
        subscription.paused_until = None
        subscription.access_until = access_while_renewing(paid_until, subscription.cancel_at)
        publish(session, subscription, SubscriptionChanged)
        return
    if subscription.step(now) is Step.PAUSE:
        begin(session, subscription)
    if subscription.status is not SubscriptionStatus.PAUSED or subscription.cancel_at is not None:
        raise IllegalTransition("This subscription is not paused.")
    subscription.paused_until = subscription.next_at = min(subscription.paused_until, now)
    subscription.start_over()


async def next_period(session: Session, subscription: Subscription) -> Period:
    """The period that is to be billed; after a pause the one that begins, and is counted from, where the pause ends."""
    if subscription.status is SubscriptionStatus.PAUSED and subscription.paused_until is not None:
        subscription.anchor, subscription.before_anchor = subscription.paused_until, subscription.number
    return await Periods(session).open(subscription)


def wait_for_payment(session: Session, subscription: Subscription) -> None:
    """The first bill after the pause was not paid by itself: it waits for its client, like a new subscription's."""
    transition(subscription, SubscriptionStatus.INCOMPLETE, TRANSITIONS)
    subscription.paused_until, subscription.next_at = None, subscription.anchor + TIME_TO_PAY
    subscription.start_over()
    publish(session, subscription, SubscriptionPastDue)

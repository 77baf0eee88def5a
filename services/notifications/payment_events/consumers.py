"""What follows from refunds, payouts, and the bills of subscriptions."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.notifications.handlers import Handlers
from services.notifications.notifications.domain import Notification
from services.notifications.notifications.runtime import NotifyRuntime
from services.notifications.notifications.service import notify
from services.notifications.preferences.domain import Topic
from services.notifications.staff.service import store, withdraw_payout
from services.notifications.templates.domain import Params
from services.notifications.templates.phrases import money, refund
from shared.database.session import Session
from shared.events.payments import (
    OrderRefunded,
    OrderRefundFailed,
    PayoutEvent,
    PayoutFailed,
    PayoutPaid,
    PayoutRejected,
)
from shared.events.subscriptions import (
    SubscriptionChargeAnnounced,
    SubscriptionEnded,
    SubscriptionPastDue,
    SubscriptionSnapshot,
)
from shared.records.money import Money


async def order_refunded(runtime: NotifyRuntime, session: Session, event: OrderRefunded) -> None:
    """Of a refund of nothing (a late cancellation) no one is notified."""
    if not event.card and not event.credits:
        return
    booking = {"booking_id": str(event.booking_id)} if event.booking_id else {}
    params = {"refund": refund(event.card, event.credits)}
    data = {"order_id": str(event.order_id), "refund_id": str(event.refund_id), **booking}
    await notify(runtime, session, [_of("refund.issued", event.refund_id, event.client_id, params, data)])


async def order_refund_failed(runtime: NotifyRuntime, session: Session, event: OrderRefundFailed) -> None:
    """The card's part did not arrive: it is owed to the client, unless another refund pays it."""
    if event.replaced:
        return
    await _staff_of_refund(session, event)
    params = {"refund": refund(event.card, Money.zero(event.card.currency))}
    data = {"order_id": str(event.order_id), "refund_id": str(event.refund_id)}
    await notify(runtime, session, [_of("refund.failed", event.refund_id, event.client_id, params, data)])


async def _staff_of_refund(session: Session, event: OrderRefundFailed) -> None:
    kind, order = "refund.failed", str(event.order_id)
    data = {"order_id": order, "refund_id": str(event.refund_id)}
    params = {"amount": money(event.card), "order": order}
    await store(session, f"{kind}/staff", f"{kind}:{event.refund_id}", params, data)


async def payout_paid(runtime: NotifyRuntime, session: Session, event: PayoutPaid) -> None:
    await _payout(runtime, session, event, "payout.paid")


async def payout_failed(runtime: NotifyRuntime, session: Session, event: PayoutFailed) -> None:
    await _payout(runtime, session, event, "payout.failed")


async def payout_rejected(runtime: NotifyRuntime, session: Session, event: PayoutRejected) -> None:
    await _payout(runtime, session, event, "payout.rejected")


async def _payout(runtime: NotifyRuntime, session: Session, event: PayoutEvent, kind: str) -> None:
    await withdraw_payout(session, event.payout_id)
    params = {"amount": money(event.amount), "reason": event.reason or "none was given"}
    data = {"payout_id": str(event.payout_id)}
    await notify(runtime, session, [_of(kind, event.payout_id, event.user_id, params, data)])


async def subscription_past_due(runtime: NotifyRuntime, session: Session, event: SubscriptionPastDue) -> None:
    """Also of the first bill after a pause, which waits for a day."""
    what = "payment_failed" if event.subscription.status == "past_due" else "payment_failed/resumed"
    await _subscription(runtime, session, event.subscription, what, event.subscription.access_until)


async def subscription_ended(runtime: NotifyRuntime, session: Session, event: SubscriptionEnded) -> None:
    """Where the last try has failed; every other end is the user's own doing, or was announced."""
    if event.subscription.end_reason == "payment_failed":
        await _subscription(runtime, session, event.subscription, "payment_failed/ended", None)


async def charge_announced(runtime: NotifyRuntime, session: Session, event: SubscriptionChargeAnnounced) -> None:
    """The first charge after a trial, or one for another year, also after a pause, or by another plan."""
    subscription = event.subscription
    if event.amount is not None:
        subscription = subscription.model_copy(update={"plan_name": event.plan_name, "price": event.amount})
    if subscription.status == "trialing":
        await _subscription(runtime, session, subscription, "trial_ending", subscription.trial_until)
    else:
        at = subscription.paused_until or subscription.current_period_end
        await _subscription(runtime, session, subscription, "renewing", at)


async def _subscription(
    runtime: NotifyRuntime, session: Session, subscription: SubscriptionSnapshot, what: str, at: datetime | None
) -> None:
    kind = f"subscription.{what.partition('/')[0]}"
    template, once = f"subscription.{what}", f"{kind}:{subscription.id}:{subscription.version}"
    params = {
        "plan": subscription.plan_name or subscription.plan_code,
        "amount": money(subscription.price),
        "until": (at or session.now()).isoformat(),
    }
    data = {"subscription_id": str(subscription.id)}
    notification = Notification(subscription.user_id, Topic.PAYMENTS, kind, template, once, params, data)
    await notify(runtime, session, [notification])


def _of(kind: str, money_id: UUID, user_id: UUID, params: Params, data: Mapping[str, str]) -> Notification:
    """One to that user, once of that refund or payout."""
    return Notification(user_id, Topic.PAYMENTS, kind, kind, f"{kind}:{money_id}", params, data)


CONSUMERS: Handlers = {
    OrderRefunded: order_refunded,
    OrderRefundFailed: order_refund_failed,
    PayoutPaid: payout_paid,
    PayoutFailed: payout_failed,
    PayoutRejected: payout_rejected,
    SubscriptionPastDue: subscription_past_due,
    SubscriptionEnded: subscription_ended,
    SubscriptionChargeAnnounced: charge_announced,
}

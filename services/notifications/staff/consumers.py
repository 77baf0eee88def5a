"""What staff have to decide."""

from services.notifications.handlers import Handlers
from services.notifications.notifications.domain import Notification
from services.notifications.notifications.runtime import NotifyRuntime
from services.notifications.notifications.service import notify
from services.notifications.preferences.domain import Topic
from services.notifications.staff.service import store, withdraw_payout
from services.notifications.templates.phrases import money
from shared.database.session import Session
from shared.events.payments import ChargebackLost, ClientDebtIncurred, PayoutNeedsAttention
from shared.records.times import render_utc


async def chargeback_lost(runtime: NotifyRuntime, session: Session, event: ChargebackLost) -> None:
    """What the payment had paid for stays held until staff decide."""
    kind, order = "chargeback.lost", str(event.order_id)
    params = {"amount": money(event.amount), "order": order, "dispute": event.stripe_dispute_id}
    booking = {"booking_id": str(event.booking_id)} if event.booking_id else {}
    data = {"order_id": order, "stripe_dispute_id": event.stripe_dispute_id, **booking}
    await store(session, kind, f"{kind}:{event.stripe_dispute_id}", params, data)


async def client_debt_incurred(runtime: NotifyRuntime, session: Session, event: ClientDebtIncurred) -> None:
    """Credits were spent, and then refunded to the card."""
    kind, order = "credits.overdrawn", str(event.order_id)
    params = {"amount": money(event.amount), "order": order}
    data = {"order_id": order, "refund_id": str(event.refund_id), "client_id": str(event.client_id)}
    await store(session, kind, f"{kind}:{event.refund_id}", params, data)


async def payout_needs_attention(runtime: NotifyRuntime, session: Session, event: PayoutNeedsAttention) -> None:
    """The practitioner sees it, and staff decide; a payout may need it again after it went on."""
    await withdraw_payout(session, event.payout_id)
    kind, payout = "payout.needs_attention", str(event.payout_id)
    params = {"amount": money(event.amount), "reason": event.reason or "none was given", "payout": payout}
    cause = f"{kind}:{payout}:{render_utc(event.occurred_at)}"
    data = {"payout_id": payout}
    await store(session, f"{kind}/staff", cause, params, data, about=event.user_id)
    practitioner = Notification(event.user_id, Topic.PAYMENTS, kind, f"{kind}/practitioner", cause, params, data)
    await notify(runtime, session, [practitioner])


CONSUMERS: Handlers = {
    ChargebackLost: chargeback_lost,
    ClientDebtIncurred: client_debt_incurred,
    PayoutNeedsAttention: payout_needs_attention,
}

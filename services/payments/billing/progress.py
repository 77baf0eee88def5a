"""How a subscription goes on by itself: one step at a time, each safe to repeat.

A step first writes what it is about to do, then asks Stripe with no transaction open, then notes what came of it. What
a payment does is in `subscriptions.settlement`, in the payment's own transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.payments.billing import bills, pausing
from services.payments.billing.metrics import ENDED
from services.payments.billing.withdrawals import withdraw, withdraw_pending
from services.payments.chargebacks.repository import Chargebacks
from services.payments.orders.domain import OrderStatus, Outcome
from services.payments.orders.errors import OrderClosed
from services.payments.orders.models import Order
from services.payments.orders.paying import Tried, charge
from services.payments.runtime import PaymentsRuntime
from services.payments.subscriptions.domain import (
    AUTHENTICATION_REQUIRED,
    PERIOD_TRANSITIONS,
    TIME_TO_PAY,
    TRANSITIONS,
    EndReason,
    PeriodStatus,
    Step,
    SubscriptionStatus,
    grace_end,
    may_try_again,
    next_retry,
)
from services.payments.subscriptions.models import Period, PlanChange, Subscription
from services.payments.subscriptions.repository import Changes, Periods, Subscriptions
from services.payments.subscriptions.settlement import apply_change, publish
from services.payments.vault.repository import PaymentMethods
from shared.database.session import Session
from shared.errors import NotFound
from shared.events.subscriptions import (
    SubscriptionChargeAnnounced,
    SubscriptionEnded,
    SubscriptionPastDue,
)
from shared.records.ids import derived_id
from shared.records.money import Money
from shared.records.state import transition


@dataclass(frozen=True)
class Failed:
    """A try that has not paid; `final`: that card is not tried again. Without a card none was made."""

    method_id: UUID | None
    final: bool = False


NOT_TRIED = Failed(None)
LOOK_AGAIN = timedelta(seconds=20)
"""How often (machine time) a retry looks whether the client has come back from their bank."""
MOST_TRIES = 15
"""Of one bill: after these no card that is saved or chosen is tried at once; its owner can still pay it."""


async def advance(runtime: PaymentsRuntime, subscription_id: UUID) -> bool:
    """Takes the step that is due; False where none is."""
    async with runtime.db.transaction() as session:
        subscription = await Subscriptions(session).get(subscription_id, lock=True)
        step = subscription.step(session.now())
        change = await Changes(session).find_pending(subscription_id) if step in PERIOD_ENDS else None
        unpaid = change if change is not None and change.order_id is not None else None
        period = None if unpaid else await _end_period(session, subscription, step, change)
    if unpaid is not None:
        await withdraw(runtime, unpaid, "period ended")
    elif period is not None:
        attempt = derived_id(period.order_id, "try", f"{subscription.next_at}")
        await collect(runtime, subscription, period, attempt)
    elif step in ENDS:
        await end(runtime, subscription_id, ENDS[step])
    return step is not Step.NONE


async def _end_period(
    session: Session, subscription: Subscription, step: Step, change: PlanChange | None
) -> Period | None:
    """The next period that is to be billed, at the terms that begin with it; None where there is none."""
    if step is Step.PAUSE:
        pausing.begin(session, subscription)
    if step is not Step.COLLECT:
        return None
    if change is not None:
        apply_change(session, subscription, change)
    return await pausing.next_period(session, subscription)


async def collect(runtime: PaymentsRuntime, subscription: Subscription, period: Period, attempt: UUID) -> None:
    """Charges the period's bill once to the default card; the same attempt again is the same try.

    A card that was refused for good is not tried again without its owner, and nothing is while they are on their bank's
    page for this bill.
    """
    order = await bills.open_bill(runtime, subscription, period)
    if order is None:
        await end(runtime, subscription.id, _given_up(subscription))
        return
    if order.status is OrderStatus.PAID:
        return
    if subscription.status is SubscriptionStatus.PAST_DUE and await bills.is_at_bank(runtime, order):
        await _leave_alone(runtime, subscription, order)
        return
    method_id = await _default_card(runtime, subscription.user_id)
    usable = method_id is not None and method_id not in subscription.refused_methods
    failure = await _charged(runtime, order, attempt, method_id) if method_id and usable else NOT_TRIED
    if failure is not None and await _noted(runtime, subscription, period, failure):
        await end(runtime, subscription.id, EndReason.PAYMENT_FAILED)


async def _leave_alone(runtime: PaymentsRuntime, seen: Subscription, order: Order) -> None:
    """Another try would confirm the intent anew, and the bank's page would lead nowhere: it waits for its turn."""
    await bills.keep_open(runtime, order)
    async with runtime.db.transaction() as session:
        (await Subscriptions(session).get(seen.id, lock=True)).lease(LOOK_AGAIN)


def _given_up(subscription: Subscription) -> EndReason:
    paused = subscription.status is SubscriptionStatus.PAUSED
    return EndReason.UNPAID if paused else EndReason.PAYMENT_FAILED


async def try_card(runtime: PaymentsRuntime, subscription_id: UUID, method_id: UUID, attempt: UUID) -> None:
    """Charges the overdue bill at once to a card that its owner has just saved or chosen; the schedule stays.

    Their wish counts for one that was refused for good, too; nothing is tried after so many tries.
    """
    async with runtime.db.read() as session:
        subscription = await Subscriptions(session).get(subscription_id)
        period = await Periods(session).find_open(subscription_id)
    if period is None or subscription.status is not SubscriptionStatus.PAST_DUE:
        return
    order = await bills.open_bill(runtime, subscription, period)
    if order is None or order.status is OrderStatus.PAID or order.attempts >= MOST_TRIES:
        return
    failure = await _charged(runtime, order, attempt, method_id)
    if failure is not None and failure.final:
        async with runtime.db.transaction() as session:
            await _refuse(session, subscription_id, period, method_id)


async def _refuse(session: Session, subscription_id: UUID, period: Period, method_id: UUID) -> None:
    subscription = await Subscriptions(session).get(subscription_id, lock=True)
    unpaid = await Periods(session).find_open(subscription_id)
    if unpaid is not None and unpaid.number == period.number:
        subscription.refuse(method_id)


async def _default_card(runtime: PaymentsRuntime, user_id: UUID) -> UUID | None:
    async with runtime.db.read() as session:
        cards = await PaymentMethods(session).of(user_id)
    return next((card.id for card in cards if card.is_default), None)


async def _charged(runtime: PaymentsRuntime, order: Order, attempt: UUID, method_id: UUID) -> Failed | None:
    """Why the bill is not paid yet; None where it is."""
    await bills.keep_open(runtime, order)
    try:
        tried = await charge(runtime, order.id, order.client_id, attempt, method_id, off_session=True)
    except (OrderClosed, NotFound):
        # Given up, or the card was removed, in this moment: the next look finds it so.
        return NOT_TRIED
    return None if tried.outcome is Outcome.SUCCEEDED else _failed(method_id, tried)


def _failed(method_id: UUID, tried: Tried) -> Failed:
    """An answer without failure asks for the client; one that is under way says nothing of the card."""
    if tried.outcome is Outcome.PROCESSING:
        return Failed(method_id)
    code, advice = AUTHENTICATION_REQUIRED, None
    if tried.failure is not None:
        code, advice = tried.failure.decline_code or tried.failure.code, tried.failure.advice_code
    return Failed(method_id, final=not may_try_again(code, advice))


async def _noted(runtime: PaymentsRuntime, seen: Subscription, period: Period, failure: Failed) -> bool:
    """Moves the schedule after a try of ours that failed, once; whether it was the last one.

    Nothing is noted where the bill was paid meanwhile, or the subscription moved on in another way.
    """
    days = runtime.settings.retry_schedule
    async with runtime.db.transaction() as session:
        subscription = await Subscriptions(session).get(seen.id, lock=True)
        unpaid = await Periods(session).find_open(seen.id)
        if unpaid is None or unpaid.number != period.number or subscription.next_at != seen.next_at:
            return False
        if subscription.status is SubscriptionStatus.PAUSED:
            pausing.wait_for_payment(session, subscription)
            return False
        if failure.final and failure.method_id is not None:
            subscription.refuse(failure.method_id)
        retry = next_retry(period.start_at, days, session.now())
        if retry is not None:
            _wait(session, subscription, retry, grace_end(period.start_at, days), tried=failure.method_id is not None)
    return retry is None


def _wait(session: Session, subscription: Subscription, retry: datetime, grace: datetime, *, tried: bool) -> None:
    first = subscription.status is not SubscriptionStatus.PAST_DUE
    if first:
        transition(subscription, SubscriptionStatus.PAST_DUE, TRANSITIONS)
        subscription.access_until = grace
    subscription.retry_at = subscription.next_at = retry
    subscription.start_over()
    if first or tried:
        publish(session, subscription, SubscriptionPastDue)


async def end(runtime: PaymentsRuntime, subscription_id: UUID, reason: EndReason) -> bool:
    """Ends it, once its open bills are closed; False where that was paid in the same moment, or it is over already."""
    await withdraw_pending(runtime, subscription_id, reason.value)
    async with runtime.db.read() as session:
        period = await Periods(session).find_open(subscription_id)
    if period is not None and not await bills.close_bill(runtime, period, reason.value):
        return False
    async with runtime.db.transaction() as session:
        subscription = await Subscriptions(session).get(subscription_id, lock=True)
        unpaid = await Periods(session).find_open(subscription_id)
        same = (unpaid and unpaid.number) == (period and period.number)
        if not same or subscription.status is SubscriptionStatus.ENDED:
            return False
        disputed = await Chargebacks(session).are_open_or_lost(subscription.user_id, subscription.id)
        if reason is EndReason.CANCELLED and disputed:
            reason = EndReason.CHARGEBACK
        _end(session, subscription, unpaid, reason, runtime.settings.retry_schedule)
    return True


def _end(
    session: Session, subscription: Subscription, unpaid: Period | None, reason: EndReason, days: Sequence[int]
) -> None:
    """The moment is the one that the rules name, however late anybody looked; so is the end of access, if there is."""
    gives_access = subscription.status in GIVING_ACCESS
    transition(subscription, SubscriptionStatus.ENDED, TRANSITIONS)
    subscription.end_reason, subscription.ended_at = reason, _moment(session, subscription, unpaid, reason, days)
    if gives_access:
        subscription.access_until = subscription.ended_at
    if unpaid is not None:
        transition(unpaid, PeriodStatus.CLOSED, PERIOD_TRANSITIONS)
    subscription.retry_at = subscription.next_at = subscription.paused_until = None
    subscription.succeeded()
    publish(session, subscription, SubscriptionEnded)
    session.after_commit(ENDED.labels(reason.value).inc)


def _moment(
    session: Session, subscription: Subscription, unpaid: Period | None, reason: EndReason, days: Sequence[int]
) -> datetime:
    if reason in (EndReason.CANCELLED, EndReason.CHARGEBACK):
        return subscription.cancel_at or session.now()
    if reason is EndReason.PAYMENT_FAILED and unpaid is not None:
        return grace_end(unpaid.start_at, days)
    return subscription.anchor + TIME_TO_PAY


async def announce_charge(runtime: PaymentsRuntime, subscription_id: UUID) -> bool:
    """Reminds the user of a charge that comes in a few days, unless that is no longer so."""
    async with runtime.db.transaction() as session:
        subscription = await Subscriptions(session).lock_to_announce(subscription_id)
        if subscription is None:
            return False
        subscription.announced_at = subscription.next_at
        change = await Changes(session).find_pending(subscription_id)
        waits = change is not None and change.order_id is None
        publish(session, subscription, SubscriptionChargeAnnounced, **(_terms_of(change) if change and waits else {}))
    return True


def _terms_of(change: PlanChange) -> dict[str, Any]:
    return {"plan_name": change.plan["name"], "amount": Money(change.amount, change.currency)}


GIVING_ACCESS = {SubscriptionStatus.TRIALING, SubscriptionStatus.ACTIVE, SubscriptionStatus.PAST_DUE}
PERIOD_ENDS = {Step.COLLECT, Step.PAUSE}
ENDS = {Step.CANCEL: EndReason.CANCELLED, Step.EXPIRE: EndReason.UNPAID}

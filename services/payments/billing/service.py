"""Use cases of subscriptions: subscribe, show, cancel, reactivate, resume."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from services.payments.billing import bills, pausing
from services.payments.billing.errors import (
    AlreadySubscribed,
    PeriodEndOnly,
    PlanInactive,
    SoldByStream,
)
from services.payments.billing.progress import advance
from services.payments.billing.quotes import price_of
from services.payments.billing.repository import Bills
from services.payments.billing.schemas import BillView, NewSubscription, SubscriptionView
from services.payments.billing.withdrawals import withdraw, withdraw_pending
from services.payments.memberships.service import benefits_of
from services.payments.orders.paying import Tried, pay_when_opened
from services.payments.people.repository import demand_account
from services.payments.plans.domain import Interval, PlanKind
from services.payments.plans.models import Plan
from services.payments.plans.repository import Plans
from services.payments.plans.schemas import PlanView
from services.payments.runtime import PaymentsRuntime
from services.payments.subscriptions.domain import (
    TIME_TO_PAY,
    CancelAt,
    ChangeStatus,
    SubscriptionStatus,
    access_while_renewing,
)
from services.payments.subscriptions.models import Period, PlanChange, Subscription
from services.payments.subscriptions.repository import Changes, Periods, Subscriptions
from services.payments.subscriptions.settlement import publish, snapshot_of
from services.payments.vault.repository import Customers, PaymentMethods
from shared.auth.permissions import PractitionerRequired
from shared.auth.verification import Caller
from shared.database.idempotency import IdempotentOperation
from shared.database.session import Session
from shared.errors import PaymentMethodRequired
from shared.events.subscriptions import SubscriptionActivated, SubscriptionChanged
from shared.internal.subscriptions import NewTierSubscription, ShownSubscription, TierSubscription
from shared.records.state import IllegalTransition


class Fan(NamedTuple):
    """Who subscribes to a stream's tier, of whom only this matters."""

    user_id: UUID
    practitioner_id: None = None


async def subscribe(
    runtime: PaymentsRuntime, caller: Caller, once: IdempotentOperation, given: NewSubscription
) -> SubscriptionView:
    """Subscribes the caller; the first bill waits 24 hours for its payment.

    Raises NotFound, PlanInactive, IntervalNotOffered, AlreadySubscribed, SoldByStream, and PractitionerRequired for
    others' plans.
    """
    async with runtime.db.transaction() as session:
        await once.start(session)
        made = await Subscriptions(session).find(once.id)
        if made is None:
            made = await _make(session, caller, once.id, await _plan_for(session, caller, given.plan_id), given)
        period = await _unpaid(session, made)
    tried = await _first_try(runtime, made, period, given.payment_method_id)
    return await answered(runtime, once, made.id, 201, tried)


async def subscribe_to_tier(
    runtime: PaymentsRuntime, subscription_id: UUID, given: NewTierSubscription
) -> TierSubscription:
    """As `subscribe`, for a stream, which has seen to it that the user may; again it answers the same subscription."""
    wanted = NewSubscription.model_validate(given.model_dump(exclude={"user_id"}))
    async with runtime.db.transaction() as session:
        made = await Subscriptions(session).find(subscription_id)
        if made is None:
            plan = await _offered(session, given.plan_id)
            made = await _make(session, Fan(given.user_id), subscription_id, plan, wanted)
        period = await _unpaid(session, made)
    tried = await _first_try(runtime, made, period, given.payment_method_id)
    async with runtime.db.read() as session:
        made = await Subscriptions(session).get(subscription_id)
        (view,) = await show(session, runtime, [made], tried)
    shown = ShownSubscription.model_validate(view.model_dump(mode="json"))
    return TierSubscription(shown=shown, snapshot=snapshot_of(made))


async def _unpaid(session: Session, subscription: Subscription) -> Period | None:
    unpaid = subscription.status is SubscriptionStatus.INCOMPLETE
    return await Periods(session).open(subscription) if unpaid else None


async def _first_try(
    runtime: PaymentsRuntime, subscription: Subscription, period: Period | None, method_id: UUID | None
) -> Tried | None:
    if period is None:
        return None
    order = await bills.open_bill(runtime, subscription, period)
    return None if order is None else await pay_when_opened(runtime, order, method_id)


async def answered(
    runtime: PaymentsRuntime, once: IdempotentOperation, subscription_id: UUID, status: int, tried: Tried | None = None
) -> SubscriptionView:
    """The subscription as it is now, stored as the answer to this request; `tried`: how its bill was, just now."""
    async with runtime.db.read() as session:
        (view,) = await show(session, runtime, [await Subscriptions(session).get(subscription_id)], tried)
    async with runtime.db.autocommit() as session:
        await once.done(session, status, view)
    return view


async def show(
    session: Session, runtime: PaymentsRuntime, subscriptions: Sequence[Subscription], tried: Tried | None = None
) -> Sequence[SubscriptionView]:
    """Their user's subscriptions as they are now, each with the bill that can be paid."""
    orders, key = await Bills(session).of(subscriptions), runtime.settings.stripe_publishable_key
    payments = {subscription_id: BillView.of(order, key, tried) for subscription_id, order in orders.items()}
    benefits = await benefits_of(session, subscriptions)
    pending = await Changes(session).pending_of([each.id for each in subscriptions])
    return [
        SubscriptionView.of(each, payments.get(each.id), benefits.get(each.id), pending.get(each.id))
        for each in subscriptions
    ]


async def _offered(session: Session, plan_id: UUID) -> Plan:
    plan = await Plans(session).keep(plan_id)
    if not plan.is_active:
        raise PlanInactive
    return plan


async def _plan_for(session: Session, caller: Caller, plan_id: UUID) -> Plan:
    plan = await _offered(session, plan_id)
    if plan.kind is PlanKind.STREAM_TIER:
        raise SoldByStream
    if plan.kind is PlanKind.PLATFORM and caller.practitioner_id is None:
        raise PractitionerRequired
    return plan


async def _make(
    session: Session, caller: Caller | Fan, subscription_id: UUID, plan: Plan, given: NewSubscription
) -> Subscription:
    await demand_account(session, caller.user_id)
    subscriptions = Subscriptions(session)
    if given.payment_method_id is not None:
        await PaymentMethods(session).chargeable(caller.user_id, given.payment_method_id)
    subscription = _incomplete(session, caller, subscription_id, plan, given.interval)
    if plan.trial_days and not await subscriptions.had_trial(caller.user_id, plan.kind, plan.stream_id):
        _begin_trial(subscription, session.now() + timedelta(days=plan.trial_days))
    if not await subscriptions.add(subscription):
        raise AlreadySubscribed
    subscription = await subscriptions.get(subscription_id)
    if subscription.status is SubscriptionStatus.TRIALING:
        await _demand_card(session, caller)
        publish(session, subscription, SubscriptionActivated)
    return subscription


def _begin_trial(subscription: Subscription, until: datetime) -> None:
    """Its first period begins, and is charged, when the trial ends."""
    subscription.status = SubscriptionStatus.TRIALING  # arch: allow status: of a row that is not stored yet
    subscription.trial_until = subscription.anchor = subscription.next_at = until
    subscription.access_until = access_while_renewing(until, None)


async def _demand_card(session: Session, caller: Caller | Fan) -> None:
    await Customers(session).lock(caller.user_id)  # until this is written none of them is removed
    cards = await PaymentMethods(session).of(caller.user_id)
    if not any(card.is_valid(session.now()) for card in cards):
        raise PaymentMethodRequired


def _incomplete(
    session: Session, caller: Caller | Fan, subscription_id: UUID, plan: Plan, interval: Interval
) -> Subscription:
    now, price = session.now(), price_of(plan, interval)
    return Subscription(
        id=subscription_id,
        kind=plan.kind,
        user_id=caller.user_id,
        practitioner_id=plan.practitioner_id or caller.practitioner_id,
        stream_id=plan.stream_id,
        plan_id=plan.id,
        plan=PlanView.of(plan).model_dump(mode="json"),
        interval=interval,
        currency=price.currency,
        amount=price.amount,
        status=SubscriptionStatus.INCOMPLETE,
        anchor=now,
        before_anchor=0,
        number=0,
        next_at=now + TIME_TO_PAY,
        refused_methods=[],
        version=0,
        created_at=now,
        tries=0,
    )


async def cancel(
    runtime: PaymentsRuntime, caller: Caller, once: IdempotentOperation, subscription_id: UUID, at: CancelAt
) -> SubscriptionView:
    """Lets it end: what is paid, or on trial, at its end (a trial also now), what is unpaid now. A change that is
    pending is dropped.

    Raises NotFound for another's, PeriodEndOnly, and IllegalTransition where it has ended.
    """
    async with runtime.db.transaction() as session:
        await once.start(session)
        subscription = await Subscriptions(session).owned_by(caller, subscription_id, lock=True)
        if not once.resumed:
            _cancel(session, subscription, at)
    await withdraw_pending(runtime, subscription_id, "cancelled")
    await advance(runtime, subscription_id)
    return await answered(runtime, once, subscription_id, 200)


def _cancel(session: Session, subscription: Subscription, at: CancelAt) -> None:
    if subscription.status is SubscriptionStatus.ACTIVE and at is CancelAt.NOW:
        raise PeriodEndOnly
    stop(session, subscription, at)


def stop(session: Session, subscription: Subscription, at: CancelAt) -> None:
    """Lets it end: at the end of what is paid, or now, but never later than is settled already. It is locked.

    Raises IllegalTransition where it has ended.
    """
    if subscription.status is SubscriptionStatus.ENDED:
        raise IllegalTransition("This subscription has ended.")
    end = None if at is CancelAt.NOW else subscription.paid_until
    moment = end or session.now()
    if subscription.cancel_at is not None and subscription.cancel_at <= moment:
        return
    subscription.cancel_at = subscription.next_at = moment
    if moment > session.now():
        subscription.access_until = moment
        publish(session, subscription, SubscriptionChanged)


async def reactivate(
    runtime: PaymentsRuntime, caller: Caller, once: IdempotentOperation, subscription_id: UUID
) -> SubscriptionView:
    """Undoes a change that is pending, or a cancellation whose moment has not come.

    Raises NotFound, and IllegalTransition where there is neither, or the change was paid in the same moment.
    """
    async with runtime.db.transaction() as session:
        await once.start(session)
        subscription = await Subscriptions(session).owned_by(caller, subscription_id, lock=True)
        change = await Changes(session).find_pending(subscription_id)
        if not once.resumed and (change is None or subscription.cancel_at is not None):
            _undo_cancellation(session, subscription)
    if change is not None:
        await _undo_change(runtime, change)
    return await answered(runtime, once, subscription_id, 200)


def _undo_cancellation(session: Session, subscription: Subscription) -> None:
    end = subscription.paid_until
    if subscription.cancel_at is None or end is None or subscription.cancel_at <= session.now():
        raise IllegalTransition("There is no cancellation to undo.")
    subscription.cancel_at = None
    subscription.access_until = access_while_renewing(end, subscription.paused_until)
    publish(session, subscription, SubscriptionChanged)


async def _undo_change(runtime: PaymentsRuntime, change: PlanChange) -> None:
    await withdraw(runtime, change, "undone")
    async with runtime.db.read() as session:
        left = await Changes(session).find(change.id)
    if left is not None and left.status is ChangeStatus.APPLIED:
        raise IllegalTransition("This change is in force by now.")


async def resume(
    runtime: PaymentsRuntime, caller: Caller, once: IdempotentOperation, subscription_id: UUID
) -> SubscriptionView:
    """Undoes a pause, or ends it: a new period begins, and the default card is charged for it, else its bill waits.

    Raises NotFound for another's, and IllegalTransition.
    """
    async with runtime.db.transaction() as session:
        await once.start(session)
        subscription = await Subscriptions(session).owned_by(caller, subscription_id, lock=True)
        if not once.resumed:
            pausing.resume(session, subscription)
    await advance(runtime, subscription_id)
    return await answered(runtime, once, subscription_id, 200)

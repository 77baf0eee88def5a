"""Granting what a period of a membership has paid for, taking it back where that goes back (MN-6), and using it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.payments.credits import given
from services.payments.memberships.domain import Allowance
from services.payments.memberships.errors import NoSessionsLeft, NotCovered, SubscriptionRequired
from services.payments.memberships.metrics import GRANTS, SESSIONS
from services.payments.memberships.models import MembershipGrant
from services.payments.memberships.repository import Benefits, MembershipGrants, MembershipUses
from services.payments.plans.domain import PlanKind
from services.payments.subscriptions.models import Period, Subscription
from services.payments.subscriptions.proration import Span
from services.payments.subscriptions.repository import Subscriptions
from services.payments.subscriptions.settlement import Changed
from shared.database.session import Session
from shared.records.ids import derived_id
from shared.records.money import Money


async def grant_period(session: Session, subscription: Subscription, period: Period) -> None:
    """Grants what a paid period of a membership is worth, once. The bill and the subscription are locked."""
    if subscription.kind is PlanKind.MEMBERSHIP:
        allowance = Allowance.of(subscription.plan["features"])
        span = Span(period.start_at, period.end_at)
        await _grant(session, subscription, period.number, period.order_id, span, allowance)


async def grant_change(session: Session, subscription: Subscription, changed: Changed) -> None:
    """Grants what a paid change to another membership adds, once. The bill and the subscription are locked."""
    change, plan_before, period = changed
    if subscription.kind is not PlanKind.MEMBERSHIP or change.order_id is None:
        return
    new, old = Allowance.of(subscription.plan["features"]), Allowance.of(plan_before["features"])
    begins = subscription.number > change.number
    added = new.beyond(old, period.end - change.at, period.end - period.start, begins=begins)
    span = Span(change.at, subscription.current_period_end or period.end)
    if begins:
        await _carry_over(session, subscription, change.number, span.end)
    await _grant(session, subscription, subscription.number, change.order_id, span, added)


async def _carry_over(session: Session, subscription: Subscription, number: int, end: datetime) -> None:
    """What the cut period had granted and is left goes on in the new one, which grants so much less."""
    for granted in await MembershipGrants(session).of_period(subscription.id, number):
        granted.end_at = end
        await given.extend(session, granted.id, granted.user_id, subscription.end_of(subscription.number + 1))


async def _grant(
    session: Session, subscription: Subscription, number: int, order_id: UUID, span: Span, allowance: Allowance
) -> None:
    granted = _granted(session, subscription, number, order_id, span, allowance)
    if not await MembershipGrants(session).add(granted):
        return
    session.after_commit(GRANTS.labels("granted").inc)
    if granted.credits:
        credits = Money(granted.credits, granted.currency)
        expires_at = subscription.end_of(number + 1)
        await given.give(session, granted.id, granted.user_id, credits, granted.order_id, expires_at)


def _granted(
    session: Session, subscription: Subscription, number: int, order_id: UUID, span: Span, allowance: Allowance
) -> MembershipGrant:
    return MembershipGrant(
        id=derived_id(order_id, "membership"),
        subscription_id=subscription.id,
        number=number,
        order_id=order_id,
        user_id=subscription.user_id,
        currency=subscription.currency,
        credits=allowance.credits,
        sessions=allowance.sessions,
        used=0,
        session_value=allowance.session_value,
        start_at=span.start,
        end_at=span.end,
        created_at=session.now(),
    )


async def benefits_of(session: Session, subscriptions: Sequence[Subscription]) -> Mapping[UUID, Benefits]:
    """What those of them that are memberships grant now, by subscription."""
    members = [each.id for each in subscriptions if each.kind is PlanKind.MEMBERSHIP]
    found = await MembershipGrants(session).benefits(members) if members else {}
    return {each: found.get(each, Benefits()) for each in members}


async def take_back(session: Session, order_id: UUID) -> None:
    """The payment of this bill goes back: what is unspent of its grant is gone, once. The bill is locked."""
    granted = await MembershipGrants(session).of_order(order_id)
    if granted is None or granted.taken_back_at is not None:
        return
    await given.take_back(session, granted.id, granted.user_id)
    granted.taken_back_at = session.now()
    session.after_commit(GRANTS.labels("taken_back").inc)


async def use(session: Session, user_id: UUID, order_id: UUID, price: Money) -> None:
    """Pays that new order with a session of the present period: of those that pay so much, one of the least value.

    Raises SubscriptionRequired, NotCovered, NoSessionsLeft. The order is locked; the subscription is locked here, so
    that of those who ask for its last session at once one gets it.
    """
    subscription = await Subscriptions(session).giving_access(user_id, PlanKind.MEMBERSHIP)
    if subscription is None:
        raise SubscriptionRequired
    granted = await MembershipGrants(session).present(subscription.id)
    covering = [each for each in granted if 0 < price.amount <= each.session_value]
    if not covering and (granted or not _pays(subscription, price)):
        raise NotCovered
    chosen = next((each.id for each in covering if each.used < each.sessions), None)
    if chosen is None or not await MembershipGrants(session).use_session(chosen):
        raise NoSessionsLeft
    await MembershipUses(session).add(order_id, chosen, price.amount)
    session.after_commit(SESSIONS.labels("used").inc)


def _pays(subscription: Subscription, price: Money) -> bool:
    return 0 < price.amount <= Allowance.of(subscription.plan["features"]).session_value


async def give_back(session: Session, order_id: UUID) -> bool:
    """The session that paid the order goes back to its period, once; False where none does. The order is locked.

    Where that period is over, or its grant was taken back, it is of no more use.
    """
    grant_id = await MembershipUses(session).give_back(order_id)
    if grant_id is None:
        return False
    await MembershipGrants(session).return_session(grant_id)
    session.after_commit(SESSIONS.labels("returned").inc)
    return True

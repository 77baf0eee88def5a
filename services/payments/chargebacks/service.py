"""What a dispute does to its order: it holds what was earned and every refund until it is won."""

from uuid import UUID

from services.payments.chargebacks.domain import TRANSITIONS, ChargebackStatus, standing
from services.payments.chargebacks.models import Chargeback
from services.payments.chargebacks.repository import Chargebacks
from services.payments.holds.domain import HoldCause
from services.payments.memberships import service as memberships
from services.payments.memberships.repository import MembershipUses
from services.payments.orders.domain import Chargebacked, OrderKind
from services.payments.orders.models import Order
from services.payments.orders.repository import OrderLines, Orders
from services.payments.orders.service import sync_intent
from services.payments.payouts import holding
from services.payments.refunds.repository import Refunds
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe.objects import StripeDispute
from services.payments.subscriptions import disputes
from services.payments.subscriptions.repository import Subscriptions
from shared.database.session import Session
from shared.events.payments import ChargebackEnded, ChargebackLost, ChargebackOpened
from shared.messaging.outbox import emit
from shared.observability.logs import logger
from shared.records.clock import machine_now
from shared.records.money import Money
from shared.records.state import transition

log = logger()


async def sync_dispute(runtime: PaymentsRuntime, stripe_dispute_id: str) -> None:
    """A hint came that this dispute changed: fetches it and applies its present state; none is open again.

    Its payment comes first, which may not have been heard of yet.
    """
    seen = await runtime.stripe.retrieve_dispute(stripe_dispute_id)
    if seen.intent_id is not None:
        await sync_intent(runtime, seen.intent_id)
    async with runtime.db.transaction() as session:
        order = await _order_of(session, seen)
        if order is None:
            log.warning("dispute.of_no_order", dispute_id=seen.id)
            return
        await _apply(session, await Orders(session).get(order.id, lock=True), seen)


async def _order_of(session: Session, seen: StripeDispute) -> Order | None:
    if seen.intent_id is not None:
        return await Orders(session).of_intent(seen.intent_id)
    return await Orders(session).of_charge(seen.charge_id)


async def _apply(session: Session, order: Order, seen: StripeDispute) -> None:
    stood, before = order.disputed > 0, order.chargeback
    dispute = await _follow(session, order, seen)
    if dispute is None:
        return
    await session.flush()
    order.disputed = await Chargebacks(session).withdrawn(order.id)
    order.chargeback = standing(await Chargebacks(session).statuses(order.id))
    await session.flush()
    await _hold_or_end(session, order, dispute)
    if order.kind is OrderKind.SUBSCRIPTION and order.subject_id is not None:
        await _stop_or_give_back(session, order, order.subject_id)
    if order.chargeback is not before:
        emit(session, _news_of(order))
    if stood and not order.disputed:
        await Refunds(session).wake(order.id, machine_now())
        session.wake_jobs_after_commit("finish_refunds")
    if dispute.status is ChargebackStatus.LOST:
        _announce(session, order, dispute)


def _news_of(order: Order) -> ChargebackOpened | ChargebackEnded:
    if order.chargeback is Chargebacked.OPEN:
        return ChargebackOpened(**order.ids, **order.subject)
    return ChargebackEnded(**order.ids, **order.subject, outcome=order.chargeback)


async def _hold_or_end(session: Session, order: Order, dispute: Chargeback) -> None:
    if dispute.status.is_withdrawn:
        await holding.hold_lines(session, await _bought(session, order), HoldCause.CHARGEBACK, dispute.id)
        await memberships.take_back(session, order.id)
    else:
        await holding.end(session, HoldCause.CHARGEBACK, dispute.id)


async def _bought(session: Session, order: Order) -> list[UUID]:
    """The order's lines, and those that sessions have paid which it granted."""
    orders = [order.id]
    if order.kind is OrderKind.SUBSCRIPTION and order.subject_id is not None:
        await Subscriptions(session).get(order.subject_id, lock=True)  # who uses a session now waits, and finds none
        orders += await MembershipUses(session).of_bill(order.id)
    return [line.id for each in orders for line in await OrderLines(session).of_order(each)]


async def _stop_or_give_back(session: Session, order: Order, subscription_id: UUID) -> None:
    if order.disputed:
        await disputes.stop(session, subscription_id)
    elif order.chargeback is Chargebacked.WON:
        await Subscriptions(session).get(subscription_id, lock=True)  # another bill's dispute waits here
        if not await Chargebacks(session).are_open_or_lost(order.client_id, subscription_id):
            await disputes.give_back(session, subscription_id)


async def _follow(session: Session, order: Order, seen: StripeDispute) -> Chargeback | None:
    """The dispute after its step, with its present amount; None where it is there already, or further on."""
    status, known = ChargebackStatus(seen.status), await Chargebacks(session).find(seen.id)
    if known is None:
        known = _row(session, order, seen, status)
        session.add(known)
        return known
    if status is known.status and seen.amount != known.amount:
        known.amount = seen.amount
        return known
    if status not in TRANSITIONS[known.status]:
        log.info("dispute.unchanged", dispute_id=seen.id, status=known.status, seen=status)
        return None
    transition(known, status, TRANSITIONS)
    known.amount = seen.amount
    return known


def _row(session: Session, order: Order, seen: StripeDispute, status: ChargebackStatus) -> Chargeback:
    return Chargeback(
        id=seen.id,
        order_id=order.id,
        currency=order.currency,
        amount=seen.amount,
        reason=seen.reason,
        status=status,
        created_at=session.now(),
    )


def _announce(session: Session, order: Order, dispute: Chargeback) -> None:
    emit(
        session,
        ChargebackLost(
            **order.ids,
            practitioner_id=order.practitioner_id,
            stripe_dispute_id=dispute.id,
            amount=Money(dispute.amount, dispute.currency),
        ),
    )

"""Returning money: booked at once in one transaction, then made at Stripe by `execution` (rules 9 to 11)."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from services.payments.credits import reversals
from services.payments.credits.service import restore
from services.payments.ledger.domain import (
    Leg,
    client_credits,
    client_debt,
    order_escrow,
    refunds_owed,
    stripe_clearing,
)
from services.payments.ledger.service import post
from services.payments.memberships import service as memberships
from services.payments.orders.domain import OrderKind
from services.payments.orders.models import Order, Taken
from services.payments.orders.repository import OrderLines, Orders
from services.payments.payouts.recovery import recover_refund
from services.payments.refunds import funded
from services.payments.refunds.domain import NOTHING, RefundStatus, Tenders, refund_of
from services.payments.refunds.errors import PaymentDisputed
from services.payments.refunds.execution import announce, execute
from services.payments.refunds.lines import divide, share_of
from services.payments.refunds.models import Refund
from services.payments.refunds.repository import Refunds
from services.payments.refunds.schemas import refund_answer
from services.payments.runtime import PaymentsRuntime
from services.payments.settings import PaymentsSettings
from shared.database.session import Session
from shared.errors import NotFound
from shared.internal.payments import RefundAnswer, RefundRequest
from shared.records.clock import machine_now
from shared.records.currencies import step
from shared.records.money import Money

# How long the request itself may take at Stripe before the job tries as well.
LEASE = timedelta(seconds=10)


async def refund(runtime: PaymentsRuntime, order_id: UUID, wanted: RefundRequest) -> RefundAnswer:
    """Books the refund and asks Stripe for the card's part; if Stripe does not answer now, a job goes on asking.

    Raises NothingToRefund, MoreThanPaid, UnknownLine, PaymentDisputed (a cancellation's refund waits instead). The
    same `refund_id` again answers the same.
    """
    async with runtime.db.transaction() as session:
        order = await Orders(session).get(order_id, lock=True)
        booked = await book_wanted(session, runtime.settings, order, wanted)
    if booked is None:
        return refund_answer(NOTHING, order.currency)
    if booked.status is RefundStatus.PENDING:
        await execute(runtime, booked)
    return refund_answer(booked.tenders, order.currency)


async def preview(session: Session, order_id: UUID, amount: int | None) -> RefundAnswer:
    """What a refund of `amount` minor units, at most what is left, would return; None: all that is left."""
    order = await Orders(session).get(order_id)
    paid, refunded = paid_of(order), refunded_of(order)
    owed = await Refunds(session).owed(order_id)
    asked = (paid - refunded).total + owed if amount is None else amount
    settles = min(asked, owed)
    parts = refund_of(paid, refunded, asked - settles, step(order.currency)) + Tenders(settles, 0)
    return refund_answer(parts, order.currency)


def paid_of(order: Order) -> Tenders:
    """What the platform has really received for what was sold; bought credits are not returned by this way."""
    if order.kind is OrderKind.CREDITS:
        return NOTHING
    return Tenders(order.card_paid, order.credits_spent)


def refunded_of(order: Order) -> Tenders:
    """What refunds have taken of the sale so far, by tender; failed ones count, their money is owed."""
    if order.kind is OrderKind.CREDITS:
        return NOTHING
    return Tenders(order.refunded_card, order.refunded_credits)


async def book_wanted(
    session: Session, settings: PaymentsSettings, order: Order, wanted: RefundRequest
) -> Refund | None:
    """Books the refund, or answers the one that has this id; None where nothing goes back. The order is locked.

    Raises as `refund`; its caller asks Stripe for the card's part after the commit, else a job does.
    """
    known, owed = await Refunds(session).look_up(wanted.refund_id, order.id)
    if known is not None:
        if known.order_id != order.id:
            raise NotFound
        return known
    if not wanted.cancels and order.disputed:
        raise PaymentDisputed
    if order.discount and wanted.cancels:
        await funded.give_back(session, settings, order, wanted)
        return None
    lines = await OrderLines(session).of_order(order.id)
    paid, refunded, unit = paid_of(order), refunded_of(order), step(order.currency)
    share = share_of(order, lines, wanted, paid - refunded, owed)
    parts = refund_of(paid, refunded, share.from_sale, unit)
    if parts.total + share.settles == 0:
        return None
    made = new_refund(session, order, wanted.refund_id, parts + Tenders(share.settles, 0), share.settles)
    made.by, made.reason = wanted.by, wanted.reason
    await book(session, settings.payout_minimum, order, made, divide(lines, parts.total, share.weights, unit))
    return made


async def book(session: Session, minimum: int, order: Order, made: Refund, taken: Sequence[Taken]) -> None:
    """Writes the refund with its postings and its effect on the practitioners, whose payouts that wait for approval
    keep at least `minimum` minor units. The order is locked."""
    made.lines = [(str(each.line.id), each.amount) for each in taken if each.amount]
    session.add(made)
    order.refunded_card += made.card - made.settles
    order.refunded_credits += made.credits
    for line, amount in taken:
        line.refunded += amount
    await session.flush()
    ref = {"order_id": order.id, "refund_id": made.id}
    await post(session, made.id, "order_refunded", await _legs(session, order, made), ref)
    await reversals.repay(session, order.client_id, order.currency, made.id, ref)
    await recover_refund(session, order, taken, made.id, minimum)
    if order.kind is OrderKind.SUBSCRIPTION:
        await memberships.take_back(session, order.id)
    if made.status is RefundStatus.SUCCEEDED:
        announce(session, order, made, made.tenders)


async def _legs(session: Session, order: Order, made: Refund) -> list[Leg]:
    """The postings of a refund. A purchase's card part takes the bought credits back, and debt for those spent."""
    clearing, credits = stripe_clearing(order.currency), client_credits(order.client_id, order.currency)
    settled = Leg(refunds_owed(order.client_id, order.currency), clearing, made.settles)
    card = made.card - made.settles
    if order.kind is OrderKind.CREDITS:
        taken = await reversals.take_back(session, order.id, order.client_id, made.id, Money(card, order.currency))
        debt = Leg(client_debt(order.client_id, order.currency), clearing, card - taken)
        return [Leg(credits, clearing, taken), settled, debt]
    await restore(session, order.id, made.id, made.credits)
    escrow = order_escrow(order.currency)
    return [Leg(escrow, clearing, card), settled, Leg(escrow, credits, made.credits)]


def new_refund(session: Session, order: Order, refund_id: UUID, parts: Tenders, settles: int) -> Refund:
    """A refund that is not booked yet; a part for the card waits for Stripe."""
    return Refund(
        id=refund_id,
        order_id=order.id,
        currency=order.currency,
        card=parts.card,
        credits=parts.credits,
        settles=settles,
        lines=[],
        status=RefundStatus.PENDING if parts.card else RefundStatus.SUCCEEDED,
        reason="",
        by="",
        attempt=1,
        tries=0,
        next_try_at=machine_now() + LEASE if parts.card else None,
        created_at=session.now(),
    )

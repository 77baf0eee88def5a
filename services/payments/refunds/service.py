"""Returning money: booked at once in one transaction, then carried out at Stripe until it works (rules 9 to 11)."""

from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from services.payments.chargebacks.errors import PaymentDisputed
from services.payments.chargebacks.repository import Chargebacks
from services.payments.credits.service import restore
from services.payments.errors import StripeRefused, StripeUnavailable
from services.payments.ledger.domain import Leg, client_credits, order_escrow, refunds_owed, stripe_clearing
from services.payments.ledger.service import post
from services.payments.orders.domain import OrderKind
from services.payments.orders.models import Order
from services.payments.orders.repository import Orders
from services.payments.payouts.recovery import take_back
from services.payments.provider_calls import service as provider_calls
from services.payments.provider_calls.domain import Purpose
from services.payments.refunds import calls
from services.payments.refunds.domain import (
    FAILED,
    MADE_AT_STRIPE,
    NOTHING,
    TRANSITIONS,
    RefundStatus,
    Tenders,
    refund_of,
)
from services.payments.refunds.errors import MoreThanPaid, NothingToRefund
from services.payments.refunds.models import Refund
from services.payments.refunds.repository import Refunds
from services.payments.refunds.schemas import RefundAnswer, RefundRequest
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe_objects import StripeRefund
from shared.database.session import Session
from shared.errors import NotFound
from shared.events.payments import OrderRefunded, OrderRefundFailed
from shared.messaging.outbox import emit
from shared.observability.logs import logger
from shared.records.clock import machine_now
from shared.records.currencies import step
from shared.records.ids import derived_id
from shared.records.money import Money, check_currency
from shared.records.state import transition

# How long the request itself may take at Stripe before the job tries as well.
LEASE = timedelta(seconds=10)
MAX_BACKOFF = timedelta(minutes=10)
# The end of the dispute is what goes on with the refund; this is for an end that came between two looks.
DISPUTED_PAUSE = timedelta(hours=1)
log = logger()


async def refund(runtime: PaymentsRuntime, order_id: UUID, wanted: RefundRequest) -> RefundAnswer:
    """Books the refund and asks Stripe for the card's part; if Stripe does not answer now, a job goes on asking.

    Raises NothingToRefund, MoreThanPaid, PaymentDisputed (a cancellation's refund waits instead). The same `refund_id`
    again answers the same.
    """
    async with runtime.db.transaction() as session:
        order = await Orders(session).get(order_id, lock=True)
        booked = await _book(session, order, wanted)
    if booked is None:
        return RefundAnswer.of(NOTHING, order.currency)
    if booked.status is RefundStatus.PENDING:
        await execute(runtime, booked)
    return RefundAnswer.of(booked.tenders, order.currency)


async def preview(session: Session, order_id: UUID, amount: int | None) -> RefundAnswer:
    """What a refund of `amount` minor units, at most what is left, would return; None: all that is left."""
    order = await Orders(session).get(order_id)
    paid, refunded = paid_of(order), await Refunds(session).refunded(order_id)
    owed = await Refunds(session).owed(order_id)
    asked = (paid - refunded).total + owed if amount is None else amount
    settles = min(asked, owed)
    parts = refund_of(paid, refunded, asked - settles, step(order.currency)) + Tenders(settles, 0)
    return RefundAnswer.of(parts, order.currency)


def paid_of(order: Order) -> Tenders:
    """What the platform has really received for a booking; bought credits are not returned by this way."""
    if order.kind is not OrderKind.BOOKING:
        return NOTHING
    return Tenders(order.card_paid, order.credits_spent)


async def _book(session: Session, order: Order, wanted: RefundRequest) -> Refund | None:
    known = await Refunds(session).find(wanted.refund_id)
    if known is not None:
        if known.order_id != order.id:
            raise NotFound
        return known
    if not wanted.cancels and await Chargebacks(session).stand(order.id):
        raise PaymentDisputed
    owed = await Refunds(session).owed(order.id)
    parts, settles = await _parts(session, order, wanted, owed)
    if parts == NOTHING:
        return None
    made = _row(session, order, wanted, parts, settles)
    await book(session, order, made)
    return made


async def book(session: Session, order: Order, made: Refund) -> None:
    """Writes the refund with its postings and its effect on the seller. The order is locked."""
    parts = made.tenders
    session.add(made)
    await session.flush()
    await restore(session, order.id, made.id, parts.credits)
    escrow = order_escrow(order.currency)
    owed, clearing = refunds_owed(order.client_id, order.currency), stripe_clearing(order.currency)
    legs = [
        Leg(escrow, clearing, made.card - made.settles),
        Leg(owed, clearing, made.settles),
        Leg(escrow, client_credits(order.client_id, order.currency), parts.credits),
    ]
    await post(session, made.id, "order_refunded", legs, {"order_id": order.id, "refund_id": made.id})
    await take_back(session, order, made.id)
    if made.status is RefundStatus.SUCCEEDED:
        _tell(session, order, made)


async def _parts(session: Session, order: Order, wanted: RefundRequest, owed: int) -> tuple[Tenders, int]:
    """What goes back, and how much of its card's part settles what failed refunds left owed: that comes first."""
    paid, refunded = paid_of(order), await Refunds(session).refunded(order.id)
    asked = _asked(order, wanted, (paid - refunded).total + owed)
    settles = min(asked, owed)
    return refund_of(paid, refunded, asked - settles, step(order.currency)) + Tenders(settles, 0), settles


def _asked(order: Order, wanted: RefundRequest, left: int) -> int:
    if wanted.amount is None:
        asked = left
    else:
        asked = check_currency(wanted.amount, order.currency, "amount").amount
        if asked == 0:
            return 0
    if left == 0:
        raise NothingToRefund
    if asked > left and not wanted.cancels:
        raise MoreThanPaid(field="amount")
    return asked


def _row(session: Session, order: Order, wanted: RefundRequest, parts: Tenders, settles: int) -> Refund:
    return Refund(
        id=wanted.refund_id,
        order_id=order.id,
        currency=order.currency,
        card=parts.card,
        credits=parts.credits,
        settles=settles,
        status=RefundStatus.PENDING if parts.card else RefundStatus.SUCCEEDED,
        reason=wanted.reason,
        by=wanted.by,
        attempt=1,
        tries=0,
        next_try_at=machine_now() + LEASE if parts.card else None,
        created_at=session.now(),
    )


async def execute(runtime: PaymentsRuntime, booked: Refund) -> bool:
    """Asks Stripe to make the refund, or how it stands; True if it is done. Never raises for Stripe's sake."""
    try:
        answer = await calls.ask(runtime, booked)
    except PaymentDisputed as error:
        await _wait_for_dispute(runtime, booked, error.code)
        return False
    except StripeUnavailable as error:
        await postpone(runtime, booked.id, error.detail)
        return False
    except StripeRefused as error:
        found = await calls.made_before(runtime, booked)
        if found is None:
            await postpone(runtime, booked.id, f"{error.reason}: {error.detail}", again=True)
            return False
        answer = found
    return await conclude(runtime, booked.id, answer)


async def conclude(runtime: PaymentsRuntime, refund_id: UUID, answer: StripeRefund) -> bool:
    """Applies how the refund stands at Stripe; True when nothing is left to do."""
    if answer.status in FAILED and not await _fail_outside(runtime, refund_id, answer.status):
        await postpone(runtime, refund_id, f"Stripe says {answer.status}", again=True, made=answer.id)
        return False
    async with runtime.db.transaction() as session:
        booked = await _locked(session, refund_id)
        if booked.status is not RefundStatus.PENDING:
            return True
        await provider_calls.learned(session, Purpose.REFUND, booked.id, asdict(answer))
        booked.stripe_refund_id, booked.error = answer.id, None
        if answer.status != "succeeded":
            _later(booked)
            return False
        succeed(session, await Orders(session).get(booked.order_id), booked)
    return True


def succeed(session: Session, order: Order, booked: Refund) -> None:
    """Stripe confirmed the refund; the client is told of it."""
    transition(booked, RefundStatus.SUCCEEDED, TRANSITIONS)
    booked.next_try_at = None
    _tell(session, order, booked)


async def _fail_outside(runtime: PaymentsRuntime, refund_id: UUID, why: str) -> bool:
    """Ends a refund that was made at Stripe and failed there; False for our own, which is asked for again."""
    async with runtime.db.transaction() as session:
        booked = await _locked(session, refund_id)
        if booked.by != MADE_AT_STRIPE or booked.status is not RefundStatus.PENDING:
            return False
        await fail(session, await Orders(session).get(booked.order_id), booked, why)
    return True


async def to_owed(session: Session, order: Order, known: Refund, why: str) -> None:
    """It has failed: posts the card's part back into what the client is owed."""
    transition(known, RefundStatus.FAILED, TRANSITIONS)
    known.next_try_at, known.error = None, f"Stripe says {why}"
    owed = refunds_owed(order.client_id, order.currency)
    leg = Leg(stripe_clearing(order.currency), owed, known.card)
    ref = {"order_id": order.id, "refund_id": known.id}
    await post(session, derived_id(known.id, "failed"), "refund_failed", [leg], ref)


async def fail(session: Session, order: Order, known: Refund, why: str) -> None:
    """It has failed; the client is told of it once."""
    await to_owed(session, order, known, why)
    emit(
        session,
        OrderRefundFailed(
            order_id=order.id,
            booking_id=order.booking_id,
            refund_id=known.id,
            client_id=order.client_id,
            card=Money(known.card, known.currency),
        ),
    )


async def postpone(
    runtime: PaymentsRuntime, refund_id: UUID, why: str, *, again: bool = False, made: str | None = None
) -> None:
    """Notes the failure; with `again` the next try is a new request, after a refusal or the failure of `made`."""
    log.warning("refund.postponed", refund_id=str(refund_id), error=why)
    async with runtime.db.transaction() as session:
        booked = await _locked(session, refund_id)
        if booked.status is not RefundStatus.PENDING:
            return
        booked.error = why
        if again:
            await provider_calls.ask_anew(session, Purpose.REFUND, booked.id, made)
            booked.attempt, booked.stripe_refund_id = booked.attempt + 1, None
        _later(booked)


async def _wait_for_dispute(runtime: PaymentsRuntime, waiting: Refund, why: str) -> None:
    """Puts the refund off without counting a try, unless the dispute has ended meanwhile."""
    async with runtime.db.transaction() as session:
        await Orders(session).get(waiting.order_id, lock=True)
        booked = await _locked(session, waiting.id)
        if booked.status is RefundStatus.PENDING and await Chargebacks(session).stand(booked.order_id):
            booked.error, booked.next_try_at = why, machine_now() + DISPUTED_PAUSE


async def _locked(session: Session, refund_id: UUID) -> Refund:
    found = await Refunds(session).find(refund_id, lock=True)
    if found is None:
        raise NotFound
    return found


def _later(booked: Refund) -> None:
    booked.tries += 1
    pause = min(timedelta(seconds=0.5 * 2 ** min(booked.tries, 12)), MAX_BACKOFF)
    booked.next_try_at = machine_now() + pause


def _tell(session: Session, order: Order, booked: Refund) -> None:
    emit(
        session,
        OrderRefunded(
            order_id=order.id,
            booking_id=order.booking_id,
            refund_id=booked.id,
            client_id=order.client_id,
            card=Money(booked.card, booked.currency),
            credits=Money(booked.credits, booked.currency),
            reason=booked.reason,
        ),
    )

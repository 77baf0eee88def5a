"""Making booked refunds at Stripe, and what Stripe's answers mean for them (rules 9 to 11)."""

from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from services.payments.install.service import is_own_platform
from services.payments.ledger.domain import Leg, refunds_owed, stripe_clearing
from services.payments.ledger.service import post
from services.payments.orders.models import Order
from services.payments.orders.repository import Orders
from services.payments.refunds import calls
from services.payments.refunds.domain import BACK_OFF, FAILED, REFUSED_AT_MOST, TRANSITIONS, RefundStatus, Tenders
from services.payments.refunds.errors import PaymentDisputed
from services.payments.refunds.models import Refund
from services.payments.refunds.repository import Refunds
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe import provider_calls
from services.payments.stripe.domain import Purpose
from services.payments.stripe.errors import StripeRefused, StripeUnavailable
from services.payments.stripe.objects import StripeRefund
from shared.database.session import Session
from shared.events.payments import OrderRefunded, OrderRefundFailed, RefundedLine
from shared.messaging.outbox import emit
from shared.observability.logs import logger
from shared.records.ids import derived_id
from shared.records.money import Money, split
from shared.records.state import transition

# The end of the dispute is what goes on with the refund; this is for an end that came between two looks.
DISPUTED_PAUSE = timedelta(hours=1)
NOT_CONFIRMED = "Stripe has the refund, and has not confirmed it yet."
log = logger()


async def execute(runtime: PaymentsRuntime, booked: Refund) -> bool:
    """Asks Stripe to make the refund, or how it stands; True if it is over. Never raises for Stripe's sake."""
    try:
        answer = await calls.request(runtime, booked)
    except PaymentDisputed as error:
        await _wait_for_dispute(runtime, booked, error.code)
        return False
    except StripeUnavailable as error:
        await postpone(runtime, booked.id, error.detail)
        return False
    except StripeRefused as error:
        found = await calls.find_existing(runtime, booked)
        if found is None:
            counts = await is_own_platform(runtime)
            return await _refused(runtime, booked.id, f"{error.reason}: {error.detail}", counts=counts)
        answer = found
    return await conclude(runtime, booked.id, answer)


async def conclude(runtime: PaymentsRuntime, refund_id: UUID, answer: StripeRefund) -> bool:
    """Applies how the refund stands at Stripe; True when nothing is left to do."""
    async with runtime.db.transaction() as session:
        order, booked = await _locked(session, refund_id)
        if booked.status is RefundStatus.PENDING:
            await provider_calls.learned(session, Purpose.REFUND, booked.id, asdict(answer))
            booked.stripe_refund_id, booked.failing_since = answer.id, None
            if not await follow(session, order, booked, answer.status):
                booked.failed(NOT_CONFIRMED, BACK_OFF)
    return booked.status is not RefundStatus.PENDING


async def follow(session: Session, order: Order, known: Refund, status: str) -> bool:
    """Takes the step to what Stripe says, if it is one; answers whether it was. The order is locked."""
    if status in FAILED and known.status is not RefundStatus.FAILED:
        await fail(session, order, known, f"Stripe says {status}")
    elif status == "succeeded" and known.status is RefundStatus.PENDING:
        succeed(session, order, known)
    else:
        return False
    return True


def succeed(session: Session, order: Order, booked: Refund) -> None:
    """Stripe confirmed the refund, and its event is published."""
    transition(booked, RefundStatus.SUCCEEDED, TRANSITIONS)
    booked.succeeded()
    announce(session, order, booked, booked.tenders)


async def fail(session: Session, order: Order, known: Refund, why: str, *, replaced: bool = False) -> None:
    """Ends it, and posts the card's part to what the client is owed; nothing is sent again by itself.

    `replaced`: another refund of the order pays that part. What went back as credits has gone back.
    """
    if known.status is RefundStatus.PENDING and known.credits:
        announce(session, order, known, Tenders(0, known.credits))
    transition(known, RefundStatus.FAILED, TRANSITIONS)
    known.failing_since = None
    known.give_up(why)
    owed = refunds_owed(order.client_id, order.currency)
    leg = Leg(stripe_clearing(order.currency), owed, known.card)
    ref = {"order_id": order.id, "refund_id": known.id}
    await post(session, derived_id(known.id, "failed"), "refund_failed", [leg], ref)
    _announce_failure(session, order, known, replaced=replaced)


async def _refused(runtime: PaymentsRuntime, refund_id: UUID, why: str, *, counts: bool) -> bool:
    """The next try is a new request; a refund that Stripe has refused for a day has failed. True if it is over.

    With a key of another Stripe account everything is refused: that says nothing of the refund, and does not count.
    """
    log.warning("refund.refused", refund_id=str(refund_id), error=why)
    async with runtime.db.transaction() as session:
        order, booked = await _locked(session, refund_id)
        if booked.status is not RefundStatus.PENDING:
            return True
        await provider_calls.ask_anew(session, Purpose.REFUND, booked.id)
        booked.failing_since = (booked.failing_since or session.now()) if counts else None
        if booked.failing_since and session.now() - booked.failing_since >= REFUSED_AT_MOST:
            await fail(session, order, booked, why)
            return True
        booked.attempt += 1
        booked.failed(why, BACK_OFF)
    return False


async def postpone(runtime: PaymentsRuntime, refund_id: UUID, why: str) -> None:
    """Stores why the refund could not be made, and tries again later. Without an answer it was not refused."""
    log.warning("refund.postponed", refund_id=str(refund_id), error=why)
    async with runtime.db.transaction() as session:
        _, booked = await _locked(session, refund_id)
        if booked.status is RefundStatus.PENDING:
            booked.failing_since = None
            booked.failed(why, BACK_OFF)


async def _wait_for_dispute(runtime: PaymentsRuntime, waiting: Refund, why: str) -> None:
    """Puts the refund off without counting a try, unless the dispute has ended meanwhile."""
    async with runtime.db.transaction() as session:
        order, booked = await _locked(session, waiting.id)
        if booked.status is RefundStatus.PENDING and order.disputed:
            booked.failing_since = None
            booked.waits(why, DISPUTED_PAUSE)


async def _locked(session: Session, refund_id: UUID) -> tuple[Order, Refund]:
    """The order, then its refund, both locked."""
    order_id = (await Refunds(session).get(refund_id)).order_id
    return await Orders(session).get(order_id, lock=True), await Refunds(session).get(refund_id, lock=True)


def announce(session: Session, order: Order, booked: Refund, parts: Tenders) -> None:
    """Publishes what went back, by tender and by line."""
    emit(
        session,
        OrderRefunded(
            **order.ids,
            **order.subject,
            lines=_lines_of(booked, parts),
            refund_id=booked.id,
            card=Money(parts.card, booked.currency),
            credits=Money(parts.credits, booked.currency),
            reason=booked.reason,
        ),
    )


def _lines_of(booked: Refund, parts: Tenders) -> tuple[RefundedLine, ...]:
    """Of each line what these parts are of the refund; what they settle was another refund's."""
    amount = parts.total - (booked.settles if parts.card else 0)
    shares = split(amount, [taken for _, taken in booked.lines]) if booked.lines else []
    return tuple(
        RefundedLine(line_id=UUID(line_id), amount=Money(share, booked.currency))
        for (line_id, _), share in zip(booked.lines, shares, strict=True)
    )


def _announce_failure(session: Session, order: Order, known: Refund, *, replaced: bool) -> None:
    emit(
        session,
        OrderRefundFailed(
            **order.ids,
            refund_id=known.id,
            card=Money(known.card, known.currency),
            replaced=replaced,
        ),
    )

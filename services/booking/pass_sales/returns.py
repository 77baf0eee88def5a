"""Returning a pass: what is open of it is refunded; what is booked goes on, and is money when it is cancelled."""

from uuid import UUID

from services.booking.bookings.domain import Party
from services.booking.cancellations.schemas import CancelledView
from services.booking.checkout.errors import NothingToRefund
from services.booking.checkout.repository import Checkouts
from services.booking.checkout.saga import Event
from services.booking.checkout.steps import advance
from services.booking.passes.domain import SESSION_TRANSITIONS, TRANSITIONS, PassSessionStatus, PassStatus
from services.booking.passes.errors import NotRefundable, PassNotActive
from services.booking.passes.events import publish
from services.booking.passes.models import Pass
from services.booking.passes.repository import Passes
from services.booking.passes.service import lapse
from services.booking.peers import preview_refund, refund_order
from services.booking.runtime import BookingRuntime
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.database import audit
from shared.database.idempotency import IdempotentOperation
from shared.database.session import Session
from shared.errors import Conflict
from shared.internal.payments import LineRefund, RefundRequest, RefundSplit
from shared.records.ids import derived_id
from shared.records.money import Money
from shared.records.state import transition
from shared.work.attempts import REQUEST_LEASE


async def preview(runtime: BookingRuntime, caller: Caller, pass_id: UUID) -> RefundSplit:
    """What `cancel` would give back now; refuses what `cancel` would refuse."""
    async with runtime.db.read() as session:
        sold = await Passes(session).get_visible(pass_id, caller)
        due = _due(session, sold, _party(sold, caller))
    return await preview_refund(runtime.peers, sold.id, due) if due else RefundSplit.nothing(sold.currency)


async def is_own(runtime: BookingRuntime, caller: Caller, pass_id: UUID) -> bool:
    """Whether the caller bought or sells it; of one that does not exist, no."""
    async with runtime.db.read() as session:
        sold = await Passes(session).find(pass_id)
    return sold is not None and _party(sold, caller) is not Party.STAFF


async def cancel(runtime: BookingRuntime, caller: Caller, pass_id: UUID, once: IdempotentOperation) -> CancelledView:
    """Returns it, and refunds its open sessions. Raises NotFound, NotRefundable, PassNotActive."""
    async with runtime.db.transaction() as session:
        await once.start(session)
        await Passes(session).get_visible(pass_id, caller)
        checkout = await Checkouts(session).get(pass_id, lock=True)
        sold = await Passes(session).get(pass_id, lock=True)
        by = _party(sold, caller)
        if by is Party.STAFF:
            caller.demand(Permission.CANCEL_FOR_OTHERS)
        if sold.is_pending:
            await advance(session, checkout, Event.ABANDONED)
        elif sold.cancel_id != once.id:
            _return(session, sold, by, once.id)
            if by is Party.STAFF:
                await _audit(session, sold, caller)
    return await refund_pass(runtime, sold, once)


async def return_for(session: Session, by: Party, pass_id: UUID) -> None:
    """Ends a pass in place of its client or practitioner, whose account is closed; again changes nothing.

    `finish_returns` refunds. What its client can return no longer lapses.
    """
    checkout = await Checkouts(session).get(pass_id, lock=True)
    sold = await Passes(session).get(pass_id, lock=True)
    if sold.is_pending:
        await advance(session, checkout, Event.ABANDONED)
    elif sold.status is PassStatus.ACTIVE and by is Party.CLIENT and session.now() >= sold.refundable_until:
        sold.expires_at = session.now()
        lapse(session, sold)
    elif sold.status is PassStatus.ACTIVE:
        _return(session, sold, by, derived_id(pass_id, "left_behind"))
        sold.start_over()


async def refund_pass(runtime: BookingRuntime, sold: Pass, once: IdempotentOperation) -> CancelledView:
    """Asks payments for the refund of a returned pass and records the split; safe to repeat."""
    split = RefundSplit.nothing(sold.currency)
    if sold.due:
        split = await _refunded(runtime, sold)
    async with runtime.db.transaction() as session:
        sold = await Passes(session).get(sold.id, lock=True)
        if sold.refunded_at is None and sold.status is PassStatus.CANCELLED:
            sold.refunded_card, sold.refunded_credits = split.card.amount, split.credits.amount
            sold.refunded_at = session.now()
            sold.succeeded()
        view = CancelledView.of(split)
        await once.done(session, 200, view)
    return view


def _party(sold: Pass, caller: Caller) -> Party:
    if sold.client_id == caller.user_id:
        return Party.CLIENT
    return Party.PRACTITIONER if sold.practitioner_user_id == caller.user_id else Party.STAFF


def _due(session: Session, sold: Pass, by: Party) -> Money:
    """What goes back: the values of the open sessions; nothing of what is not paid yet."""
    if sold.is_pending:
        return Money.zero(sold.currency)
    if sold.status is not PassStatus.ACTIVE:
        raise PassNotActive
    if by is Party.CLIENT and session.now() >= sold.refundable_until:
        raise NotRefundable
    return Money(sum(each.value_amount for each in sold.open_sessions), sold.currency)


def _return(session: Session, sold: Pass, by: Party, operation_id: UUID) -> None:
    sold.due_amount = _due(session, sold, by).amount
    returned = sold.open_sessions
    for each in returned:
        transition(each, PassSessionStatus.REFUNDED, SESSION_TRANSITIONS)
    transition(sold, PassStatus.CANCELLED, TRANSITIONS)
    sold.cancelled_at, sold.cancel_id = session.now(), operation_id
    sold.lease(REQUEST_LEASE)
    publish(session, sold, "changed", returned)


async def _audit(session: Session, sold: Pass, caller: Caller) -> None:
    was, after = {"status": PassStatus.ACTIVE.value}, {"status": PassStatus.CANCELLED.value}
    await audit.record(session, caller.user_id, "pass.cancel", sold.id, was, after)


async def _refunded(runtime: BookingRuntime, sold: Pass) -> RefundSplit:
    """Of the lines of the sessions that were open; those that a booking had are refunded with it."""
    open_ones = [
        each for each in sold.sessions if each.status is PassSessionStatus.REFUNDED and each.booking_id is None
    ]
    lines = [
        LineRefund(line_id=each.line_id, amount=Money(each.value_amount, sold.currency))
        for each in open_ones
        if each.value_amount
    ]
    request = RefundRequest(
        refund_id=derived_id(sold.id, "cancel"), lines=lines, reason="cancelled", by="pass", cancels=True
    )
    try:
        return await refund_order(runtime.peers, sold.id, request)
    except Conflict as error:
        if error.code != NothingToRefund.code:
            raise
        return RefundSplit.nothing(sold.currency)

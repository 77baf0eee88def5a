"""Cancelling: free the time and publish that at once, then refund what the policy says.

The first transaction decides, records and emits `BookingCancelled`; payments are asked next; the last transaction
records the split. `jobs.finish_cancellations` does the rest of what was interrupted.
"""

from uuid import UUID

from services.booking.bookings.domain import EVERY_PARTY, HUNDRED_PERCENT, TRANSITIONS, BookingStatus, Party
from services.booking.bookings.errors import AlreadyStarted
from services.booking.bookings.events import snapshot_of
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.bookings.service import release_seat
from services.booking.cancellations.domain import refund_due
from services.booking.cancellations.models import Cancellation
from services.booking.cancellations.repository import Cancellations, Refunds
from services.booking.cancellations.schemas import CancelledView
from services.booking.checkout.errors import NothingToRefund
from services.booking.checkout.repository import Checkouts
from services.booking.checkout.saga import Event
from services.booking.checkout.steps import advance
from services.booking.peers import preview_refund, refund_order
from services.booking.rooms.service import close_room
from services.booking.runtime import BookingRuntime
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.database import audit
from shared.database.idempotency import IdempotentOperation
from shared.database.session import Session
from shared.errors import Conflict
from shared.events.booking import BookingCancelled
from shared.internal.payments import RefundRequest, RefundSplit
from shared.messaging.outbox import emit
from shared.records.ids import derived_id
from shared.records.money import Money
from shared.records.state import IllegalTransition, transition
from shared.work.attempts import REQUEST_LEASE

CANCELLABLE = (BookingStatus.PENDING_PAYMENT, BookingStatus.CONFIRMED)


async def preview(runtime: BookingRuntime, caller: Caller, booking_id: UUID) -> RefundSplit:
    """What `cancel` would give back now; refuses what `cancel` would refuse."""
    async with runtime.db.read() as session:
        booking, party = await Bookings(session).get_as(booking_id, caller, EVERY_PARTY)
        due = await _due(session, booking, party)
    return await preview_refund(runtime.peers, booking.id, due) if due else RefundSplit.nothing(booking.currency)


async def is_own(runtime: BookingRuntime, caller: Caller, booking_id: UUID) -> bool:
    """Whether the caller booked or sells it; of one that does not exist, no."""
    async with runtime.db.read() as session:
        return await Bookings(session).is_of(booking_id, caller)


async def cancel(
    runtime: BookingRuntime, caller: Caller, booking_id: UUID, reason: str | None, once: IdempotentOperation
) -> CancelledView:
    """Cancels and refunds. Raises AlreadyStarted, or IllegalTransition for what can no longer be cancelled."""
    async with runtime.db.transaction() as session:
        await once.start(session)
        booking, party = await Bookings(session).get_as(booking_id, caller, EVERY_PARTY, lock=True)
        before = booking.status
        if party is Party.STAFF:
            caller.demand(Permission.CANCEL_FOR_OTHERS)
        cancellation = await _earlier_try(session, booking, once)
        if cancellation is None:
            cancellation = await _record(session, booking, party, reason, once.id)
            if cancellation.cancelled_by is Party.STAFF:
                await _audit(session, caller, before, cancellation)
    if cancellation.refunded_at is None:
        return await refund_cancellation(runtime, cancellation, once)
    view = CancelledView.of(_split_of(cancellation))
    async with runtime.db.autocommit() as session:
        await once.done(session, 200, view)
    return view


async def cancel_for(session: Session, by: Party, booking_id: UUID, reason: str, *, only_held: bool = False) -> None:
    """Cancels a pending or confirmed booking in place of its client or practitioner; again changes nothing.

    `finish_cancellations` refunds. With `only_held` a confirmed one stays. Raises AlreadyStarted, IllegalTransition.
    """
    booking = await Bookings(session).get(booking_id, lock=True)
    stays = only_held and booking.status is not BookingStatus.PENDING_PAYMENT
    if stays or booking.status is BookingStatus.CANCELLED:
        return
    cancellation = await _record(session, booking, by, reason, derived_id(booking.id, "left_behind"))
    cancellation.start_over()


async def refund_cancellation(
    runtime: BookingRuntime, cancellation: Cancellation, once: IdempotentOperation
) -> CancelledView:
    """Asks payments for the refund and records the split; safe to repeat."""
    request = RefundRequest(
        refund_id=derived_id(cancellation.booking_id, "cancel"),
        amount=cancellation.due,
        reason="cancelled",
        by=cancellation.cancelled_by.value,
        cancels=True,
    )
    split = await _refunded(runtime, cancellation, request)
    async with runtime.db.transaction() as session:
        booking = await Bookings(session).get(cancellation.booking_id, lock=True)
        view = CancelledView.of(await _finish(session, booking, request.refund_id, split))
        await once.done(session, 200, view)
    return view


async def _due(session: Session, booking: Booking, by: Party) -> Money:
    """What the policy gives back now; nothing was paid yet for a pending booking.

    A session of a membership goes back whole, or is used.
    """
    now = session.now()
    if booking.status is BookingStatus.PENDING_PAYMENT:
        return Money.zero(booking.currency)
    if booking.status in {BookingStatus.CONFIRMED, BookingStatus.IN_PROGRESS} and booking.start_time <= now:
        raise AlreadyStarted
    if booking.status not in CANCELLABLE:
        raise IllegalTransition(f"This cannot go from {booking.status.value} to cancelled.")
    percent = booking.terms.percent_back(by, now)
    if booking.by_membership and percent < HUNDRED_PERCENT:
        return Money.zero(booking.currency)
    return refund_due(booking.value, await Refunds(session).total_of(booking), percent)


async def _earlier_try(session: Session, booking: Booking, once: IdempotentOperation) -> Cancellation | None:
    if booking.status is not BookingStatus.CANCELLED or not once.resumed:
        return None
    found = await Cancellations(session).find_of(booking.id)
    return found if found is not None and found.id == once.id else None


async def _record(
    session: Session, booking: Booking, party: Party, reason: str | None, operation_id: UUID
) -> Cancellation:
    due = await _due(session, booking, party)
    cancellation = Cancellation(
        id=operation_id,
        booking_id=booking.id,
        cancelled_by=party,
        reason=reason,
        due_amount=due.amount,
        currency=due.currency,
        card_amount=0,
        credits_amount=0,
        created_at=session.now(),
    )
    cancellation.lease(REQUEST_LEASE)
    session.add(cancellation)
    if booking.status is BookingStatus.PENDING_PAYMENT:
        await _abandon(session, booking, cancellation)
    else:
        await _free_time(session, booking)
        await _publish(session, booking, cancellation)
    return cancellation


async def _audit(session: Session, caller: Caller, before: BookingStatus, cancellation: Cancellation) -> None:
    was, after = {"status": before.value}, {"status": BookingStatus.CANCELLED.value}
    booking_id, reason = cancellation.booking_id, cancellation.reason
    await audit.record(session, caller.user_id, "booking.cancel", booking_id, was, after, reason=reason)


async def _abandon(session: Session, booking: Booking, cancellation: Cancellation) -> None:
    """A pending booking: nothing is to be refunded, the saga closes the order (and refunds what it finds paid)."""
    await advance(session, await Checkouts(session).get(booking.id, lock=True), Event.ABANDONED)
    cancellation.refunded_at = session.now()
    cancellation.succeeded()
    _emit(session, booking, cancellation, kept=Money.zero(booking.currency), was_confirmed=False)


async def _free_time(session: Session, booking: Booking) -> None:
    transition(booking, BookingStatus.CANCELLED, TRANSITIONS)
    booking.cancelled_at = session.now()
    left = await release_seat(session, booking)
    if left is not None:
        await close_room(session, booking, left)


async def _refunded(runtime: BookingRuntime, cancellation: Cancellation, request: RefundRequest) -> RefundSplit:
    """Staff may have given everything back before: then nothing is left, and that is no failure here."""
    try:
        return await refund_order(runtime.peers, cancellation.booking_id, request)
    except Conflict as error:
        if error.code != NothingToRefund.code:
            raise
        return RefundSplit.nothing(cancellation.currency)


async def _finish(session: Session, booking: Booking, refund_id: UUID, split: RefundSplit) -> RefundSplit:
    cancellation = await Cancellations(session).find_of(booking.id)
    if cancellation is None:
        raise IllegalTransition("This booking has no cancellation.")
    if cancellation.refunded_at is not None:
        return _split_of(cancellation)
    await Refunds(session).note(refund_id, booking.id, split)
    cancellation.card_amount, cancellation.credits_amount = split.card.amount, split.credits.amount
    cancellation.refunded_at = session.now()
    cancellation.succeeded()
    return split


async def _publish(session: Session, booking: Booking, cancellation: Cancellation) -> None:
    """Of a confirmed booking, the money neither back already nor due is kept."""
    gone = await Refunds(session).total_of(booking) + cancellation.due
    kept = max(booking.value - gone, Money.zero(booking.currency))
    _emit(session, booking, cancellation, kept=kept, was_confirmed=True)


def _emit(session: Session, booking: Booking, cancellation: Cancellation, *, kept: Money, was_confirmed: bool) -> None:
    emit(
        session,
        BookingCancelled(
            booking=snapshot_of(booking),
            line_id=booking.line_id,
            cancelled_by=cancellation.cancelled_by.value,
            reason=cancellation.reason,
            refund_due=min(cancellation.due, booking.total),
            kept=kept,
            was_confirmed=was_confirmed,
            cancelled_at=cancellation.created_at,
        ),
    )


def _split_of(cancellation: Cancellation) -> RefundSplit:
    currency = cancellation.currency
    return RefundSplit(
        card=Money(cancellation.card_amount, currency), credits=Money(cancellation.credits_amount, currency)
    )

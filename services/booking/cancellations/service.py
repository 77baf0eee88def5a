"""Cancelling: free the time and tell the others at once, then give back what the policy says.

The first transaction decides, records and emits `BookingCancelled`; payments are asked next; the last transaction
records the split. `jobs.finish_cancellations` does the rest of what was interrupted.
"""

from datetime import timedelta
from uuid import UUID

from services.booking import audit
from services.booking.bookings.domain import TRANSITIONS, BookingStatus, Party
from services.booking.bookings.events import snapshot_of
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.bookings.service import party_of
from services.booking.cancellations.domain import refund_due
from services.booking.cancellations.models import Cancellation
from services.booking.cancellations.repository import Cancellations, Refunds
from services.booking.cancellations.schemas import CancelledView, RefundBody, RefundView
from services.booking.checkout.saga import Event
from services.booking.checkout.steps import advance
from services.booking.errors import AlreadyStarted, NothingToRefund
from services.booking.peers import RefundRequest, RefundSplit, preview_refund, refund_order
from services.booking.reservations.repository import Reservations
from services.booking.rooms.service import close_room
from services.booking.runtime import BookingRuntime
from shared.auth.verification import Who
from shared.database.idempotency import Operation
from shared.database.session import Session
from shared.errors import Conflict, ConflictOfInterest, Invalid, NotFound
from shared.events.booking import BookingCancelled
from shared.messaging.outbox import emit
from shared.records.clock import machine_now
from shared.records.ids import derived_id
from shared.records.money import Money, check_amount
from shared.records.state import IllegalTransition, transition

REQUEST_LEASE = timedelta(seconds=5)  # for so long no job asks payments what the request is asking
CANCELLABLE = (BookingStatus.PENDING_PAYMENT, BookingStatus.CONFIRMED)


async def preview(runtime: BookingRuntime, who: Who, booking_id: UUID) -> RefundSplit:
    """What `cancel` would give back now; refuses what `cancel` would refuse."""
    async with runtime.db.read() as session:
        booking = await Bookings(session).get_visible(booking_id, who, staff=True)
        due = await _due(session, who, booking)
    return await preview_refund(runtime.peers, booking.id, due) if due else RefundSplit.nothing(booking.currency)


async def cancel(
    runtime: BookingRuntime, who: Who, booking_id: UUID, reason: str | None, once: Operation
) -> CancelledView:
    """Cancels and refunds. Raises AlreadyStarted, or IllegalTransition for what can no longer be cancelled."""
    async with runtime.db.transaction() as session:
        await once.start(session)
        booking = await Bookings(session).get_visible(booking_id, who, lock=True, staff=True)
        cancellation = await _earlier_try(session, booking, once)
        if cancellation is None:
            cancellation = await _record(session, who, booking, reason, once.id)
    if cancellation.refunded_at is None:
        return await give_back(runtime, booking, cancellation, once)
    view = CancelledView.of(_split_of(cancellation))
    async with runtime.db.transaction() as session:
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
    user_id = booking.client_id if by is Party.CLIENT else booking.practitioner_user_id
    who = Who(user_id=user_id, roles=frozenset(), practitioner_id=None, session_id=user_id)
    cancellation = await _record(session, who, booking, reason, derived_id(booking.id, "left_behind"))
    cancellation.attempt_at = machine_now()


async def give_back(
    runtime: BookingRuntime, booking: Booking, cancellation: Cancellation, once: Operation
) -> CancelledView:
    """Asks payments for the refund and records the split; safe to repeat."""
    request = RefundRequest(
        refund_id=derived_id(booking.id, "cancel"),
        amount=cancellation.due,
        reason="cancelled",
        by=cancellation.cancelled_by.value,
        cancels=True,
    )
    split = await _refunded(runtime, booking, request)
    async with runtime.db.transaction() as session:
        booking = await Bookings(session).get(booking.id, lock=True)
        view = CancelledView.of(await _finish(session, booking, request.refund_id, split))
        await once.done(session, 200, view)
    return view


async def refund_by_staff(
    runtime: BookingRuntime, who: Who, booking_id: UUID, wanted: RefundBody, once: Operation
) -> RefundView:
    """Gives back whatever the policy says; the booking stays as it is.

    Raises NothingToRefund, and ConflictOfInterest where the caller has a part in the booking.
    """
    if wanted.amount is not None:
        check_amount(wanted.amount, runtime.settings.currency, "amount")
    async with runtime.db.transaction() as session:
        await once.start(session)
        booking = await Bookings(session).get(booking_id)
        if party_of(booking, who) is not Party.STAFF:
            raise ConflictOfInterest
        before = {"refunded": (await Refunds(session).total_of(booking)).amount}
        await audit.begin(session, once.id, who, "booking.refund", booking.id, before, {"reason": wanted.reason})
    request = RefundRequest(once.id, wanted.amount, "staff", Party.STAFF.value, cancels=False)
    split = await _asked_by_staff(runtime, booking, request)
    view = RefundView.of(split)
    async with runtime.db.transaction() as session:
        await note_refund(session, request.refund_id, booking.id, split)
        await once.done(session, 200, view)
    return view


async def note_refund(session: Session, refund_id: UUID, booking_id: UUID, split: RefundSplit) -> None:
    """Stores what went back, once, and completes the audit row of staff who asked for it."""
    booking = await Bookings(session).get(booking_id, lock=True)
    await Refunds(session).note(refund_id, booking_id, split)
    refunded = (await Refunds(session).total_of(booking)).amount
    await audit.complete(session, refund_id, {"refunded": refunded})


async def note_refund_failed(session: Session, refund_id: UUID, booking_id: UUID) -> None:
    """Counts the card's part of a refund no longer; what settles it later is a refund of its own."""
    await Bookings(session).get(booking_id, lock=True)
    await Refunds(session).card_came_back(refund_id)


async def _asked_by_staff(runtime: BookingRuntime, booking: Booking, request: RefundRequest) -> RefundSplit:
    """As payments answers; a refusal is kept in the audit row, an unknown outcome leaves it open."""
    try:
        return await refund_order(runtime.peers, booking.id, request)
    except (Conflict, Invalid, NotFound) as error:
        async with runtime.db.transaction() as session:
            await audit.complete(session, request.refund_id, {"refused": error.code})
        raise


async def _due(session: Session, who: Who, booking: Booking) -> Money:
    """What the policy gives back now; nothing was paid yet for a pending booking."""
    now = session.now()
    if booking.status is BookingStatus.PENDING_PAYMENT:
        return Money.zero(booking.currency)
    if booking.status in {BookingStatus.CONFIRMED, BookingStatus.IN_PROGRESS} and booking.start_time <= now:
        raise AlreadyStarted
    if booking.status not in CANCELLABLE:
        raise IllegalTransition(f"This cannot go from {booking.status.value} to cancelled.")
    percent = booking.terms.percent_back(party_of(booking, who), now)
    return refund_due(booking.total, await Refunds(session).total_of(booking), percent)


async def _earlier_try(session: Session, booking: Booking, once: Operation) -> Cancellation | None:
    if booking.status is not BookingStatus.CANCELLED or not once.resumed:
        return None
    found = await Cancellations(session).find_of(booking.id)
    return found if found is not None and found.id == once.id else None


async def _record(session: Session, who: Who, booking: Booking, reason: str | None, operation_id: UUID) -> Cancellation:
    due = await _due(session, who, booking)
    party = party_of(booking, who)
    if party is Party.STAFF:
        after = {"status": BookingStatus.CANCELLED.value, "reason": reason}
        audit.record(session, who, "booking.cancel", booking.id, {"status": booking.status.value}, after)
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
        attempt_at=machine_now() + REQUEST_LEASE,
    )
    session.add(cancellation)
    if booking.status is BookingStatus.PENDING_PAYMENT:
        await _give_up(session, booking, cancellation)
    else:
        await _free_time(session, booking)
        await _tell(session, booking, cancellation)
    return cancellation


async def _give_up(session: Session, booking: Booking, cancellation: Cancellation) -> None:
    """A pending booking: nothing is to be refunded, the saga closes the order (and refunds what it finds paid)."""
    await advance(session, booking, Event.ABANDONED)
    cancellation.refunded_at = session.now()
    _emit(session, booking, cancellation, kept=Money.zero(booking.currency), was_confirmed=False)


async def _free_time(session: Session, booking: Booking) -> None:
    transition(booking, BookingStatus.CANCELLED, TRANSITIONS)
    booking.cancelled_at = session.now()
    left = await Reservations(session).release(booking)
    if left is not None:
        await close_room(session, booking, left)


async def _refunded(runtime: BookingRuntime, booking: Booking, request: RefundRequest) -> RefundSplit:
    """Staff may have given everything back before: then nothing is left, and that is no failure here."""
    try:
        return await refund_order(runtime.peers, booking.id, request)
    except Conflict as error:
        if error.code != NothingToRefund.code:
            raise
        return RefundSplit.nothing(booking.currency)


async def _finish(session: Session, booking: Booking, refund_id: UUID, split: RefundSplit) -> RefundSplit:
    cancellation = await Cancellations(session).find_of(booking.id)
    if cancellation is None:
        raise IllegalTransition("This booking has no cancellation.")
    if cancellation.refunded_at is not None:
        return _split_of(cancellation)
    await Refunds(session).note(refund_id, booking.id, split)
    cancellation.card_amount, cancellation.credits_amount = split.card.amount, split.credits.amount
    cancellation.refunded_at = session.now()
    return split


async def _tell(session: Session, booking: Booking, cancellation: Cancellation) -> None:
    """Of a confirmed booking, the money neither back already nor due is kept."""
    gone = await Refunds(session).total_of(booking) + cancellation.due
    kept = max(booking.total - gone, Money.zero(booking.currency))
    _emit(session, booking, cancellation, kept=kept, was_confirmed=True)


def _emit(session: Session, booking: Booking, cancellation: Cancellation, *, kept: Money, was_confirmed: bool) -> None:
    emit(
        session,
        BookingCancelled(
            booking=snapshot_of(booking),
            cancelled_by=cancellation.cancelled_by.value,
            reason=cancellation.reason,
            refund_due=cancellation.due,
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

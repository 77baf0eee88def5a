"""Cancelling: free the time and publish that at once, then refund what the policy says.

The first transaction decides, records and emits `BookingCancelled`; payments are asked next; the last transaction
records the split. `jobs.finish_cancellations` does the rest of what was interrupted.
"""

from collections.abc import Sequence
from uuid import UUID

from services.booking.bookings.domain import EVERY_PARTY, OVER, TRANSITIONS, BookingKind, BookingStatus, Party
from services.booking.bookings.events import snapshot_of
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.bookings.service import follow_parts, publish_finish
from services.booking.cancellations.domain import total
from services.booking.cancellations.models import Cancellation
from services.booking.cancellations.pass_sessions import settle_session
from services.booking.cancellations.repository import Cancellations, Refunds
from services.booking.cancellations.schemas import CancelledView
from services.booking.cancellations.shares import UNPAID, Share, owe_fee, shares
from services.booking.checkout.errors import NothingToRefund
from services.booking.checkout.repository import Checkouts
from services.booking.checkout.saga import Event
from services.booking.checkout.steps import advance
from services.booking.holds.seats import release_seat
from services.booking.peers import preview_refund, refund_order
from services.booking.rooms.service import close_room
from services.booking.runtime import BookingRuntime
from services.booking.sessions.models import CalendarSession
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


async def preview(runtime: BookingRuntime, caller: Caller, booking_id: UUID) -> RefundSplit:
    """What `cancel` would give back now; refuses what `cancel` would refuse."""
    async with runtime.db.read() as session:
        booking, party = await Bookings(session).get_as(booking_id, caller, EVERY_PARTY)
        due = total([each.due for each in await shares(session, booking, party)], booking.currency)
    if not due:
        return RefundSplit.nothing(booking.currency)
    return await preview_refund(runtime.peers, booking.charged_as, due)


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
        await lock_parts(session, (await Bookings(session).get_as(booking_id, caller, EVERY_PARTY))[0])
        booking, party = await Bookings(session).get_as(booking_id, caller, EVERY_PARTY, lock=True)
        before = booking.status
        if party is Party.STAFF:
            caller.demand(Permission.CANCEL_FOR_OTHERS)
        cancellation = await _earlier_try(session, booking, once)
        if cancellation is None:
            cancellation = await record(session, booking, party, reason, once.id)
            if cancellation.cancelled_by is Party.STAFF:
                await _audit(session, caller, before, cancellation)
    if cancellation.refunded_at is None:
        return await refund_cancellation(runtime, cancellation, once)
    view = CancelledView.of(_split_of(cancellation))
    async with runtime.db.autocommit() as session:
        await once.done(session, 200, view)
    return view


async def refund_cancellation(
    runtime: BookingRuntime, cancellation: Cancellation, once: IdempotentOperation
) -> CancelledView:
    """Asks payments for the refund and records the split; safe to repeat."""
    async with runtime.db.read() as session:
        booking = await Bookings(session).get(cancellation.booking_id)
        request = await _request(session, booking, cancellation)
    split = await _refunded(runtime, booking.charged_as, request, cancellation.currency)
    async with runtime.db.transaction() as session:
        booking = await Bookings(session).get(cancellation.booking_id, lock=True)
        view = CancelledView.of(await _finish(session, booking, request.refund_id, split))
        await once.done(session, 200, view)
    return view


async def lock_parts(session: Session, booking: Booking) -> None:
    """Whoever locks a parent and its parts locks the parts first."""
    if booking.is_parent:
        await Bookings(session).lock_parts(booking.id)


async def _request(session: Session, booking: Booking, cancellation: Cancellation) -> RefundRequest:
    """Of an order of several lines those of the seats that were given up."""
    request = RefundRequest(
        refund_id=derived_id(booking.id, "cancel"),
        amount=cancellation.due,
        reason="cancelled",
        by=cancellation.cancelled_by.value,
        cancels=True,
    )
    if booking.kind is BookingKind.SINGLE and booking.pass_id is None:
        return request
    lines = await Cancellations(session).lines_of(cancellation)
    return request.model_copy(update={"amount": None, "lines": lines} if lines else {})


async def _earlier_try(session: Session, booking: Booking, once: IdempotentOperation) -> Cancellation | None:
    if booking.status is not BookingStatus.CANCELLED or not once.resumed:
        return None
    found = await Cancellations(session).find_of(booking.id)
    return found if found is not None and found.id == once.id else None


async def record(
    session: Session, booking: Booking, party: Party, reason: str | None, operation_id: UUID
) -> Cancellation:
    """Cancels the locked booking, whose parts are locked too; only the refund is still to be made.

    Raises AlreadyStarted, CancelCourse, IllegalTransition.
    """
    given = await shares(session, booking, party)
    due = total([each.due for each in given], booking.currency)
    cancellation = _new(session, booking, party, reason, operation_id, due)
    cancellation.lease(REQUEST_LEASE)
    session.add(cancellation)
    if booking.status in UNPAID:
        await _abandon(session, booking, cancellation)
    elif booking.is_parent:
        await _cancel_parts(session, booking, cancellation, given)
    else:
        left = await _free_time(session, booking, party)
        await _publish(session, booking, cancellation, left)
        await _follow(session, booking, cancellation)
    return cancellation


def _new(
    session: Session, booking: Booking, party: Party, reason: str | None, operation_id: UUID, due: Money
) -> Cancellation:
    return Cancellation(
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


async def _cancel_parts(session: Session, parent: Booking, cancellation: Cancellation, given: Sequence[Share]) -> None:
    """All that is open of it; their refund is the parent's."""
    await session.flush()
    for part, due in given:
        own_id = derived_id(cancellation.id, str(part.id))
        own = _new(session, part, cancellation.cancelled_by, cancellation.reason, own_id, due)
        own.part_of = cancellation.id
        session.add(own)
        await _publish(session, part, own, await _free_time(session, part, own.cancelled_by))
        await follow_parts(session, part)
    _emit(session, parent, cancellation, kept=Money.zero(parent.currency), was_confirmed=True)
    if parent.status in OVER:
        publish_finish(session, parent, session.now())
    else:
        parent.cancelled_at = session.now()


async def _follow(session: Session, part: Booking, cancellation: Cancellation) -> None:
    """A parent whose last open part this was is over too, or cancelled, for which nothing is left to be refunded."""
    parent = await follow_parts(session, part)
    if parent is None:
        return
    if parent.status in OVER:
        publish_finish(session, parent, session.now())
        return
    nothing, now = Money.zero(parent.currency), session.now()
    own_id = derived_id(cancellation.id, str(parent.id))
    whole = _new(session, parent, cancellation.cancelled_by, cancellation.reason, own_id, nothing)
    whole.refunded_at = parent.cancelled_at = now
    session.add(whole)
    _emit(session, parent, whole, kept=nothing, was_confirmed=True, by_itself=False)


async def _audit(session: Session, caller: Caller, before: BookingStatus, cancellation: Cancellation) -> None:
    was, after = {"status": before.value}, {"status": BookingStatus.CANCELLED.value}
    booking_id, reason = cancellation.booking_id, cancellation.reason
    await audit.record(session, caller.user_id, "booking.cancel", booking_id, was, after, reason=reason)


async def _abandon(session: Session, booking: Booking, cancellation: Cancellation) -> None:
    """A pending booking, or a request: nothing is to be refunded; the saga closes the order, or refunds it if paid."""
    checkout = await Checkouts(session).get(booking.id, lock=True)
    await advance(session, checkout, Event.ABANDONED)
    nothing = Money.zero(booking.currency)
    for part in checkout.bookings[:-1]:
        own_id = derived_id(cancellation.id, str(part.id))
        own = _new(session, part, cancellation.cancelled_by, cancellation.reason, own_id, nothing)
        own.refunded_at = session.now()
        session.add(own)
        _emit(session, part, own, kept=nothing, was_confirmed=False, by_itself=False)
    cancellation.refunded_at = session.now()
    cancellation.succeeded()
    _emit(session, booking, cancellation, kept=nothing, was_confirmed=False)


async def _free_time(session: Session, booking: Booking, by: Party) -> CalendarSession | None:
    await owe_fee(session, booking, by)
    transition(booking, BookingStatus.CANCELLED, TRANSITIONS)
    booking.cancelled_at = session.now()
    left = await release_seat(session, booking)
    if left is not None:
        await close_room(session, booking, left)
    return left


async def _refunded(runtime: BookingRuntime, purchase_id: UUID, request: RefundRequest, currency: str) -> RefundSplit:
    """Staff may have given everything back before: then nothing is left, and that is no failure here."""
    try:
        return await refund_order(runtime.peers, purchase_id, request)
    except Conflict as error:
        if error.code != NothingToRefund.code:
            raise
        return RefundSplit.nothing(currency)


async def _finish(session: Session, booking: Booking, refund_id: UUID, split: RefundSplit) -> RefundSplit:
    cancellation = await Cancellations(session).find_of(booking.id)
    if cancellation is None:
        raise IllegalTransition("This booking has no cancellation.")
    if cancellation.refunded_at is not None:
        return _split_of(cancellation)
    if booking.is_parent:
        await Cancellations(session).finish_parts(cancellation)  # what went back of which comes with the event
    else:
        await Refunds(session).note(refund_id, booking.id, split)
    cancellation.card_amount, cancellation.credits_amount = split.card.amount, split.credits.amount
    cancellation.refunded_at = session.now()
    cancellation.succeeded()
    return split


async def _publish(
    session: Session, booking: Booking, cancellation: Cancellation, left: CalendarSession | None
) -> None:
    """Of a confirmed booking, the money neither back already nor due is kept."""
    gone = await Refunds(session).total_of(booking) + cancellation.due
    kept = max(booking.value - gone, Money.zero(booking.currency))
    if await settle_session(session, booking, cancellation):
        kept = Money.zero(booking.currency)
    with_session = left.id if left is not None and left.cancelled_at is not None else None
    _emit(session, booking, cancellation, kept=kept, was_confirmed=True, with_session=with_session)


def _emit(
    session: Session,
    booking: Booking,
    cancellation: Cancellation,
    *,
    kept: Money,
    was_confirmed: bool,
    by_itself: bool = True,
    with_session: UUID | None = None,
) -> None:
    emit(
        session,
        BookingCancelled(
            booking=snapshot_of(booking),
            line_id=booking.line_id,
            cancelled_by=cancellation.cancelled_by.value,
            reason=cancellation.reason,
            refund_due=cancellation.due if booking.pass_id else min(cancellation.due, booking.total),
            kept=kept,
            was_confirmed=was_confirmed,
            cancelled_at=cancellation.created_at,
            by_itself=by_itself and cancellation.part_of is None,
            cancelled_session_id=with_session,
        ),
    )


def _split_of(cancellation: Cancellation) -> RefundSplit:
    card, credits, currency = cancellation.card_amount, cancellation.credits_amount, cancellation.currency
    return RefundSplit(card=Money(card, currency), credits=Money(credits, currency))

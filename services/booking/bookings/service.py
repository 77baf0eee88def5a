"""What people do with a booking that exists: note, finish."""

from datetime import datetime
from uuid import UUID

from services.booking.bookings.domain import (
    OVER,
    RUNNING,
    TRANSITIONS,
    BookingStatus,
    Mark,
    ended_as,
    has_ended,
    may_correct,
    status_of_parent,
    times_of_parent,
)
from services.booking.bookings.errors import NotEnded
from services.booking.bookings.events import snapshot_of
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.fee_terms.domain import FeeCause
from services.booking.fee_terms.service import fall_due, withdraw
from services.booking.passes.service import finish_session
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.events.booking import AttendanceRecorded, BookingCompleted, BookingNoShow
from shared.messaging.outbox import emit
from shared.records.state import IllegalTransition, transition

FINISHED = {BookingStatus.COMPLETED: BookingCompleted, BookingStatus.NO_SHOW: BookingNoShow}


async def write_notes(session: Session, caller: Caller, booking_id: UUID, notes: str | None) -> Booking:
    """The client's notes for the practitioner."""
    booking = await Bookings(session).get_of_client(booking_id, caller, lock=True)
    booking.notes = notes
    return booking


async def finish(session: Session, caller: Caller, booking_id: UUID, as_: BookingStatus) -> Booking:
    """The practitioner says after the end how it went: completed or no-show. The same again changes nothing.

    A no-show is said, or a completed booking corrected to one, until 24 h after the end; IllegalTransition later.
    """
    booking = await Bookings(session).get_of_practitioner(booking_id, caller, lock=True)
    if booking.status is as_:
        return booking
    if booking.is_parent:
        raise IllegalTransition("The sessions of this booking end one by one.")
    now = session.now()
    if booking.status in RUNNING and not has_ended(booking.end_time, now):
        raise NotEnded
    if as_ is BookingStatus.NO_SHOW and not may_correct(booking.end_time, now):
        raise IllegalTransition("A booking becomes a no_show until 24 hours after its end.")
    if as_ is BookingStatus.NO_SHOW:
        record_mark(session, booking, Mark.ABSENT)
    elif BookingStatus.NO_SHOW in {booking.status, ended_as(booking.mark)}:
        raise IllegalTransition("A booking whose client did not come is not completed; mark that they came instead.")
    await mark_finished(session, booking, as_, booking.completed_at or now)
    return booking


def record_mark(session: Session, booking: Booking, mark: Mark) -> None:
    """What the practitioner says now of whether the client came; the booking is locked. The same changes nothing."""
    if booking.mark is mark:
        return
    booking.mark = mark
    seat = {"booking_id": booking.id, "session_id": booking.session_id}
    emit(session, AttendanceRecorded(**seat, attendance=mark.value))


async def mark_finished(session: Session, booking: Booking, as_: BookingStatus, at: datetime) -> None:
    """Ends a booking whose lock is held; its earning's hold period counts from `at`. Its parent may end with it."""
    if as_ is BookingStatus.NO_SHOW:
        await fall_due(session, booking.id, FeeCause.NO_SHOW)
    elif booking.status is BookingStatus.NO_SHOW:
        await withdraw(session, booking.id)
    transition(booking, as_, TRANSITIONS)
    booking.completed_at = at
    if booking.pass_id is not None and booking.pass_session_id is not None:
        await finish_session(session, booking.pass_id, booking.pass_session_id)
    emit(session, FINISHED[as_](booking=snapshot_of(booking), line_id=booking.line_id, completed_at=at))
    parent = await follow_parts(session, booking)
    if parent is not None and parent.status in OVER:
        publish_finish(session, parent, at)


def publish_finish(session: Session, parent: Booking, at: datetime) -> None:
    """A parent is over, whose parts have ended one by one."""
    parent.completed_at = at
    emit(session, FINISHED[parent.status](booking=snapshot_of(parent), completed_at=at))


async def follow_parts(session: Session, part: Booking) -> Booking | None:
    """The part's parent, locked, with the times that its parts have now, if it is another one's part.

    Answers it only where it stands otherwise than before. Whoever locks both locks the part first.
    """
    if part.parent_id is None:
        return None
    await session.flush()
    parent = await Bookings(session).get(part.parent_id, lock=True)
    parts = [each.part for each in (await Bookings(session).parts_of([parent.id]))[parent.id]]
    parent.start_time, parent.end_time = times_of_parent(parts)
    status = status_of_parent(parent.status, parts)
    if status is parent.status:
        return None
    transition(parent, status, TRANSITIONS)
    return parent

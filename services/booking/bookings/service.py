"""What people write of a booking that exists, and how it ends."""

from datetime import datetime
from uuid import UUID

from services.booking.bookings.domain import (
    OVER,
    TRANSITIONS,
    BookingStatus,
    Mark,
    status_of_parent,
    times_of_parent,
)
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
from shared.records.state import transition

FINISHED = {BookingStatus.COMPLETED: BookingCompleted, BookingStatus.NO_SHOW: BookingNoShow}


async def write_notes(session: Session, caller: Caller, booking_id: UUID, notes: str | None) -> Booking:
    """The client's notes for the practitioner."""
    booking = await Bookings(session).get_of_client(booking_id, caller, lock=True)
    booking.notes = notes
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

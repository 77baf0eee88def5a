"""Recording who came, and so how bookings ended. The last mark of a booking stands, whoever set it before."""

from collections.abc import Sequence
from uuid import UUID

from services.booking.attendance.domain import may_check_in, may_mark
from services.booking.attendance.errors import NotNow
from services.booking.attendance.schemas import MarkBody, RosterEntry
from services.booking.bookings.domain import (
    OVER,
    RUNNING,
    BookingStatus,
    Mark,
    ended_as,
    has_ended,
    may_correct,
)
from services.booking.bookings.errors import NotEnded
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.bookings.service import mark_finished, record_mark
from services.booking.certificates.service import issue_if_earned
from services.booking.people.repository import Names
from services.booking.sessions.models import CalendarSession
from services.booking.sessions.repository import Sessions
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.errors import NotFound
from shared.records.names import NameForm
from shared.records.state import IllegalTransition


async def roster(session: Session, caller: Caller, session_id: UUID, names: NameForm) -> list[RosterEntry]:
    """Who comes to one's own session, or came."""
    await _own(session, caller, session_id)
    bookings = await Bookings(session).roster_of(session_id)
    known = await Names(session).of({booking.client_id for booking in bookings}, names)
    return [RosterEntry.of(booking, known, session.now()) for booking in bookings]


async def record_attendance(session: Session, caller: Caller, session_id: UUID, marks: Sequence[MarkBody]) -> None:
    """Marks who came to one's own session; the same marks again change nothing.

    Until 24 hours after its end a mark also says how the booking ended: `absent` is a no-show, anything else completed.
    Raises NotFound for a booking that has no seat in the session, NotNow.
    """
    await _own(session, caller, session_id)
    comes = {*RUNNING, *OVER}
    booked = {each.id: each for each in await Bookings(session).of_session(session_id) if each.status in comes}
    held = await _own(session, caller, session_id)  # its times, which nobody changes while its bookings are locked
    if not may_mark(held.start_time, held.end_time, session.now()):
        raise NotNow
    for index, mark in enumerate(marks):
        if mark.booking_id not in booked:
            raise NotFound(field=f"marks.{index}.booking_id")
    last = {mark.booking_id: mark.attendance for mark in marks}
    for booking in sorted((booked[booking_id] for booking_id in last), key=_by_purchase):
        await _mark(session, booking, last[booking.id])
        await _conclude(session, booking)


async def check_in(session: Session, caller: Caller, code: str) -> Booking:
    """The client of one's own booking is there; again changes nothing. One who was marked as late stays late.

    Raises NotFound for an unknown code, NotNow, and IllegalTransition for a booking that does not take place.
    """
    booking = await Bookings(session).get_by_code(code, caller)
    if booking.checked_in_at is not None:
        return booking
    if not may_check_in(booking.start_time, booking.end_time, session.now()):
        raise NotNow
    if booking.status not in RUNNING:
        raise IllegalTransition(f"Nobody is checked in with a booking that is {booking.status.value}.")
    booking.checked_in_at = session.now()
    await _mark(session, booking, Mark.LATE if booking.mark is Mark.LATE else Mark.ATTENDED)
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
    if booking.status not in {*RUNNING, *OVER}:
        raise IllegalTransition(f"This cannot go from {booking.status.value} to {as_.value}.")
    now = session.now()
    if booking.status in RUNNING and not has_ended(booking.end_time, now):
        raise NotEnded
    if as_ is BookingStatus.NO_SHOW and not may_correct(booking.end_time, now):
        raise IllegalTransition("A booking becomes a no_show until 24 hours after its end.")
    if as_ is BookingStatus.NO_SHOW:
        await _mark(session, booking, Mark.ABSENT)
    elif BookingStatus.NO_SHOW in {booking.status, ended_as(booking.mark)}:
        said = f"This cannot go from {booking.status.value} to completed: its client did not come."
        raise IllegalTransition(f"{said} Mark that they came instead.")
    await mark_finished(session, booking, as_, booking.completed_at or now)
    return booking


async def _mark(session: Session, booking: Booking, mark: Mark) -> None:
    record_mark(session, booking, mark)
    await issue_if_earned(session, booking)


async def _conclude(session: Session, booking: Booking) -> None:
    now = session.now()
    ended = ended_as(booking.mark)
    is_decided = has_ended(booking.end_time, now) and may_correct(booking.end_time, now)
    if is_decided and booking.status is not ended:
        await mark_finished(session, booking, ended, booking.completed_at or now)


def _by_purchase(booking: Booking) -> UUID:
    """Parents are locked after their parts, in one order whichever session is marked."""
    return booking.parent_id or booking.id


async def _own(session: Session, caller: Caller, session_id: UUID) -> CalendarSession:
    found = await Sessions(session).find(session_id)
    if found is None or found.practitioner_id != caller.practitioner_id:
        raise NotFound
    return found

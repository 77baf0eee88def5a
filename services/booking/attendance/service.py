"""Recording who came. The last mark of a booking stands, whoever set it before."""

from collections.abc import Sequence
from uuid import UUID

from services.booking.attendance.domain import may_check_in, may_mark
from services.booking.attendance.errors import NotNow
from services.booking.attendance.schemas import MarkBody, RosterEntry
from services.booking.bookings.domain import OVER, RUNNING, Mark, ended_as, has_ended, may_correct
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.bookings.service import mark_finished, record_mark
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
    for booking_id, attendance in {mark.booking_id: mark.attendance for mark in marks}.items():
        record_mark(session, booked[booking_id], attendance)
        await _conclude(session, booked[booking_id])


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
    record_mark(session, booking, Mark.LATE if booking.mark is Mark.LATE else Mark.ATTENDED)
    return booking


async def _conclude(session: Session, booking: Booking) -> None:
    now = session.now()
    ended = ended_as(booking.mark)
    is_decided = has_ended(booking.end_time, now) and may_correct(booking.end_time, now)
    if is_decided and booking.status is not ended:
        await mark_finished(session, booking, ended, booking.completed_at or now)


async def _own(session: Session, caller: Caller, session_id: UUID) -> CalendarSession:
    found = await Sessions(session).find(session_id)
    if found is None or found.practitioner_id != caller.practitioner_id:
        raise NotFound
    return found

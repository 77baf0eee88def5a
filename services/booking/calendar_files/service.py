"""Writing a booking's calendar file."""

from uuid import UUID

from services.booking.bookings.domain import OVER, RUNNING
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.runtime import BookingRuntime
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.records.calendar_files import CalendarEvent, Status, calendar_file


async def calendar_file_of(session: Session, runtime: BookingRuntime, caller: Caller, booking_id: UUID) -> bytes:
    """The file of a booking of which the caller is a side: its sessions as they stand now, without people (BK-12)."""
    booking, _ = await Bookings(session).get_as(booking_id, caller)
    sessions = (await Bookings(session).parts_of([booking.id]))[booking.id] if booking.is_parent else [booking]
    return calendar_file([_event_of(each) for each in sessions], "PUBLISH", runtime.settings.mail_from, session.now())


def _event_of(booking: Booking) -> CalendarEvent:
    return CalendarEvent(
        booking_id=booking.id,
        start_version=booking.start_version,
        status=_status_of(booking),
        start=booking.start_time,
        end=booking.end_time,
        title=booking.service_title,
        location=booking.delivery.value.replace("_", " "),
    )


def _status_of(booking: Booking) -> Status:
    if booking.status in {*RUNNING, *OVER}:
        return "CONFIRMED"
    return "CANCELLED" if booking.session_id is None else "TENTATIVE"

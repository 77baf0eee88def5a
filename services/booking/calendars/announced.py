"""Sessions that are announced before they are booked: taking the time for them, and seats in them."""

from datetime import datetime, timedelta
from uuid import UUID

from services.booking.calendars.repository import Dates, ServiceWithHours
from services.booking.calendars.seats import find_units, seat_of, take_units
from services.booking.calendars.service import not_offered
from services.booking.schedules.domain import StartRefused
from services.booking.sessions.repository import Seat, Sessions
from services.booking.time_off.repository import TimesOff
from shared.database.session import Session


async def announce(session: Session, seat: Seat, series_id: UUID | None) -> UUID | None:
    """`Sessions.announce` with the units that the session needs, where the time is not taken off.

    The caller has locked the service, then the calendar.
    """
    if await TimesOff(session).covers(seat.practitioner_id, seat.start, seat.end):
        return None
    units = await find_units(session, seat)
    session_id = None if units is None else await Sessions(session).announce(seat, series_id)
    if session_id is not None and units:
        await take_units(session, session_id, units, seat)
    return session_id


async def seat_at(session: Session, bookable: ServiceWithHours, start: datetime, duration: timedelta) -> Seat:
    """A seat that begins then. Where a workshop has a date it ends with that; raises StartNotOffered where it has none.

    The dates of a course are not sold one by one.
    """
    service = bookable.service
    if not service.has_dates:
        return seat_of(bookable, start, start + duration)
    date = await Dates(session).find_at(service.service_id, start)
    if date is None or service.service_type != "workshop":
        raise not_offered((StartRefused.NO_DATE, "start_time"))
    return seat_of(bookable, start, date.end_time)

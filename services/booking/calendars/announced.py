"""Sessions that are announced before they are booked: taking the time for them, and seats in them."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from services.booking.calendars.errors import LocationNotOffered
from services.booking.calendars.places import choose_location, likely_location
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


async def seat_whenever(session: Session, bookable: ServiceWithHours, start: datetime) -> Seat:
    """A seat that begins then, also where hours do not offer that; raises StartNotOffered for a date there is not."""
    service = bookable.service
    if service.has_dates:
        return await seat_at(session, bookable, start, service.rules.duration)
    return seat_of(bookable, start, start + service.rules.duration, likely_location(bookable, start))


async def seat_at(
    session: Session,
    bookable: ServiceWithHours,
    start: datetime,
    duration: timedelta,
    wanted: UUID | None = None,
    present: UUID | None = None,
) -> Seat:
    """A seat that begins then, at the location that is `wanted` or, of a move, `present`, else at the only one.

    Where a workshop has a date it ends with that; raises StartNotOffered where it has none. The dates of a course are
    not sold one by one. Raises LocationNotOffered, LocationMissing.
    """
    service = bookable.service
    if not service.has_dates:
        rules = replace(service.rules, duration=duration)
        return seat_of(bookable, start, start + duration, choose_location(bookable, start, rules, wanted, present))
    date = await Dates(session).find_at(service.service_id, start)
    if date is None or service.service_type != "workshop":
        raise not_offered((StartRefused.NO_DATE, "start_time"))
    if wanted not in {None, date.location_id}:
        raise LocationNotOffered
    return seat_of(bookable, start, date.end_time, date.location_id)

"""Taking and moving seats, where time off, limits and resources allow it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.booking.calendars.places import place_of
from services.booking.calendars.repository import ServiceWithHours
from services.booking.resources.domain import Unit
from services.booking.resources.repository import ResourceUses
from services.booking.sessions.domain import weeks_around
from services.booking.sessions.errors import SessionLimitReached, SlotTaken
from services.booking.sessions.models import CalendarSession
from services.booking.sessions.repository import Seat, Sessions
from services.booking.time_off.repository import TimesOff
from services.booking.waitlist_entries.repository import Entries
from shared.database.session import Session


def seat_of(bookable: ServiceWithHours, start: datetime, end: datetime, location_id: UUID | None) -> Seat:
    """A seat of that service at that time and location."""
    service = bookable.service
    where = (service.practitioner_id, service.service_id)
    return Seat(
        *(*where, start, end, service.rules, bookable.limits, service.needs),
        announced=service.has_dates,
        location_id=location_id,
        place_id=place_of(bookable, location_id),
        travel=bookable.travel,
    )


async def take_seat(session: Session, seat: Seat, booking_id: UUID | None) -> UUID | None:
    """`take_time_and_units`, where the time is not taken off. Raises SessionLimitReached."""
    if await TimesOff(session).covers(seat.practitioner_id, seat.start, seat.end):
        return None
    await _check_limits(session, seat)
    return await take_time_and_units(session, seat, booking_id)


async def take_time_and_units(session: Session, seat: Seat, booking_id: UUID | None) -> UUID | None:
    """`Sessions.take` with the units that the session needs. The caller has locked the seat's service."""
    units = await find_units(session, seat)
    session_id = None if units is None else await Sessions(session).take(seat, booking_id)
    if session_id is not None and units:
        await take_units(session, session_id, units, seat)
    return session_id


async def move_seats(session: Session, moved: CalendarSession, to: Seat) -> None:
    """`Sessions.move` with the units that the session needs now, where the time is not taken off; else SlotTaken.

    The caller has locked the service. Raises SessionLimitReached.
    """
    if await TimesOff(session).covers(to.practitioner_id, to.start, to.end):
        raise SlotTaken
    await _check_limits(session, to, moved)
    await ResourceUses(session).give_back(moved.id)
    units = await find_units(session, to)
    if units is None:
        raise SlotTaken
    await Entries(session).follow(moved, to.start)
    await Sessions(session).move(moved, to)
    await take_units(session, moved.id, units, to)


async def find_units(session: Session, seat: Seat) -> Sequence[Unit] | None:
    """The units that a new session of that seat takes, this transaction's until the commit; None: too few.

    One more seat in a session takes none. All lock the calendar, then resources, then sessions.
    """
    if not seat.resources:
        return ()
    await Sessions(session).lock_calendar(seat.practitioner_id)
    if await Sessions(session).is_held(seat.service_id, seat.start):
        return ()
    return await ResourceUses(session).find_free(seat.practitioner_id, seat.resources, seat.times, seat.place_id)


async def take_units(session: Session, session_id: UUID, units: Sequence[Unit], seat: Seat) -> None:
    """Gives a session those that were found for its seat."""
    if not await ResourceUses(session).take(session_id, units, seat.times):
        raise SlotTaken


async def _check_limits(session: Session, seat: Seat, moved: CalendarSession | None = None) -> None:
    """Counts sessions when it is this transaction's turn in the calendar; one more seat in a session is no session."""
    if not seat.limits:
        return
    await Sessions(session).lock_calendar(seat.practitioner_id)
    weeks = weeks_around(seat.limits, seat.start, seat.start)
    there = await Sessions(session).starting_in(seat.practitioner_id, *weeks)
    starts = [(each.service_id, each.start_time) for each in there if each is not moved]
    if (seat.service_id, seat.start) in starts:
        return
    for limits in seat.limits:
        if limits.full(start for service_id, start in starts if limits.counts(service_id))(seat.start):
            raise SessionLimitReached

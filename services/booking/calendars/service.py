"""Finding what can be booked: services that are sold now, and their openings."""

from datetime import date, datetime, timedelta
from uuid import UUID

from services.booking.calendars.domain import Calendar, OpenSlot, open_slots
from services.booking.calendars.errors import BadRange, StartNotOffered, TooManySlots
from services.booking.calendars.repository import BookedTime, ServicesWithHours, ServiceWithHours, TimeOffTaken
from services.booking.calendars.sources import BusyQuestion, BusySource
from services.booking.runtime import BookingRuntime
from services.booking.schedules.domain import (
    MOST_STARTS,
    Slot,
    StartRefused,
    first_day,
    last_day,
    latest_until,
    refusal,
    slots_between,
)
from services.booking.service_copies.service import fetch_service
from services.booking.sessions.domain import SlotRules
from services.booking.sessions.errors import SessionLimitReached, SlotTaken
from services.booking.sessions.models import CalendarSession
from services.booking.sessions.repository import Seat, Sessions
from services.booking.time_off.repository import TimesOff
from shared.database.session import Session
from shared.errors import FieldError, NotFound

LONGEST_RANGE = 31
USUAL_RANGE = 7
A_DAY = timedelta(days=1)
SOURCES: tuple[BusySource, ...] = (BookedTime(), TimeOffTaken())
SENTENCES = {
    StartRefused.TOO_SOON: "This start is in the past or too soon.",
    StartRefused.BEYOND_HORIZON: "This start is too far ahead.",
    StartRefused.OUTSIDE_HOURS: "This start is outside the practitioner's hours.",
    StartRefused.OFF_GRID: "This start is not on the service's grid.",
}


async def open_service(runtime: BookingRuntime, service_id: UUID) -> ServiceWithHours:
    """A service that can be booked now; asks catalog before it raises NotFound."""
    found = await _find(runtime, service_id)
    if found is None or (found.may_sell and not found.service.is_active):
        await fetch_service(runtime, service_id)
        found = await _find(runtime, service_id)
    if found is None or not (found.may_sell and found.service.is_active):
        raise NotFound("This service cannot be booked.")
    return found


async def _find(runtime: BookingRuntime, service_id: UUID) -> ServiceWithHours | None:
    async with runtime.db.read() as session:
        return await ServicesWithHours(session).find(service_id)


def check_start(bookable: ServiceWithHours, start: datetime, now: datetime, rules: SlotRules | None = None) -> None:
    """Raises StartNotOffered, its field error says why, unless hours, notice, horizon and grid allow the start.

    `rules` replaces the service's own.
    """
    reason = refusal(bookable.hours, rules or bookable.service.rules, start, now)
    if reason is not None:
        error = FieldError(field="start_time", message=SENTENCES[reason], code=reason.value)
        raise StartNotOffered(SENTENCES[reason], code="invalid", errors=[error])


def seat_of(bookable: ServiceWithHours, start: datetime, end: datetime) -> Seat:
    """A seat of that service at that time."""
    service = bookable.service
    return Seat(service.practitioner_id, service.service_id, start, end, service.rules, bookable.limits)


async def take_seat(session: Session, seat: Seat, booking_id: UUID | None) -> UUID | None:
    """`Sessions.take`, where the time is not taken off. The caller has locked the seat's service.

    Raises SessionLimitReached.
    """
    if await TimesOff(session).covers(seat.practitioner_id, seat.start, seat.end):
        return None
    await _check_limits(session, seat)
    return await Sessions(session).take(seat, booking_id)


async def move_seats(session: Session, moved: CalendarSession, to: Seat) -> None:
    """`Sessions.move`, where the time is not taken off; else SlotTaken. The caller has locked the service.

    Raises SessionLimitReached.
    """
    if await TimesOff(session).covers(to.practitioner_id, to.start, to.end):
        raise SlotTaken
    await _check_limits(session, to, moved)
    await Sessions(session).move(moved, to)


async def _check_limits(session: Session, seat: Seat, moved: CalendarSession | None = None) -> None:
    """Counts sessions when it is this transaction's turn in the calendar; one more seat in a session is no session."""
    if seat.limits is None:
        return
    await Sessions(session).lock_calendar(seat.practitioner_id)
    there = await Sessions(session).starting_in(seat.practitioner_id, *seat.limits.week_of(seat.start))
    others = [each for each in there if each is not moved]
    joins = any((each.service_id, each.start_time) == (seat.service_id, seat.start) for each in others)
    if not joins and seat.limits.full(each.start_time for each in others)(seat.start):
        raise SessionLimitReached


async def availability(
    runtime: BookingRuntime, practitioner_id: UUID, service_id: UUID, first: date | None, until: date | None
) -> list[OpenSlot]:
    """The slots from local day `first` (today) to `until` (exclusive; a week) that can be booked now."""
    bookable = await open_service(runtime, service_id)
    if bookable.service.practitioner_id != practitioner_id:
        raise NotFound
    now = runtime.clock.now()
    first = first or bookable.hours.today(now)
    first, until = _range(bookable, first, until, now)
    slots = slots_between(bookable.hours, bookable.service.rules, first, until, now)
    if not slots:
        return []
    async with runtime.db.read() as session:
        calendar = await _calendar(session, bookable, slots, now)
    if bookable.limits is not None:
        slots = calendar.within(bookable.limits, slots)
    return list(open_slots(slots, bookable.service.rules, calendar))


def _range(bookable: ServiceWithHours, first: date, until: date | None, now: datetime) -> tuple[date, date]:
    """The days that are looked at. Without an `until` they are as many as one answer can hold."""
    wanted = until or _days_after(first, USUAL_RANGE)
    if not 0 < (wanted - first).days <= LONGEST_RANGE:
        raise BadRange(field="to")
    rules = bookable.service.rules
    first = first_day(bookable.hours, first, now)
    wanted = min(wanted, last_day(bookable.hours, rules, now) + A_DAY)
    latest = latest_until(bookable.hours, rules, first, wanted)
    if until is not None and latest < wanted:
        raise TooManySlots(f"More than {MOST_STARTS} starts: `to` can be {latest} at the latest.", field="to")
    return first, latest


async def _calendar(session: Session, bookable: ServiceWithHours, slots: list[Slot], now: datetime) -> Calendar:
    service = bookable.service
    first, until = slots[0].start, slots[-1].end
    if bookable.limits is not None:  # whole weeks count
        first, until = bookable.limits.week_of(first)[0], max(until, bookable.limits.week_of(slots[-1].start)[1])
    question = BusyQuestion(
        practitioner_id=service.practitioner_id,
        service_id=service.service_id,
        capacity=service.rules.capacity,
        first=first,
        until=until,
        now=now,
    )
    return Calendar([busy for source in SOURCES for busy in await source.busy(session, question)])


def _days_after(day: date, days: int) -> date:
    try:
        return day + days * A_DAY
    except OverflowError:
        raise BadRange(field="from") from None

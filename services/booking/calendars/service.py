"""Finding what can be booked: services that are sold now, and their openings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.booking.bookings.domain import RUNNING, Party
from services.booking.bookings.repository import Bookings
from services.booking.calendars.dates import open_dates
from services.booking.calendars.domain import BusyTime, Calendar, OpenSlot, Taken, open_slots, refusal_of_date
from services.booking.calendars.errors import BadRange, StartNotOffered, TooManySlots
from services.booking.calendars.places import placed
from services.booking.calendars.repository import (
    BookedTime,
    ServicesWithHours,
    ServiceWithHours,
    TimeOffTaken,
    UnitsInUse,
)
from services.booking.calendars.sources import BusyQuestion, BusySource
from services.booking.resources.domain import wanted_by
from services.booking.resources.repository import Resources
from services.booking.runtime import BookingRuntime
from services.booking.schedules.domain import (
    MIDNIGHT,
    MOST_STARTS,
    RESOLUTION,
    Hours,
    Slot,
    StartRefused,
    closing_instant,
    first_day,
    last_day,
    latest_until,
    slots_between,
)
from services.booking.schedules.service import read_schedule
from services.booking.schedules.starts import refusal
from services.booking.service_copies.service import fetch_service
from services.booking.sessions.domain import SlotRules, weeks_around
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.errors import FieldError, NotFound

LONGEST_RANGE = 31
USUAL_RANGE = 7
A_DAY = timedelta(days=1)
EARLIEST_DAY, LATEST_DAY = date(1970, 1, 1), date(9990, 1, 1)
"""Of a question about what is busy; zones have no offsets at the ends of the calendar."""
SOURCES: tuple[BusySource, ...] = (BookedTime(), TimeOffTaken())
SENTENCES = {
    StartRefused.TOO_SOON: "This start is in the past or too soon.",
    StartRefused.BEYOND_HORIZON: "This start is too far ahead.",
    StartRefused.OUTSIDE_HOURS: "This start is outside the practitioner's hours.",
    StartRefused.OFF_GRID: "This start is not on the service's grid.",
    StartRefused.NO_DATE: "There is no date with this start.",
}


@dataclass(frozen=True)
class Wanted:
    """Which slots are asked for: of a service, on which days, perhaps to move a booking."""

    service_id: UUID
    first: date | None
    until: date | None
    moving: UUID | None
    location_id: UUID | None = None

    def days_from(self, today: date) -> tuple[date, date | None]:
        """The first day, which is today where none is asked for, and the last."""
        return self.first or today, self.until


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

    Of dates, which are announced, the notice alone binds. `rules` replaces the service's own.
    """
    rules = rules or bookable.service.rules
    if not bookable.service.has_dates:
        reason = refusal(bookable.hours, rules, start, now)
    else:
        reason = refusal_of_date(rules, start, now)
    if reason is not None:
        raise not_offered((reason, "start_time"))


def not_offered(*refused: tuple[StartRefused, str]) -> StartNotOffered:
    """The refusal of starts, each with its reason and the field that asks for it."""
    errors = [FieldError(field=field, message=SENTENCES[reason], code=reason.value) for reason, field in refused]
    return StartNotOffered(errors[0].message, code="invalid", errors=errors)


def rules_of_move(duration: timedelta, bookable: ServiceWithHours, by: Party) -> SlotRules:
    """The duration stays; the practitioner's notice binds clients only."""
    rules = replace(bookable.service.rules, duration=duration)
    return rules if by is Party.CLIENT else replace(rules, notice=timedelta(0))


async def is_open(session: Session, bookable: ServiceWithHours, start: datetime) -> bool:
    """Whether a seat of that start, which the service offers, can be booked now: as `availability` shows it."""
    rules = bookable.service.rules
    if bookable.service.has_dates:
        return bool(await open_dates(session, bookable, start, start + RESOLUTION, rules, None))
    slots = [Slot(start, start + rules.duration)]
    taken = await read_taken(session, _question(bookable, slots, session.now()))
    return bool(still_open(bookable, slots, rules, taken))


async def availability(
    runtime: BookingRuntime, caller: Caller | None, practitioner_id: UUID, wanted: Wanted
) -> list[OpenSlot]:
    """The slots from local day `first` (today) to `until` (exclusive; a week) that can be booked, or moved to, now."""
    bookable = await open_service(runtime, wanted.service_id)
    if bookable.service.practitioner_id != practitioner_id:
        raise NotFound
    now, rules, moved = runtime.clock.now(), bookable.service.rules, None
    if wanted.moving is not None:
        rules, moved = await _as_moved(runtime, caller, bookable, wanted.moving)
    days = wanted.days_from(bookable.hours.today(now))
    if bookable.service.has_dates:
        begin, end = _midnights(days[0], check_days(*days), ZoneInfo(bookable.hours.timezone))
        async with runtime.db.read() as session:
            dates = await open_dates(session, bookable, begin, end, rules, moved)
        return [each for each in dates if wanted.location_id in {None, each.location_id}]
    first, until = _range(bookable.hours, rules, days, now)
    slots = slots_between(bookable.hours, rules, first, until, now)
    if not slots:
        return []
    async with runtime.db.read() as session:
        taken = await read_taken(session, _question(bookable, slots, now, moved))
    return still_open(bookable, slots, rules, taken, wanted.location_id)


def _question(
    bookable: ServiceWithHours, slots: Sequence[Slot], now: datetime, moved: UUID | None = None
) -> BusyQuestion:
    service, resources = bookable.service, wanted_by(bookable.service.needs)
    return BusyQuestion(service.practitioner_id, *times_that_count(bookable, slots), now, moved, resources)


async def read_taken(session: Session, question: BusyQuestion) -> Taken:
    """All that takes that time; one statement per source, and two for resources."""
    busy = [busy for source in SOURCES for busy in await source.busy(session, question)]
    if not question.resources:
        return Taken(busy)
    stocks = await Resources(session).stocks(question.practitioner_id, question.resources)
    return Taken(busy, stocks, await UnitsInUse(session).of(question))


def times_that_count(bookable: ServiceWithHours, slots: Sequence[Slot]) -> tuple[datetime, datetime]:
    """From when until when the calendar decides about these slots, which come in order: limits count whole weeks."""
    first, until = slots[0].start, slots[-1].end
    if not bookable.limits:
        return first, until
    begin, end = weeks_around(bookable.limits, first, slots[-1].start)
    return begin, max(until, end)


def still_open(
    bookable: ServiceWithHours, slots: Sequence[Slot], rules: SlotRules, taken: Taken, only: UUID | None = None
) -> list[OpenSlot]:
    """Those of the slots, which come in order, that calendar, limits, resources and travel leave; `only` one location.

    A slot is there once for each location.
    """
    slots = placed(bookable, slots, only)
    calendar = Calendar(taken.busy, bookable.service.service_id)
    for limits in bookable.limits:
        slots = calendar.within(limits, slots)
    if bookable.service.needs:
        slots = calendar.with_units(taken, bookable.service.needs, slots, rules)
    slots = calendar.reachable(slots, rules, bookable.travel)
    return list(open_slots(slots, rules, calendar))


async def busy_times(
    runtime: BookingRuntime, practitioner_id: UUID, first: date | None, until: date | None
) -> list[BusyTime]:
    """What takes one's own time from day `first` (today) of the usual schedule's zone to `until` (exclusive; a week).

    In order of the starts, without buffers. Raises BadRange.
    """
    zone = ZoneInfo((await read_schedule(runtime, practitioner_id)).timezone)
    now = runtime.clock.now()
    first = first or now.astimezone(zone).date()
    begin, end = _midnights(first, check_days(first, until), zone)
    question = BusyQuestion(practitioner_id, begin, end, now)
    async with runtime.db.read() as session:
        times = [
            BusyTime(busy.start, busy.end, source.name)
            for source in SOURCES
            for busy in await source.busy(session, question)
            if busy.start < end and busy.end > begin
        ]
    return sorted(times, key=lambda time: (time.start_time, time.end_time))


def _midnights(first: date, until: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    for field, day in (("from", first), ("to", until)):
        if not EARLIEST_DAY <= day <= LATEST_DAY:
            raise BadRange(field=field)
    return closing_instant(first, MIDNIGHT, zone), closing_instant(until, MIDNIGHT, zone)


async def _as_moved(
    runtime: BookingRuntime, caller: Caller | None, bookable: ServiceWithHours, booking_id: UUID
) -> tuple[SlotRules, UUID | None]:
    """The rules of the caller's move of that booking, and the session in which its seat counts as free (BK-5)."""
    if caller is None:
        raise NotFound
    async with runtime.db.read() as session:
        booking, party = await Bookings(session).get_as(booking_id, caller)
    if booking.service_id != bookable.service.service_id:
        raise NotFound("There is no such booking of this service.")
    seat = booking.session_id if booking.status in RUNNING else None
    return rules_of_move(booking.terms.duration, bookable, party), seat


def check_days(first: date, until: date | None) -> date:
    """The last day (exclusive) of such a question, a week where none is asked for; raises BadRange."""
    wanted = until or _days_after(first, USUAL_RANGE)
    if not 0 < (wanted - first).days <= LONGEST_RANGE:
        raise BadRange(field="to")
    return wanted


def _range(hours: Hours, rules: SlotRules, days: tuple[date, date | None], now: datetime) -> tuple[date, date]:
    """The days that are looked at. Without an `until` they are as many as one answer can hold."""
    first, until = days
    wanted = check_days(first, until)
    first = first_day(hours, first, now)
    wanted = min(wanted, last_day(hours, rules, now) + A_DAY)
    latest = latest_until(hours, rules, first, wanted)
    if until is not None and latest < wanted:
        raise TooManySlots(f"More than {MOST_STARTS} starts: `to` can be {latest} at the latest.", field="to")
    return first, latest


def _days_after(day: date, days: int) -> date:
    try:
        return day + days * A_DAY
    except OverflowError:
        raise BadRange(field="from") from None

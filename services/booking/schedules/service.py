"""Setting hours, and asking what is free."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.booking.errors import BadRange, TooManySlots
from services.booking.offerings.repository import ServiceWithHours
from services.booking.offerings.service import known_offer, open_offer
from services.booking.peers import ask_timezone
from services.booking.reservations.repository import Reservations
from services.booking.runtime import BookingRuntime
from services.booking.schedules.domain import MOST_STARTS, Calendar, OpenSlot, last_day, latest_until, open_slots
from services.booking.schedules.models import Schedule
from services.booking.schedules.repository import Schedules
from shared.auth.verification import Who
from shared.database.session import Session
from shared.errors import NotFound

LONGEST_RANGE = 31
USUAL_RANGE = 7
A_DAY = timedelta(days=1)


async def read_schedule(runtime: BookingRuntime, who: Who, practitioner_id: UUID) -> Schedule:
    """The practitioner's own hours; empty ones in the practitioner's zone when none were set."""
    _own(who, practitioner_id)
    async with runtime.db.read() as session:
        found = await Schedules(session).find(practitioner_id)
    return found or _empty(practitioner_id, None, await ask_timezone(runtime.peers, practitioner_id))


async def replace_schedule(session: Session, who: Who, practitioner_id: UUID, content: dict[str, Any]) -> Schedule:
    """Replaces the practitioner's hours as a whole. What is booked stays booked."""
    _own(who, practitioner_id)
    return await Schedules(session).replace(practitioner_id, None, content, session.now())


async def read_service_schedule(runtime: BookingRuntime, who: Who, service_id: UUID) -> Schedule:
    """A service's own hours, else its practitioner's."""
    offer = await _own_offer(runtime, who, service_id)
    practitioner_id = offer.offering.practitioner_id
    async with runtime.db.read() as session:
        schedules = Schedules(session)
        found = await schedules.find(practitioner_id, service_id) or await schedules.find(practitioner_id)
    return found or _empty(practitioner_id, service_id, offer.hours.timezone)


async def replace_service_schedule(
    runtime: BookingRuntime, who: Who, service_id: UUID, content: dict[str, Any]
) -> Schedule:
    """Gives a service hours of its own, in place of its practitioner's, whose closed dates stay closed."""
    offer = await _own_offer(runtime, who, service_id)
    async with runtime.db.transaction() as session:
        return await Schedules(session).replace(offer.offering.practitioner_id, service_id, content, session.now())


async def end_service_schedule(runtime: BookingRuntime, who: Who, service_id: UUID) -> None:
    """The service follows its practitioner's hours again. What is booked stays booked."""
    offer = await _own_offer(runtime, who, service_id)
    async with runtime.db.transaction() as session:
        await Schedules(session).remove(offer.offering.practitioner_id, service_id)


async def availability(
    runtime: BookingRuntime, practitioner_id: UUID, service_id: UUID, first: date | None, until: date | None
) -> list[OpenSlot]:
    """The slots from local day `first` (today) to `until` (exclusive; a week) that can be booked now."""
    offer = await open_offer(runtime, service_id)
    if offer.offering.practitioner_id != practitioner_id:
        raise NotFound
    now = runtime.clock.now()
    first = first or offer.hours.today(now)
    first, until = _range(offer, first, until, now)
    if first >= until:
        return []
    async with runtime.db.read() as session:
        calendar = await _calendar(session, offer, first, until, now)
    return list(open_slots(offer.hours, offer.offering.rules, calendar, first=first, until=until, now=now))


def _range(offer: ServiceWithHours, first: date, until: date | None, now: datetime) -> tuple[date, date]:
    """The days that are looked at. Without an `until` they are as many as one answer can hold."""
    wanted = until or _later(first, USUAL_RANGE)
    if not 0 < (wanted - first).days <= LONGEST_RANGE:
        raise BadRange(field="to")
    rules = offer.offering.rules
    first = max(first, offer.hours.today(now))
    wanted = min(wanted, last_day(offer.hours, rules, now) + A_DAY)
    latest = latest_until(offer.hours, rules, first, wanted)
    if until is not None and latest < wanted:
        raise TooManySlots(f"More than {MOST_STARTS} starts: `to` can be {latest} at the latest.", field="to")
    return first, latest


async def _calendar(session: Session, offer: ServiceWithHours, first: date, until: date, now: datetime) -> Calendar:
    offering = offer.offering
    own = (offering.practitioner_id, offering.service_id, offering.rules.capacity)
    span = [datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (first, until)]
    return Calendar(await Reservations(session).busy(*own, span[0] - A_DAY, span[1] + A_DAY, now))


def _later(day: date, days: int) -> date:
    try:
        return day + days * A_DAY
    except OverflowError:
        raise BadRange(field="from") from None


async def _own_offer(runtime: BookingRuntime, who: Who, service_id: UUID) -> ServiceWithHours:
    offer = await known_offer(runtime, service_id)
    _own(who, offer.offering.practitioner_id)
    return offer


def _own(who: Who, practitioner_id: UUID) -> None:
    if who.practitioner_id != practitioner_id:
        raise NotFound


def _empty(practitioner_id: UUID, service_id: UUID | None, timezone: str) -> Schedule:
    return Schedule(practitioner_id=practitioner_id, service_id=service_id, timezone=timezone, weekly=[], overrides=[])

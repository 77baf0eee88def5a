"""Which seats a purchase takes, and what each of them costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from services.booking.bookings.domain import BookingKind
from services.booking.calendars.repository import ServiceWithHours
from services.booking.holds.errors import CourseOver, CourseStarted, StartMissing
from services.booking.holds.schemas import BookBody, Repeat
from services.booking.schedules.domain import instant, is_too_soon
from services.booking.sessions.repository import Seat
from shared.records.currencies import step
from shared.records.money import split

WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class PlannedSeat:
    """One seat: from when, its price in minor units, who comes. `start` is None where the clock jumps over it.

    `seat`: in a session that is there already.
    """

    start: datetime | None
    price: int
    attendee: dict[str, str | None] | None = None
    seat: Seat | None = None


@dataclass(frozen=True)
class Plan:
    """What is bought as one, in order of time. With `skips` a seat that is not to be had is left out."""

    kind: BookingKind
    seats: Sequence[PlannedSeat]
    skips: bool = False

    @property
    def price(self) -> int:
        """What all of it costs."""
        return sum(seat.price for seat in self.seats)


def start_of(wanted: BookBody) -> datetime:
    """The start that is asked for; raises StartMissing."""
    if wanted.start_time is None:
        raise StartMissing
    return wanted.start_time


def plan_of_course(dates: Sequence[Seat], bookable: ServiceWithHours, wanted: BookBody, now: datetime) -> Plan:
    """A seat in each of the course's sessions, which are given in order of time, that can still be sold.

    The price is split over all sessions. Raises CourseOver; CourseStarted where late ones may not join.
    """
    service = bookable.service
    who = wanted.attendees[0].model_dump() if wanted.attendees else None
    prices = split(service.price_amount, [1] * len(dates), step(service.currency)) if dates else []
    every = [PlannedSeat(date.start, price, who, date) for date, price in zip(dates, prices, strict=True)]
    left = [each for each in every if each.start and not is_too_soon(service.rules, each.start, now)]
    if not left:
        raise CourseOver
    if len(left) < len(every) and not service.late_join:
        raise CourseStarted
    return Plan(BookingKind.COURSE, left)


def plan_of(bookable: ServiceWithHours, wanted: BookBody) -> Plan:
    """What the client asks for."""
    start, price = start_of(wanted), bookable.service.price_amount
    people: list[dict[str, str | None] | None] = [attendee.model_dump() for attendee in wanted.attendees or ()]
    if wanted.repeat is not None:
        starts = _series(bookable, start, wanted.repeat)
        who = people[0] if people else None
        seats = [PlannedSeat(each, price, who) for each in starts]
        return Plan(BookingKind.SERIES, seats, skips=wanted.repeat.on_conflict == "skip")
    kind = BookingKind.GROUP if len(people) > 1 else BookingKind.SINGLE
    return Plan(kind, [PlannedSeat(start, price, who) for who in people or [None]])


def _series(bookable: ServiceWithHours, start: datetime, repeat: Repeat) -> list[datetime | None]:
    """The same local time every so many weeks."""
    local = start.astimezone(bookable.hours.zones.on(bookable.hours.today(start)))
    since_midnight = local.replace(tzinfo=None) - datetime.combine(local.date(), time())
    days = [local.date() + number * repeat.every_weeks * WEEK for number in range(repeat.count)]
    later = [instant(day, since_midnight, bookable.hours.zones.on(day)) for day in days[1:]]
    return [start, *later]

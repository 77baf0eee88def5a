"""Which seats a purchase takes, and what each of them costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from services.booking.bookings.domain import BookingKind
from services.booking.calendars.repository import ServiceWithHours
from services.booking.holds.schemas import BookBody, Repeat
from services.booking.schedules.domain import instant

WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class PlannedSeat:
    """One seat: from when, its price in minor units, who comes. `start` is None where the clock jumps over it."""

    start: datetime | None
    price: int
    attendee: dict[str, str | None] | None = None


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


def plan_of(bookable: ServiceWithHours, wanted: BookBody) -> Plan:
    """What the client asks for."""
    start, price = wanted.start_time, bookable.service.price_amount
    people: list[dict[str, str | None] | None] = [attendee.model_dump() for attendee in wanted.attendees or ()]
    if wanted.repeat is not None:
        starts = _series(bookable, start, wanted.repeat)
        seats = [PlannedSeat(each, price, *people) for each in starts]
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

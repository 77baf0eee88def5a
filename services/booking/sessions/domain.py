"""What a service says about its sessions, how many there may be, and what a session's video room is called."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class SlotRules:
    """What a service says about its slots. Durations are elapsed time; `capacity` is seats per slot."""

    duration: timedelta
    interval: timedelta
    notice: timedelta
    horizon_days: int
    buffer_before: timedelta
    buffer_after: timedelta
    capacity: int


@dataclass(frozen=True)
class SessionLimits:
    """How many sessions may start on a day and in a week, from Monday, of a zone; None: any number."""

    timezone: str
    per_day: int | None
    per_week: int | None

    def week_of(self, start: datetime) -> tuple[datetime, datetime]:
        """The instants at which the week of that start begins and ends."""
        monday = _monday(self._day(start))
        return self._midnight(monday), self._midnight(monday + timedelta(days=7))

    def full(self, starts: Iterable[datetime]) -> Callable[[datetime], bool]:
        """Answers for a start whether its day or week has no room for one more session beside those."""
        days = Counter(map(self._day, starts))
        weeks = Counter[date]()
        for day, count in days.items():
            weeks[_monday(day)] += count

        def is_full(start: datetime) -> bool:
            day = self._day(start)
            counts = ((days[day], self.per_day), (weeks[_monday(day)], self.per_week))
            return any(limit is not None and count >= limit for count, limit in counts)

        return is_full

    def _day(self, start: datetime) -> date:
        return start.astimezone(ZoneInfo(self.timezone)).date()

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), ZoneInfo(self.timezone)).astimezone(UTC)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def room_name(session_id: UUID, booking_id: UUID | None) -> str:
    """The name of a new session's room: after the only booking of a one-to-one session, else after the session.

    A session keeps the name for as long as it is booked, whatever the service's number of seats becomes: a client who
    has joined would otherwise be in another room than the next.
    """
    return f"session-{session_id}" if booking_id is None else room_of_booking(booking_id)


def room_of_booking(booking_id: UUID) -> str:
    """The room that a one-to-one booking takes along when it is moved."""
    return f"booking-{booking_id}"

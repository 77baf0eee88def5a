"""What a service says about its sessions, how many there may be, and what a session's video room is called."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    """How many sessions may start on a day and in a week, from Monday, of a zone; None: any number.

    Of one service where `service_id` is given, else of all services of a practitioner.
    """

    timezone: str
    per_day: int | None
    per_week: int | None
    service_id: UUID | None = None

    @classmethod
    def of(
        cls, stored: Mapping[str, int | None] | None, timezone: str, service_id: UUID | None = None
    ) -> "SessionLimits | None":
        """Those that a schedule or a service has; None where they limit no sessions."""
        day, week = (stored or {}).get("sessions_per_day"), (stored or {}).get("sessions_per_week")
        return None if day is None and week is None else cls(timezone, day, week, service_id)

    def counts(self, service_id: UUID | None) -> bool:
        """Whether sessions of that service are counted."""
        return service_id is not None and self.service_id in {None, service_id}

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


def weeks_around(limits: Sequence[SessionLimits], first: datetime, last: datetime) -> tuple[datetime, datetime]:
    """When the week of the first start begins and that of the last ends, by all of these limits."""
    return min(each.week_of(first)[0] for each in limits), max(each.week_of(last)[1] for each in limits)


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

"""Working hours and the slots they offer. Hours are wall-clock times in an IANA zone; slots are instants in UTC.

Rule 1: a day is expanded by itself, in local time. A start inside the spring gap does not exist and is dropped; a start
that autumn repeats is offered once, at its first occurrence. Rule 2: notice is elapsed time, the horizon local days.
A window belongs to the day it starts on, whose zone it is read in, and may end on the next day.
What sessions and buffers take away from them: `calendars/domain.py`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.booking.sessions.domain import SlotRules

DAY = timedelta(days=1)
MIDNIGHT = timedelta(0)
RESOLUTION = timedelta.resolution
MOST_STARTS = 2000


class StartRefused(StrEnum):
    """Why a start cannot be booked; the value is the error code a client sees."""

    TOO_SOON = "too_soon"
    BEYOND_HORIZON = "beyond_horizon"
    OUTSIDE_HOURS = "outside_hours"
    OFF_GRID = "off_grid"
    NO_DATE = "no_date"


@dataclass(frozen=True, order=True)
class Window:
    """Open from `opens` to `closes`: time on the wall clock since its day's midnight; above 24 h is the next day.

    With `location_id` what begins in it takes place there.
    """

    opens: timedelta
    closes: timedelta
    location_id: UUID | None = field(default=None, compare=False)


@dataclass(frozen=True)
class ZoneChange:
    """From `first` until `until` (exclusive) the hours are read in another zone."""

    first: date
    until: date
    timezone: str


@dataclass(frozen=True)
class Zones:
    """The zone of a schedule's wall-clock times, and on some dates another; such dates do not overlap."""

    timezone: str
    changes: tuple[ZoneChange, ...] = ()

    def on(self, day: date) -> ZoneInfo:
        """The zone in which that date's hours are read."""
        changed = (change.timezone for change in self.changes if change.first <= day < change.until)
        return ZoneInfo(next(changed, self.timezone))


@dataclass(frozen=True)
class ClosedDates:
    """Dates of a schedule on which nothing takes place, from midnight to midnight."""

    zones: Zones = Zones("UTC")
    dates: frozenset[date] = frozenset()

    def touch(self, start: datetime, end: datetime) -> bool:
        """Whether any part of that time lies on one of them."""
        if not self.dates:
            return False
        first, last = start.date() - DAY, end.date() + DAY
        near = (first + offset * DAY for offset in range((last - first).days + 1))
        return any(day in self.dates and self._overlaps(day, start, end) for day in near)

    def _overlaps(self, day: date, start: datetime, end: datetime) -> bool:
        zone = self.zones.on(day)
        return start < closing_instant(day, DAY, zone) and closing_instant(day, MIDNIGHT, zone) < end


@dataclass(frozen=True)
class Hours:
    """A weekly pattern (Monday 0) and the dates that differ from it; a date with no windows is closed.

    `closed` are dates of another schedule that close this one too, whatever its own windows are.
    """

    zones: Zones
    weekly: Mapping[int, tuple[Window, ...]]
    overrides: Mapping[date, tuple[Window, ...]]
    closed: ClosedDates = ClosedDates()

    @property
    def timezone(self) -> str:
        """The schedule's own zone: the one of all dates without another."""
        return self.zones.timezone

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """The windows of a local day, in order."""
        if day in self.overrides:
            return self.overrides[day]
        return self.weekly.get(day.weekday(), ())

    def today(self, now: datetime) -> date:
        """The date at an instant, in the schedule's own zone."""
        return now.astimezone(ZoneInfo(self.timezone)).date()

    def joined(self, day: date, window: Window) -> Window | None:
        """The next day's window that begins where this one ends, if it ends at 24:00 and the two midnights meet."""
        if window.closes != DAY:
            return None
        goes_on = (each for each in self.windows_on(day + DAY) if each.opens == MIDNIGHT)
        following = (each for each in goes_on if each.location_id == window.location_id)
        ends, begins = (DAY, self.zones.on(day)), (MIDNIGHT, self.zones.on(day + DAY))
        if closing_instant(day, *ends) != closing_instant(day + DAY, *begins):
            return None
        return next(following, None)

    def closing(self, day: date, window: Window, duration: timedelta) -> datetime:
        """When a slot of that window has to end: at its closing time, or as far as joined windows carry the slot."""
        closes = closing_instant(day, window.closes, self.zones.on(day))
        enough = closes + duration
        while closes < enough and (window_after := self.joined(day, window)) is not None:
            day, window = day + DAY, window_after
            closes = closing_instant(day, window.closes, self.zones.on(day))
        return closes


def hours_of(zones: Zones, weekly: Iterable[Mapping[str, Any]], overrides: Iterable[Mapping[str, Any]]) -> Hours:
    """The hours that a stored schedule means; its times are `HH:MM`, `24:00` is the end of the day."""
    days: dict[int, list[Window]] = {}
    for entry in weekly:
        days.setdefault(entry["day_of_week"], []).append(window_of(entry))
    dates = {date.fromisoformat(entry["date"]): _in_order(map(window_of, entry["windows"])) for entry in overrides}
    return Hours(zones, {day: _in_order(windows) for day, windows in days.items()}, dates)


def zones_of(timezone: str, changes: Iterable[Mapping[str, Any]]) -> Zones:
    """The zones that a stored schedule names."""
    dates = ((date.fromisoformat(each["from"]), date.fromisoformat(each["to"]), each["timezone"]) for each in changes)
    return Zones(timezone, tuple(ZoneChange(*each) for each in dates))


def closed_dates(zones: Zones, overrides: Iterable[Mapping[str, Any]]) -> ClosedDates:
    """The dates that a stored schedule closes."""
    return ClosedDates(zones, frozenset(date.fromisoformat(each["date"]) for each in overrides if not each["windows"]))


def window_of(entry: Mapping[str, Any]) -> Window:
    """An end at or before the start is on the next day."""
    opens, closes = clock_time(entry["start_time"]), clock_time(entry["end_time"])
    location_id = UUID(entry["location_id"]) if entry.get("location_id") else None
    return Window(opens, closes if closes > opens else closes + DAY, location_id)


def _in_order(windows: Iterable[Window]) -> tuple[Window, ...]:
    return tuple(sorted(windows))


def clock_time(text: str) -> timedelta:
    """`HH:MM` as time passed on the wall clock since midnight."""
    return timedelta(hours=int(text[:2]), minutes=int(text[3:5]))


@dataclass(frozen=True)
class Slot:
    """A start and an end, half-open, and where it is: `place_id` is the location unless that is virtual."""

    start: datetime
    end: datetime
    location_id: UUID | None = None
    place_id: UUID | None = None


def instant(day: date, since_midnight: timedelta, zone: ZoneInfo) -> datetime | None:
    """The first instant at which the wall clock shows this time, or None when the clock jumps over it."""
    wall = datetime.combine(day, time()) + since_midnight
    at = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return at if at.astimezone(zone).replace(tzinfo=None) == wall else None


def closing_instant(day: date, closes: timedelta, zone: ZoneInfo) -> datetime:
    """Like `instant`; a closing time inside the spring gap means the moment of the jump, so nothing runs over it."""
    found = instant(day, closes, zone)
    if found is not None:
        return found
    wall = (datetime.combine(day, time()) + closes).replace(tzinfo=zone)
    low, high = wall.replace(fold=1).astimezone(UTC), wall.replace(fold=0).astimezone(UTC)
    offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == offset else (low, middle)
    return high.replace(microsecond=0)


def slots_on(hours: Hours, rules: SlotRules, day: date) -> Iterator[Slot]:
    """Every slot of the windows that start on a local day: from each window's start, one per interval.

    A slot ends within its window, or within those that join it at midnight; what touches a closed date is left out.
    """
    zone = hours.zones.on(day)
    for window in hours.windows_on(day):
        closes = hours.closing(day, window, rules.duration)
        for start in _starts_of(day, window, rules.interval, zone):
            end = start + rules.duration
            if end <= closes and not hours.closed.touch(start, end):
                yield Slot(start, end, window.location_id)


def _starts_of(day: date, window: Window, interval: timedelta, zone: ZoneInfo) -> Iterator[datetime]:
    """The zone is asked for each of them only where its offset changes within the window."""
    last = (window.closes - window.opens - RESOLUTION) // interval
    begins, ends = (instant(day, window.opens + number * interval, zone) for number in (0, last))
    if begins is not None and ends is not None and ends - begins == last * interval:
        yield from (begins + number * interval for number in range(last + 1))
        return
    found = (instant(day, window.opens + number * interval, zone) for number in range(last + 1))
    yield from (start for start in found if start is not None)


def slots_between(hours: Hours, rules: SlotRules, first: date, until: date, now: datetime) -> list[Slot]:
    """The slots of the days from `first` to `until` (exclusive) that notice and horizon allow, in order, each once.

    Days overlap where a window that runs over midnight meets another of the next date, and where the zone changes.
    """
    end = min(until, last_day(hours, rules, now) + DAY)
    days = (first + offset * DAY for offset in range(max((end - first).days, 0)))
    slots = {slot.start: slot for day in days for slot in slots_on(hours, rules, day)}
    return [slots[start] for start in sorted(slots) if not is_too_soon(rules, start, now)]


def first_day(hours: Hours, wanted: date, now: datetime) -> date:
    """The first day to look at: none before today, unless one of its windows, or its zone, has not ended yet."""
    today = hours.today(now)
    if wanted > today:
        return wanted
    return next((day for day in (today - 2 * DAY, today - DAY) if _ends_after(hours, day, now)), today)


def _ends_after(hours: Hours, day: date, now: datetime) -> bool:
    zone = hours.zones.on(day)
    return any(closing_instant(day, window.closes, zone) > now for window in hours.windows_on(day))


def is_too_soon(rules: SlotRules, start: datetime, now: datetime) -> bool:
    """Whether the start has come, or is within the notice, which is elapsed time from now; exactly on it is not."""
    return start <= now or start < now + rules.notice


def last_day(hours: Hours, rules: SlotRules, now: datetime) -> date:
    """The last local day within the horizon."""
    return hours.today(now) + rules.horizon_days * DAY


def latest_until(hours: Hours, rules: SlotRules, first: date, until: date) -> date:
    """The last `until` not after the given one with at most MOST_STARTS starts from `first` on."""
    day, starts = first, 0
    while day < until:
        starts += sum(_starts_in(hours, rules, day, window) for window in hours.windows_on(day))
        if starts > MOST_STARTS:
            return max(day, first + DAY)
        day += DAY
    return until


def _starts_in(hours: Hours, rules: SlotRules, day: date, window: Window) -> int:
    joined = hours.joined(day, window)
    latest = window.closes + (joined.closes if joined else MIDNIGHT) - rules.duration
    return max((min(latest, window.closes - RESOLUTION) - window.opens) // rules.interval + 1, 0)

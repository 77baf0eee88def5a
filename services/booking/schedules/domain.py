"""Working hours and the slots they offer. Hours are wall-clock times in an IANA zone; slots are instants in UTC.

Rule 1: a day is expanded by itself, in local time. A start inside the spring gap does not exist and is dropped; a start
that autumn repeats is offered once, at its first occurrence. Rule 2: notice is elapsed time, the horizon local days.
What sessions and buffers take away from them: `calendars/domain.py`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any
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


@dataclass(frozen=True, order=True)
class Window:
    """Open from `opens` to `closes`: time passed on the wall clock since local midnight (24 h: the end of the day)."""

    opens: timedelta
    closes: timedelta


@dataclass(frozen=True)
class ClosedDates:
    """Dates of a zone on which nothing takes place, from midnight to midnight."""

    timezone: str
    dates: frozenset[date]

    def touch(self, start: datetime, end: datetime) -> bool:
        """Whether any part of that time lies on one of them."""
        if not self.dates:
            return False
        zone = ZoneInfo(self.timezone)
        day, last = start.astimezone(zone).date(), (end - RESOLUTION).astimezone(zone).date()
        return any(day + offset * DAY in self.dates for offset in range((last - day).days + 1))


@dataclass(frozen=True)
class Hours:
    """A weekly pattern (Monday 0) and the dates that differ from it; a date with no windows is closed.

    `closed` are dates of another schedule that close this one too, whatever its own windows are.
    """

    timezone: str
    weekly: Mapping[int, tuple[Window, ...]]
    overrides: Mapping[date, tuple[Window, ...]]
    closed: ClosedDates = ClosedDates("UTC", frozenset())

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone that the wall-clock times belong to."""
        return ZoneInfo(self.timezone)

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """The windows of a local day, in order."""
        if day in self.overrides:
            return self.overrides[day]
        return self.weekly.get(day.weekday(), ())

    def today(self, now: datetime) -> date:
        """The local date at an instant."""
        return now.astimezone(self.zone).date()


def hours_of(timezone: str, weekly: Iterable[Mapping[str, Any]], overrides: Iterable[Mapping[str, Any]]) -> Hours:
    """The hours that a stored schedule means; its times are `HH:MM`, `24:00` is the end of the day."""
    days: dict[int, list[Window]] = {}
    for entry in weekly:
        days.setdefault(entry["day_of_week"], []).append(_window(entry))
    dates = {date.fromisoformat(entry["date"]): _in_order(map(_window, entry["windows"])) for entry in overrides}
    return Hours(timezone, {day: _in_order(windows) for day, windows in days.items()}, dates)


def closed_dates(timezone: str, overrides: Iterable[Mapping[str, Any]]) -> ClosedDates:
    """The dates that a stored schedule closes."""
    return ClosedDates(
        timezone, frozenset(date.fromisoformat(each["date"]) for each in overrides if not each["windows"])
    )


def _window(entry: Mapping[str, Any]) -> Window:
    return Window(clock_time(entry["start_time"]), clock_time(entry["end_time"]))


def _in_order(windows: Iterable[Window]) -> tuple[Window, ...]:
    return tuple(sorted(windows))


def clock_time(text: str) -> timedelta:
    """`HH:MM` as time passed on the wall clock since midnight."""
    return timedelta(hours=int(text[:2]), minutes=int(text[3:5]))


@dataclass(frozen=True)
class Slot:
    """A start and an end, half-open."""

    start: datetime
    end: datetime


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
    """Every slot of one local day: from each window's start, one per interval, as long as it ends within the window.

    What touches a closed date is left out.
    """
    for window in hours.windows_on(day):
        closes = closing_instant(day, window.closes, hours.zone)
        opens = window.opens
        while opens < window.closes:
            start = instant(day, opens, hours.zone)
            slot = Slot(start, start + rules.duration) if start is not None else None
            if slot is not None and slot.end <= closes and not hours.closed.touch(slot.start, slot.end):
                yield slot
            opens += rules.interval


def is_too_soon(rules: SlotRules, start: datetime, now: datetime) -> bool:
    """Whether the start has come, or is within the notice, which is elapsed time from now; exactly on it is not."""
    return start <= now or start < now + rules.notice


def last_day(hours: Hours, rules: SlotRules, now: datetime) -> date:
    """The last local day within the horizon."""
    return hours.today(now) + rules.horizon_days * DAY


def refusal(hours: Hours, rules: SlotRules, start: datetime, now: datetime) -> StartRefused | None:
    """Why this start cannot be booked whatever the calendar says, or None."""
    if is_too_soon(rules, start, now):
        return StartRefused.TOO_SOON
    if start - now > (rules.horizon_days + 2) * DAY:  # also keeps the year 9999 away from time zone arithmetic
        return StartRefused.BEYOND_HORIZON
    day = start.astimezone(hours.zone).date()
    if day > last_day(hours, rules, now):
        return StartRefused.BEYOND_HORIZON
    if any(slot.start == start for slot in slots_on(hours, rules, day)):
        return None
    return StartRefused.OFF_GRID if _fits(hours, rules, day, start) else StartRefused.OUTSIDE_HOURS


def _fits(hours: Hours, rules: SlotRules, day: date, start: datetime) -> bool:
    wall = start.astimezone(hours.zone).replace(tzinfo=None) - datetime.combine(day, time())
    end = start + rules.duration
    return not hours.closed.touch(start, end) and any(
        window.opens <= wall and end <= closing_instant(day, window.closes, hours.zone)
        for window in hours.windows_on(day)
    )


def latest_until(hours: Hours, rules: SlotRules, first: date, until: date) -> date:
    """The last `until` not after the given one with at most MOST_STARTS starts from `first` on."""
    day, starts = first, 0
    while day < until:
        starts += sum(_starts_in(window, rules) for window in hours.windows_on(day))
        if starts > MOST_STARTS:
            return max(day, first + DAY)
        day += DAY
    return until


def _starts_in(window: Window, rules: SlotRules) -> int:
    return max((window.closes - window.opens - rules.duration) // rules.interval + 1, 0)

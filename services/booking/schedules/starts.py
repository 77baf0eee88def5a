"""Whether hours offer one start, and where; the slots of whole days are in `domain.py`."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import NamedTuple
from uuid import UUID

from services.booking.schedules.domain import DAY, MIDNIGHT, Hours, StartRefused, instant, is_too_soon, last_day
from services.booking.sessions.domain import SlotRules

DAYS_AROUND = range(-2, 2)
"""Days whose windows may hold an instant, from its date in UTC: zones differ, and windows run over midnight."""


class Fit(NamedTuple):
    """A window that a session fits into: its day and location, and whether the start is on its grid."""

    day: date
    on_grid: bool
    location_id: UUID | None


def refusal(hours: Hours, rules: SlotRules, start: datetime, now: datetime) -> StartRefused | None:
    """Why this start cannot be booked whatever the calendar says, or None."""
    if is_too_soon(rules, start, now):
        return StartRefused.TOO_SOON
    if start - now > (rules.horizon_days + 3) * DAY:  # also keeps the year 9999 away from time zone arithmetic
        return StartRefused.BEYOND_HORIZON
    fitting = list(_fitting(hours, rules, start))
    last = last_day(hours, rules, now)
    if any(fit.on_grid and fit.day <= last for fit in fitting):
        return None
    if min((fit.day for fit in fitting), default=hours.today(start)) > last:
        return StartRefused.BEYOND_HORIZON
    return StartRefused.OFF_GRID if fitting else StartRefused.OUTSIDE_HOURS


def locations_at(hours: Hours, rules: SlotRules, start: datetime) -> set[UUID | None]:
    """The locations of the windows that offer that start; None of one without."""
    return {fit.location_id for fit in _fitting(hours, rules, start) if fit.on_grid}


def _fitting(hours: Hours, rules: SlotRules, start: datetime) -> Iterator[Fit]:
    """The windows into which a session from that start fits."""
    end = start + rules.duration
    if hours.closed.touch(start, end):
        return
    for offset in DAYS_AROUND:
        day = start.date() + offset * DAY
        zone = hours.zones.on(day)
        wall = start.astimezone(zone).replace(tzinfo=None) - datetime.combine(day, time())
        for window in hours.windows_on(day):
            if window.opens <= wall < window.closes and end <= hours.closing(day, window, rules.duration):
                is_first = instant(day, wall, zone) == start
                on_grid = is_first and (wall - window.opens) % rules.interval == MIDNIGHT
                yield Fit(day, on_grid, window.location_id)

"""Series of dates: a rule of RFC 5545 of which few parts are known, expanded on the wall clock (rule 1)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from services.booking.calendars.domain import LONGEST_AHEAD
from services.booking.schedules.domain import DAY, MIDNIGHT, clock_time, closing_instant, instant

MOST_DATES = 200
WRITTEN_AHEAD = 90 * DAY
CYCLE, LATEST_YEAR = 400, 9980
"""After so many years the calendar repeats, weekdays too; and the latest year in which a rule may begin."""
DAYS = "MO|TU|WE|TH|FR|SA|SU"
PARTS = {
    "FREQ": r"DAILY|WEEKLY|MONTHLY",
    "INTERVAL": r"[1-9]\d{0,2}",
    "BYDAY": rf"([+-]?[1-5])?({DAYS})(,([+-]?[1-5])?({DAYS}))*",
    "BYMONTHDAY": r"-?([1-9]|[12]\d|3[01])(,-?([1-9]|[12]\d|3[01]))*",
    "COUNT": r"[1-9]\d{0,3}",
    "UNTIL": r"\d{8}",
}


class RuleRefused(ValueError):
    """A rule that is not understood; its text says why."""


@dataclass(frozen=True)
class Rule:
    """A rule with its end, which is a number of dates, a last day, or none. `pattern` is the rule without its end."""

    text: str
    pattern: str
    count: int | None
    until: date | None

    @property
    def is_endless(self) -> bool:
        """Whether it has no end."""
        return self.count is None and self.until is None

    def days(self, first: date, last: date) -> Iterator[date]:
        """Its days from `first`, from which they count, to `last`.

        Where a rule never matches, dateutil looks on to the year 9999, for half a second: it works in the last years
        that are like these.
        """
        years = (LATEST_YEAR - first.year) // CYCLE * CYCLE
        last = min(last, self.until or last, first + LONGEST_AHEAD)
        begins, ends = (datetime.combine(_years_on(day, years), time()) for day in (first, last))
        found = rrulestr(self.pattern, dtstart=begins).replace(until=ends)
        return islice((_years_on(moment.date(), -years) for moment in found), self.count)


def _years_on(day: date, years: int) -> date:
    return day.replace(year=day.year + years)


def rule_of(text: str) -> Rule:
    """The rule that the text means; raises RuleRefused."""
    pairs = [part.partition("=")[::2] for part in text.upper().split(";")]
    parts = dict(pairs)
    for name, value in pairs:
        if name not in PARTS:
            raise RuleRefused(f"Use {', '.join(PARTS)} alone.")
        if not re.fullmatch(PARTS[name], value, re.ASCII):
            raise RuleRefused(f"{name} has a value that is not known here.")
    if len(parts) < len(pairs) or "FREQ" not in parts or {"COUNT", "UNTIL"} <= parts.keys():
        raise RuleRefused("Name FREQ, each part once, and COUNT or UNTIL, not both.")
    _check_days(parts)
    count, until = parts.pop("COUNT", None), parts.pop("UNTIL", None)
    kept = ";".join(f"{name}={value}" for name, value in parts.items())
    return Rule(text, kept, int(count) if count else None, _day(until) if until else None)


def _check_days(parts: dict[str, str]) -> None:
    """Of parts that mean something with some frequencies alone."""
    frequency = parts["FREQ"]
    if frequency == "WEEKLY" and "BYMONTHDAY" in parts:
        raise RuleRefused("BYMONTHDAY does not go with FREQ=WEEKLY.")
    if frequency != "MONTHLY" and re.search(r"\d", parts.get("BYDAY", "")):
        raise RuleRefused("Numbers in BYDAY go with FREQ=MONTHLY alone.")


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007  a day has no zone
    except ValueError as error:
        raise RuleRefused("UNTIL is a date, such as 20271231.") from error


@dataclass(frozen=True)
class Recurrence:
    """A rule from a first day on, at a time on the wall clock of a zone, without the days that are left out."""

    rule: Rule
    first: date
    clock: str
    timezone: str
    left_out: frozenset[date]

    def starts(self, last: date, since: date | None = None) -> Iterator[datetime]:
        """The starts from local day `since`, or the first, to `last`; none where the clock jumps over that time."""
        zone, clock = ZoneInfo(self.timezone), clock_time(self.clock)
        since = since or self.first
        days = (day for day in self.rule.days(self.first, last) if day >= since and day not in self.left_out)
        return (start for day in days if (start := instant(day, clock, zone)) is not None)

    def last_to_write(self, now: datetime) -> date:
        """The local day up to which it is written ahead, of a rule without end."""
        return now.astimezone(ZoneInfo(self.timezone)).date() + WRITTEN_AHEAD

    def when_to_write(self, day: date) -> datetime:
        """From when on that day is one of those."""
        return closing_instant(day - WRITTEN_AHEAD, MIDNIGHT, ZoneInfo(self.timezone))

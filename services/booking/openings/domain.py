"""Starts as runs: those at equal distance are one run, from its first to its last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.booking.schedules.domain import DAY, MIDNIGHT, Hours, closing_instant

DAYS = 60
READY_DAYS = DAYS + 3
"""Local days that are kept ready: the last of the 60 is there until the next roll, which is a day away at most."""
Run = tuple[datetime, datetime]


@dataclass(frozen=True)
class Runs:
    """Starts that are `step` apart within a run; the runs come in order."""

    step: timedelta
    runs: tuple[Run, ...]

    def after(self, moment: datetime) -> "Runs":
        """Those of the starts that are later."""
        return Runs(self.step, tuple(self._later(first, last, moment) for first, last in self.runs if last > moment))

    def _later(self, first: datetime, last: datetime, moment: datetime) -> Run:
        passed = (moment - first) // self.step + 1 if moment >= first else 0
        return first + passed * self.step, last


def runs_of(starts: Iterable[datetime], step: timedelta) -> Runs:
    """The runs of starts that come in order."""
    found: list[Run] = []
    for start in starts:
        if found and start - found[-1][1] == step:
            found[-1] = (found[-1][0], start)
        else:
            found.append((start, start))
    return Runs(step, tuple(found))


def next_roll(schedules: Sequence[tuple[Hours, int]], practitioner_id: UUID, now: datetime) -> datetime:
    """When time alone changes a practitioner's openings, given the hours and the days of horizon of each service.

    A horizon that ends within what is kept ready moves on at midnight, in the zone of the hours. Else they are
    continued once a day, at the practitioner's own moment, so that not all are at once.
    """
    own_moment = timedelta(seconds=practitioner_id.int % int(DAY.total_seconds()))
    daily = now + ((own_moment - (now - datetime.min.replace(tzinfo=now.tzinfo))) % DAY or DAY)
    midnights = [_midnight(hours, now) for hours, horizon_days in schedules if horizon_days < READY_DAYS]
    return min([daily, *midnights])


def _midnight(hours: Hours, now: datetime) -> datetime:
    return closing_instant(hours.today(now) + DAY, MIDNIGHT, ZoneInfo(hours.timezone))

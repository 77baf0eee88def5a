"""Which dates a body asks for, and the fields of those that cannot be announced whatever the calendar says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from services.booking.calendars.domain import LONGEST_AHEAD, refusal_of_date
from services.booking.calendars.service import not_offered
from services.booking.dates.errors import BadRule, NoDates, TooManyDates
from services.booking.dates.recurrence import MOST_DATES, Recurrence, RuleRefused, rule_of
from services.booking.dates.schemas import DatesBody, NewSeries
from services.booking.schedules.domain import DAY, StartRefused
from services.booking.service_copies.models import BookableService

SERIES = "series"


@dataclass(frozen=True)
class Planned:
    """A date to announce, and the field of the body that asks for it."""

    start: datetime
    end: datetime
    field: str
    location_id: UUID | None


def plan(
    wanted: DatesBody, recurrence: Recurrence | None, service: BookableService, now: datetime
) -> Sequence[Planned]:
    """All dates of the body. Raises StartNotOffered for one that is not ahead, NoDates, TooManyDates."""
    if not wanted.dates and recurrence is None:
        raise NoDates
    starts = [
        (each.start_time, each.end_time, f"dates.{number}", each.location_id)
        for number, each in enumerate(wanted.dates)
    ]
    if recurrence is not None and wanted.series is not None:
        starts += [(start, None, SERIES, wanted.series.location_id) for start in _starts_of(recurrence, now)]
    if len(starts) > MOST_DATES:
        raise TooManyDates(field="series.rrule")
    rules = replace(service.rules, notice=timedelta(0))
    reasons = [(refusal_of_date(rules, start, now), _field_of_start(field)) for start, _, field, _ in starts]
    if refused := [(reason, field) for reason, field in reasons if reason is not None]:
        raise not_offered(*refused)
    return [Planned(start, end or start + rules.duration, field, at) for start, end, field, at in starts]


def recurrence_of(wanted: NewSeries, service: BookableService, now: datetime) -> Recurrence:
    """What the series means. Raises BadRule, also where it has no dates, and StartNotOffered."""
    try:
        rule = rule_of(wanted.rrule)
    except RuleRefused as error:
        raise BadRule(str(error)) from error
    if rule.is_endless and service.service_type == "course":
        raise BadRule("A course has an end: name COUNT or UNTIL.")
    if wanted.start_date < now.date() - DAY:
        raise not_offered((StartRefused.TOO_SOON, "series.start_date"))
    if wanted.start_date > (now + LONGEST_AHEAD).date():
        raise not_offered((StartRefused.BEYOND_HORIZON, "series.start_date"))
    found = Recurrence(rule, wanted.start_date, wanted.start_time, wanted.timezone, frozenset(wanted.left_out))
    if next(found.starts(found.first + LONGEST_AHEAD), None) is None:
        raise BadRule("This rule has no dates.")
    return found


def _starts_of(recurrence: Recurrence, now: datetime) -> Iterator[datetime]:
    """One more than a call may write at most."""
    endless = recurrence.rule.is_endless
    last = recurrence.last_to_write(now) if endless else recurrence.first + LONGEST_AHEAD
    return islice(recurrence.starts(last), MOST_DATES + 1)


def _field_of_start(field: str) -> str:
    return "series.start_date" if field == SERIES else f"{field}.start_time"

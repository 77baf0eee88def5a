"""SQL of openings: keeping what booking says, and when a service can be booked next."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Float, Integer, bindparam, case, cast, func, literal, select, text, true
from sqlalchemy.dialects.postgresql import ARRAY, INTERVAL, TSTZRANGE

from services.catalog.openings.domain import Span
from services.catalog.openings.models import ServiceOpenings
from shared.database.repository import Repository
from shared.database.session import TIMESTAMPTZ
from shared.events.booking import OpeningsChanged

A_MINUTE, RESOLUTION = timedelta(minutes=1), timedelta.resolution


class Openings(Repository):
    """The openings of all services."""

    async def put(self, event: OpeningsChanged) -> None:
        """Keeps what booking says now."""
        row = {
            "service": event.service_id,
            "step": event.step_minutes,
            "firsts": [first for first, _ in event.runs],
            "lasts": [last for _, last in event.runs],
        }
        await self.session.execute(PUT, row)


def next_start(now: datetime) -> ColumnElement[Any]:
    """The first start that can be booked, in the row of openings of this query; null where there is none."""
    return _first_from(_earliest(now))


def has_start(span: Span, now: datetime) -> ColumnElement[bool]:
    """Whether the row of openings of this query has a start in the span that can be booked.

    A run that reaches into a time of at least its step has one there; into a shorter time it may have none. Most rows
    are decided by what is the same for all of them: a service's notice plays a part only where it ends in the span.
    """
    first = max(span.first, now + RESOLUTION)
    step, notice = ServiceOpenings.step_minutes, ServiceOpenings.notice_minutes
    begin = func.greatest(literal(first, TIMESTAMPTZ), _earliest(now))
    exactly = case(
        (step > (span.until - first) // A_MINUTE, _is_on_grid(begin, span)),
        (notice <= (first - now) // A_MINUTE, true()),
        (notice + step <= (span.until - now) // A_MINUTE, _reaches(begin, span)),
        else_=_is_on_grid(begin, span),
    )
    return _reaches(literal(first, TIMESTAMPTZ), span) & exactly


def _earliest(now: datetime) -> ColumnElement[Any]:
    """A start that has come cannot be booked, one that is just as far as the notice can."""
    notice = func.greatest(_minutes(ServiceOpenings.notice_minutes), literal(RESOLUTION, INTERVAL))
    return literal(now, TIMESTAMPTZ) + notice


def _reaches(begin: ColumnElement[Any], span: Span) -> ColumnElement[bool]:
    until = literal(span.until, TIMESTAMPTZ)
    overlaps: ColumnElement[bool] = ServiceOpenings.starts.bool_op("&&")(func.tstzrange(begin, until, type_=TSTZRANGE))
    return overlaps


def _is_on_grid(begin: ColumnElement[Any], span: Span) -> ColumnElement[bool]:
    """Where all runs lie on one grid its next point decides; else each run is looked at."""
    step, until = ServiceOpenings.step_minutes * 60, literal(span.until, TIMESTAMPTZ)
    passed = func.ceil(_seconds(begin)) - ServiceOpenings.grid_seconds
    seconds = func.ceil(passed / cast(step, Float)) * step + ServiceOpenings.grid_seconds
    point: ColumnElement[Any] = func.to_timestamp(seconds, type_=TIMESTAMPTZ)
    is_start = (point < until) & ServiceOpenings.starts.bool_op("@>")(point)
    in_runs = _first_from(begin) < until
    return case((ServiceOpenings.grid_seconds.is_not(None), is_start), else_=in_runs)


def _first_from(earliest: ColumnElement[Any]) -> ColumnElement[Any]:
    runs = func.unnest(ServiceOpenings.starts).alias("run")
    first: ColumnElement[Any] = func.lower(runs.column, type_=TIMESTAMPTZ)
    step = _minutes(ServiceOpenings.step_minutes)
    steps = func.ceil(_seconds(earliest - first) / _seconds(step))
    upcoming = case((first >= earliest, first), else_=first + steps * step)
    reaching = select(upcoming).where(func.upper(runs.column, type_=TIMESTAMPTZ) >= earliest)
    found: ColumnElement[Any] = reaching.order_by(runs.column).limit(1).correlate_except(runs).scalar_subquery()
    return found


def _minutes(number: Any) -> ColumnElement[Any]:
    interval: ColumnElement[Any] = number * literal(A_MINUTE, INTERVAL)
    return interval


def _seconds(what: Any) -> ColumnElement[float]:
    return func.date_part("epoch", what, type_=Float)


PUT = text(
    """
    insert into catalog.openings (service_id, step_minutes, notice_minutes, starts, grid_seconds)
    select s.id, :step, s.min_notice_minutes, runs.starts, runs.grid_seconds
      from catalog.services s,
           (select coalesce(range_agg(tstzrange(first, last, '[]')), '{}') as starts,
                   case when min(point) = max(point) then min(point) end as grid_seconds
              from unnest(:firsts, :lasts) run (first, last),
                   lateral (select extract(epoch from first)::bigint % (:step * 60) as point) grid) runs
     where s.id = :service
    on conflict (service_id) do update
       set step_minutes = excluded.step_minutes, notice_minutes = excluded.notice_minutes,
           starts = excluded.starts, grid_seconds = excluded.grid_seconds"""
).bindparams(
    bindparam("step", type_=Integer),
    bindparam("firsts", type_=ARRAY(TIMESTAMPTZ)),
    bindparam("lasts", type_=ARRAY(TIMESTAMPTZ)),
)

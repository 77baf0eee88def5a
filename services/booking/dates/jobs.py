"""Series without an end are written ahead, day by day."""

from datetime import datetime
from functools import partial
from uuid import UUID

from services.booking.calendars.announced import announce
from services.booking.calendars.events import session_snapshot_of
from services.booking.calendars.places import usual_location
from services.booking.calendars.repository import ServicesWithHours, ServiceWithHours
from services.booking.calendars.seats import seat_of
from services.booking.checkout.steps import expire_overdue_within
from services.booking.dates.recurrence import Recurrence, rule_of
from services.booking.dates.repository import AllSeries
from services.booking.runtime import BookingRuntime
from services.booking.schedules.domain import DAY
from services.booking.sessions.models import Series
from services.booking.sessions.repository import Sessions
from shared.database.session import Session
from shared.events.sessions import SeriesDateLeftOut, SessionScheduled
from shared.messaging.outbox import emit
from shared.work.jobs import Job, Jobs, each_page


async def write_series(runtime: BookingRuntime) -> int:
    """Announces the dates of the days that have come within reach, each series in a transaction of its own."""
    now = runtime.clock.now()
    return await each_page(
        runtime.db, lambda session, after: AllSeries(session).due(now, after), partial(_write, runtime)
    )


async def _write(runtime: BookingRuntime, series_id: UUID) -> bool:
    """Takes the locks in the order of every use case: service, holds, calendar, and the series last."""
    async with runtime.db.transaction() as session:
        found = await AllSeries(session).find(series_id)
        bookable = await ServicesWithHours(session).find(found.service_id, lock=True) if found else None
        if bookable is None:
            return False
        await expire_overdue_within(session, bookable.service.practitioner_id)
        await Sessions(session).lock_calendar(bookable.service.practitioner_id)
        series = await AllSeries(session).find(series_id, lock=True)
        if series is None or series.ended_at is not None or series.written_until is None:
            return False
        recurrence = _recurrence_of(series)
        last = recurrence.last_to_write(session.now())
        for start in recurrence.starts(last, since=series.written_until):
            if start > session.now():
                await _announce(session, bookable, series, start)
        series.written_until, series.write_at = last + DAY, recurrence.when_to_write(last + DAY)
        return True


def _recurrence_of(series: Series) -> Recurrence:
    clock = (series.start_time, series.timezone)
    return Recurrence(rule_of(series.rrule), series.start_date, *clock, frozenset(series.left_out))


async def _announce(session: Session, bookable: ServiceWithHours, series: Series, start: datetime) -> None:
    """Where something else takes that time the date is left out, and its practitioner notified."""
    service = bookable.service
    location_id = series.location_id or usual_location(bookable)
    seat = seat_of(bookable, start, start + service.rules.duration, location_id)
    opened = await announce(session, seat, series.id)
    if opened is None:
        emit(session, _left_out(bookable, series, start))
        return
    for one in await Sessions(session).list_by_ids([opened]):
        emit(session, SessionScheduled(session=session_snapshot_of(one, bookable)))


def _left_out(bookable: ServiceWithHours, series: Series, start: datetime) -> SeriesDateLeftOut:
    service = bookable.service
    return SeriesDateLeftOut(
        series_id=series.id,
        practitioner_id=service.practitioner_id,
        practitioner_user_id=service.practitioner_user_id,
        service_id=service.service_id,
        service_title=service.title,
        start_time=start,
        timezone=bookable.hours.timezone,
    )


JOBS: Jobs = {"write_series": Job(write_series, every=2.0)}

"""Computing a practitioner's openings anew: the slots of their services, from one read of the calendar."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from services.booking.calendars.dates import open_dates
from services.booking.calendars.domain import Taken
from services.booking.calendars.repository import ServicesWithHours, ServiceWithHours
from services.booking.calendars.service import read_taken, still_open, times_that_count
from services.booking.calendars.sources import BusyQuestion
from services.booking.openings.domain import READY_DAYS, Runs, next_roll, runs_of
from services.booking.openings.repository import MINUTE, Openings, Stored
from services.booking.resources.domain import wanted_by
from services.booking.schedules.domain import DAY, Slot, first_day, slots_between
from services.booking.sessions.domain import SlotRules
from shared.database.session import Session
from shared.events.booking import OpeningsChanged
from shared.messaging.outbox import emit

Grid = tuple[ServiceWithHours, SlotRules, Sequence[Slot]]


async def refresh(session: Session, practitioner_id: UUID) -> None:
    """Keeps the present openings of all the practitioner's services, and publishes those that are others now."""
    openings, now = Openings(session), session.now()
    await openings.take_turn(practitioner_id)
    services = await ServicesWithHours(session).of(practitioner_id)
    kept = await openings.of(practitioner_id)
    horizons = [(each.hours, each.service.horizon_days) for each in services if not each.service.has_dates]
    rolls_at = next_roll(horizons, practitioner_id, now)
    present = await _compute(session, services, now)
    changed = {each: runs for each, runs in present.items() if each not in kept or kept[each].runs.after(now) != runs}
    stored = {each: Stored(changed[each] if each in changed else kept[each].runs, rolls_at) for each in present}
    await openings.put(practitioner_id, {each: new for each, new in stored.items() if kept.get(each) != new})
    for service_id, runs in changed.items():
        step_minutes = runs.step // MINUTE
        emit(session, OpeningsChanged(service_id=service_id, step_minutes=step_minutes, runs=runs.runs))


async def _compute(session: Session, services: Sequence[ServiceWithHours], now: datetime) -> Mapping[UUID, Runs]:
    grids = [_grid(bookable, now) for bookable in services if not bookable.service.has_dates]
    taken = await _taken(session, [grid for grid in grids if grid[2]], now)
    dated = [bookable for bookable in services if bookable.service.has_dates]
    by_grid = {grid[0].service.service_id: _runs(grid, taken) for grid in grids}
    return by_grid | {each.service.service_id: await _runs_of_dates(session, each, now) for each in dated}


async def _runs_of_dates(session: Session, bookable: ServiceWithHours, now: datetime) -> Runs:
    """Of what is sold on announced dates."""
    rules = _rules_of(bookable)
    dates = await open_dates(session, bookable, now, now + READY_DAYS * DAY, rules, None) if _is_sold(bookable) else []
    return runs_of((date.start_time for date in dates), rules.interval)


def _rules_of(bookable: ServiceWithHours) -> SlotRules:
    """The notice is left to who searches: it moves with each moment."""
    return replace(bookable.service.rules, notice=timedelta(0))


def _is_sold(bookable: ServiceWithHours) -> bool:
    return bookable.may_sell and bookable.service.is_active


def _grid(bookable: ServiceWithHours, now: datetime) -> Grid:
    """All slots of the next days."""
    hours, rules = bookable.hours, _rules_of(bookable)
    if not _is_sold(bookable):
        return bookable, rules, []
    today = hours.today(now)
    return bookable, rules, slots_between(hours, rules, first_day(hours, today, now), today + READY_DAYS * DAY, now)


async def _taken(session: Session, grids: Sequence[Grid], now: datetime) -> Taken:
    if not grids:
        return Taken([])
    times = [times_that_count(bookable, slots) for bookable, _, slots in grids]
    first, until = min(first for first, _ in times), max(until for _, until in times)
    resources = wanted_by(need for bookable, _, _ in grids for need in bookable.service.needs)
    practitioner_id = grids[0][0].service.practitioner_id
    return await read_taken(session, BusyQuestion(practitioner_id, first, until, now, resources=resources))


def _runs(grid: Grid, taken: Taken) -> Runs:
    bookable, rules, slots = grid
    starts = dict.fromkeys(slot.start_time for slot in still_open(bookable, slots, rules, taken))
    return runs_of(starts, rules.interval)

"""Openings: what is kept for searches is what the slots say, and is published when it has changed."""

import asyncio
from contextlib import suppress
from contextvars import Context
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, deliver_twice, run_jobs
from services.booking.openings.domain import Runs, next_roll, runs_of
from services.booking.openings.jobs import refresh_openings
from services.booking.openings.metrics import measure_openings
from services.booking.openings.service import refresh
from services.booking.schedules.domain import Hours, Zones
from services.booking.tests.world import HOUR, TEN, World
from shared.events.booking import OpeningsChanged
from shared.events.catalog import PractitionerVerificationChanged, ServiceCreated, ServiceDeactivated, ServiceUpdated
from shared.records.ids import new_id

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
RULES = {"duration_minutes": 45, "slot_interval_minutes": 15, "buffer_after_minutes": 10, "buffer_before_minutes": 5}


async def opens(world: World, hours: dict[str, Any] | None = None, **terms: Any) -> None:
    """Booking knows the service, as it does after the event."""
    await world.open_shop(hours, **terms)
    await deliver(world.app, ServiceCreated(service=world.catalog.services[world.service_id]))


async def changed(world: World) -> list[OpeningsChanged]:
    """What was published; who reads all of it sees the last of each service."""
    await run_jobs(world.app)
    return await world.events(OpeningsChanged)


async def kept(world: World, service_id: UUID | None = None) -> list[datetime]:
    """The starts that a reader of the last event has, those of the coming 31 days."""
    last = [event for event in await changed(world) if event.service_id == (service_id or world.service_id)][-1]
    step = last.step_minutes * MINUTE
    starts = [first + n * step for first, end in last.runs for n in range((end - first) // step + 1)]
    return [start for start in starts if world.clock.now() < start < world.clock.now() + 31 * DAY]


async def offered(world: World, service_id: UUID | None = None) -> list[datetime]:
    """The starts that the slots offer, in the same days."""
    now, found = world.clock.now(), list[datetime]()
    for first, until in ((0, 12), (12, 24), (24, 32)):
        days = (f"{now + first * DAY:%Y-%m-%d}", f"{now + until * DAY:%Y-%m-%d}")
        answer = await world.ask_slots(*days, **({"service_id": str(service_id)} if service_id else {}))
        found += [datetime.fromisoformat(slot["start_time"]) for slot in answer.json()["results"]]
    return [start for start in found if start < now + 31 * DAY]


async def agrees(world: World, service_id: UUID | None = None) -> int:
    """How many starts both have."""
    starts = await offered(world, service_id)
    assert await kept(world, service_id) == starts
    return len(starts)


async def put(world: World, path: str, body: dict[str, Any]) -> Any:
    answer = await world.post(f"/practitioners/{world.practitioner_id}/{path}/", body, world.practitioner)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


async def test_they_follow_whatever_changes_the_slots(world: World) -> None:
    weekly = [
        {"day_of_week": 0, "start_time": "22:00", "end_time": "02:00"},
        {"day_of_week": 3, "start_time": "09:00", "end_time": "17:00"},
        {"day_of_week": 5, "start_time": "00:00", "end_time": "24:00"},
        {"day_of_week": 6, "start_time": "00:00", "end_time": "12:00"},
    ]
    berlin = {"timezone": "Europe/Berlin", "weekly": weekly}
    await opens(world, berlin | {"limits": {"sessions_per_day": 3}}, **RULES, max_participants=2)
    counts = [await agrees(world)]
    booking = await world.confirmed(TEN)
    counts.append(await agrees(world))
    await world.confirmed(TEN, headers_for())  # the second seat: that start is full
    counts.append(await agrees(world))
    moved = await world.post(f"/bookings/{booking['id']}/reschedule/", {"start_time": (TEN + HOUR).isoformat()})
    assert moved.status_code == 200, moved.text
    counts.append(await agrees(world))
    off = {"start_time": (TEN + 2 * HOUR).isoformat(), "end_time": (TEN + 9 * DAY).isoformat()}
    await put(world, "time-off", off)
    counts.append(await agrees(world))
    fewer = {"date": "2026-12-26", "windows": [{"start_time": "10:00", "end_time": "12:00"}]}
    flies = {"from": "2026-12-17", "to": "2026-12-20", "timezone": "Asia/Tokyo"}
    await put(world, "schedule", berlin | {"overrides": [fewer], "zone_changes": [flies]})
    counts.append(await agrees(world))
    await deliver_twice(world.app, ServiceUpdated(service=world.snapshot(version=2, horizon_days=20)))
    counts.append(await agrees(world))
    assert all(counts)
    assert len(set(counts)) == len(counts)


async def test_a_booking_of_one_service_changes_the_other_and_one_read_serves_both(world: World) -> None:
    await opens(world)
    other = world.snapshot(new_id(), duration_minutes=30)
    await deliver(world.app, ServiceUpdated(service=other))
    await run_jobs(world.app)
    booking = await world.confirmed()
    before = len(await world.events(OpeningsChanged))
    assert {event.service_id for event in (await changed(world))[before:]} == {world.service_id, other.service_id}
    assert TEN not in await kept(world)
    assert TEN + 30 * MINUTE not in await kept(world, other.service_id)
    await world.post(f"/bookings/{booking['id']}/cancel/")
    assert TEN in await kept(world)
    assert TEN + 30 * MINUTE in await kept(world, other.service_id)


async def test_a_hold_that_runs_out_is_an_opening_again(world: World) -> None:
    await opens(world)
    await world.book()
    assert TEN not in await kept(world)
    world.clock.advance(20 * MINUTE)
    assert TEN in await kept(world)


async def test_what_is_not_sold_has_none(world: World) -> None:
    await opens(world)
    assert await kept(world)
    await deliver_twice(world.app, ServiceDeactivated(service=world.snapshot(version=2, is_active=False)))
    assert await kept(world) == []
    await deliver(world.app, ServiceUpdated(service=world.snapshot(version=3)))
    assert await kept(world)
    lost = PractitionerVerificationChanged(
        practitioner_id=world.practitioner_id,
        user_id=world.practitioner_user_id,
        display_name="M",
        timezone="UTC",
        verification_status="rejected",
        version=2,
    )
    await deliver_twice(world.app, lost)
    assert await kept(world) == []


async def test_nothing_is_published_where_nothing_has_changed_and_days_are_added_as_time_passes(world: World) -> None:
    await opens(world)
    before = len(await changed(world))
    notes = await world.post(f"/practitioners/{world.practitioner_id}/time-off/", off_at_night(), world.practitioner)
    assert notes.status_code == 201
    world.clock.advance(90 * MINUTE)  # starts of today pass, which readers see by themselves
    assert len(await changed(world)) == before
    world.clock.advance(DAY)
    assert len(await changed(world)) == before + 1
    assert await agrees(world)


def off_at_night() -> dict[str, str]:
    return {"start_time": (TEN + 10 * HOUR).isoformat(), "end_time": (TEN + 11 * HOUR).isoformat()}


async def test_a_mark_that_was_taken_and_not_finished_is_found_again(world: World) -> None:
    await opens(world)
    await changed(world)
    await world.book()

    with suppress(ConnectionError):
        async with world.runtime.db.transaction() as session:
            await refresh(session, world.practitioner_id)
            raise ConnectionError("the process ends here")
    await measure_openings(world.app.state.runtime)
    assert (REGISTRY.get_sample_value("estuary_booking_openings_lag_seconds") or 0) > 0
    assert TEN not in await kept(world)
    await measure_openings(world.app.state.runtime)
    assert REGISTRY.get_sample_value("estuary_booking_openings_lag_seconds") == 0


async def test_a_change_that_commits_while_they_are_computed_is_seen_by_the_next_run(world: World) -> None:
    await opens(world)
    await changed(world)
    runtime = world.app.state.runtime
    async with runtime.db.transaction() as session:
        await session.execute(
            text("insert into booking.time_off values (:id, :practitioner, :start, :end, null, :start)"),
            {"id": new_id(), "practitioner": world.practitioner_id, "start": TEN, "end": TEN + HOUR},
        )
        computing = asyncio.create_task(refresh_openings(runtime), context=Context())
        await computing  # it waits for nobody, and sees neither the change nor its mark
    assert TEN not in await kept(world)


class TestRuns:
    starts = tuple(TEN + minutes * MINUTE for minutes in (0, 30, 60, 70, 100, 200))

    def test_starts_at_equal_distance_are_one(self) -> None:
        found = runs_of(self.starts, 30 * MINUTE)
        assert [(last - first) // MINUTE for first, last in found.runs] == [60, 30, 0]

    @pytest.mark.parametrize("minutes", [-1, 0, 1, 30, 59, 60, 69, 100, 199, 200])
    def test_what_is_later_than_a_moment(self, minutes: int) -> None:
        moment = TEN + minutes * MINUTE
        later = runs_of([start for start in self.starts if start > moment], 30 * MINUTE)
        assert runs_of(self.starts, 30 * MINUTE).after(moment) == later

    def test_a_near_horizon_moves_at_midnight_the_rest_at_the_practitioners_own_moment(self) -> None:
        hours, practitioner_id = Hours(Zones("Europe/Berlin"), {}, {}), new_id()
        daily = next_roll([(hours, 90)], practitioner_id, TEN)
        assert TEN < daily <= TEN + DAY
        assert next_roll([(hours, 90)], practitioner_id, daily - MINUTE) == daily
        assert next_roll([(hours, 90)], practitioner_id, daily) == daily + DAY
        midnight = TEN.replace(hour=23)
        assert next_roll([(hours, 90), (hours, 30)], practitioner_id, TEN) == min(daily, midnight)
        assert Runs(MINUTE, ()).after(TEN) == Runs(MINUTE, ())

"""A hold that has run out is in nobody's way, also before a job has seen it."""

from datetime import timedelta
from typing import Any

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, run_jobs
from services.booking.tests.world import HOUR, TEN, World

QUARTER = timedelta(minutes=15)


async def overdue(world: World) -> dict[str, Any]:
    """A hold at eleven that has just run out; no job has run."""
    hold = await world.book(TEN + HOUR, headers_for())
    world.clock.advance(QUARTER)
    return hold


@pytest.mark.parametrize("by", ["client", "practitioner"])
async def test_a_booking_moves_there(world: World, by: str) -> None:
    await world.open_shop()
    booking = await world.book()
    await deliver(world.app, world.paid(booking))
    hold = await overdue(world)
    headers = world.client if by == "client" else world.practitioner
    body = {"start_time": (TEN + HOUR).isoformat()}
    assert (await world.post(f"/bookings/{booking['id']}/reschedule/", body, headers)).status_code == 200
    assert (await world.get(f"/bookings/{hold['id']}/", world.practitioner)).json()["status"] == "expired"
    await run_jobs(world.app)


async def test_a_session_moves_there(world: World) -> None:
    await world.open_shop()
    booking = await world.book()
    await deliver(world.app, world.paid(booking))
    await overdue(world)
    path, body = f"/api/v1/sessions/{booking['session_id']}/", {"start_time": (TEN + HOUR).isoformat()}
    assert (await world.http.put(path, json=body, headers=world.practitioner)).status_code == 200
    await run_jobs(world.app)


async def test_a_session_leaves_its_own_overdue_hold_behind(world: World) -> None:
    await world.open_shop(max_participants=2)
    booking = await world.book()
    await deliver(world.app, world.paid(booking))
    hold = await world.book(headers=headers_for())
    world.clock.advance(QUARTER)
    path, body = f"/api/v1/sessions/{booking['session_id']}/", {"start_time": (TEN + HOUR).isoformat()}
    answer = await world.http.put(path, json=body, headers=world.practitioner)
    assert (answer.status_code, answer.json()["available_spots"]) == (200, 1)
    seen = (await world.get(f"/bookings/{hold['id']}/", world.practitioner)).json()
    assert (seen["status"], seen["start_time"]) == ("expired", "2026-12-03T10:00:00Z")
    await run_jobs(world.app)


async def test_rule_05_a_late_payment_finds_its_slot_free(world: World) -> None:
    await world.open_shop()
    late = await world.book(TEN + HOUR)
    world.clock.advance(QUARTER)
    await run_jobs(world.app)
    await overdue(world)
    await deliver(world.app, world.paid(late))
    await run_jobs(world.app)
    assert await world.status_of(late) == "confirmed"
    assert world.payments.orders[late["order_id"]].refunded == 0

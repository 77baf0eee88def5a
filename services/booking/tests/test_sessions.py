"""Moving a session with everybody in it."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, run_jobs
from services.booking.tests.world import HOUR, TEN, World
from shared.events.booking import BookingRescheduled
from shared.events.catalog import ServiceUpdated
from shared.records.ids import new_id

MINUTE = timedelta(minutes=1)


async def guests(world: World, seats: int = 2) -> list[dict[str, Any]]:
    """A group session of three seats at ten, so many of them paid for."""
    await world.open_shop(max_participants=3, slot_interval_minutes=30)
    bookings = [await world.book(headers=headers_for()) for _ in range(seats)]
    for booking in bookings:
        await deliver(world.app, world.paid(booking))
    return bookings


async def move(world: World, session_id: str, start: datetime, headers: dict[str, str] | None = None) -> Any:
    body = {"start_time": start.isoformat()}
    chosen = world.practitioner if headers is None else headers
    return await world.http.put(f"/api/v1/sessions/{session_id}/", json=body, headers=chosen)


async def test_anonymous_is_401_a_client_403_and_a_stranger_404(world: World) -> None:
    [booking] = await guests(world, 1)
    stranger = headers_for(new_id(), ("user", "practitioner"), new_id())
    for headers, status in (({}, 401), (world.client, 403), (stranger, 404)):
        assert (await move(world, booking["session_id"], TEN + HOUR, headers)).status_code == status
    for wrong in (str(new_id()), "7"):
        assert (await move(world, wrong, TEN + HOUR)).status_code == 404


async def test_all_its_people_move_and_the_session_stays_the_same(world: World) -> None:
    bookings = await guests(world)
    session_id = bookings[0]["session_id"]
    answer = await move(world, session_id, TEN + 30 * MINUTE)  # overlaps its own present time
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "id": session_id,
        "service_id": str(world.service_id),
        "start_time": "2026-12-03T10:30:00Z",
        "end_time": "2026-12-03T11:30:00Z",
        "status": "scheduled",
        "available_spots": 1,
        "location_id": None,
        "series_id": None,
        "position": None,
    }
    for booking in bookings:
        seen = (await world.get(f"/bookings/{booking['id']}/", world.practitioner)).json()
        assert (seen["start_time"], seen["session_id"]) == ("2026-12-03T10:30:00Z", session_id)
        assert seen["move"] == {"by": "practitioner", "agreed_start_time": "2026-12-03T10:00:00Z", "accepted": False}
    moves = await world.events(BookingRescheduled)
    assert [(event.booking.start_version, str(event.booking.session_id)) for event in moves] == [(2, session_id)] * 2
    assert len({event.session_move_id for event in moves} - {None}) == 1
    assert {event.booking.move.by for event in moves} == {"practitioner"}


async def test_the_same_start_changes_nothing(world: World) -> None:
    bookings = await guests(world)
    assert (await move(world, bookings[0]["session_id"], TEN)).status_code == 200
    assert await world.events(BookingRescheduled) == []


@pytest.mark.parametrize(("seats", "left"), [(5, 3), (1, 0)])
async def test_seats_left_are_those_of_the_service_now(world: World, seats: int, left: int) -> None:
    bookings = await guests(world)
    changed = world.snapshot(max_participants=seats, slot_interval_minutes=30, version=2)
    await deliver(world.app, ServiceUpdated(service=changed))
    for start in (TEN, TEN + HOUR):
        assert (await move(world, bookings[0]["session_id"], start)).json()["available_spots"] == left


async def test_a_taken_slot_is_409_and_nobody_moves(world: World) -> None:
    bookings = await guests(world)
    await world.book(TEN + HOUR, headers=headers_for())
    answer = await move(world, bookings[0]["session_id"], TEN + 30 * MINUTE)
    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    seen = (await world.get(f"/bookings/{bookings[0]['id']}/", world.practitioner)).json()
    assert (seen["start_time"], seen["move"]) == ("2026-12-03T10:00:00Z", None)


async def test_an_unpaid_hold_follows_unannounced_and_ends_at_the_start(world: World) -> None:
    await world.open_shop(max_participants=3)
    world.clock.set(TEN - HOUR - 5 * MINUTE)
    booking = await world.book()
    assert (await move(world, booking["session_id"], TEN - HOUR)).status_code == 200
    seen = (await world.get(f"/bookings/{booking['id']}/")).json()
    assert (seen["start_time"], seen["payment"]["expires_at"]) == ("2026-12-03T09:00:00Z", "2026-12-03T09:00:00Z")
    assert await world.events(BookingRescheduled) == []


async def test_until_its_start_and_only_while_somebody_has_a_seat(world: World) -> None:
    [booking] = await guests(world, 1)
    off_grid = await move(world, booking["session_id"], TEN + MINUTE)
    assert (off_grid.status_code, off_grid.json()["errors"][0]["code"]) == (422, "off_grid")
    world.clock.set(TEN)
    started = await move(world, booking["session_id"], TEN + HOUR)
    assert (started.status_code, started.json()["code"]) == (409, "already_started")


async def test_a_session_that_was_given_up_is_409(world: World) -> None:
    [booking] = await guests(world, 1)
    await world.post(f"/bookings/{booking['id']}/cancel/", headers=world.practitioner)
    answer = await move(world, booking["session_id"], TEN + HOUR)
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")


@pytest.mark.parametrize("seed", range(3))
async def test_rule_03_moves_bookings_and_cancellations_at_once_leave_a_whole_calendar(world: World, seed: int) -> None:
    bookings = await guests(world)
    target = TEN + (seed + 1) * 30 * MINUTE
    answers = await asyncio.gather(
        move(world, bookings[0]["session_id"], target),
        move(world, bookings[0]["session_id"], target + HOUR),
        world.try_book(headers=headers_for()),
        world.post(f"/bookings/{bookings[1]['id']}/cancel/", headers=world.practitioner),
        world.post(f"/bookings/{bookings[0]['id']}/reschedule/", {"start_time": TEN.isoformat()}, world.practitioner),
    )
    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    await run_jobs(world.app)
    assert await world.broken_invariants() == {}

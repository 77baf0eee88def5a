"""Moving a booking to another start."""

import asyncio
from datetime import timedelta
from typing import Any

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver
from services.booking.tests.world import HOUR, TEN, World
from shared.events.booking import BookingRescheduled
from shared.events.catalog import ServiceUpdated

SECOND = timedelta(seconds=1)


MINUTE = timedelta(minutes=1)


class TestReschedule:
    async def move(self, world: World, booking: dict[str, Any], start: Any, headers: Any = None) -> Any:
        return await world.post(f"/bookings/{booking['id']}/reschedule/", {"start_time": start.isoformat()}, headers)

    async def test_moves_the_seat_and_grows_the_version(self, world: World) -> None:
        await world.open_shop()
        booking = await world.confirmed()
        answer = await self.move(world, booking, TEN + 2 * HOUR)
        assert (answer.status_code, answer.json()["start_time"]) == (200, "2026-12-03T12:00:00Z")
        [event] = await world.events(BookingRescheduled)
        assert (event.previous_start_time, event.booking.start_version) == (TEN, 2)
        assert "10:00" in await world.starts()
        assert "12:00" not in await world.starts()

    async def test_a_start_that_overlaps_the_old_one_is_fine(self, world: World) -> None:
        await world.open_shop(slot_interval_minutes=30)
        assert (await self.move(world, await world.confirmed(), TEN + 30 * MINUTE)).status_code == 200

    async def test_the_same_start_changes_nothing(self, world: World) -> None:
        await world.open_shop()
        assert (await self.move(world, await world.confirmed(), TEN)).status_code == 200
        assert await world.events(BookingRescheduled) == []

    async def test_rule_03_a_taken_slot_is_409_and_the_booking_stays(self, world: World) -> None:
        await world.open_shop()
        booking = await world.confirmed()
        await world.book(TEN + HOUR, headers=headers_for())
        answer = await self.move(world, booking, TEN + HOUR)
        assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
        assert "10:00" not in await world.starts()

    async def test_the_practitioner_s_notice_binds_clients_alone(self, world: World) -> None:
        await world.open_shop(min_notice_minutes=48 * 60)
        booking = await world.confirmed()
        world.clock.set(TEN - 26 * HOUR)
        assert (await self.move(world, booking, TEN + HOUR)).status_code == 422
        assert (await self.move(world, booking, TEN - 24 * HOUR, world.practitioner)).status_code == 200
        past = await self.move(world, booking, TEN - 26 * HOUR, world.practitioner)
        assert (past.status_code, past.json()["errors"][0]["field"]) == (422, "start_time")

    async def test_the_duration_stays(self, world: World) -> None:
        await world.open_shop()
        booking = await world.confirmed()
        longer = world.snapshot(duration_minutes=90, slot_interval_minutes=60, version=2)
        await deliver(world.app, ServiceUpdated(service=longer))
        moved = (await self.move(world, booking, TEN + 2 * HOUR)).json()
        assert (moved["start_time"], moved["end_time"]) == ("2026-12-03T12:00:00Z", "2026-12-03T13:00:00Z")

    async def test_off_the_grid_is_422(self, world: World) -> None:
        await world.open_shop()
        answer = await self.move(world, await world.confirmed(), TEN + MINUTE)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "off_grid")

    async def test_the_client_until_24_hours_before_the_practitioner_until_the_start(self, world: World) -> None:
        await world.open_shop()
        booking = await world.confirmed()
        world.clock.set(TEN - 24 * HOUR)
        assert (await self.move(world, booking, TEN + HOUR)).status_code == 200
        world.clock.set(TEN - 23 * HOUR + SECOND)
        answer = await self.move(world, booking, TEN)
        assert (answer.status_code, answer.json()["code"]) == (409, "too_late_to_reschedule")
        assert (await self.move(world, booking, TEN, world.practitioner)).status_code == 200
        world.clock.set(TEN)
        assert (await self.move(world, booking, TEN + HOUR, world.practitioner)).json()["code"] == "already_started"

    async def test_a_pending_one_cannot_be_moved(self, world: World) -> None:
        await world.open_shop()
        answer = await self.move(world, await world.book(), TEN + HOUR)
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")

    async def test_rule_04_a_group_seat_moves_to_the_other_session(self, world: World) -> None:
        await world.open_shop(max_participants=2)
        booking = await world.confirmed()
        await world.book(headers=headers_for())
        await world.book(TEN + HOUR, headers=headers_for())
        assert (await self.move(world, booking, TEN + HOUR)).status_code == 200
        spots = {slot["start_time"][11:16]: slot["available_spots"] for slot in await world.slots()}
        assert spots["10:00"] == 1
        assert "11:00" not in spots

    async def test_rule_03_two_that_change_places_and_many_movers_never_deadlock(self, world: World) -> None:
        await world.open_shop(max_participants=2)
        here = [await world.confirmed(), await world.confirmed()]
        there = [await world.confirmed(TEN + HOUR), await world.confirmed(TEN + HOUR)]
        moves = [self.move(world, b, TEN + HOUR) for b in here] + [self.move(world, b, TEN) for b in there]
        statuses = {answer.status_code for answer in await asyncio.gather(*moves)}
        assert statuses <= {200, 409}

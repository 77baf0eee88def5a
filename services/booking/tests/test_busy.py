"""What takes a practitioner's time, the starts that a booking can be moved to, and what a question about both costs."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver
from devtools.testing.observation import statements
from services.booking.tests.test_time_off import take_off
from services.booking.tests.world import ALL_DAY, HOUR, TEN, World
from shared.events.catalog import ServiceUpdated
from shared.records.ids import new_id
from shared.records.times import render_utc

DAY = timedelta(days=1)
QUARTER = HOUR / 4


async def busy(world: World, first: str = "2026-12-03", until: str = "2026-12-04") -> list[dict[str, Any]]:
    path = f"/practitioners/{world.practitioner_id}/busy/?from={first}&to={until}"
    answer = await world.get(path, world.practitioner)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def entry(start: datetime, end: datetime, source: str) -> dict[str, str]:
    return {"start_time": render_utc(start), "end_time": render_utc(end), "source": source}


class TestBusy:
    async def test_anonymous_is_401_a_client_403_and_a_stranger_404(self, world: World) -> None:
        url = f"/api/v1/practitioners/{world.practitioner_id}/busy/"
        stranger = headers_for(new_id(), ("user", "practitioner"), new_id())
        for headers, status in ((None, 401), (world.client, 403), (stranger, 404)):
            assert (await world.http.get(url, headers=headers)).status_code == status

    async def test_sessions_and_time_off_in_order_without_buffers(self, world: World) -> None:
        await world.open_shop(max_participants=2, buffer_after_minutes=30)
        await take_off(world, TEN + 2 * HOUR, TEN + 26 * HOUR)
        for headers in (world.client, headers_for()):
            await world.book(headers=headers)
        session = entry(TEN, TEN + HOUR, "booking")
        off = entry(TEN + 2 * HOUR, TEN + 26 * HOUR, "time_off")
        assert await busy(world) == [session, off]
        assert await busy(world, "2026-12-04", "2026-12-05") == [off]
        world.clock.advance(timedelta(minutes=16))
        assert await busy(world) == [off]

    async def test_days_are_those_of_the_usual_schedule_s_zone(self, world: World) -> None:
        await world.open_shop({**ALL_DAY, "timezone": "Asia/Tokyo"})
        off = await take_off(world, TEN + 5 * HOUR, TEN + 6 * HOUR)
        assert await busy(world) == []
        assert [each["start_time"] for each in await busy(world, "2026-12-04", "2026-12-05")] == [off["start_time"]]

    @pytest.mark.parametrize(
        ("first", "until", "field"),
        [
            ("2026-12-03", "2026-12-03", "to"),
            ("2026-12-03", "2027-01-04", "to"),
            ("0001-01-01", "0001-01-02", "from"),
            ("9999-12-30", "9999-12-31", "from"),
            ("soon", "2026-12-04", "from"),
        ],
    )
    async def test_bad_days_are_422(self, world: World, first: str, until: str, field: str) -> None:
        await world.open_shop()
        path = f"/practitioners/{world.practitioner_id}/busy/?from={first}&to={until}"
        answer = await world.get(path, world.practitioner)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


class TestMoving:
    async def starts(self, world: World, booking: dict[str, Any], headers: dict[str, str] | None) -> list[str]:
        answer = await self.ask(world, booking["id"], headers)
        assert answer.status_code == 200, answer.text
        return [slot["start_time"][11:16] for slot in answer.json()["results"]]

    async def ask(self, world: World, moving: str, headers: dict[str, str] | None, **more: str) -> Any:
        query = {"service_id": str(world.service_id), "from": "2026-12-03", "to": "2026-12-04", "moving": moving}
        url = f"/api/v1/practitioners/{world.practitioner_id}/availability/"
        return await world.http.get(url, params=query | more, headers=headers)

    async def test_bk_5_its_own_seat_counts_as_free_in_what_is_shown_and_in_the_move(self, world: World) -> None:
        await world.open_shop(slot_interval_minutes=15, buffer_after_minutes=15)
        booking, _ = await world.confirmed(), await world.confirmed(TEN + 2 * HOUR, headers_for())
        near = ["10:00", "10:15", "10:30", "10:45"]
        assert not set(near) & set(await world.starts())
        for headers in (world.client, world.practitioner):
            found = await self.starts(world, booking, headers)
            assert [start for start in found if "10:00" <= start < "13:15"] == near
        for moved in (QUARTER, 3 * QUARTER, timedelta(0)):
            body = {"start_time": render_utc(TEN + moved)}
            answer = await world.post(f"/bookings/{booking['id']}/reschedule/", body, world.client)
            assert answer.status_code == 200, answer.text

    async def test_bk_5_a_group_stays_in_the_way_of_its_member(self, world: World) -> None:
        await world.open_shop(max_participants=2, slot_interval_minutes=30)
        booking, _ = await world.confirmed(), await world.confirmed(headers=headers_for())
        assert "10:00" not in await world.starts()
        found = await self.starts(world, booking, world.client)
        assert "10:00" in found
        assert not {"09:30", "10:30"} & set(found)

    async def test_bk_5_a_full_day_is_open_to_its_own_booking(self, world: World) -> None:
        await world.open_shop({**ALL_DAY, "limits": {"sessions_per_day": 1}})
        booking = await world.confirmed()
        assert (await world.starts(), len(await self.starts(world, booking, world.client))) == ([], 8)

    async def test_the_duration_stays_and_notice_binds_the_client_alone(self, world: World) -> None:
        await world.open_shop()
        booking = await world.confirmed()
        world.snapshot(version=2, duration_minutes=120, min_notice_minutes=3 * 24 * 60)
        await self.refresh(world)
        assert await self.starts(world, booking, world.client) == []
        assert await self.starts(world, booking, world.practitioner) == ["09:00", "11:00", "13:00", "15:00"]

    async def refresh(self, world: World) -> None:
        await deliver(world.app, ServiceUpdated(service=world.catalog.services[world.service_id]))

    async def test_another_s_booking_is_404(self, world: World) -> None:
        await world.open_shop()
        world.snapshot(other := new_id())
        booking = await world.confirmed()
        for headers in (None, headers_for(), headers_for(new_id(), ("user", "practitioner"), new_id())):
            assert (await self.ask(world, booking["id"], headers)).status_code == 404
        assert (await self.ask(world, str(new_id()), world.client)).status_code == 404
        assert (await self.ask(world, booking["id"], world.client, service_id=str(other))).status_code == 404
        answer = await self.ask(world, "mine", world.client)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "moving")


class TestCost:
    async def test_the_number_of_statements_does_not_grow_with_the_calendar(self, world: World) -> None:
        await world.open_shop({**ALL_DAY, "limits": {"sessions_per_day": 20}}, slot_interval_minutes=30)
        await world.slots("2026-12-03", "2027-01-03")
        counts = []
        for days in (range(1), range(1, 24)):
            for number in days:
                await self.fill(world, TEN + number * DAY)
            with statements(world.runtime.db) as sent:
                await world.slots("2026-12-03", "2027-01-03")
            counts.append(len(sent))
        assert counts[0] == counts[1] > 0

    async def fill(self, world: World, start: datetime) -> None:
        """A session, and time off beside it."""
        await world.book(start, headers_for())
        await take_off(world, start + 2 * HOUR, start + 3 * HOUR)

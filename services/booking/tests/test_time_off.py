"""Time off closes every schedule, in what is offered and where a seat is taken."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, run_jobs
from services.booking.tests.world import HOUR, TEN, World
from shared.records.ids import new_id
from shared.records.times import render_utc

MINUTE = timedelta(minutes=1)


def path_of(world: World) -> str:
    return f"/practitioners/{world.practitioner_id}/time-off/"


async def take_off(world: World, start: datetime = TEN, end: datetime = TEN + 2 * HOUR, **more: Any) -> dict[str, Any]:
    body = {"start_time": render_utc(start), "end_time": render_utc(end), **more}
    answer = await world.post(path_of(world), body, world.practitioner)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


class TestTimeOff:
    async def test_anonymous_is_401_a_client_403_and_a_stranger_404(self, world: World) -> None:
        url = f"/api/v1{path_of(world)}"
        body = {"start_time": render_utc(TEN), "end_time": render_utc(TEN + HOUR)}
        stranger = headers_for(new_id(), ("user", "practitioner"), new_id())
        off = await take_off(world)
        for headers, status in ((None, 401), (world.client, 403), (stranger, 404)):
            assert (await world.http.get(url, headers=headers)).status_code == status
            assert (await world.http.post(url, json=body, headers=headers)).status_code == status
            assert (await world.http.delete(f"{url}{off['id']}/", headers=headers)).status_code == status

    async def test_is_listed_soonest_first_and_ends_with_delete(self, world: World) -> None:
        await world.open_shop()
        later = await take_off(world, TEN + 24 * HOUR, TEN + 25 * HOUR)
        off = await take_off(world, note="Dentist")
        assert (off["note"], off["conflicts"]) == ("Dentist", [])
        listed = (await world.get(path_of(world), world.practitioner)).json()
        assert listed["results"] == [off, later]
        assert await world.starts() == ["09:00", "12:00", "13:00", "14:00", "15:00", "16:00"]
        url = f"/api/v1{path_of(world)}{off['id']}/"
        assert (await world.http.delete(url, headers=world.practitioner)).status_code == 204
        assert (await world.http.delete(url, headers=world.practitioner)).status_code == 404
        assert len(await world.starts()) == 8

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"end_time": render_utc(TEN)}, "end_time"),
            ({"end_time": "2026-12-03"}, "end_time"),
            ({"start_time": None}, "start_time"),
            ({"start_time": "0001-01-01T00:00:00Z"}, "start_time"),
            ({"note": "n" * 2001}, "note"),
            ({"reason": "Holiday"}, "reason"),
        ],
    )
    async def test_nonsense_is_422(self, world: World, change: dict[str, Any], field: str) -> None:
        body = {"start_time": render_utc(TEN), "end_time": render_utc(TEN + HOUR)} | change
        answer = await world.post(path_of(world), body, world.practitioner)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)

    async def test_all_time_may_be_taken_off(self, world: World) -> None:
        await world.open_shop()
        body = {"start_time": "1970-01-01T00:00:00Z", "end_time": "9999-12-31T23:59:59Z"}
        assert (await world.post(path_of(world), body, world.practitioner)).status_code == 201
        assert await world.starts() == []


class TestWhatItCloses:
    async def test_every_schedule_and_no_minute_more(self, world: World) -> None:
        await world.open_shop(buffer_after_minutes=30, slot_interval_minutes=30)
        own = {"timezone": "UTC", "weekly": [{"day_of_week": 3, "start_time": "09:00", "end_time": "13:00"}]}
        await world.post(f"/services/{world.service_id}/schedule/", own, world.practitioner)
        await take_off(world, TEN, TEN + HOUR + 15 * MINUTE)
        assert await world.starts() == ["09:00", "11:30", "12:00"]

    async def test_a_start_in_it_is_refused(self, world: World) -> None:
        await world.open_shop(slot_interval_minutes=30)
        await take_off(world)
        for start in (TEN - 30 * MINUTE, TEN, TEN + HOUR + 30 * MINUTE):
            answer = await world.try_book(start)
            assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
        await world.book(TEN - HOUR)
        await world.book(TEN + 2 * HOUR)

    async def test_bookings_stay_and_are_named(self, world: World) -> None:
        await world.open_shop(max_participants=3)
        first, second = await world.confirmed(), await world.book(headers=headers_for())
        gone = await world.book(headers=headers_for())
        outside = await world.confirmed(TEN + 2 * HOUR)
        world.clock.advance(timedelta(minutes=1))
        off = await take_off(world)
        assert set(off["conflicts"]) == {first["id"], second["id"], gone["id"]}
        assert outside["id"] not in off["conflicts"]
        assert await world.status_of(first) == "confirmed"
        world.clock.advance(timedelta(minutes=16))
        listed = (await world.get(path_of(world), world.practitioner)).json()["results"]
        assert listed[0]["conflicts"] == [first["id"]]
        assert (await world.try_book(headers=headers_for())).json()["code"] == "slot_taken"

    async def test_no_booking_and_no_session_is_moved_into_it(self, world: World) -> None:
        await world.open_shop()
        booking = await world.confirmed(TEN + 3 * HOUR)
        session_id = (await world.get(f"/bookings/{booking['id']}/", world.practitioner)).json()["session_id"]
        await take_off(world)
        body = {"start_time": render_utc(TEN)}
        for headers in (world.client, world.practitioner):
            answer = await world.post(f"/bookings/{booking['id']}/reschedule/", body, headers)
            assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
        url = f"/api/v1/sessions/{session_id}/"
        answer = await world.http.put(url, json=body, headers=world.practitioner)
        assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")

    async def test_rule_05_who_pays_late_has_everything_back(self, world: World) -> None:
        await world.open_shop()
        booking = await world.book()
        world.clock.advance(timedelta(minutes=16))
        await run_jobs(world.app)
        await take_off(world)
        await deliver(world.app, world.paid(booking))
        await run_jobs(world.app)
        assert await world.status_of(booking) == "expired"
        assert len(world.payments.orders[str(booking["payment"]["order_id"])].refunds) == 1

    async def test_a_booking_of_the_same_moment_is_refused_or_named(self, world: World) -> None:
        await world.open_shop(max_participants=100)
        tried = [world.try_book(headers=headers_for()) for _ in range(12)]
        off, *booked = await asyncio.gather(self.take_off_soon(world), *tried)
        assert {answer.status_code for answer in booked} <= {201, 409}
        assert {answer.json()["id"] for answer in booked if answer.status_code == 201} == set(off.json()["conflicts"])

    async def take_off_soon(self, world: World) -> httpx2.Response:
        body = {"start_time": render_utc(TEN), "end_time": render_utc(TEN + HOUR)}
        await asyncio.sleep(0.03)
        return await world.post(path_of(world), body, world.practitioner)

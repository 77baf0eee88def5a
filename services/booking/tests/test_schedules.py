"""Hours and availability over HTTP; the copy of catalog's services."""

from datetime import timedelta
from typing import Any

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, deliver_twice
from services.booking.tests.world import ALL_DAY, TEN, World
from shared.events.catalog import ServiceCreated, ServiceDeactivated, ServiceUpdated
from shared.records.ids import new_id


def weekly(*windows: tuple[int, str, str], **more: Any) -> dict[str, Any]:
    named = [{"day_of_week": day, "start_time": start, "end_time": end} for day, start, end in windows]
    return {"timezone": "UTC", "weekly": named, **more}


class TestSchedule:
    async def test_anonymous_is_401_a_client_403_and_a_stranger_404(self, world: World) -> None:
        world.snapshot()
        stranger = headers_for(new_id(), ("user", "practitioner"), new_id())
        for path in (f"practitioners/{world.practitioner_id}", f"services/{world.service_id}"):
            url = f"/api/v1/{path}/schedule/"
            for headers, status in ((None, 401), (world.client, 403), (stranger, 404)):
                assert (await world.http.get(url, headers=headers)).status_code == status
                assert (await world.http.post(url, json=ALL_DAY, headers=headers)).status_code == status
        for headers, status in ((None, 401), (world.client, 403), (stranger, 404)):
            assert (await world.http.delete(url, headers=headers)).status_code == status

    async def test_is_empty_in_the_practitioner_s_zone_at_first(self, world: World) -> None:
        world.snapshot()
        answer = await world.get(f"/practitioners/{world.practitioner_id}/schedule/", world.practitioner)
        assert (answer.json()["timezone"], answer.json()["weekly"]) == ("Europe/Lisbon", [])

    async def test_is_replaced_as_a_whole(self, world: World) -> None:
        await world.open_shop()
        path = f"/practitioners/{world.practitioner_id}/schedule/"
        body = weekly((3, "10:00", "12:00"), overrides=[{"date": "2026-12-10", "windows": []}])
        assert (await world.post(path, body, world.practitioner)).json() == (
            await world.get(path, world.practitioner)
        ).json()
        assert await world.starts() == ["10:00", "11:00"]
        assert await world.slots("2026-12-10", "2026-12-11") == []

    async def test_null_sets_an_optional_list_back_and_is_422_for_a_required_one(self, world: World) -> None:
        await world.open_shop()
        path = f"/practitioners/{world.practitioner_id}/schedule/"
        closed = {"overrides": [{"date": "2026-12-03", "windows": None}]}
        answer = await world.post(path, {**ALL_DAY, **closed}, world.practitioner)
        assert (answer.status_code, answer.json()["overrides"]) == (200, [{"date": "2026-12-03", "windows": []}])
        answer = await world.post(path, {**ALL_DAY, "overrides": None}, world.practitioner)
        assert (answer.status_code, answer.json()["overrides"]) == (200, [])
        answer = await world.post(path, {**ALL_DAY, "weekly": None}, world.practitioner)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "weekly")

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"timezone": "Mars/Olympus"}, "timezone"),
            ({"weekly": [{"day_of_week": 7, "start_time": "09:00", "end_time": "10:00"}]}, "weekly.0.day_of_week"),
            ({"weekly": [{"day_of_week": 0, "start_time": "24:00", "end_time": "09:00"}]}, "weekly.0.start_time"),
            ({"weekly": [{"day_of_week": 0, "start_time": "09:00", "end_time": "9"}]}, "weekly.0.end_time"),
            ({"weekly": [{"day_of_week": 0, "start_time": "25:00", "end_time": "26:00"}]}, "weekly.0.start_time"),
            ({"weekly": [{"day_of_week": "0", "start_time": "09:00", "end_time": "10:00"}]}, "weekly.0.day_of_week"),
            ({"overrides": [{"date": "2026-02-30", "windows": []}]}, "overrides.0.date"),
            ({"overrides": [{"date": 0, "windows": []}]}, "overrides.0.date"),
            ({"overrides": [{"date": "2026-02-20T00:00:00Z", "windows": []}]}, "overrides.0.date"),
            ({"zone_changes": [{"from": "2026-02-30", "to": "2026-03-01", "timezone": "UTC"}]}, "zone_changes.0.from"),
            ({"zone_changes": [{"from": "2026-02-20", "to": "2026-02-20", "timezone": "UTC"}]}, "zone_changes.0.to"),
            (
                {"zone_changes": [{"from": "2026-02-20", "to": "2026-03-01", "timezone": 1}]},
                "zone_changes.0.timezone",
            ),
            ({"zone_changes": [{"from": "2026-02-20", "to": "2026-03-01", "timezone": "UTC"}] * 2}, "zone_changes"),
        ],
    )
    async def test_nonsense_is_422(self, world: World, change: dict[str, Any], field: str) -> None:
        path = f"/practitioners/{world.practitioner_id}/schedule/"
        answer = await world.post(path, {**ALL_DAY, **change}, world.practitioner)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
        assert answer.json()["errors"][0]["field"] == field

    async def test_overlapping_windows_and_repeated_dates_are_422(self, world: World) -> None:
        path = f"/practitioners/{world.practitioner_id}/schedule/"
        twice = {**ALL_DAY, "overrides": [{"date": "2026-12-10"}, {"date": "2026-12-10"}]}
        nights = (
            weekly((0, "22:00", "02:00"), (1, "01:00", "03:00")),
            weekly((6, "22:00", "02:00"), (0, "01:00", "03:00")),
            weekly((0, "09:00", "12:00"), (0, "11:00", "13:00")),
        )
        for body, field in (*((night, "weekly") for night in nights), (twice, "overrides")):
            answer = await world.post(path, body, world.practitioner)
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)

    async def test_a_service_may_have_hours_of_its_own(self, world: World) -> None:
        await world.open_shop()
        path = f"/services/{world.service_id}/schedule/"
        assert (await world.get(path, world.practitioner)).json()["service_id"] is None
        assert (await world.post(path, weekly((3, "20:00", "24:00")), world.practitioner)).status_code == 200
        assert await world.starts() == ["20:00", "21:00", "22:00", "23:00"]
        assert (await world.get(path, world.practitioner)).json()["service_id"] == str(world.service_id)


class TestNights:
    """Windows that end on the next day, and hours that travel."""

    async def test_bk_6_a_window_over_midnight_can_be_booked_to_its_end(self, world: World) -> None:
        await world.open_shop(weekly((3, "22:00", "02:00"), (4, "02:00", "03:00")))
        assert await world.starts() == ["22:00", "23:00", "00:00", "01:00"]
        last = TEN + timedelta(hours=15)
        await world.book(last)
        assert await world.starts() == ["22:00", "23:00", "00:00"]
        assert (await world.try_book(last + timedelta(minutes=30))).json()["errors"][0]["code"] == "outside_hours"

    async def test_bk_6_a_slot_runs_across_midnight_where_two_days_meet(self, world: World) -> None:
        override = {"date": "2026-12-04", "windows": [{"start_time": "00:00", "end_time": "01:00"}]}
        await world.open_shop(weekly((3, "22:30", "00:00"), overrides=[override]))
        assert await world.starts() == ["22:30", "23:30"]
        await world.book(TEN + timedelta(hours=13, minutes=30))
        assert await world.slots("2026-12-04", "2026-12-05") == []

    async def test_after_midnight_what_is_left_of_last_night_is_offered_without_a_date(self, world: World) -> None:
        await world.open_shop(weekly((3, "22:00", "02:00")))
        world.clock.set(TEN + timedelta(hours=14, minutes=30))
        path = f"/practitioners/{world.practitioner_id}/availability/?service_id={world.service_id}"
        found = (await world.get(path)).json()["results"]
        assert [slot["start_time"] for slot in found][:2] == ["2026-12-04T01:00:00Z", "2026-12-10T22:00:00Z"]

    async def test_on_dates_of_a_zone_change_the_hours_are_read_there(self, world: World) -> None:
        change = {"from": "2026-12-03", "to": "2026-12-04", "timezone": "Asia/Tokyo"}
        path = f"/practitioners/{world.practitioner_id}/schedule/"
        await world.open_shop({**ALL_DAY, "zone_changes": [change]})
        assert (await world.get(path, world.practitioner)).json()["zone_changes"] == [change]
        found = [slot["start_time"] for slot in await world.slots("2026-12-03", "2026-12-05")]
        assert (found[0], found[8]) == ("2026-12-03T00:00:00Z", "2026-12-04T09:00:00Z")
        assert (await world.try_book()).json()["errors"][0]["code"] == "outside_hours"
        await world.book(TEN - timedelta(hours=10))
        answer = await world.post(path, ALL_DAY, world.practitioner)
        assert (answer.status_code, answer.json()["zone_changes"]) == (200, [])


class TestClosedDates:
    """A date that the practitioner closes."""

    async def closed(self, world: World, own: dict[str, Any], **usual: Any) -> None:
        await world.open_shop({**ALL_DAY, "overrides": [{"date": "2026-12-03", "windows": []}], **usual})
        path = f"/services/{world.service_id}/schedule/"
        assert (await world.post(path, own, world.practitioner)).status_code == 200

    async def test_closes_services_with_hours_of_their_own_too(self, world: World) -> None:
        date = {"date": "2026-12-03", "windows": [{"start_time": "10:00", "end_time": "12:00"}]}
        await self.closed(world, weekly((2, "10:00", "12:00"), (3, "10:00", "12:00"), overrides=[date]))
        assert await world.starts() == []
        assert len(await world.slots("2026-12-02", "2026-12-03")) == 2
        answer = await world.try_book()
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "outside_hours")

    async def test_is_a_date_of_the_practitioner_s_zone(self, world: World) -> None:
        await self.closed(world, weekly((2, "09:00", "24:00"), (3, "09:00", "24:00")), timezone="Asia/Tokyo")
        found = [slot["start_time"] for slot in await world.slots("2026-12-02", "2026-12-04")]
        # 3 December in Tokyo is 15:00 UTC on the 2nd to 15:00 UTC on the 3rd.
        assert found[5] == "2026-12-02T14:00:00Z"
        assert found[6] == "2026-12-03T15:00:00Z"


class TestEndOwnHours:
    async def test_the_practitioner_s_apply_again(self, world: World) -> None:
        await world.open_shop()
        url = f"/api/v1/services/{world.service_id}/schedule/"
        await world.http.post(url, json=weekly((3, "20:00", "21:00")), headers=world.practitioner)
        assert await world.starts() == ["20:00"]
        for _ in range(2):
            assert (await world.http.delete(url, headers=world.practitioner)).status_code == 204
        assert (await world.starts())[0] == "09:00"


class TestAvailability:
    async def test_anyone_may_ask(self, world: World) -> None:
        await world.open_shop()
        slots = await world.slots()
        assert len(slots) == 8
        assert slots[0] == {
            "start_time": "2026-12-03T09:00:00Z",
            "end_time": "2026-12-03T10:00:00Z",
            "available_spots": 1,
            "location_id": None,
        }

    async def test_what_is_offered_can_be_booked_and_is_then_left_out(self, world: World) -> None:
        await world.open_shop(buffer_before_minutes=10, buffer_after_minutes=20, slot_interval_minutes=20)
        while slots := await world.slots():
            await world.book(__import__("datetime").datetime.fromisoformat(slots[len(slots) // 2]["start_time"]))

    async def test_past_ones_are_left_out(self, world: World) -> None:
        await world.open_shop()
        world.clock.set(TEN - timedelta(seconds=1))
        assert (await world.starts())[0] == "10:00"
        world.clock.set(TEN)
        assert (await world.starts())[0] == "11:00"

    async def test_dates_are_the_practitioner_s(self, world: World) -> None:
        await world.open_shop(hours={**weekly((3, "00:00", "02:00")), "timezone": "Asia/Tokyo"})
        found = [slot["start_time"] for slot in await world.slots("2026-12-03", "2026-12-04")]
        assert found == ["2026-12-02T15:00:00Z", "2026-12-02T16:00:00Z"]

    async def test_more_than_2000_starts_name_the_latest_to(self, world: World) -> None:
        everyday = {"timezone": "UTC", "weekly": [w for d in range(7) for w in weekly((d, "00:00", "24:00"))["weekly"]]}
        await world.open_shop(hours=everyday, slot_interval_minutes=15)
        answer = await world.ask_slots("2026-12-03", "2026-12-31")
        assert (answer.status_code, answer.json()["code"]) == (422, "too_many_slots")
        assert answer.json()["errors"][0]["field"] == "to"
        assert "2026-12-23" in answer.json()["errors"][0]["message"]
        assert (await world.ask_slots("2026-12-03", "2026-12-23")).json()["total"] == 20 * 96

    @pytest.mark.parametrize(
        ("first", "until", "status"),
        [
            ("2026-12-03", "2027-01-03", 200),
            ("2026-12-03", "2027-01-04", 422),
            ("2026-12-03", "2026-12-03", 422),
            ("2026-12-03", "2026-12-01", 422),
            ("soon", "2026-12-01", 422),
            ("1796255999", "2026-12-03", 422),
            ("0001-01-01", "0001-01-02", 200),
            ("9999-12-30", "9999-12-31", 200),
        ],
    )
    async def test_at_most_31_days(self, world: World, first: str, until: str, status: int) -> None:
        await world.open_shop()
        query = {"service_id": str(world.service_id), "from": first, "to": until}
        answer = await world.http.get(f"/api/v1/practitioners/{world.practitioner_id}/availability/", params=query)
        assert answer.status_code == status

    async def test_unknown_or_another_s_service_is_404(self, world: World) -> None:
        await world.open_shop()
        for practitioner_id, service_id in ((new_id(), world.service_id), (world.practitioner_id, new_id())):
            path = f"/api/v1/practitioners/{practitioner_id}/availability/"
            assert (await world.http.get(path, params={"service_id": str(service_id)})).status_code == 404


class TestOfferings:
    async def test_news_is_taken_in_and_old_news_is_not(self, world: World) -> None:
        await world.open_shop()
        await deliver_twice(world.app, ServiceCreated(service=world.snapshot(version=5, duration_minutes=120)))
        await deliver(world.app, ServiceUpdated(service=world.snapshot(version=4, duration_minutes=30)))
        assert len(await world.slots()) == 4
        assert world.catalog.asked == 0

    async def test_a_withdrawn_service_is_404_until_it_is_back(self, world: World) -> None:
        await world.open_shop()
        await deliver(world.app, ServiceDeactivated(service=world.snapshot(version=2, is_active=False)))
        assert (await world.try_book()).status_code == 404
        world.snapshot(version=3)
        assert (await world.try_book()).status_code == 201

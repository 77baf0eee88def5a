"""Where sessions take place: which location a slot has, and the time it takes to get from one to the other."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest

from devtools.testing.callers import headers_for, service_headers
from devtools.testing.delivery import deliver_twice
from services.booking.tests.world import ALL_DAY, HOUR, TEN, World
from shared.events.catalog import LocationAdded, LocationRemoved
from shared.internal.catalog import KnownLocation
from shared.records.ids import new_id
from shared.records.times import render_utc

MINUTE = timedelta(minutes=1)
THURSDAY = 3


def add(world: World, *, is_virtual: bool = False, practitioner_id: UUID | None = None) -> UUID:
    """A location that catalog knows; booking has not heard of it yet."""
    own = practitioner_id or world.practitioner_id
    found = KnownLocation(location_id=new_id(), practitioner_id=own, is_virtual=is_virtual)
    world.catalog.locations.append(found)
    return found.location_id


def hours(*windows: tuple[str, str, UUID | None], **more: Any) -> dict[str, Any]:
    weekly = [
        {"day_of_week": THURSDAY, "start_time": start, "end_time": end} | ({"location_id": str(at)} if at else {})
        for start, end, at in windows
    ]
    return {"timezone": "UTC", "weekly": weekly, **more}


async def refusal(answer: httpx2.Response) -> tuple[int, str, str]:
    body = answer.json()
    error = body["errors"][0] if body.get("errors") else {"field": "", "code": body["code"]}
    return answer.status_code, error["field"], error["code"]


async def placed(world: World, service_id: UUID | None = None, **query: str) -> list[tuple[str, str | None]]:
    ids = {"service_id": str(service_id)} if service_id else {}
    slots = await world.slots(**ids, **query)
    return [(slot["start_time"][11:16], slot["location_id"]) for slot in slots]


class TestWindows:
    async def test_a_slot_is_where_its_window_is(self, world: World) -> None:
        first, second = add(world), add(world)
        await world.open_shop(hours(("09:00", "11:00", first), ("14:00", "15:00", second)), delivery="in_person")
        assert await placed(world) == [("09:00", str(first)), ("10:00", str(first)), ("14:00", str(second))]
        assert await placed(world, location_id=str(second)) == [("14:00", str(second))]
        booking = await world.book()
        assert booking["location_id"] == str(first)
        answer = await world.try_book(TEN.replace(hour=14), headers_for(), location_id=str(first))
        assert await refusal(answer) == (422, "location_id", "location_not_offered")

    async def test_an_online_session_is_nowhere_and_in_any_window(self, world: World) -> None:
        await world.open_shop(hours(("09:00", "10:00", add(world)), ("10:00", "11:00", None)))
        assert await placed(world) == [("09:00", None), ("10:00", None)]

    async def test_a_service_is_at_its_own_locations_alone(self, world: World) -> None:
        first, second, third = add(world), add(world), add(world)
        windows = hours(("09:00", "10:00", first), ("10:00", "11:00", None), ("11:00", "12:00", third))
        await world.open_shop(windows, delivery="in_person", location_ids=(first, second))
        assert await placed(world) == [("09:00", str(first)), ("10:00", str(first)), ("10:00", str(second))]
        assert await refusal(await world.try_book()) == (422, "location_id", "missing")
        answer = await world.try_book(TEN.replace(hour=11))
        assert await refusal(answer) == (422, "start_time", "outside_hours")
        assert (await world.book(location_id=str(second)))["location_id"] == str(second)
        assert await placed(world) == [("09:00", str(first))]

    async def test_a_slot_does_not_run_from_one_location_into_another(self, world: World) -> None:
        first, second = add(world), add(world)
        night = [
            {"day_of_week": day, "start_time": start, "end_time": end, "location_id": str(at)}
            for day, start, end, at in ((3, "23:00", "24:00", first), (4, "00:00", "01:00", second))
        ]
        rules = {"delivery": "in_person", "slot_interval_minutes": 30}
        await world.open_shop({"timezone": "UTC", "weekly": night}, **rules)
        assert [slot["start_time"][11:16] for slot in await world.slots()] == ["23:00"]

    @pytest.mark.parametrize("of_another", [True, False])
    async def test_another_s_location_is_422_and_named(self, world: World, of_another: bool) -> None:
        await world.open_shop()
        strange = add(world, practitioner_id=new_id()) if of_another else new_id()
        window = {"start_time": "09:00", "end_time": "10:00", "location_id": str(strange)}
        closed = {"date": "2026-12-03", "windows": [window]}
        body = hours(("09:00", "10:00", add(world)), ("10:00", "11:00", strange), overrides=[closed])
        named = body | {"name": "Evenings"}
        paths = [
            (f"/practitioners/{world.practitioner_id}/schedule/", body),
            (f"/practitioners/{world.practitioner_id}/schedules/", named),
            (f"/services/{world.service_id}/schedule/", body),
        ]
        for path, sent in paths:
            answer = await world.post(path, sent, world.practitioner)
            fields = [error["field"] for error in answer.json()["errors"]]
            assert (answer.status_code, fields) == (422, ["weekly.1.location_id", "overrides.0.windows.0.location_id"])
        room = {"name": "Studio", "kind": "room", "quantity": 1, "location_id": str(strange)}
        answer = await world.post("/resources/", room, world.practitioner)
        assert await refusal(answer) == (422, "location_id", "unknown_location")

    async def test_what_is_at_another_place_is_no_resource(self, world: World) -> None:
        first, second = add(world), add(world)
        room = {"name": "Studio", "kind": "room", "quantity": 1, "location_id": str(first)}
        made = (await world.post("/resources/", room, world.practitioner)).json()
        windows = hours(("09:00", "10:00", first), ("10:00", "11:00", second))
        needs = [{"any_of": [made["id"]], "quantity": 1}]
        await world.open_shop(windows, delivery="in_person", resources=needs)
        assert await placed(world) == [("09:00", str(first))]
        assert await refusal(await world.try_book()) == (409, "", "slot_taken")
        await world.book(TEN - HOUR)


class TestTravel:
    async def open(self, world: World, minutes: int = 60, **more: Any) -> tuple[UUID, UUID, UUID]:
        """Two locations, and another service at the second; the world's is at the first."""
        first, second = add(world), add(world)
        day = {**ALL_DAY, "travel_minutes": minutes}
        rules = {"delivery": "in_person", "slot_interval_minutes": 30}
        await world.open_shop(day, location_ids=(first,), **rules, **more)
        world.snapshot(other := new_id(), location_ids=(second,), **rules)
        return first, second, other

    async def tried(self, world: World, start: datetime, **more: Any) -> int:
        return (await world.try_book(start, headers_for(), **more)).status_code

    async def test_sessions_at_two_locations_are_so_far_apart(self, world: World) -> None:
        first, second, other = await self.open(world)
        await world.confirmed(TEN + 2 * HOUR)
        starts = [start for start, _ in await placed(world, other)]
        assert starts == ["09:00", "09:30", "10:00", "14:00", "14:30", "15:00", "15:30", "16:00"]
        own = [start for start, _ in await placed(world)]
        assert (own[4:6], len(own)) == (["11:00", "13:00"], 12)
        for start, status in ((TEN + HOUR / 2, 409), (TEN + 3.5 * HOUR, 409), (TEN, 201), (TEN + 4 * HOUR, 201)):
            assert await self.tried(world, start, service_id=str(other)) == status
        assert await self.tried(world, TEN + HOUR) == 409
        assert await self.tried(world, TEN + 3 * HOUR) == 409
        assert len({first, second}) == 2

    async def test_what_is_online_or_virtual_may_be_on_the_way(self, world: World) -> None:
        await self.open(world)
        room = add(world, is_virtual=True)
        ids = {"location_id": room, "practitioner_id": world.practitioner_id}
        await deliver_twice(world.app, LocationAdded(**ids, is_virtual=True))
        world.snapshot(online := new_id())
        world.snapshot(virtual := new_id(), location_ids=(room,))
        await world.book(TEN)
        await world.book(TEN + HOUR, headers_for(), service_id=str(online))
        booking = await world.book(TEN + 2 * HOUR, headers_for(), service_id=str(virtual))
        assert booking["location_id"] == str(room)
        await world.book(TEN + 3 * HOUR, headers_for())

    async def test_moves_keep_their_distance_and_their_place(self, world: World) -> None:
        first, second, other = await self.open(world)
        mine = await world.confirmed(TEN)
        await world.confirmed(TEN + 3 * HOUR, headers_for(), service_id=str(other))
        path = f"/bookings/{mine['id']}/"
        body = {"start_time": render_utc(TEN + 1.5 * HOUR)}
        assert (await world.post(f"{path}reschedule/", body, world.practitioner)).status_code == 409
        moved = await world.post(f"{path}reschedule/", {"start_time": render_utc(TEN + HOUR)}, world.practitioner)
        assert (moved.status_code, moved.json()["location_id"]) == (200, str(first))
        url = f"/api/v1/sessions/{moved.json()['session_id']}/"
        answer = await world.http.put(url, json=body | {"location_id": str(second)}, headers=world.practitioner)
        assert await refusal(answer) == (422, "location_id", "location_not_offered")
        body = {"start_time": render_utc(TEN + 5 * HOUR)}
        answer = await world.http.put(url, json=body, headers=world.practitioner)
        assert (answer.status_code, answer.json()["location_id"]) == (200, str(first))

    async def test_another_travel_time_holds_for_sessions_that_are_booked_too(self, world: World) -> None:
        _, _, other = await self.open(world, 0)
        await world.confirmed(TEN)
        await world.confirmed(TEN + 4 * HOUR, headers_for(), service_id=str(other))
        path = f"/practitioners/{world.practitioner_id}/schedule/"
        for minutes, status in ((480, 409), (60, 409), (30, 201)):
            await world.post(path, {**ALL_DAY, "travel_minutes": minutes}, world.practitioner)
            assert await self.tried(world, TEN + 1.5 * HOUR, service_id=str(other)) == status
        assert await world.broken_invariants() == {}

    async def test_thirty_bookings_of_one_day_at_two_places_keep_their_distance(self, world: World) -> None:
        _, _, other = await self.open(world, 90)
        starts = [TEN - HOUR + number * HOUR / 2 for number in range(15)]
        services = (str(world.service_id), str(other))
        tries = [world.try_book(start, headers_for(), service_id=each) for start in starts for each in services]
        answers = await asyncio.gather(*tries)
        assert Counter(answer.status_code for answer in answers).keys() == {201, 409}
        assert await world.broken_invariants() == {}

    @pytest.mark.parametrize("minutes", [-1, 481, "30"])
    async def test_nonsense_is_422(self, world: World, minutes: Any) -> None:
        path = f"/practitioners/{world.practitioner_id}/schedule/"
        answer = await world.post(path, ALL_DAY | {"travel_minutes": minutes}, world.practitioner)
        assert (await refusal(answer))[:2] == (422, "travel_minutes")


class TestDates:
    async def test_a_date_is_at_the_location_it_names_or_at_the_service_s(self, world: World) -> None:
        first, second = add(world), add(world)
        rules = {"delivery": "in_person", "service_type": "workshop", "location_ids": (first,)}
        await world.open_shop({**ALL_DAY, "travel_minutes": 60}, **rules)
        path = f"/services/{world.service_id}/schedule/"
        later = {"start_time": render_utc(TEN + 2 * HOUR), "location_id": str(second)}
        dates = [{"start_time": render_utc(TEN)}, later]
        made = await world.post(path, {"dates": dates}, world.practitioner)
        assert [date["location_id"] for date in made.json()["results"]] == [str(first), str(second)]
        too_near = {"dates": [{"start_time": render_utc(TEN + 3 * HOUR)}]}
        assert (await world.post(path, too_near, world.practitioner)).status_code == 409
        assert await placed(world) == [("10:00", str(first)), ("12:00", str(second))]
        assert (await world.book())["location_id"] == str(first)
        url = f"/api/v1/sessions/{made.json()['results'][1]['id']}/"
        body = {"start_time": render_utc(TEN + 1.5 * HOUR), "location_id": str(first)}
        answer = await world.http.put(url, json=body, headers=world.practitioner)
        assert (answer.status_code, answer.json()["location_id"]) == (200, str(first))
        series = {"rrule": "FREQ=WEEKLY;COUNT=2", "start_date": "2027-01-07", "start_time": "10:00", "timezone": "UTC"}
        answer = await world.post(path, {"series": series | {"location_id": str(second)}}, world.practitioner)
        assert {date["location_id"] for date in answer.json()["results"]} == {str(second)}
        wrong = {"dates": [{"start_time": render_utc(TEN + 6 * HOUR), "location_id": str(new_id())}]}
        answer = await world.post(path, wrong, world.practitioner)
        assert await refusal(answer) == (422, "dates.0.location_id", "unknown_location")


class TestForCatalog:
    async def test_what_is_named_is_in_use_and_who_has_a_booking_there(self, world: World) -> None:
        held, named, free = add(world), add(world), add(world)
        in_use = f"/internal/practitioners/{world.practitioner_id}/locations-in-use/"
        of_client = f"/internal/practitioners/{world.practitioner_id}/locations-of-client/?client_id={world.client_id}"
        catalog = service_headers("catalog")
        morning = {"start_time": "09:00", "end_time": "12:00", "location_id": str(held)}
        override = {"date": "2026-12-03", "windows": [morning]}
        path = f"/practitioners/{world.practitioner_id}/schedule/"
        await world.open_shop(hours(("09:00", "10:00", named), overrides=[override]), delivery="in_person")
        await world.confirmed()
        await world.post(path, hours(("09:00", "10:00", named)), world.practitioner)
        assert set((await world.http.get(in_use, headers=catalog)).json()["ids"]) == {str(held), str(named)}
        assert (await world.http.get(of_client, headers=catalog)).json() == {"ids": [str(held)]}
        gone = LocationRemoved(location_id=free, practitioner_id=world.practitioner_id)
        await deliver_twice(world.app, gone)
        world.catalog.locations.pop()
        answer = await world.post(path, hours(("09:00", "10:00", free)), world.practitioner)
        assert await refusal(answer) == (422, "weekly.0.location_id", "unknown_location")

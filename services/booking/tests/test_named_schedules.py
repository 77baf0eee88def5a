"""Named schedules, and which hours a service follows."""

from typing import Any
from uuid import UUID

import pytest

from devtools.testing.callers import headers_for
from services.booking.tests.world import ALL_DAY, TEN, World
from shared.records.ids import new_id


def evening(*service_ids: UUID, **more: Any) -> dict[str, Any]:
    windows = [{"day_of_week": 3, "start_time": "20:00", "end_time": "22:00"}]
    ids = [str(service_id) for service_id in service_ids]
    return {"name": "Evenings", "timezone": "UTC", "weekly": windows, "service_ids": ids, **more}


def path_of(world: World) -> str:
    return f"/practitioners/{world.practitioner_id}/schedules/"


async def create(world: World, body: dict[str, Any]) -> dict[str, Any]:
    answer = await world.post(path_of(world), body, world.practitioner)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def change(world: World, schedule: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    url = f"/api/v1/schedules/{schedule['id']}/"
    answer = await world.http.put(url, json=body, headers=world.practitioner)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def end(world: World, schedule: dict[str, Any]) -> int:
    url = f"/api/v1/schedules/{schedule['id']}/"
    return (await world.http.delete(url, headers=world.practitioner)).status_code


class TestNamedSchedules:
    async def test_anonymous_is_401_a_client_403_and_a_stranger_404(self, world: World) -> None:
        schedule = await create(world, evening())
        list_url, url = f"/api/v1{path_of(world)}", f"/api/v1/schedules/{schedule['id']}/"
        stranger = headers_for(new_id(), ("user", "practitioner"), new_id())
        for headers, status in ((None, 401), (world.client, 403), (stranger, 404)):
            assert (await world.http.get(list_url, headers=headers)).status_code == status
            assert (await world.http.post(list_url, json=evening(), headers=headers)).status_code == status
            assert (await world.http.put(url, json=evening(), headers=headers)).status_code == status
            assert (await world.http.delete(url, headers=headers)).status_code == status

    async def test_are_listed_with_the_services_that_use_them(self, world: World) -> None:
        await world.open_shop()
        first, second = await create(world, evening()), await create(world, evening(world.service_id))
        listed = (await world.get(path_of(world), world.practitioner)).json()
        assert listed["results"] == [first, second]
        assert (first["service_ids"], second["service_ids"]) == ([], [str(world.service_id)])

    async def test_a_repeat_with_the_same_key_makes_one(self, world: World) -> None:
        await world.open_shop()
        headers = world.practitioner | {"Idempotency-Key": new_id().hex}
        answers = [await world.post(path_of(world), evening(world.service_id), headers) for _ in range(2)]
        assert answers[0].json() == answers[1].json()
        assert (await world.get(path_of(world), world.practitioner)).json()["total"] == 1

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"name": " "}, "name"),
            ({"name": None}, "name"),
            ({"weekly": [{"day_of_week": 0, "start_time": "09:00", "end_time": "9"}]}, "weekly.0.end_time"),
            ({"service_ids": ["x"]}, "service_ids.0"),
            ({"service_ids": ["0198c0de-7000-7000-8000-000000000001"] * 2}, "service_ids"),
            ({"service_ids": ["0198c0de-7000-7000-8000-000000000001"]}, "service_ids.0"),
            ({"limits": {}}, "limits"),
        ],
    )
    async def test_nonsense_is_422(self, world: World, wrong: dict[str, Any], field: str) -> None:
        schedule = await create(world, evening())
        url = f"/api/v1/schedules/{schedule['id']}/"
        created = await world.post(path_of(world), evening() | wrong, world.practitioner)
        changed = await world.http.put(url, json=evening() | wrong, headers=world.practitioner)
        for answer in (created, changed):
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)

    async def test_a_service_of_another_practitioner_is_422(self, world: World) -> None:
        await world.open_shop()
        world.snapshot(strange := new_id(), practitioner_id=new_id())
        answer = await world.post(path_of(world), evening(world.service_id, strange), world.practitioner)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
        errors = [(each["field"], each["code"]) for each in answer.json()["errors"]]
        assert errors == [("service_ids.1", "unknown_service")]


class TestWhichHoursApply:
    async def test_a_service_follows_the_schedule_that_names_it_and_others_the_usual_one(self, world: World) -> None:
        await world.open_shop()
        schedule = await create(world, evening(world.service_id))
        assert await world.starts() == ["20:00", "21:00"]
        assert (await world.try_book()).json()["errors"][0]["code"] == "outside_hours"
        shown = (await world.get(f"/services/{world.service_id}/schedule/", world.practitioner)).json()
        assert (shown["schedule_id"], shown["service_id"]) == (schedule["id"], None)
        await change(world, schedule, evening())
        assert len(await world.starts()) == 8
        shown = (await world.get(f"/services/{world.service_id}/schedule/", world.practitioner)).json()
        assert (shown["schedule_id"], shown["service_id"]) == (None, None)

    async def test_the_last_to_name_it_has_it(self, world: World) -> None:
        await world.open_shop()
        first = await create(world, evening(world.service_id))
        night = [{"day_of_week": 3, "start_time": "23:00", "end_time": "01:00"}]
        await create(world, evening(world.service_id, weekly=night))
        assert await world.starts() == ["23:00", "00:00"]
        listed = (await world.get(path_of(world), world.practitioner)).json()["results"]
        assert [each["service_ids"] for each in listed] == [[], [str(world.service_id)]]
        await change(world, first, evening(world.service_id))
        assert await world.starts() == ["20:00", "21:00"]

    async def test_hours_of_its_own_and_a_named_schedule_take_each_other_s_place(self, world: World) -> None:
        await world.open_shop()
        path = f"/services/{world.service_id}/schedule/"
        own = {**ALL_DAY, "weekly": [{"day_of_week": 3, "start_time": "07:00", "end_time": "08:00"}]}
        await world.post(path, own, world.practitioner)
        schedule = await create(world, evening(world.service_id))
        assert await world.starts() == ["20:00", "21:00"]
        await world.post(path, own, world.practitioner)
        assert await world.starts() == ["07:00"]
        await change(world, schedule, evening(world.service_id))
        assert (await world.http.delete(f"/api/v1{path}", headers=world.practitioner)).status_code == 204
        assert len(await world.starts()) == 8

    async def test_the_service_chooses_one_itself(self, world: World) -> None:
        await world.open_shop()
        path = f"/services/{world.service_id}/schedule/"
        first, second = await create(world, evening(world.service_id)), await create(world, evening(name="Late"))
        chosen = await world.post(path, {"schedule_id": second["id"]}, world.practitioner)
        assert (chosen.status_code, chosen.json()["schedule_id"]) == (200, second["id"])
        listed = (await world.get(path_of(world), world.practitioner)).json()["results"]
        assert {each["id"]: each["service_ids"] for each in listed} == {
            first["id"]: [],
            second["id"]: [str(world.service_id)],
        }

    async def test_another_s_cannot_be_chosen(self, world: World) -> None:
        await world.open_shop()
        other = new_id()
        path, headers = f"/practitioners/{other}/schedules/", headers_for(new_id(), ("user", "practitioner"), other)
        strange = (await world.post(path, evening(), headers)).json()["id"]
        for schedule_id, code in ((strange, "unknown_schedule"), ("x", "uuid_parsing")):
            body = {"schedule_id": schedule_id}
            answer = await world.post(f"/services/{world.service_id}/schedule/", body, world.practitioner)
            error = answer.json()["errors"][0]
            assert (answer.status_code, error["field"], error["code"]) == (422, "schedule_id", code)

    async def test_when_it_ends_the_usual_hours_apply_again_and_bookings_stay(self, world: World) -> None:
        await world.open_shop()
        schedule = await create(world, evening(world.service_id))
        booking = await world.confirmed(TEN.replace(hour=20))
        assert [await end(world, schedule), await end(world, schedule)] == [204, 404]
        assert len(await world.starts()) == 8
        assert await world.status_of(booking) == "confirmed"

    async def test_dates_that_the_practitioner_closes_are_closed_in_it_too(self, world: World) -> None:
        await world.open_shop({**ALL_DAY, "overrides": [{"date": "2026-12-03", "windows": []}]})
        await create(world, evening(world.service_id))
        assert await world.starts() == []
        assert len(await world.slots("2026-12-10", "2026-12-11")) == 2

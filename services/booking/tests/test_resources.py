"""Rooms and equipment: who may use them, and that no unit is in two sessions at a time."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from devtools.testing.callers import headers_for, service_headers
from services.booking.openings.jobs import refresh_openings
from services.booking.openings.models import ServiceOpenings
from services.booking.tests.world import ALL_DAY, HOUR, TEN, World
from shared.events.catalog import NeedSnapshot
from shared.records.ids import new_id
from shared.records.times import render_utc

RESOURCES = "/api/v1/resources/"
ROOM = {"name": "Studio", "kind": "room", "quantity": 1}
TAKEN = (409, "slot_taken")


def practitioner(practitioner_id: UUID) -> dict[str, str]:
    return headers_for(new_id(), ("user", "practitioner"), practitioner_id)


async def create(world: World, **changes: Any) -> dict[str, Any]:
    answer = await world.http.post(RESOURCES, json=ROOM | changes, headers=world.practitioner)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def replace(world: World, resource: dict[str, Any], **changes: Any) -> httpx2.Response:
    url = f"{RESOURCES}{resource['id']}/"
    return await world.http.put(url, json=ROOM | changes, headers=world.practitioner)


async def delete(world: World, resource: dict[str, Any], headers: dict[str, str] | None = None) -> httpx2.Response:
    return await world.http.delete(f"{RESOURCES}{resource['id']}/", headers=headers or world.practitioner)


def needing(*resources: dict[str, Any], quantity: int = 1) -> tuple[NeedSnapshot, ...]:
    return (NeedSnapshot(any_of=tuple(UUID(each["id"]) for each in resources), quantity=quantity),)


async def another(world: World, needs: Sequence[NeedSnapshot], practitioner_id: UUID | None = None) -> UUID:
    """A service with those needs, of another practitioner whose hours are the same."""
    own = practitioner_id or new_id()
    ids = {"practitioner_id": own, "practitioner_user_id": new_id()}
    path = f"/practitioners/{own}/schedule/"
    found = world.snapshot(new_id(), resources=needs, **ids)
    assert (await world.post(path, ALL_DAY, practitioner(own))).status_code == 200
    return found.service_id


async def tried(world: World, service_id: UUID, start: Any = TEN) -> tuple[int, str]:
    answer = await world.try_book(start, headers_for(), service_id=str(service_id))
    return answer.status_code, answer.json().get("code", "")


class TestResources:
    async def test_anonymous_is_401_a_client_403_and_a_stranger_404(self, world: World) -> None:
        resource = await create(world)
        url, stranger = f"{RESOURCES}{resource['id']}/", practitioner(new_id())
        for headers, status in ((None, 401), (world.client, 403), (stranger, 404)):
            assert (await world.http.put(url, json=ROOM, headers=headers)).status_code == status
            assert (await world.http.delete(url, headers=headers)).status_code == status
        for headers, status in ((None, 401), (world.client, 403)):
            assert (await world.http.get(RESOURCES, headers=headers)).status_code == status
            assert (await world.http.post(RESOURCES, json=ROOM, headers=headers)).status_code == status

    async def test_are_seen_by_their_owner_and_those_they_are_shared_with(self, world: World) -> None:
        guest, other = new_id(), new_id()
        resource = await create(world, quantity=3, shared_with=[str(guest), str(other)])
        own = await create(world, name="Own")
        listed = (await world.http.get(RESOURCES, headers=world.practitioner)).json()
        assert listed["results"] == [resource, own]
        assert resource["shared_with"] == [str(guest), str(other)]
        shared = (await world.http.get(RESOURCES, headers=practitioner(guest))).json()["results"]
        assert shared == [resource | {"shared_with": [str(guest)]}]
        assert (await delete(world, resource, practitioner(guest))).status_code == 404
        path = f"/internal/practitioners/{guest}/resources/"
        answer = await world.http.get(path, headers=service_headers("catalog"))
        assert answer.json() == {"ids": [resource["id"]]}

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"name": ""}, "name"),
            ({"kind": "spaceship"}, "kind"),
            ({"quantity": 0}, "quantity"),
            ({"quantity": 101}, "quantity"),
            ({"quantity": "2"}, "quantity"),
            ({"shared_with": ["x"]}, "shared_with.0"),
            ({"shared_with": ["0198c0de-7000-7000-8000-000000000001"] * 2}, "shared_with"),
            ({"price": 5}, "price"),
        ],
    )
    async def test_nonsense_is_422(self, world: World, change: dict[str, Any], field: str) -> None:
        resource = await create(world)
        created = await world.http.post(RESOURCES, json=ROOM | change, headers=world.practitioner)
        for answer in (created, await replace(world, resource, **change)):
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)

    async def test_what_is_in_use_is_not_deleted_or_made_fewer(self, world: World) -> None:
        resource = await create(world, quantity=2)
        await world.open_shop(resources=needing(resource, quantity=2))
        booking = await world.book()
        for answer in (await delete(world, resource), await replace(world, resource, quantity=1)):
            assert (answer.status_code, answer.json()["code"]) == (409, "resource_in_use")
        assert (await replace(world, resource, name="Hall", quantity=2)).json()["name"] == "Hall"
        await world.post(f"/bookings/{booking['id']}/cancel/")
        assert (await replace(world, resource, quantity=1)).json()["quantity"] == 1
        assert await world.starts() == []
        assert (await delete(world, resource)).status_code == 204
        assert await tried(world, world.service_id) == TAKEN


class TestUnits:
    async def test_a_shared_room_is_in_one_session_at_a_time(self, world: World) -> None:
        room = await create(world, shared_with=[str(other := new_id())])
        await world.open_shop(resources=needing(room), buffer_after_minutes=15, slot_interval_minutes=30)
        service = await another(world, needing(room), other)
        booking = await world.confirmed(TEN)
        assert await tried(world, service) == TAKEN
        assert await tried(world, service, TEN + HOUR) == TAKEN
        slots = await self.slots(world, other, service)
        assert slots == ["09:00", "12:00", "13:00", "14:00", "15:00", "16:00"]
        assert (await tried(world, service, TEN + 2 * HOUR))[0] == 201
        assert "11:30" not in await world.starts()
        await world.post(f"/bookings/{booking['id']}/cancel/")
        assert (await tried(world, service))[0] == 201

    async def test_openings_of_all_who_share_it_follow(self, world: World) -> None:
        room = await create(world, shared_with=[str(other := new_id())])
        await world.open_shop(resources=needing(room))
        service = await another(world, needing(room), other)
        await tried(world, service, TEN + 5 * HOUR)
        booking = await world.confirmed(TEN)
        await refresh_openings(world.app.state.runtime)
        assert await self.opening(world, service) == []
        await world.post(f"/bookings/{booking['id']}/cancel/")
        await refresh_openings(world.app.state.runtime)
        assert await self.opening(world, service) == [TEN]

    async def opening(self, world: World, service_id: UUID) -> list[Any]:
        """Whether the start is among those of the service that are kept for searches."""
        async with world.runtime.db.read() as session:
            wanted = select(ServiceOpenings.starts).where(ServiceOpenings.service_id == service_id)
            starts = (await session.execute(wanted)).scalar_one()
        return [TEN for run in starts if run.lower <= TEN < run.upper]

    async def test_who_it_is_not_shared_with_gets_no_unit(self, world: World) -> None:
        room = await create(world)
        assert await tried(world, await another(world, needing(room))) == TAKEN

    async def test_an_invite_takes_a_unit_too(self, world: World) -> None:
        room = await create(world, shared_with=[str(other := new_id())])
        await world.open_shop(resources=needing(room))
        service = await another(world, needing(room), other)
        path, at = f"/services/{world.service_id}/invites/", {"start_time": render_utc(TEN)}
        body = {"client_id": str(world.client_id), **at}
        assert (await world.post(path, body, world.practitioner)).status_code == 201
        assert await tried(world, service) == TAKEN
        await tried(world, service, TEN + HOUR)
        body |= {"start_time": render_utc(TEN + HOUR)}
        answer = await world.post(path, body, world.practitioner)
        assert (answer.status_code, answer.json()["code"]) == TAKEN

    async def test_seats_of_one_session_take_its_units_once(self, world: World) -> None:
        mats, room = await create(world, kind="equipment"), await create(world)
        await world.open_shop(resources=needing(mats) + needing(room), max_participants=2)
        first, second = await world.book(), await world.book(headers=headers_for())
        assert "10:00" not in await world.starts()
        await world.post(f"/bookings/{first['id']}/cancel/")
        assert (await world.slots())[1]["available_spots"] == 1
        assert (await delete(world, mats)).status_code == 409
        world.clock.advance(timedelta(minutes=16))
        assert len(await world.starts()) == 8
        assert second["id"] != first["id"]

    async def test_moves_take_their_units_along(self, world: World) -> None:
        first, second = await create(world), await create(world, name="Garden")
        await world.open_shop(resources=needing(first, second, quantity=2), slot_interval_minutes=30)
        booking = await world.confirmed()
        path = f"/bookings/{booking['id']}"
        assert "10:30" not in await world.starts()
        found = (
            await world.get(
                f"/practitioners/{world.practitioner_id}/availability/?service_id={world.service_id}"
                f"&from=2026-12-03&to=2026-12-04&moving={booking['id']}"
            )
        ).json()["results"]
        assert TEN.replace(minute=30).strftime("%H:%M") in [slot["start_time"][11:16] for slot in found]
        body = {"start_time": render_utc(TEN + HOUR / 2)}
        assert (await world.post(f"{path}/reschedule/", body, world.practitioner)).status_code == 200
        session_id = (await world.get(f"{path}/", world.practitioner)).json()["session_id"]
        url, body = f"/api/v1/sessions/{session_id}/", {"start_time": render_utc(TEN + HOUR)}
        assert (await world.http.put(url, json=body, headers=world.practitioner)).status_code == 200
        await replace(world, second, name="Garden", shared_with=[str(new_id())])
        other = await another(world, needing(second), world.practitioner_id)
        assert await tried(world, other, TEN + HOUR) == TAKEN
        assert (await tried(world, other, TEN))[0] == 201
        body = {"start_time": render_utc(TEN)}
        assert (await world.http.put(url, json=body, headers=world.practitioner)).status_code == 409

    async def test_one_hour_of_three_practitioners_who_share_two_rooms_is_booked_twice(self, world: World) -> None:
        practitioners = [new_id() for _ in range(3)]
        room = await create(world, quantity=2, shared_with=[str(each) for each in practitioners])
        mats = await create(world, kind="equipment", quantity=50, shared_with=[str(each) for each in practitioners])
        needs = needing(room) + needing(mats, quantity=5)
        services = [await another(world, needs, each) for each in practitioners]
        answers = await asyncio.gather(*(tried(world, services[number % 3]) for number in range(40)))
        assert Counter(answers) == {(201, ""): 2, TAKEN: 38}
        assert await world.broken_invariants() == {}

    async def test_moves_across_shared_rooms_end_without_deadlock(self, world: World) -> None:
        """Each takes what another gives back."""
        other = new_id()
        rooms = [await create(world, name=name, shared_with=[str(other)]) for name in ("A", "B")]
        await world.open_shop(resources=needing(rooms[0]) + needing(rooms[1]))
        service = await another(world, needing(rooms[1]) + needing(rooms[0]), other)
        mine = await world.confirmed(TEN)
        theirs = await world.confirmed(TEN + HOUR, headers_for(), service_id=str(service))
        for _ in range(3):
            moves = [(mine, TEN + HOUR), (theirs, TEN), (mine, TEN), (theirs, TEN + HOUR), (mine, TEN + 2 * HOUR)]
            answers = await asyncio.gather(*(self.move(world, booking, start) for booking, start in moves))
            assert {answer.status_code for answer in answers} <= {200, 409}
        assert await world.broken_invariants() == {}

    async def move(self, world: World, booking: dict[str, Any], start: Any) -> httpx2.Response:
        headers = headers_for(UUID(booking["client_id"]))
        return await world.post(f"/bookings/{booking['id']}/reschedule/", {"start_time": render_utc(start)}, headers)

    async def slots(self, world: World, practitioner_id: UUID, service_id: UUID) -> list[str]:
        query = f"service_id={service_id}&from=2026-12-03&to=2026-12-04"
        answer = await world.get(f"/practitioners/{practitioner_id}/availability/?{query}")
        assert answer.status_code == 200, answer.text
        return [slot["start_time"][11:16] for slot in answer.json()["results"]]

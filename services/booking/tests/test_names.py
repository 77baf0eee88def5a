"""How practitioners and staff see who comes."""

from uuid import UUID

from sqlalchemy import insert

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver_twice, erase
from devtools.testing.observation import statements
from services.booking.bookings.jobs import fetch_missing_names
from services.booking.people.models import Name
from services.booking.tests.world import TEN, World
from shared.events.identity import UserDeactivated, UserRegistered, UserUpdated

NIL_UUID = UUID(int=0)


async def registers(world: World, user_id: UUID, first: str = "Ana", last: str = "Kova") -> None:
    named = {"email": "ana@example.com", "first_name": first, "last_name": last, "timezone": "UTC"}
    await deliver_twice(world.app, UserRegistered(user_id=user_id, **named))


async def client_of(world: World, path: str) -> object:
    return (await world.get(path, world.practitioner)).json()["client"]


async def test_first_name_and_initial_for_the_practitioner_nothing_for_the_client(world: World) -> None:
    await world.open_shop()
    await registers(world, world.client_id)
    booking = await world.book()
    path = f"/bookings/{booking['id']}/"
    assert booking["client"] is None
    assert (await world.get(path)).json()["client"] is None
    assert await client_of(world, path) == {"id": str(world.client_id), "name": "Ana K."}
    listed = (await world.get("/bookings/?as=practitioner", world.practitioner)).json()["results"]
    assert [row["client"]["name"] for row in listed] == ["Ana K."]


async def test_a_new_name_counts_and_one_who_is_gone_has_none(world: World) -> None:
    await world.open_shop()
    await registers(world, world.client_id)
    path = f"/bookings/{(await world.book())['id']}/"
    renamed = {"email": "ana@example.com", "first_name": "Ana", "last_name": "Lind", "timezone": "UTC"}
    await deliver_twice(world.app, UserUpdated(user_id=world.client_id, **renamed))
    assert await client_of(world, path) == {"id": str(world.client_id), "name": "Ana L."}
    await deliver_twice(world.app, UserDeactivated(user_id=world.client_id))
    assert await client_of(world, path) == {"id": str(world.client_id), "name": None}


async def test_an_old_event_brings_no_name_back(world: World) -> None:
    await world.open_shop()
    path = f"/bookings/{(await world.book())['id']}/"
    await erase(world.app, world.client_id)
    await registers(world, world.client_id)
    assert await client_of(world, path) == {"id": str(world.client_id), "name": None}


async def test_a_list_takes_one_statement_for_all_names(world: World) -> None:
    await world.open_shop(max_participants=5)
    counts = []
    for count in (1, 4):
        while len((await world.get("/bookings/?as=practitioner", world.practitioner)).json()["results"]) < count:
            await world.book(TEN, headers=headers_for())
        with statements(world.runtime.db) as made:
            await world.get("/bookings/?as=practitioner", world.practitioner)
        counts.append(len(made))
    assert counts[0] == counts[1]


async def test_names_that_no_event_brought_are_fetched(world: World) -> None:
    await world.open_shop()
    path = f"/bookings/{(await world.book())['id']}/"
    async with world.runtime.db.transaction() as session:
        await session.execute(insert(Name).values([{"user_id": world.client_id}, {"user_id": NIL_UUID}]))
    assert await fetch_missing_names(world.app.state.runtime) == 1
    assert await client_of(world, path) == {"id": str(world.client_id), "name": "Ana K."}
    assert await fetch_missing_names(world.app.state.runtime) == 0


async def test_a_client_who_registered_before_names_were_kept_is_asked_for(world: World) -> None:
    await world.open_shop()
    path = f"/bookings/{(await world.book())['id']}/"
    await fetch_missing_names(world.app.state.runtime)
    assert await client_of(world, path) == {"id": str(world.client_id), "name": "Ana K."}


async def test_a_client_who_is_gone_is_not_asked_for(world: World) -> None:
    await world.open_shop()
    await world.book()
    await erase(world.app, world.client_id)
    assert await fetch_missing_names(world.app.state.runtime) == 0


async def test_staff_read_a_booking_and_see_who_comes(world: World) -> None:
    await world.open_shop()
    await registers(world, world.client_id)
    booking = await world.book()
    seen = (await world.get(f"/bookings/{booking['id']}/", world.staff)).json()
    assert (seen["client"], seen["payment"]) == ({"id": str(world.client_id), "name": "Ana K."}, None)
    assert (await world.get(f"/bookings/{booking['id']}/", headers_for())).status_code == 404

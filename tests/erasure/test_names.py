"""An erased person is nowhere: every table of every schema of a running instance is searched for their names."""

import uuid
from typing import Any

import asyncpg
import pytest

from estuary.services import SERVICES
from tests.erasure.lives import lives, named, practises
from tests.erasure.places import places
from tests.journey.people import Person
from tests.journey.world import World, eventually

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]


async def erased(world: World, database: asyncpg.Connection, person: Person, *names: str) -> None:
    """Erases the person alone, and waits until no table has any of the names."""
    path, token = f"/admin/users/{person.id}/deactivate/", await world.staff_token()
    await world.call(
        "POST",
        path,
        {"erase": True, "reason": f"{names[0]} asked us"},
        token=token,
        headers={"X-Confirm-Action": "true"},
        expect=200,
    )

    async def nowhere() -> None:
        assert await places(database, names) == {}

    await eventually(nowhere, 40.0)
    [proof] = [one for one in await erasures(world) if one["user_id"] == person.id]
    assert (proof["status"], {one["name"] for one in proof["services"]}) == ("done", set(SERVICES))
    assert all(one["done_at"] for one in proof["services"])


async def erasures(world: World) -> Any:
    """All of them, with their proofs."""
    listed = await world.call("GET", "/admin/privacy/erasures/", token=await world.staff_token())
    return listed.body["results"]


@pytest.mark.parametrize("client_first", [True, False])
async def test_rule_20_of_an_erased_person_no_table_holds_the_name(
    world: World, database: asyncpg.Connection, client_first: bool
):
    names = {who: (f"{who}{uuid.uuid4().hex[:8]}", f"Zq{uuid.uuid4().hex[:8]}") for who in ("Hanna", "Carla")}
    host, client = await named(world, *names["Hanna"]), await named(world, *names["Carla"])
    service = await practises(world, host, f"Studio {names['Hanna'][1]}")
    await lives(world, host, client, service, {host.id: names["Hanna"][1], client.id: names["Carla"][1]})
    assert len(await places(database, names["Hanna"][1:])) > 6
    assert len(await places(database, names["Carla"][1:])) > 6
    people = [(client, names["Carla"]), (host, names["Hanna"])]
    for person, theirs in people if client_first else reversed(people):
        await erased(world, database, person, *theirs)

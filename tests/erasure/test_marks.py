"""Everything personal of every schema carries a mark; after an erasure no mark is anywhere, and none comes back."""

import asyncio
import subprocess
from uuid import UUID

import asyncpg
import pytest

from estuary.services import SERVICES
from tests.erasure.conftest import connected
from tests.erasure.places import files_with, places
from tests.erasure.planting import Planter, generated_columns, personal_columns
from tests.erasure.replays import all_events, are_handled, park, send_again
from tests.erasure.settled import Scene, changes, is_done, set_scene, sign_in, views
from tests.instance import ESTUARY, Instance
from tests.journey.world import Json, World, eventually

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(600)]
PARKED = "zqparked"
GONE = (".participants[].is_active", "/streams/my-subscriptions/.results", "/streams/my-subscriptions/.total")
"""What changes for others though it said nothing of the person: they are gone, and so is their stream."""


async def test_rule_20_no_mark_is_left_and_none_comes_back(own: Instance, own_world: World):
    scene = await set_scene(own_world)
    async with connected(own) as database:
        events, before = await all_events(database), await views_of_others(scene)
        await sign_in(scene.hanna)
        words = [*scene.words, PARKED, *await planted(database, scene)]
        assert await park(database, events, UUID(scene.hanna.id), PARKED) > 10
        assert {word for found in (await places(database, words)).values() for word in found} == set(words)

        await scene.hanna.post("/auth/user/erasure/", expect=202)
        await eventually(lambda: is_done(own_world, scene.hanna), 15)
        assert await places(database, words) == {}
        assert files_with(own.folder, words) == {}
        assert unexplained(scene, before, await views_of_others(scene)) == []

        for service in SERVICES:
            run = [ESTUARY, "dead-letters", "replay", service]
            await asyncio.to_thread(subprocess.run, run, env=own.env, check=True, capture_output=True)
        await eventually(lambda: none_is_parked(database), 15)
        assert await broken(own) == []
        assert await places(database, words) == {}

        await send_again(database, events)
        await eventually(lambda: are_handled(database, events), 30)
        assert await places(database, words, without={"outbox"}) == {}
        assert await broken(own) == []


async def planted(database: asyncpg.Connection, scene: Scene) -> set[str]:
    """The marks, of which no personal column goes without."""
    planter = Planter(database, UUID(scene.hanna.id), UUID(scene.hanna.practitioner_id))
    await planter.plant()
    marked = planter.planted.marks.keys() | planter.planted.by_row
    assert personal_columns() - await generated_columns(database) == marked
    return set(planter.planted.marks.values())


async def views_of_others(scene: Scene) -> dict[str, Json]:
    return {person.email: await views(person) for person in (scene.carla, scene.omar)}


def unexplained(scene: Scene, before: Json, after: Json) -> list[object]:
    """What others read differently now though it said nothing of the person; changes that say something of them."""
    found = changes(before, after)
    assert not [now for *_, now in found if any(word in str(now) for word in scene.words)]
    return [one for one in found if not any(word in str(one[1]) for word in scene.words) and not one[0].endswith(GONE)]


async def broken(instance: Instance) -> list[str]:
    """The invariants that do not hold."""
    code, output = await asyncio.to_thread(instance.invariants)
    lines = [line for line in output.splitlines() if line.split()[0] not in ("0", "-")]
    return lines if code else []


async def none_is_parked(database: asyncpg.Connection) -> None:
    left = {name: await database.fetch(f"select type, error from {name}.parked") for name in SERVICES}
    assert not any(left.values()), left

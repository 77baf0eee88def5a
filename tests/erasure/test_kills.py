"""Erasures and exports of an instance that is killed again and again, or one of whose services is away."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import aiohttp
import asyncpg
import pytest

from estuary.services import SERVICES
from tests.erasure.conftest import connected
from tests.erasure.places import places
from tests.erasure.settled import is_done, proof_of, sign_in
from tests.instance import Instance
from tests.journey.people import Person, join, practise
from tests.journey.world import Answer, World, eventually

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(2400)]
KILLS = 25
CALM = (0.0, 2.5)
NO_ANSWER = (aiohttp.ClientError, ConnectionError, TimeoutError)


async def test_killed_25_times_each_erasure_and_each_export_ends_once(own: Instance, own_world: World):
    host, leaving, staying = await practise(own_world), list[Person](), list[Person]()
    for number in range(KILLS):
        leaving.append(await join(own_world, f"Zqgone{number}x"))
        staying.append(await join(own_world))
        await leaving[-1].post("/conversations/", {"participant_ids": [host.id], "subject": "Zqgone"}, key="talk")
        asked = asyncio.gather(asks_for_erasure(leaving[-1]), asks_for_export(staying[-1]))
        await asyncio.sleep(random.uniform(*CALM))
        await asyncio.to_thread(own.kill)
        await asyncio.to_thread(own.start)
        await asked
    for left, stayed in zip(leaving, staying, strict=True):
        await eventually(partial(is_done, own_world, left), 30)
        await sign_in(stayed)
        await eventually(partial(has_one_export, stayed), 30)
    async with connected(own) as database:
        await has_erased_once(database, leaving)
        assert await places(database, ["zqgone"]) == {}
    assert (await asyncio.to_thread(own.invariants))[0] == 0


async def test_a_service_that_is_away_is_what_the_erasure_waits_for(own: Instance, own_world: World):
    person = await join(own_world, "Zqaway")
    async with connected(own) as database:
        away = database.transaction()
        await away.start()
        await database.execute("lock table streams.erased")
        await person.post("/auth/user/erasure/", expect=202)
        await eventually(partial(waits_for, own_world, person, ["streams"]), 15)
        await away.rollback()
    await eventually(partial(is_done, own_world, person), 15)


async def asks_for_erasure(person: Person) -> None:
    """Until there is an answer: asked for again it is the same erasure. An account that is closed was heard."""
    answer = await answered(lambda: person.post("/auth/user/erasure/", expect=(202, 401)))
    assert answer.status == 202 or (await proof_of(person.world, person))["status"] in ("erasing", "done")


async def asks_for_export(person: Person) -> None:
    """Until there is an answer: asked for again it is the same export."""
    await answered(lambda: person.post("/auth/user/export/", expect=(200, 202)))


async def answered(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """What the instance says once it stands; the last error after a minute."""
    end = time.monotonic() + 60
    while True:
        try:
            return await ask()
        except (*NO_ANSWER, AssertionError):
            if time.monotonic() > end:
                raise
        await asyncio.sleep(0.2)


async def has_one_export(person: Person) -> None:
    """It is ready, with a part of each service, and it is the one that was asked for first."""
    shown = (await person.post("/auth/user/export/", expect=200)).body
    assert (shown["status"], sorted(shown["services"])) == ("ready", sorted(SERVICES))


async def has_erased_once(database: asyncpg.Connection, people: Sequence[Person]) -> None:
    """One erasure for each, one answer of each service, and one last mail."""
    for person in people:
        counts = await database.fetchrow(
            """select (select count(*) from identity.erasures where user_id = $1),
            (select count(*) from identity.erasure_answers a join identity.erasures e on e.id = erasure_id
                where user_id = $1),
            (select count(*) from identity.mail_tokens where user_id = $1 and kind = 'account_erased')""",
            person.id,
        )
        assert tuple(counts) == (1, len(SERVICES), 1), person.id


async def waits_for(world: World, person: Person, names: list[str]) -> None:
    """It is those that have not answered. In one process identity's answer waits too: its event has the same key."""
    proof = await proof_of(world, person)
    waiting = {one["name"] for one in proof["services"] if one["done_at"] is None}
    assert (proof["status"], waiting - {"identity"}) == ("erasing", set(names))

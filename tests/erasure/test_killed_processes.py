"""Erasures and exports while single processes of a cluster are killed: each service has its own, events go by Kafka."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from functools import partial

import aiohttp
import pytest

from tests.erasure.conftest import connected
from tests.erasure.places import places
from tests.erasure.settled import is_done, sign_in
from tests.erasure.test_kills import asks_for_erasure, asks_for_export, has_erased_once, has_one_export
from tests.journey.people import Person, join, practise
from tests.journey.world import World, eventually
from tests.storm.cluster import Cluster, standing_cluster

pytestmark = [pytest.mark.kafka, pytest.mark.slow, pytest.mark.timeout(1500)]
KILLS = 25
CALM = (0.0, 4.0)
WITHIN = 90.0
"""Seconds: a process that was killed is started again, and its topics are given to it anew."""


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with standing_cluster(IDENTITY_ERASURE_DAYS="0") as cluster:
        yield cluster


@pytest.fixture
async def world(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setenv("JOURNEY_PATIENCE", "10")
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        yield World(cluster.url, http)


async def test_each_erasure_and_each_export_ends_once_whichever_process_is_killed(cluster: Cluster, world: World):
    host, leaving, staying = await practise(world), list[Person](), list[Person]()
    for number in range(KILLS):
        leaving.append(await join(world, f"Zqgone{number}x"))
        staying.append(await join(world))
        await leaving[-1].post("/conversations/", {"participant_ids": [host.id], "subject": "Zqgone"}, key="talk")
        asked = asyncio.gather(asks_for_erasure(leaving[-1]), asks_for_export(staying[-1]))
        await asyncio.sleep(random.uniform(*CALM))
        await kill_one(cluster)
        await asked
    for left, stayed in zip(leaving, staying, strict=True):
        await eventually(partial(is_done, world, left), WITHIN)
        await sign_in(stayed)
        await eventually(partial(has_one_export, stayed), WITHIN)
    async with connected(cluster) as database:
        await has_erased_once(database, leaving)
        assert await places(database, ["zqgone"]) == {}
    code, output = await asyncio.to_thread(cluster.invariants)
    assert code == 0, output


async def kill_one(cluster: Cluster) -> None:
    """Some process of some service, and waits until its successor answers."""
    names = [name for name in cluster.processes() if name.startswith(("serve ", "work "))]
    killed = cluster.end_one(random.choice(names))
    assert killed is not None
    await cluster.stands_again(killed, WITHIN)

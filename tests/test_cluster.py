"""Every service in processes of its own, on a real Kafka: a checkout crosses them, also while some are killed."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from tests.journey.people import Practitioner, join, practise
from tests.journey.world import Json, World, instant
from tests.storm.cluster import Cluster, standing_cluster

pytestmark = [pytest.mark.kafka, pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """`make cluster`, ready."""
    with standing_cluster() as cluster:
        yield cluster


@pytest.fixture
async def outside(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setenv("JOURNEY_PATIENCE", "10")
    async with aiohttp.ClientSession() as http:
        yield World(cluster.url, http)


async def offer(world: World) -> tuple[Json, list[str]]:
    practitioner: Practitioner = await practise(world)
    service, day = await practitioner.offers(), await world.day(7)
    return service, [slot["start_time"] for slot in await practitioner.slots(service, day)]


async def test_a_checkout_crosses_all_processes(outside: World):
    service, starts = await offer(outside)
    client = await join(outside)
    await client.buys(service, starts[0])


async def test_a_move_of_the_clock_reaches_the_jobs_of_another_process(outside: World):
    service, starts = await offer(outside)
    client = await join(outside)
    booking = await client.buys(service, starts[0])
    await outside.advance_to(instant(starts[0]))
    await client.sees(booking["id"], "in_progress", within=5)


async def test_killed_workers_and_a_killed_kafka_delay_a_confirmation_and_lose_nothing(
    cluster: Cluster, outside: World
):
    service, starts = await offer(outside)
    client = await join(outside)
    booking = await client.book(service, starts[1])
    for name in ("work payments", "work booking"):
        cluster.end_one(name)
    await asyncio.to_thread(cluster.broker.kill)
    paid = await client.confirm(booking["payment"]["order_id"])
    assert paid["status"] == "succeeded"
    await asyncio.to_thread(cluster.broker.start)
    await client.sees(booking["id"], "confirmed", within=12)
    code, output = await asyncio.to_thread(cluster.invariants)
    assert code == 0, output


def test_a_process_that_is_told_to_end_does_so_with_exit_code_0(cluster: Cluster):
    os.kill(cluster.processes()["work identity"].pid, signal.SIGTERM)
    end = time.monotonic() + 30
    while "work identity ended with 0" not in cluster.log.read_text():
        assert time.monotonic() < end, cluster.tail()
        time.sleep(0.1)

"""Short storms for every run of the tests; `make storm` has the long ones."""

import asyncio
import os
import random
from typing import Any

import pytest

from devtools.kafka.jars import KafkaUnavailable
from devtools.testing.fixtures import without_kafka
from tests.instance import Instance, standing
from tests.storm import alone, apart
from tests.storm.cluster import Cluster
from tests.storm.proxy import Proxy
from tests.storm.report import advice, figures

pytestmark = [pytest.mark.journey, pytest.mark.slow]
SHORT_STORM: dict[str, Any] = {"checkouts": 60, "kills": 10, "restarts": 1, "clients": 4, "calm": (1.0, 3.0)} | {
    "longest": 300,
    "final": 120,
}


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNEY_PATIENCE", os.environ.get("JOURNEY_PATIENCE", "15"))


@pytest.mark.timeout(900)
async def test_an_instance_killed_25_times_keeps_every_promise():
    with standing(Instance) as instance:
        broken = await alone.storm(instance, 25, (0.2, 1.2), seed=random.randrange(1_000_000))
        instance.keep = bool(broken)
        assert not broken, "\n".join([*broken, f"the log is {instance.log}"])


@pytest.mark.kafka
@pytest.mark.timeout(900)
async def test_processes_of_their_own_keep_every_promise():
    try:
        with standing(Cluster) as cluster:
            outcome = await apart.storm(cluster, apart.Plan(**SHORT_STORM))
            lines = "\n".join([*figures(outcome), *advice(outcome, cluster.logs, cluster.log)])
            cluster.keep = bool(outcome.broken)
    except KafkaUnavailable as error:
        without_kafka(error)
    print(lines)
    assert not outcome.broken, lines


async def test_the_proxy_carries_everything_or_cuts():
    received = bytearray()

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        data = await reader.readexactly(100_000)
        received.extend(data)
        writer.write(data)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, Proxy([address], random.Random(1)) as proxy:
        assert await through(proxy) == 100_000
        proxy.share = 1.0
        assert await through(proxy) < 100_000
    assert proxy.cuts == 1


async def through(proxy: Proxy) -> int:
    """How many of 100,000 bytes come back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(proxy.url.rsplit(":", 1)[1]))
    came = 0
    try:
        writer.write(bytes(100_000))
        while data := await reader.read(10_000):
            came += len(data)
    except ConnectionError:
        pass
    finally:
        writer.close()
    return came

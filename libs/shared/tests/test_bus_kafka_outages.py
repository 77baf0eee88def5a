"""A Kafka broker that is killed, or away for long."""

import asyncio
import os
from collections.abc import Iterator

import pytest
from aiokafka.errors import KafkaError
from sqlalchemy import func, select

from devtools.kafka.broker import Broker, own
from devtools.kafka.jars import KafkaUnavailable
from devtools.testing.fixtures import without_kafka
from shared.events.base import Envelope
from shared.messaging.kafka.bus import KafkaBus
from shared.messaging.kafka.topics import create
from shared.messaging.outbox import Relay
from shared.runtime import Runtime

from .conftest import add, settings_for, until
from .toy_topics import event, writing

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.usefixtures("tidy"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker of this file's own, to be killed."""
    try:
        broker = own(tmp_path_factory.mktemp("kafka"), os.environ)
    except KafkaUnavailable as error:
        without_kafka(error)
    try:
        broker.start()
        yield broker
    finally:
        broker.stop()


async def consuming(broker: Broker, topic: str) -> tuple[KafkaBus, list[str]]:
    """A bus that is well, and what it handles of that topic."""
    handled: list[str] = []
    await create(settings_for(broker.servers), [topic], lambda _: None)
    bus = KafkaBus(broker.servers, client=topic)
    bus.subscribe(writing(topic, handled))
    await bus.start()
    await until(bus.healthy)
    return bus, handled


@pytest.mark.slow
async def test_a_broker_that_is_killed_under_load_costs_nothing(broker: Broker, toy_runtime: Runtime) -> None:
    """The outbox keeps what cannot be published; producer and consumer recover without a restart of the process."""
    bus, handled = await consuming(broker, "estuary.toy")
    db, emitted = toy_runtime.db, list[str]()
    relaying = asyncio.create_task(Relay(db, bus).run())

    async def emit_for(seconds: float) -> None:
        end = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < end:
            async with db.transaction() as session:
                thing = await add(session, f"t{len(emitted)}")
            emitted.append(thing.name)
            await asyncio.sleep(0.02)

    async def unsent() -> int:
        outbox = db.system_tables.outbox
        async with db.read() as session:
            return int(await session.scalar(select(func.count()).where(outbox.c.sent_at.is_(None))) or 0)

    for outage in (0.0, 3.0):
        await emit_for(1)
        await asyncio.to_thread(broker.kill)
        await emit_for(1 + outage)
        assert await unsent() > 0
        await asyncio.to_thread(broker.start)
        await emit_for(1)
    await until(lambda: set(handled) == set(emitted), 60)
    assert await unsent() == 0
    firsts = list(dict.fromkeys(handled))
    assert len(firsts) == len(emitted)
    await until(bus.healthy)
    relaying.cancel()
    await asyncio.gather(relaying, return_exceptions=True)
    await bus.stop()


@pytest.mark.slow
async def test_long_absence_of_the_broker_is_told_and_overcome(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in {"producer.AWAY": 6.0, "producer.SEND": 6.0, "consumer.CHECK": 2.0}.items():
        monkeypatch.setattr(f"shared.messaging.kafka.{name}_SECONDS", seconds)
    bus, handled = await consuming(broker, "estuary.long")
    await asyncio.to_thread(broker.kill)
    await until(lambda: not bus.healthy(), 60)
    with pytest.raises((TimeoutError, KafkaError)):
        await bus.publish([event("estuary.long", "lost")])
    await asyncio.to_thread(broker.start)
    await until(bus.healthy, 60)
    await asyncio.wait_for(_publish_until_it_works(bus, event("estuary.long", "after")), 60)
    await until(lambda: "after" in handled, 60)
    await bus.stop()


async def _publish_until_it_works(bus: KafkaBus, envelope: Envelope) -> None:
    while True:
        try:
            return await bus.publish([envelope])
        except Exception:
            await asyncio.sleep(0.5)

"""What only a real Kafka shows: the wire format, malformed records, rebalances, topics, a broker that goes away."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from sqlalchemy import select

from devtools.testing.waiting import PATIENCE
from estuary.settings import free_port
from shared.messaging.cloudevents import internal
from shared.messaging.inbox import Inbox
from shared.messaging.kafka.bus import KafkaBus
from shared.messaging.kafka.topics import HINTS, create
from shared.records.ids import new_id
from shared.runtime import Runtime
from shared.settings import SettingsError

from .conftest import ThingMade, settings_for, until
from .toy_topics import event, writing

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.usefixtures("tidy"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def process(kafka: str, topic: str, name: str) -> tuple[KafkaBus, list[str]]:
    """A bus as another process has it, and what it handles of that topic."""
    handled: list[str] = []
    bus = KafkaBus(kafka, client=name)
    bus.subscribe(writing(topic, handled))
    return bus, handled


async def test_an_event_is_a_cloud_event_in_binary_mode(kafka: str, topic: str) -> None:
    bus = KafkaBus(kafka, client="wire")
    sent = replace(event(topic), traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01")
    await bus.publish([sent])
    await bus.stop()
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="earliest", group_id=None)
    await consumer.start()
    try:
        record = await asyncio.wait_for(consumer.getone(), PATIENCE)
    finally:
        await consumer.stop()
    headers = {name: value.decode() for name, value in record.headers}
    assert headers.pop("ce_time").endswith("Z")
    assert headers == {
        "ce_specversion": "1.0",
        "ce_id": str(sent.id),
        "ce_type": f"{topic}.ThingMade.v1",
        "ce_source": "/" + topic.replace(".", "/"),
        "ce_subject": str(sent.key),
        "content-type": "application/json",
        "traceparent": sent.traceparent,
    }
    assert record.key == sent.key.bytes


@pytest.mark.parametrize(
    ("value", "headers"),
    [
        (b"not json", []),
        (b"{}", [("ce_type", b"\xff\xfe")]),
        (None, [("ce_id", b"not an id"), ("ce_type", b"a.B.v1")]),
    ],
    ids=["no attributes", "not text", "no value"],
)
async def test_malformed_record_is_parked_and_blocks_nobody(
    kafka: str, topic: str, toy_runtime: Runtime, value: bytes | None, headers: list[tuple[str, bytes]]
) -> None:
    handled: list[str] = []

    async def thing_made(session: Any, event: ThingMade) -> None:
        session.after_commit(lambda: handled.append(event.name))

    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    await producer.send_and_wait(internal(topic), value, key=b"k", headers=headers)
    await producer.stop()
    bus = KafkaBus(kafka, client="malformed")
    subscription = Inbox(toy_runtime.db, {ThingMade: thing_made}).subscription()
    bus.subscribe(replace(subscription, consumer=topic, topics=frozenset({topic})))
    await bus.publish([event(topic, f"good {number}") for number in range(6)])
    await bus.start()
    await until(lambda: len(handled) == 6)
    await bus.stop()
    parked = toy_runtime.db.system_tables.parked
    async with toy_runtime.db.read() as session:
        [row] = (await session.execute(select(parked))).mappings().all()
    assert row["type"] == "Malformed"
    assert row["envelope"]["data"]["place"].startswith(topic)


async def test_a_second_process_takes_its_share_and_gives_it_back(kafka: str, topic: str) -> None:
    (one, first), (two, second) = process(kafka, topic, "one"), process(kafka, topic, "two")
    await one.start()
    await one.publish([event(topic, "first only")])
    await until(lambda: first)
    await two.start()
    await until(two.healthy)

    async def until_shared() -> None:
        while not second:
            await one.publish([event(topic, "shared") for _ in range(9)])
            await asyncio.sleep(0.2)

    await asyncio.wait_for(until_shared(), PATIENCE)
    await two.stop()
    before = len(first)
    await one.publish([event(topic, "all mine") for _ in range(30)])
    await until(lambda: first[before:].count("all mine") == 30)
    await one.stop()


async def test_what_was_handled_before_a_polite_end_does_not_come_again(kafka: str, topic: str) -> None:
    (one, before), (two, after) = process(kafka, topic, "before"), process(kafka, topic, "after")
    await one.publish([event(topic, "old") for _ in range(300)])
    await one.start()
    await until(lambda: len(before) == 300)
    await one.stop()
    await two.start()
    await two.publish([event(topic, "new") for _ in range(30)])
    await until(lambda: after.count("new") == 30)
    await two.stop()
    assert "old" not in after


async def test_topics_are_made_once_and_keep_their_partitions(kafka: str) -> None:
    name, said = f"estuary.toy-{new_id().hex[-12:]}", list[str]()
    await create(settings_for(kafka, KAFKA_PARTITIONS="2", KAFKA_RETENTION_HOURS="5"), [name], said.append)
    assert f"topic {name}: made" in said
    await create(settings_for(kafka, KAFKA_PARTITIONS="4"), [name], said.append)
    assert f"topic {name}: keeps its 2 partitions, so that its order is kept" in said
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    topics = {found["topic"]: len(found["partitions"]) for found in await admin.describe_topics()}
    await admin.close()
    assert topics[name] == topics[internal(name)] == 2
    assert topics[HINTS] == 1


async def test_unreachable_broker_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.messaging.kafka.topics.REACH_SECONDS", 1.0)
    nobody = f"127.0.0.1:{free_port()}"
    with pytest.raises(SettingsError, match=f"no broker answers at {nobody}"):
        await create(settings_for(nobody), ["estuary.toy"], lambda _: None)

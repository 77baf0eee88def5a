"""What only a real Kafka shows: the wire format, malformed records, rebalances, topics, a broker that goes away."""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any, ClassVar
from uuid import UUID

import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from sqlalchemy import func, select

from devtools.kafka.broker import Broker, own
from devtools.kafka.jars import KafkaUnavailable
from devtools.kafka.one_node import free_port
from devtools.testing.delivery import envelope_of
from devtools.testing.fixtures import RuntimeFactory, without_kafka
from shared.events.base import Envelope, Event, Personal
from shared.messaging.bus import Subscription
from shared.messaging.cloudevents import internal
from shared.messaging.inbox import Inbox
from shared.messaging.kafka.bus import KafkaBus
from shared.messaging.kafka.topics import HINTS, TopicSettings, create
from shared.messaging.outbox import Relay
from shared.records.clock import machine_now
from shared.records.ids import new_id
from shared.runtime import Runtime
from shared.settings import SettingsError

from .conftest import ThingMade, add, until

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.usefixtures("tidy"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def settings_for(servers: str, **more: str) -> TopicSettings:
    return TopicSettings.of({"KAFKA_BOOTSTRAP_SERVERS": servers, "KAFKA_PARTITIONS": "3", **more})


@pytest.fixture
async def topic(kafka: str) -> str:
    name = f"estuary.toy-{new_id().hex[-12:]}"
    await create(settings_for(kafka), [name], lambda _: None)
    return name


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


@pytest.fixture
async def toy_runtime(runtime_for: RuntimeFactory) -> Runtime:
    runtime: Runtime = await runtime_for("toy")
    return runtime


def event(topic: str, name: str = "thing") -> Envelope:
    return replace(envelope_of(ThingMade(thing_id=new_id(), name=name), machine_now()), topic=topic)


def writing(topic: str, into: list[str]) -> Subscription:
    """A consumer without a database that writes down the names."""

    async def take(envelope: Envelope) -> None:
        into.append(str(envelope.data["name"]))

    async def refuse(envelope: Envelope, reason: str) -> None:
        into.append(f"refused: {reason}")

    return Subscription(topic, frozenset({topic}), frozenset({"ThingMade"}), take, refuse)


async def test_an_event_is_a_cloud_event_in_binary_mode(kafka: str, topic: str) -> None:
    bus = KafkaBus(kafka, client="wire")
    sent = replace(event(topic), traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01")
    await bus.publish([sent])
    await bus.stop()
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="earliest", group_id=None)
    await consumer.start()
    try:
        record = await asyncio.wait_for(consumer.getone(), 10)
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
    first: list[str] = []
    second: list[str] = []
    one, two = KafkaBus(kafka, client="one"), KafkaBus(kafka, client="two")
    one.subscribe(writing(topic, first))
    two.subscribe(writing(topic, second))
    await one.start()
    await one.publish([event(topic, "first only")])
    await until(lambda: first)
    await two.start()
    await until(two.healthy)

    async def until_shared() -> None:
        while not second:
            await one.publish([event(topic, "shared") for _ in range(9)])
            await asyncio.sleep(0.2)

    await asyncio.wait_for(until_shared(), 30)
    await two.stop()
    before = len(first)
    await one.publish([event(topic, "all mine") for _ in range(30)])
    await until(lambda: first[before:].count("all mine") == 30)
    await one.stop()


async def test_what_was_handled_before_a_polite_end_does_not_come_again(kafka: str, topic: str) -> None:
    before: list[str] = []
    after: list[str] = []
    one, two = KafkaBus(kafka, client="before"), KafkaBus(kafka, client="after")
    one.subscribe(writing(topic, before))
    two.subscribe(writing(topic, after))
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


@pytest.mark.slow
async def test_a_broker_that_is_killed_under_load_costs_nothing(broker: Broker, toy_runtime: Runtime) -> None:
    """The outbox keeps what cannot be published; producer and consumer recover without a restart of the process."""
    handled: list[str] = []
    await create(settings_for(broker.servers), ["estuary.toy"], lambda _: None)
    bus = KafkaBus(broker.servers, client="survivor")
    bus.subscribe(writing("estuary.toy", handled))
    await bus.start()
    await until(bus.healthy, 30)
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
    await until(bus.healthy, 30)
    relaying.cancel()
    await asyncio.gather(relaying, return_exceptions=True)
    await bus.stop()


@pytest.mark.slow
async def test_long_absence_of_the_broker_is_told_and_overcome(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in {"producer.AWAY": 6.0, "producer.SEND": 6.0, "consumer.CHECK": 2.0}.items():
        monkeypatch.setattr(f"shared.messaging.kafka.{name}_SECONDS", seconds)
    handled: list[str] = []
    await create(settings_for(broker.servers), ["estuary.long"], lambda _: None)
    bus = KafkaBus(broker.servers, client="patient")
    bus.subscribe(writing("estuary.long", handled))
    await bus.start()
    await until(bus.healthy, 30)
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


class LetterSent(Event):
    topic: ClassVar[str] = "estuary.texts"
    letter_id: UUID
    text: Annotated[str, Personal]

    @property
    def key(self) -> UUID:
        return self.letter_id


async def read(servers: str, topic: str, count: int) -> list[Any]:
    """The first records of a topic."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=servers, auto_offset_reset="earliest", group_id=None)
    await consumer.start()
    try:
        async with asyncio.timeout(20):
            return [await consumer.getone() for _ in range(count)]
    finally:
        await consumer.stop()


async def test_services_read_an_event_whole_and_partners_without_what_is_personal(kafka: str, topic: str) -> None:
    bus = KafkaBus(kafka, client="texts")
    sent = replace(envelope_of(LetterSent(letter_id=new_id(), text="Dear Ana"), machine_now()), topic=topic)
    await bus.publish([sent])
    await bus.stop()
    [[whole], [public]] = [await read(kafka, name, 1) for name in (internal(topic), topic)]
    assert orjson.loads(whole.value) == {"letter_id": str(sent.key), "text": "Dear Ana"}
    assert orjson.loads(public.value) == {"letter_id": str(sent.key)}
    assert whole.headers == public.headers
    assert whole.key == public.key


async def test_a_relay_that_sent_to_one_topic_only_sends_to_both_again_and_takes_effect_once(
    kafka: str, toy_runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The partners' topic is missing at first, as after the end of the process between the two."""
    name, handled = f"estuary.toy-{new_id().hex[-12:]}", list[str]()

    async def thing_made(session: Any, event: ThingMade) -> None:
        session.after_commit(lambda: handled.append(event.name))

    monkeypatch.setattr("shared.messaging.kafka.producer.SEND_SECONDS", 5.0)
    monkeypatch.setattr(ThingMade, "topic", name)
    await create(settings_for(kafka), [name], lambda _: None)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.delete_topics([name])
    bus = KafkaBus(kafka, client="twice")
    subscription = Inbox(toy_runtime.db, {ThingMade: thing_made}).subscription()
    bus.subscribe(replace(subscription, consumer=name, topics=frozenset({name})))
    await bus.start()
    async with toy_runtime.db.transaction() as session:
        await add(session, "once")
    relay = Relay(toy_runtime.db, bus)
    with pytest.raises((KafkaError, TimeoutError)):
        await relay.run_once()
    await until(lambda: handled == ["once"], 30)
    await create(settings_for(kafka), [name], lambda _: None)
    assert await relay.run_once() == 1
    twice = await read(kafka, internal(name), 2)
    assert {dict(record.headers)["ce_id"] for record in twice} == {
        dict((await read(kafka, name, 1))[0].headers)["ce_id"]
    }
    async with toy_runtime.db.transaction() as session:
        await add(session, "after")
    assert await relay.run_once() == 1
    await until(lambda: "after" in handled, 30)
    assert handled == ["once", "after"]
    await admin.close()
    await bus.stop()

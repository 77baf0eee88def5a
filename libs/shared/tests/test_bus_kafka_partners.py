"""Each event goes whole to our services, and without what is personal to partners."""

import asyncio
from dataclasses import replace
from typing import Annotated, Any, ClassVar
from uuid import UUID

import orjson
import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from devtools.testing.delivery import envelope_of
from devtools.testing.waiting import PATIENCE
from shared.events.base import Event, Personal
from shared.messaging.cloudevents import internal
from shared.messaging.inbox import Inbox
from shared.messaging.kafka.bus import KafkaBus
from shared.messaging.kafka.topics import create
from shared.messaging.outbox import Relay
from shared.records.clock import machine_now
from shared.records.ids import new_id
from shared.runtime import Runtime

from .conftest import ThingMade, add, settings_for, until

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.usefixtures("tidy"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


class NoteSent(Event):
    topic: ClassVar[str] = "estuary.texts"
    keyed_by: ClassVar[str] = "note_id"
    note_id: UUID
    text: Annotated[str, Personal]


async def read(servers: str, topic: str, count: int) -> list[Any]:
    """The first records of a topic."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=servers, auto_offset_reset="earliest", group_id=None)
    await consumer.start()
    try:
        async with asyncio.timeout(PATIENCE):
            return [await consumer.getone() for _ in range(count)]
    finally:
        await consumer.stop()


async def test_services_read_an_event_whole_and_partners_without_what_is_personal(kafka: str, topic: str) -> None:
    bus = KafkaBus(kafka, client="texts")
    sent = replace(envelope_of(NoteSent(note_id=new_id(), text="Dear Ana"), machine_now()), topic=topic)
    await bus.publish([sent])
    await bus.stop()
    [[whole], [public]] = [await read(kafka, name, 1) for name in (internal(topic), topic)]
    assert orjson.loads(whole.value) == {"note_id": str(sent.key), "text": "Dear Ana"}
    assert orjson.loads(public.value) == {"note_id": str(sent.key)}
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
    await until(lambda: handled == ["once"])
    await create(settings_for(kafka), [name], lambda _: None)
    assert await relay.run_once() == 1
    twice = await read(kafka, internal(name), 2)
    assert {dict(record.headers)["ce_id"] for record in twice} == {
        dict((await read(kafka, name, 1))[0].headers)["ce_id"]
    }
    async with toy_runtime.db.transaction() as session:
        await add(session, "after")
    assert await relay.run_once() == 1
    await until(lambda: "after" in handled)
    assert handled == ["once", "after"]
    await admin.close()
    await bus.stop()

"""What was sent is gone from the topics when their retention is over; partners' topics never had what is personal."""

import asyncio
from dataclasses import replace
from typing import Annotated, ClassVar
from uuid import UUID

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from devtools.testing.delivery import envelope_of
from shared.events.base import Event, Personal
from shared.messaging.cloudevents import internal
from shared.messaging.kafka.bus import KafkaBus
from shared.records.clock import machine_now
from shared.records.ids import new_id

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.usefixtures("tidy"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
A_MINUTE = {"retention.ms": "60000", "file.delete.delay.ms": "1000"}
DELETED_WITHIN = 720.0
"""A broker looks every five minutes for what is over its retention."""
MARK = b"Zqxmark"


class MarkMade(Event):
    topic: ClassVar[str] = "estuary.marks"
    keyed_by: ClassVar[str] = "mark_id"
    mark_id: UUID
    text: Annotated[str, Personal]


async def records(servers: str, topic: str) -> list[bytes]:
    """The values of all that a topic has."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=servers, auto_offset_reset="earliest", group_id=None)
    await consumer.start()
    try:
        parts = consumer.assignment()
        first, end = await consumer.beginning_offsets(parts), await consumer.end_offsets(parts)
        return [bytes((await consumer.getone()).value) for _ in range(sum(end.values()) - sum(first.values()))]
    finally:
        await consumer.stop()


async def test_with_a_retention_of_a_minute_a_mark_is_gone_from_the_internal_topic(kafka: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, internal(topic), A_MINUTE)])
    await admin.close()
    bus = KafkaBus(kafka, client="marks")
    event = MarkMade(mark_id=new_id(), text=MARK.decode())
    await bus.publish([replace(envelope_of(event, machine_now()), topic=topic)])
    await bus.stop()
    [whole], [public] = await records(kafka, internal(topic)), await records(kafka, topic)
    assert (MARK in whole, MARK in public) == (True, False)
    async with asyncio.timeout(DELETED_WITHIN):
        while await records(kafka, internal(topic)):  # noqa: ASYNC110  # a broker signals nothing of it
            await asyncio.sleep(2)
    assert await records(kafka, topic) == [public]

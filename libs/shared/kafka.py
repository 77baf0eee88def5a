"""The bus over Kafka (aiokafka): idempotent producer, commit after the database, watchdogs that rebuild the clients."""

import asyncio
import os
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from shared.bus import Hint, Listener, Subscription, deliver
from shared.cloudevents import MalformedRecord, envelope_of, record_of
from shared.events.base import Envelope
from shared.logs import logger
from shared.metrics import CONSUMER_LAG, KAFKA_MALFORMED, KAFKA_REBUILDS

HINTS = "estuary.hints"
STUCK_SECONDS = 30.0
SEND_SECONDS = 30.0
MAX_RECORDS = 200
log = logger()


class KafkaBus:
    """At least once, in order per key: the inbox makes a redelivery a no-op."""

    def __init__(self, servers: str, *, client: str, parallel: int = 6) -> None:
        """`client` names this process at the broker. Connects in `start`."""
        self.servers, self.client, self._parallel = servers, client, parallel
        self._producer = Producer(servers, client)
        self._consumers: list[GroupConsumer] = []
        self._listeners: dict[str, list[Listener]] = defaultdict(list)
        self._hints = HintConsumer(servers, client, self._heard)
        self._tasks: list[asyncio.Task[None]] = []

    def subscribe(self, subscription: Subscription) -> None:
        """Adds a consumer group of the subscription's name; it begins with `start`."""
        self._consumers.append(GroupConsumer(self.servers, self.client, subscription, self._parallel))

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Returns when every broker in sync has acknowledged all of them; raises KafkaError or TimeoutError else."""
        await self._producer.send([record_of(envelope) for envelope in envelopes])

    async def broadcast(self, channel: str, hint: Hint) -> None:
        """Sends the hint to every process, without waiting for the broker: it is a hint."""
        value = orjson.dumps({"channel": channel, "hint": hint}, default=str)
        await self._producer.send_soon(HINTS, value)

    def listen(self, channel: str, listener: Listener) -> Callable[[], None]:
        """Calls the listener on each hint; returns how to stop that."""
        self._listeners[channel].append(listener)
        return lambda: self._listeners[channel].remove(listener)

    async def start(self) -> None:
        """Begins to consume; does not wait for the broker, `healthy` tells."""
        self._tasks = [asyncio.create_task(consumer.run()) for consumer in self._consumers]
        self._tasks.append(asyncio.create_task(self._hints.run()))
        self._tasks.append(asyncio.create_task(self._producer.keep_connected()))

    async def stop(self) -> None:
        """Finishes the events under way, commits, leaves the groups."""
        for consumer in self._consumers:
            consumer.stopping.set()
        running = [task for task, _ in zip(self._tasks, self._consumers, strict=False)]
        await asyncio.wait(running, timeout=10) if running else None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._producer.close()

    def healthy(self) -> bool:
        """Whether the producer is connected and every consumer makes progress."""
        return self._producer.connected and all(consumer.healthy() for consumer in self._consumers)

    def _heard(self, value: bytes) -> None:
        message = orjson.loads(value)
        for listener in list(self._listeners[message["channel"]]):
            listener(message["hint"])


class Producer:
    """One idempotent producer, rebuilt after any failure: duplicates fall to the inbox."""

    def __init__(self, servers: str, client: str) -> None:
        self._servers, self._client = servers, client
        self._producer: AIOKafkaProducer | None = None
        self._building = asyncio.Lock()

    @property
    def connected(self) -> bool:
        """Whether the last thing that was tried with the broker worked."""
        return self._producer is not None

    async def send(self, records: Sequence[dict[str, Any]]) -> None:
        """Sends in order and waits for all acknowledgements."""
        producer = await self._ready()
        try:
            async with asyncio.timeout(SEND_SECONDS):
                sent = [await producer.send(**record) for record in records]
                await asyncio.gather(*sent)
        except (KafkaError, TimeoutError, OSError):
            await self.close()
            raise

    async def send_soon(self, topic: str, value: bytes) -> None:
        """Hands the value to the client and does not wait; dropped while there is no connection."""
        if self._producer is not None:
            try:
                async with asyncio.timeout(1):
                    await self._producer.send(topic, value)
            except (KafkaError, TimeoutError, OSError) as error:
                log.warning("kafka.hint_lost", error=repr(error))

    async def keep_connected(self) -> None:
        """Connects at start and again after a failure, so that readiness tells the truth without traffic."""
        while True:
            try:
                await self._ready()
            except (KafkaError, TimeoutError, OSError) as error:
                log.warning("kafka.unreachable", servers=self._servers, error=repr(error))
            await asyncio.sleep(1)

    async def close(self) -> None:
        """Closes the connection; the next send builds a new one."""
        producer, self._producer = self._producer, None
        if producer is not None:
            KAFKA_REBUILDS.labels("producer").inc()
            await _end(producer)

    async def _ready(self) -> AIOKafkaProducer:
        async with self._building:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._servers,
                    client_id=self._client,
                    enable_idempotence=True,
                    acks="all",
                    linger_ms=2,
                    request_timeout_ms=10_000,
                )
                try:
                    async with asyncio.timeout(10):
                        await producer.start()
                except BaseException:
                    await _end(producer)
                    raise
                self._producer = producer
            return self._producer


class GroupConsumer:
    """One service's consumer group: offsets are committed after the database, a stuck client is replaced."""

    def __init__(self, servers: str, client: str, subscription: Subscription, parallel: int) -> None:
        self._subscription, self._parallel = subscription, parallel
        self._options = {
            "bootstrap_servers": servers,
            "client_id": client,
            "group_id": f"estuary.{subscription.consumer}",
            "enable_auto_commit": False,
            "auto_offset_reset": "earliest",
            "session_timeout_ms": 10_000,
            "heartbeat_interval_ms": 2_000,
            "max_poll_interval_ms": 300_000,
            "metadata_max_age_ms": 30_000,
            "fetch_max_wait_ms": 100,
        }
        self.stopping = asyncio.Event()
        self._progress_at = 0.0
        self._started = False
        self._positions: dict[TopicPartition, int] = {}

    async def run(self) -> None:
        """Consumes until told to stop; after any failure with a new client."""
        pause = 0.5
        while not self.stopping.is_set():
            consumer = AIOKafkaConsumer(*self._subscription.topics, **self._options)
            try:
                async with asyncio.timeout(30):
                    await consumer.start()
                self._moved()
                pause = 0.5
                await self._consume(consumer)
            except (KafkaError, TimeoutError, OSError, Stuck) as error:
                log.warning("kafka.consumer_rebuilt", group=self._options["group_id"], error=repr(error))
                KAFKA_REBUILDS.labels("consumer").inc()
            finally:
                await _end(consumer)
            await asyncio.sleep(0 if self.stopping.is_set() else pause)
            pause = min(pause * 2, 5.0)

    def healthy(self) -> bool:
        """Whether it has looked for events within the last half minute."""
        return self._started and _now() - self._progress_at < STUCK_SECONDS

    async def _consume(self, consumer: AIOKafkaConsumer) -> None:
        checked, self._positions = _now(), {}
        while not self.stopping.is_set():
            async with asyncio.timeout(STUCK_SECONDS):
                batches = await consumer.getmany(timeout_ms=500, max_records=MAX_RECORDS)
            for partition, records in batches.items():
                await self._handle(partition, records)
            if batches:
                ends = {partition: records[-1].offset + 1 for partition, records in batches.items()}
                # arch: allow commit: offsets of a broker, not a unit of work
                await consumer.commit({p: end for p, end in ends.items() if p in consumer.assignment()})
            self._moved()
            if not batches and _now() - checked > 10:
                checked = _now()
                await self._check_progress(consumer)

    async def _handle(self, partition: TopicPartition, records: Sequence[Any]) -> None:
        envelopes: list[Envelope] = []
        for record in records:
            try:
                envelopes.append(envelope_of(record))
            except MalformedRecord as error:
                KAFKA_MALFORMED.labels(partition.topic).inc()
                log.error("kafka.malformed", topic=partition.topic, offset=record.offset, error=str(error))
        wanted = [envelope for envelope in envelopes if envelope.type in self._subscription.types]
        if wanted:
            await deliver(self._subscription, wanted, self._parallel)

    async def _check_progress(self, consumer: AIOKafkaConsumer) -> None:
        """A client can be alive and dead at once: events wait at the broker, and it stays where it was."""
        partitions = consumer.assignment()
        if not partitions:
            return
        async with asyncio.timeout(STUCK_SECONDS):
            ends = await consumer.end_offsets(partitions)
            positions = {partition: await consumer.position(partition) for partition in partitions}
        for partition, position in positions.items():
            lag = ends[partition] - position
            CONSUMER_LAG.labels(self._subscription.consumer, partition.topic, partition.partition).set(lag)
            if lag > 0 and self._positions.get(partition) == position:
                raise Stuck(f"{lag} events of {partition.topic} wait, and none arrives")
        self._positions = positions

    def _moved(self) -> None:
        self._started, self._progress_at = True, _now()


class Stuck(Exception):
    """A consumer that gets nothing although there is something."""


class HintConsumer:
    """Every process hears every hint from now on: no group, no offsets."""

    def __init__(self, servers: str, client: str, heard: Callable[[bytes], None]) -> None:
        self._servers, self._client, self._heard = servers, client, heard

    async def run(self) -> None:
        """Listens until cancelled; after any failure with a new client, from latest."""
        while True:
            consumer = AIOKafkaConsumer(
                HINTS,
                bootstrap_servers=self._servers,
                client_id=f"{self._client}-hints-{os.getpid()}",
                group_id=None,
                auto_offset_reset="latest",
                enable_auto_commit=False,
                fetch_max_wait_ms=50,
            )
            try:
                async with asyncio.timeout(30):
                    await consumer.start()
                async for record in consumer:
                    self._heard(record.value)
            except (KafkaError, TimeoutError, OSError, orjson.JSONDecodeError, KeyError) as error:
                log.warning("kafka.hints_rebuilt", error=repr(error))
            finally:
                await _end(consumer)
            await asyncio.sleep(1)


async def _end(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    """Stops a client that may be broken in any way."""
    try:
        async with asyncio.timeout(5):
            await client.stop()
    except Exception as error:
        log.info("kafka.unclean_end", error=repr(error))


def _now() -> float:
    return time.monotonic()

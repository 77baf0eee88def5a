"""The way to Kafka: one idempotent producer, replaced after any failure."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError

from shared.messaging.kafka.containment import Broken, contained, end
from shared.messaging.kafka.security import IN_THE_CLEAR, ClientOptions
from shared.messaging.kafka.topics import HINTS
from shared.observability.logs import logger
from shared.observability.metrics import KAFKA_REBUILDS

SEND_SECONDS = 30.0
PROBE_SECONDS = 5.0
BATCH_BYTES = 256 * 1024
"""Room for a partition's share of a whole relay batch: an idempotent client has one request under way for each."""
AWAY_SECONDS = 30.0
"""Short outages are the client's affair; after this long a process says that it is not ready."""
PROBE = b'{"channel":"probe","hint":{}}'
SEND_ERRORS = (KafkaError, TimeoutError, OSError, Broken)
log = logger()


class Producer:
    """Sends in order, waits for every broker in sync. A failed batch may arrive all the same: the inbox knows it."""

    def __init__(self, servers: str, client: str, security: ClientOptions = IN_THE_CLEAR) -> None:
        """Connects in `run`, or with the first `send`."""
        self._servers, self._client, self._security = servers, client, security
        self._producer: AIOKafkaProducer | None = None
        self._building = asyncio.Lock()
        self._ending: set[asyncio.Task[None]] = set()
        self.worked_at = 0.0

    def healthy(self) -> bool:
        """Whether the broker has acknowledged something within the last half minute."""
        return self.worked_at > 0 and time.monotonic() - self.worked_at < AWAY_SECONDS

    async def send(self, records: Sequence[dict[str, Any]]) -> None:
        """Sends in order and waits for all acknowledgements; the first failure ends this client."""
        producer = await self._ready()
        try:
            await contained(_send(producer, records), SEND_SECONDS)
        except BaseException:
            self._replace(producer)
            raise
        self.worked_at = time.monotonic()

    async def send_soon(self, topic: str, value: bytes) -> None:
        """Hands the value to the client and does not wait; dropped while there is no connection."""
        if self._producer is not None:
            try:
                (await contained(self._producer.send(topic, value), 1)).add_done_callback(_forget)
            except SEND_ERRORS as error:
                log.warning("kafka.hint_lost", error=repr(error))

    async def run(self) -> None:
        """Asks the broker for a sign of life now and then, so that readiness tells the truth without traffic."""
        while True:
            try:
                await self.send([{"topic": HINTS, "value": PROBE}])
            except UnknownTopicOrPartitionError:
                log.warning("kafka.no_topics", servers=self._servers, remedy="run `estuary topics`")
            except SEND_ERRORS as error:
                log.warning("kafka.unreachable", servers=self._servers, error=repr(error))
            await asyncio.sleep(PROBE_SECONDS if self.healthy() else 1)

    async def close(self) -> None:
        """Sends what was handed over and ends; gives up after five seconds."""
        if self._producer is not None:
            self._end_later(self._producer)
            self._producer = None
        if self._ending:
            await asyncio.wait(self._ending, timeout=5)
        for task in self._ending:
            task.cancel()

    def _replace(self, broken: AIOKafkaProducer) -> None:
        if self._producer is broken:
            self._producer = None
            KAFKA_REBUILDS.labels("producer").inc()
            self._end_later(broken)

    def _end_later(self, producer: AIOKafkaProducer) -> None:
        """Its batches expire within its own time-out: until then it must not be cut off half way."""
        task = asyncio.create_task(end(producer, SEND_SECONDS * 2))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _ready(self) -> AIOKafkaProducer:
        async with self._building:
            if self._producer is None:
                self._producer = await self._build()
            return self._producer

    async def _build(self) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(
            bootstrap_servers=self._servers,
            client_id=self._client,
            enable_idempotence=True,
            acks="all",
            linger_ms=1,
            max_batch_size=BATCH_BYTES,
            request_timeout_ms=10_000,
            metadata_max_age_ms=30_000,
            **self._security,
        )
        try:
            await contained(producer.start(), 10)
        except BaseException:
            self._end_later(producer)
            raise
        return producer


async def _send(producer: AIOKafkaProducer, records: Sequence[dict[str, Any]]) -> None:
    sent = [await producer.send(**record) for record in records]
    await asyncio.gather(*sent)


def _forget(sent: "asyncio.Future[Any]") -> None:
    if not sent.cancelled() and (error := sent.exception()) is not None:
        log.warning("kafka.hint_lost", error=repr(error))

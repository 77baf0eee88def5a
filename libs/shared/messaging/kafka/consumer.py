"""One service's consumer group: offsets are committed after the database has it, a silent client is replaced."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition

from shared.concurrency.back_off import BackOff
from shared.events.base import Envelope
from shared.messaging.bus import Subscription, deliver
from shared.messaging.cloudevents import MalformedRecord, envelope_of, internal, refused
from shared.messaging.kafka.containment import contained, end
from shared.messaging.kafka.offsets import Batches, Offsets, Stuck
from shared.messaging.kafka.security import IN_THE_CLEAR, ClientOptions
from shared.observability.logs import logger
from shared.observability.metrics import CONSUMER_LAG, KAFKA_MALFORMED, KAFKA_REBUILDS

STUCK_SECONDS = 30.0
BACK_OFF = BackOff(0.5, 5.0)
CHECK_SECONDS = 10.0
REVOKE_SECONDS = 10.0
FINISH_SECONDS = 6.0
MAX_RECORDS = 200
log = logger()


class GroupConsumer:
    """Consumes for one subscription until it is stopped, after any failure with a new client."""

    def __init__(
        self,
        servers: str,
        client: str,
        subscription: Subscription,
        parallel: int,
        security: ClientOptions = IN_THE_CLEAR,
    ) -> None:
        """`parallel`: how many keys are handled side by side."""
        self._subscription, self._parallel = subscription, parallel
        self._topics = sorted(internal(topic) for topic in subscription.topics)
        self._group = f"estuary.{subscription.consumer}"
        self._options = {
            "bootstrap_servers": servers,
            "client_id": client,
            "group_id": self._group,
            "enable_auto_commit": False,
            "auto_offset_reset": "earliest",
            "session_timeout_ms": 8_000,
            "heartbeat_interval_ms": 2_000,
            "max_poll_interval_ms": 300_000,
            "metadata_max_age_ms": 15_000,
            "fetch_max_wait_ms": 100,
            **security,
        }
        self.stopping = asyncio.Event()
        self._busy = asyncio.Lock()
        self._offsets: Offsets | None = None
        self._progress_at = 0.0
        self._standing: dict[TopicPartition, tuple[int, float]] = {}

    def healthy(self) -> bool:
        """Whether within the last half minute it handled events, or saw at the broker that there were none."""
        return self._progress_at > 0 and time.monotonic() - self._progress_at < STUCK_SECONDS

    async def stop(self) -> None:
        """Takes no more events, and returns when those under way are handled and committed, or after six seconds."""
        self.stopping.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(FINISH_SECONDS):
                await self._settled()

    async def run(self) -> None:
        """Consumes until it is stopped."""
        rebuilds = 1
        while not self.stopping.is_set():
            began = time.monotonic()
            try:
                await contained(self._live())
            except Exception as error:
                KAFKA_REBUILDS.labels("consumer").inc()
                log.warning("kafka.consumer_rebuilt", group=self._group, error=repr(error))
            rebuilds = 1 if time.monotonic() - began > STUCK_SECONDS else rebuilds + 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), BACK_OFF.seconds(rebuilds))

    async def _live(self) -> None:
        """The life of one client."""
        consumer = AIOKafkaConsumer(**self._options)
        consumer.subscribe(self._topics, listener=_Revocations(self._settled))
        self._offsets = Offsets(consumer, self._group)
        try:
            await contained(consumer.start(), STUCK_SECONDS)
            await self._consume(consumer, self._offsets)
        finally:
            await end(consumer)

    async def _consume(self, consumer: AIOKafkaConsumer, offsets: Offsets) -> None:
        checked = 0.0
        self._standing.clear()
        while not self.stopping.is_set():
            batches = await contained(consumer.getmany(timeout_ms=500, max_records=MAX_RECORDS), STUCK_SECONDS)
            if batches:
                async with self._busy:
                    if self.stopping.is_set():
                        return
                    await self._handle(batches)
                    offsets.reached(batches)
                self._moved()
            if time.monotonic() - checked > CHECK_SECONDS:
                await self._check_progress(consumer)
                checked = time.monotonic()

    async def _handle(self, batches: Batches) -> None:
        envelopes: list[Envelope] = []
        for record in [record for records in batches.values() for record in records]:
            try:
                envelopes.append(envelope_of(record))
            except MalformedRecord as error:
                KAFKA_MALFORMED.labels(record.topic).inc()
                log.error("kafka.malformed", topic=record.topic, offset=record.offset, error=str(error))
                await self._subscription.refuse(refused(record), str(error))
        if wanted := [envelope for envelope in envelopes if envelope.type in self._subscription.types]:
            await deliver(self._subscription, wanted, self._parallel)

    async def _settled(self) -> None:
        """Returns when nothing is being handled, and the broker knows of everything that was."""
        async with self._busy:
            if self._offsets is not None:
                await self._offsets.committed()

    async def _check_progress(self, consumer: AIOKafkaConsumer) -> None:
        """A client can be alive and dead at once: events wait at the broker, and it stays where it was."""
        lags = await contained(self._lags(consumer), STUCK_SECONDS / 2)
        now = time.monotonic()
        for partition, (position, lag) in lags.items():
            CONSUMER_LAG.labels(self._subscription.consumer, partition.topic, partition.partition).set(lag)
            known, since = self._standing.get(partition, (position, now))
            self._standing[partition] = (position, since if known == position and lag else now)
            if now - self._standing[partition][1] >= STUCK_SECONDS:
                raise Stuck(f"{lag} events of {partition.topic} wait, and none arrives")
        self._moved()

    async def _lags(self, consumer: AIOKafkaConsumer) -> dict[TopicPartition, tuple[int, int]]:
        """Position and lag of its partitions; of all partitions, by what the group has committed, while it has none."""
        mine = consumer.assignment()
        partitions = mine or {
            TopicPartition(topic, number)
            for topic in self._topics
            for number in consumer.partitions_for_topic(topic) or ()
        }
        ends = await consumer.end_offsets(partitions) if partitions else {}
        found = {}
        for partition in partitions:
            position = await (consumer.position(partition) if mine else consumer.committed(partition)) or 0
            found[partition] = position, max(0, ends[partition] - position)
        return found

    def _moved(self) -> None:
        self._progress_at = time.monotonic()


class _Revocations(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """Before partitions go to another member, what is under way is finished and committed."""

    def __init__(self, settled: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._settled = settled

    async def on_partitions_revoked(self, revoked: object) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(REVOKE_SECONDS):
                await self._settled()

    async def on_partitions_assigned(self, assigned: object) -> None:
        log.info("kafka.assigned", partitions=len(assigned))  # type: ignore[arg-type]  # aiokafka has no types

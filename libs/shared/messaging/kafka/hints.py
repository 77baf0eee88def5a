"""Hints: every process hears every one, from now on; no group, no offsets, and none is ever waited for."""

import asyncio
import time
from collections.abc import Callable

from aiokafka import AIOKafkaConsumer

from shared.messaging.kafka.containment import contained, end
from shared.messaging.kafka.security import IN_THE_CLEAR, ClientOptions
from shared.messaging.kafka.topics import HINTS
from shared.observability.logs import logger
from shared.observability.metrics import KAFKA_REBUILDS

START_SECONDS, SILENCE_TIMEOUT = 30.0, 20.0
log = logger()


class HintConsumer:
    """Receives what all processes publish, its own signs of life among it: without those it receives nothing."""

    def __init__(
        self,
        servers: str,
        client: str,
        heard: Callable[[bytes], None],
        spoken_at: Callable[[], float],
        security: ClientOptions = IN_THE_CLEAR,
    ) -> None:
        """`spoken_at`: when this process's producer last had an acknowledgement (monotonic seconds)."""
        self._servers, self._client, self._heard, self._spoken_at = servers, client, heard, spoken_at
        self._security = security

    async def run(self) -> None:
        """Listens until cancelled; after any failure with a new client."""
        while True:
            try:
                await contained(self._live())
            except Exception as error:
                KAFKA_REBUILDS.labels("hints").inc()
                log.warning("kafka.hints_rebuilt", error=repr(error))
            await asyncio.sleep(1)

    async def _live(self) -> None:
        consumer = AIOKafkaConsumer(
            HINTS,
            bootstrap_servers=self._servers,
            client_id=f"{self._client}-hints",
            group_id=None,
            auto_offset_reset="latest",
            enable_auto_commit=False,
            fetch_max_wait_ms=500,
            metadata_max_age_ms=15_000,
            **self._security,
        )
        try:
            await contained(consumer.start(), START_SECONDS)
            await self._listen(consumer)
        finally:
            await end(consumer)

    async def _listen(self, consumer: AIOKafkaConsumer) -> None:
        heard_at = time.monotonic()
        while True:
            for records in (await contained(consumer.getmany(timeout_ms=1000), SILENCE_TIMEOUT)).values():
                heard_at = time.monotonic()
                for record in records:
                    self._heard(record.value)
            if self._spoken_at() - heard_at > SILENCE_TIMEOUT:
                raise TimeoutError("nothing is heard, although this process speaks")

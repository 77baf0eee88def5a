"""How far a group has come, committed to the broker beside the handling of events, since it takes as long as a few."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError

from shared.messaging.kafka.containment import contained
from shared.observability.logs import logger

COMMIT_SECONDS = 15.0
MOST_FAILED_COMMITS = 3
Batches = Mapping[TopicPartition, Sequence[Any]]
log = logger()


class Stuck(Exception):
    """A client that gets nothing although there is something, or can no longer say how far it is."""


class Offsets:
    """Of one client. What was not committed when it dies is handled again, as a no-op."""

    def __init__(self, consumer: AIOKafkaConsumer, group: str) -> None:
        """Nothing is handled yet."""
        self._consumer, self._group = consumer, group
        self._ends: dict[TopicPartition, int] = {}
        self._telling: asyncio.Task[None] | None = None
        self._failed = 0

    def reached(self, batches: Batches) -> None:
        """These are handled for good. Raises what the telling before has met: the client is of no use any more."""
        self._ends |= {partition: records[-1].offset + 1 for partition, records in batches.items()}
        if self._telling is not None and self._telling.done():
            self._telling.result()
            self._telling = None
        if self._telling is None:
            self._telling = asyncio.create_task(self._tell())

    async def committed(self) -> None:
        """Returns when the broker knows everything, or cannot be reached."""
        if self._telling is not None:
            await asyncio.wait({self._telling})

    async def _tell(self) -> None:
        while self._ends:
            ends, self._ends = self._ends, {}
            mine = self._consumer.assignment()
            await self._commit({partition: end for partition, end in ends.items() if partition in mine})

    async def _commit(self, ends: Mapping[TopicPartition, int]) -> None:
        """A partition that was taken away meanwhile is handled again elsewhere, as a no-op."""
        try:
            await contained(self._consumer.commit(ends), COMMIT_SECONDS)  # arch: allow commit: offsets at the broker
            self._failed = 0
        except (CommitFailedError, IllegalStateError) as error:
            self._failed += 1
            log.info("kafka.commit_failed", group=self._group, error=repr(error))
            if self._failed >= MOST_FAILED_COMMITS:
                raise Stuck(f"{self._failed} commits failed in a row") from error

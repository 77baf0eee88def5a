"""The bus over Kafka (aiokafka): idempotent producer, commit after the database, watchdogs that rebuild the clients."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence

import orjson

from shared.concurrency.tasks import end
from shared.events.base import Envelope
from shared.messaging.bus import Hint, Listener, Subscription
from shared.messaging.cloudevents import records_of
from shared.messaging.kafka.consumer import GroupConsumer
from shared.messaging.kafka.hints import HintConsumer
from shared.messaging.kafka.producer import Producer
from shared.messaging.kafka.security import IN_THE_CLEAR, ClientOptions
from shared.messaging.kafka.topics import HINTS
from shared.observability.logs import logger

log = logger()


class KafkaBus:
    """At least once, in order per key: the inbox makes a redelivery a no-op."""

    def __init__(self, servers: str, *, client: str, parallel: int = 6, security: ClientOptions = IN_THE_CLEAR) -> None:
        """`client` names this process at the broker, `parallel` is how many keys one consumer handles at a time."""
        self.servers, self.client, self._parallel, self._security = servers, client, parallel, security
        self._producer = Producer(servers, client, security)
        self._consumers: list[GroupConsumer] = []
        self._listeners: dict[str, list[Listener]] = defaultdict(list)
        self._hints = HintConsumer(servers, client, self._heard, lambda: self._producer.worked_at, security)
        self._tasks: list[asyncio.Task[None]] = []

    def subscribe(self, subscription: Subscription) -> None:
        """Adds a consumer group of the subscription's name; it begins with `start`."""
        self._consumers.append(GroupConsumer(self.servers, self.client, subscription, self._parallel, self._security))

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Returns when every broker in sync has acknowledged all of them; raises KafkaError or TimeoutError else.

        Each goes to its two topics: after a failure, or the end of this process in between, the caller sends both
        again, and consumers know the event by its id.
        """
        await self._producer.send([record for envelope in envelopes for record in records_of(envelope)])

    async def broadcast(self, channel: str, hint: Hint) -> None:
        """Hands the hint to the client, for every process that listens; dropped while there is no connection."""
        await self._producer.send_soon(HINTS, orjson.dumps({"channel": channel, "hint": hint}, default=str))

    def listen(self, channel: str, listener: Listener) -> Callable[[], None]:
        """Calls the listener on each hint; returns how to stop that."""
        self._listeners[channel].append(listener)
        return lambda: self._listeners[channel].remove(listener)

    async def start(self) -> None:
        """Begins to consume; does not wait for the broker, `healthy` tells."""
        running = [*(consumer.run() for consumer in self._consumers), self._hints.run(), self._producer.run()]
        self._tasks = [asyncio.create_task(part) for part in running]

    async def stop(self) -> None:
        """Finishes the events under way, commits, leaves the groups."""
        await asyncio.gather(*(consumer.stop() for consumer in self._consumers))
        await end(*self._tasks)
        await self._producer.close()

    def healthy(self) -> bool:
        """Whether the producer reaches the broker and every consumer makes progress."""
        return self._producer.healthy() and all(consumer.healthy() for consumer in self._consumers)

    def _heard(self, value: bytes) -> None:
        try:
            message = orjson.loads(value)
            channel, hint = message["channel"], message["hint"]
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            log.warning("kafka.bad_hint", error=repr(error))
            return
        for listener in list(self._listeners[channel]):
            try:
                listener(hint)
            except Exception as error:
                log.error("kafka.hint_failed", channel=channel, error=repr(error))

"""The event bus: how published events reach every consumer, and hints every process."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from shared.events.base import Envelope
from shared.observability.logs import logger

log = logger()
Hint = dict[str, Any]
Listener = Callable[[Hint], None]


@dataclass(frozen=True, slots=True)
class Subscription:
    """One consumer (a service): which topics and types it wants, and what takes an event for good.

    `take` returns when the event is handled or parked, and raises only when it is cancelled. `refuse` parks at once
    what cannot be read, with the reason.
    """

    consumer: str
    topics: frozenset[str]
    types: frozenset[str]
    take: Callable[[Envelope], Awaitable[None]]
    refuse: Callable[[Envelope, str], Awaitable[None]]


class Bus(Protocol):
    """At least once, in order per key; `broadcast` is a hint that may be lost."""

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Returns when all of them are safe: a caller may then forget them."""
        ...

    def subscribe(self, subscription: Subscription) -> None:
        """Adds a consumer; to be called before `start`."""
        ...

    async def broadcast(self, channel: str, hint: Hint) -> None:
        """Tells every process that listens, now; who is not there misses it."""
        ...

    def listen(self, channel: str, listener: Listener) -> Callable[[], None]:
        """Calls the listener on each hint; returns how to stop that."""
        ...

    async def start(self) -> None:
        """Begins to deliver."""
        ...

    async def stop(self) -> None:
        """Finishes what is under way and ends."""
        ...

    def healthy(self) -> bool:
        """Whether it makes progress."""
        ...


class InProcessBus:
    """All consumers live in this process: an event is safe when each of them has handled or parked it."""

    def __init__(self, parallel: int = 6) -> None:
        """`parallel`: how many keys one consumer handles at a time."""
        self._subscriptions: list[Subscription] = []
        self._listeners: dict[str, list[Listener]] = defaultdict(list)
        self._parallel = parallel

    def subscribe(self, subscription: Subscription) -> None:
        """Adds a consumer."""
        self._subscriptions.append(subscription)

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Delivers to all consumers at once, to each in order per key."""
        async with asyncio.TaskGroup() as group:
            for subscription in self._subscriptions:
                wanted = [envelope for envelope in envelopes if envelope.type in subscription.types]
                if wanted:
                    group.create_task(deliver(subscription, wanted, self._parallel))

    async def broadcast(self, channel: str, hint: Hint) -> None:
        """Calls the listeners of this process."""
        for listener in list(self._listeners[channel]):
            listener(hint)

    def listen(self, channel: str, listener: Listener) -> Callable[[], None]:
        """Calls the listener on each hint; returns how to stop that."""
        self._listeners[channel].append(listener)
        return lambda: self._listeners[channel].remove(listener)

    async def start(self) -> None:
        """Nothing to begin: `publish` delivers."""

    async def stop(self) -> None:
        """Nothing to end."""

    def healthy(self) -> bool:
        """It has no parts that could stand still."""
        return True


async def deliver(subscription: Subscription, envelopes: Sequence[Envelope], parallel: int) -> None:
    """Hands the events to one consumer: keys side by side, the events of one key one after the other."""
    by_key: dict[UUID, list[Envelope]] = defaultdict(list)
    for envelope in envelopes:
        by_key[envelope.key].append(envelope)
    room = asyncio.Semaphore(parallel)

    async def one_key(run: list[Envelope]) -> None:
        async with room:
            for envelope in run:
                await subscription.take(envelope)

    if len(by_key) == 1:
        return await one_key(next(iter(by_key.values())))
    async with asyncio.TaskGroup() as group:
        for run in by_key.values():
            group.create_task(one_key(run))
    return None

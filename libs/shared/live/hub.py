"""The open sockets of one process, by the feed that they follow."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from starlette.websockets import WebSocket

from shared.auth.verification import Verifier
from shared.concurrency.tasks import end
from shared.errors import Unauthenticated
from shared.live.feeds import Feed
from shared.live.writer import SocketWriter
from shared.messaging.bus import Bus, Hint

BATCH = 100


@dataclass(frozen=True, slots=True)
class SocketTimeouts:
    """Seconds: how often a socket polls without a hint, and how long sending one frame may take."""

    poll: float = 5.0
    send: float = 10.0


class Subscriber:
    """One open socket, its feed and its position. The hub watches time and token of all: a timer each costs more."""

    def __init__(self, socket: WebSocket, feed: Feed, position: int, ensure_valid: Callable[[], None]) -> None:
        """`ensure_valid` raises Unauthenticated once the caller's token has expired or was revoked."""
        self.writer = SocketWriter(socket)
        self.feed, self.position = feed, position
        self.closing = False
        self._ensure_valid = ensure_valid
        self._notified = False
        self._waiter: asyncio.Future[None] | None = None
        self._poll_at = 0.0

    def notify(self) -> None:
        """The feed may have new frames. Sends buffered ones from here: waking the socket's task costs more."""
        if self._waiter is None or not self._send_buffered():
            self.wake()

    def wake(self) -> None:
        """Makes the socket's task fetch."""
        self._notified = True
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def close(self) -> None:
        """The server stops."""
        self.closing = True
        self.wake()

    async def follow(self, poll: float) -> None:
        """Sends what lies behind the position until the server stops; fetches after `poll` seconds without a hint."""
        while not self.closing:
            self._notified = False
            self._ensure_valid()
            frames = await self.feed.fetch(self.position, BATCH)
            for frame in frames:
                await self.writer.send(frame)
                self.position = frame.seq
            if len(frames) < BATCH and not self._notified:
                await self._wait(poll)

    def check_timeouts(self, now: float, timeouts: SocketTimeouts) -> None:
        """Ends a wait of who is signed out; and a wait, or a sending, that has lasted long enough.

        `now` is the loop's time.
        """
        if self._waiter is not None and (now >= self._poll_at or not self._is_valid()):
            self.wake()
        self.writer.check_timeouts(now, timeouts.send)

    async def _wait(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        self._poll_at, self._waiter = loop.time() + seconds, loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _is_valid(self) -> bool:
        try:
            self._ensure_valid()
        except Unauthenticated:
            return False
        return True

    def _send_buffered(self) -> bool:
        """While the task waits; False where it has to fetch: for a slow client, an expired token, old frames."""
        if self._notified or (frames := self.feed.buffered(self.position, BATCH)) is None or not self._is_valid():
            return False
        for frame in frames:
            if not self.writer.push(frame):
                return False
            self.position = frame.seq
        return len(frames) < BATCH


class Hub:
    """Passes the hints of one channel to the sockets of this process."""

    def __init__(self, bus: Bus, channel: str, verifier: Verifier, timeouts: SocketTimeouts | None = None) -> None:
        """`channel` is that of the `Broadcaster`."""
        self._bus, self._channel = bus, channel
        self.verifier, self.timeouts = verifier, timeouts or SocketTimeouts()
        self._subscribers: dict[str, set[Subscriber]] = defaultdict(set)
        self._stop_listening: Callable[[], None] | None = None
        self._clock: asyncio.Task[None] | None = None
        self._closing = False
        self._empty = asyncio.Event()
        self._empty.set()

    async def start(self) -> None:
        """Begins to listen to hints."""
        self._closing = False
        self._stop_listening = self._bus.listen(self._channel, self._on_hint)
        self._clock = asyncio.create_task(self._check_timeouts())

    async def stop(self) -> None:
        """Asks every socket to end with 1001, and waits as long as one frame may take; a new one ends at once."""
        self._closing = True
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
        for subscriber in self._all():
            subscriber.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(self.timeouts.send):
                await self._empty.wait()
        if self._clock is not None:
            await end(self._clock)
            self._clock = None

    def count(self) -> int:
        """How many sockets are open here."""
        return sum(len(subscribers) for subscribers in self._subscribers.values())

    @contextmanager
    def subscribed(self, subscriber: Subscriber) -> Iterator[None]:
        """The subscriber is notified of its feed for as long as the context lasts."""
        key = subscriber.feed.key
        if self._closing:
            subscriber.close()
        self._subscribers[key].add(subscriber)
        self._empty.clear()
        try:
            yield
        finally:
            self._subscribers[key].discard(subscriber)
            if not self._subscribers[key]:
                del self._subscribers[key]
            if not self._subscribers:
                self._empty.set()

    def notify(self, key: str) -> None:
        """Notifies this process's sockets of that feed."""
        for subscriber in self._subscribers.get(key, ()):
            subscriber.notify()

    def _all(self) -> list[Subscriber]:
        return [subscriber for subscribers in self._subscribers.values() for subscriber in subscribers]

    async def _check_timeouts(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(min(0.25, self.timeouts.poll / 2, self.timeouts.send / 4))
            for subscriber in self._all():
                subscriber.check_timeouts(loop.time(), self.timeouts)

    def _on_hint(self, hint: Hint) -> None:
        for key in hint.get("keys", []):
            self.notify(key)

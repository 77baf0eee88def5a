"""Live feeds over WebSockets: who may listen, what was stored, how a socket ends.

Frames are stored rows, numbered per feed; a socket reads what lies behind its last number. A hint on the bus only says
"look now", so a lost one costs a few seconds and never a frame. Nothing is queued per socket: a slow client makes its
own socket wait, and is disconnected when one frame takes too long.

Close codes: 1001 the server stops, 1009 a message is too large, 1011 a fault of ours, 1013 too slow, 4401 the token
expired or was revoked, 4403 access to this feed has ended. After any but the last a client comes back with
`?after=<id of its last frame>`.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import orjson
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from shared import trace
from shared.auth.token_extraction import subprotocol_of, token_of
from shared.auth.verification import Verifier, Who
from shared.concurrency.tasks import end
from shared.database.session import Session
from shared.errors import AppError, Forbidden, Invalid, Unauthenticated
from shared.live.outlet import Outlet, TooSlow, wire_of
from shared.messaging.bus import Bus, Hint
from shared.observability.logs import logger
from shared.records.times import render_utc

BATCH = 100
LARGEST_MESSAGE = 65_536
GOING_AWAY, TOO_LARGE, FAULT, TOO_SLOW, SIGNED_OUT, SHUT_OUT = 1001, 1009, 1011, 1013, 4401, 4403
log = logger()


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: how often a socket looks without a hint, and how long one frame may take to be sent."""

    poll: float = 5.0
    send: float = 10.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A stored message; `seq` is its number in its feed and stays inside."""

    seq: int
    id: UUID
    type: str
    data: Any
    created_at: datetime

    def text(self) -> str:
        """The JSON that a client receives."""
        shown = {"id": str(self.id), "type": self.type, "data": self.data, "created_at": render_utc(self.created_at)}
        return orjson.dumps(shown).decode()

    def wire(self) -> bytes:
        """The same as a frame on the wire."""
        return wire_of(self.text())


class Feed(Protocol):
    """What one socket follows. `key` is the name that hints use for it."""

    key: str

    async def position(self, after: UUID | None) -> int:
        """The number to begin behind: that of the frame `after`, or without it that of the newest frame.

        A frame that is not kept (any more) gives 0: then everything that is kept is sent again.
        """
        ...

    async def fetch(self, position: int, limit: int) -> Sequence[Frame]:
        """The frames behind that number, in their order; Forbidden where the listener's access has ended."""
        ...

    def at_hand(self, position: int, limit: int) -> Sequence[Frame] | None:
        """Those of them that need not be waited for; None where only `fetch` knows."""
        ...


class Hints:
    """Tells every process that a feed has news, once the frames are committed."""

    def __init__(self, bus: Bus, channel: str) -> None:
        self._bus, self._channel = bus, channel
        self._under_way: set[asyncio.Task[None]] = set()

    def after_commit(self, session: Session, keys: Iterable[str], **more: Any) -> None:
        """Sends the hint after the session's commit; `more` is for who listens beside the hub."""
        hint: Hint = {"keys": sorted(set(keys)), **more}
        if hint["keys"]:
            session.after_commit(lambda: self._begin(hint))

    def _begin(self, hint: Hint) -> None:
        task = asyncio.get_running_loop().create_task(self._send(hint))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _send(self, hint: Hint) -> None:
        try:
            await self._bus.broadcast(self._channel, hint)
        except Exception as error:  # the sockets poll: a hint that cannot be sent delays, it loses nothing
            log.warning("sockets.hint_failed", channel=self._channel, error=repr(error))


class Line:
    """One open socket: who listens to what, and how far they have got. The hub's clock ticks for all of them: a timer
    each would cost more."""

    def __init__(self, socket: WebSocket, feed: Feed, position: int, still: Callable[[], None]) -> None:
        """`still` raises Unauthenticated once the listener's token is no longer good."""
        self.outlet = Outlet(socket)
        self.feed, self.position = feed, position
        self.closing = False
        self._still = still
        self._rung = False
        self._waiter: asyncio.Future[None] | None = None
        self._look_at = 0.0

    def ring(self) -> None:
        """There may be news. Waking the socket's task costs more than sending: what is at hand is sent from here."""
        if self._waiter is None or not self._send_what_is_at_hand():
            self.wake()

    def wake(self) -> None:
        """Makes the socket's task look."""
        self._rung = True
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def close(self) -> None:
        """The server stops."""
        self.closing = True
        self.wake()

    async def follow(self, poll: float) -> None:
        """Sends what lies behind the position until the server stops; looks after that many seconds without news."""
        while not self.closing:
            self._rung = False
            self._still()
            frames = await self.feed.fetch(self.position, BATCH)
            for frame in frames:
                await self.outlet.send(frame)
                self.position = frame.seq
            if len(frames) < BATCH and not self._rung:
                await self._wait(poll)

    def tick(self, now: float, pace: Pace) -> None:
        """Ends a wait, or a sending, that has lasted long enough; `now` is the loop's time."""
        if self._waiter is not None and now >= self._look_at:
            self.wake()
        self.outlet.tick(now, pace.send)

    async def _wait(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        self._look_at, self._waiter = loop.time() + seconds, loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _send_what_is_at_hand(self) -> bool:
        """While the task waits; False where it has to look itself: for a slow client, an expired token, old frames."""
        if self._rung or (frames := self.feed.at_hand(self.position, BATCH)) is None:
            return False
        try:
            self._still()
        except Unauthenticated:
            return False
        for frame in frames:
            if not self.outlet.push(frame):
                return False
            self.position = frame.seq
        return len(frames) < BATCH


class Hub:
    """The open sockets of this process, by the feed that they follow."""

    def __init__(self, bus: Bus, channel: str, verifier: Verifier, pace: Pace | None = None) -> None:
        """`channel` is the name of the hints on the bus, the same as that of `Hints`."""
        self._bus, self._channel = bus, channel
        self.verifier, self.pace = verifier, pace or Pace()
        self._lines: dict[str, set[Line]] = defaultdict(set)
        self._stop_listening: Callable[[], None] | None = None
        self._clock: asyncio.Task[None] | None = None
        self._closing = False
        self._empty = asyncio.Event()
        self._empty.set()

    async def start(self) -> None:
        """Begins to listen to hints."""
        self._closing = False
        self._stop_listening = self._bus.listen(self._channel, self._hinted)
        self._clock = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        """Asks every socket to end with 1001, and waits a moment for them; new ones end at once."""
        self._closing = True
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
        for line in [line for lines in self._lines.values() for line in lines]:
            line.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(self.pace.send):
                await self._empty.wait()
        if self._clock is not None:
            await end(self._clock)
            self._clock = None

    def count(self) -> int:
        """How many sockets are open here."""
        return sum(len(lines) for lines in self._lines.values())

    @contextmanager
    def joined(self, line: Line) -> Iterator[None]:
        """It hears the hints of its feed."""
        key = line.feed.key
        if self._closing:
            line.close()
        self._lines[key].add(line)
        self._empty.clear()
        try:
            yield
        finally:
            self._lines[key].discard(line)
            if not self._lines[key]:
                del self._lines[key]
            if not self._lines:
                self._empty.set()

    def ring(self, key: str) -> None:
        """Tells this process's sockets of that feed to look now."""
        for line in self._lines.get(key, ()):
            line.ring()

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(min(0.25, self.pace.poll / 2, self.pace.send / 4))
            for line in [line for lines in self._lines.values() for line in lines]:
                line.tick(loop.time(), self.pace)

    def _hinted(self, hint: Hint) -> None:
        for key in hint.get("keys", []):
            self.ring(key)


OpenFeed = Callable[[Who], Awaitable[Feed]]
"""Finds the feed for the person who asks, or raises the AppError with which the handshake is refused."""
OnMessage = Callable[[Who, str], Awaitable[None]]
"""Takes one text message of the client."""


async def ignore(who: Who, message: str) -> None:
    """For feeds that only tell."""


async def serve(socket: WebSocket, hub: Hub, open_feed: OpenFeed, on_message: OnMessage = ignore) -> None:
    """One socket from handshake to end.

    The token comes as `?token=` or as subprotocol `bearer.<token>`, which is then echoed. A refusal is an HTTP answer
    to the handshake with the problem's own status: 401 for a token that is not valid, 422 for a malformed `after`.
    """
    try:
        token, subprotocol = credentials(socket)
        who = await hub.verifier.user(token)
        feed = await open_feed(who)
        position = await feed.position(after_of(socket))
    except AppError as error:
        await refuse(socket, error)
        return
    line = Line(socket, feed, position, lambda: hub.verifier.still(who))
    with hub.joined(line):
        await socket.accept(subprotocol)
        code = await _first_of(_write(line, hub.pace), _read(socket, who, on_message))
        if code is not None:
            await line.outlet.close(code)


def credentials(connection: HTTPConnection) -> tuple[str, str | None]:
    """The token, and the subprotocol to echo where it came as one; Unauthenticated without any."""
    if not (token := token_of(connection.scope)):
        raise Unauthenticated
    return token, subprotocol_of(connection.scope)


def after_of(connection: HTTPConnection) -> UUID | None:
    """The id of the last frame that the client has, if it says so."""
    given = connection.query_params.get("after")
    if not given:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise Invalid("`after` is the id of a frame.", code="uuid_parsing", field="after") from None


async def refuse(socket: WebSocket, error: AppError) -> None:
    """Answers the handshake with the problem; a server without that extension answers 403."""
    if "websocket.http.response" not in socket.scope.get("extensions", {}):
        await socket.close()
        return
    body = orjson.dumps(error.problem(trace.trace_id()))
    answer = Response(body, error.status, error.headers, media_type="application/problem+json")
    await socket.send_denial_response(answer)


async def _write(line: Line, pace: Pace) -> int | None:
    """Sends for as long as the token is good; returns the close code."""
    try:
        await line.follow(pace.poll)
    except Unauthenticated:
        return SIGNED_OUT
    except Forbidden:
        return SHUT_OUT
    except TooSlow:
        return TOO_SLOW
    except (WebSocketDisconnect, OSError):
        return None
    except Exception as error:
        log.error("sockets.failed", feed=line.feed.key, error=repr(error))
        return FAULT
    return GOING_AWAY


async def _read(socket: WebSocket, who: Who, on_message: OnMessage) -> int | None:
    """Hands on what the client says, until it leaves (None) or says too much."""
    try:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return None
            text = message.get("text")
            if len(text or message.get("bytes") or "") > LARGEST_MESSAGE:
                return TOO_LARGE
            if text is not None:
                await on_message(who, text)
    except (WebSocketDisconnect, OSError):
        return None
    except Exception as error:
        log.error("sockets.message_failed", error=repr(error))
        return FAULT


async def _first_of(*sides: Coroutine[Any, Any, int | None]) -> int | None:
    """The result of the side that ends first; the other is cancelled and has ended when this returns."""
    tasks = [asyncio.ensure_future(side) for side in sides]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(task.result() for task in tasks if task in done)
    finally:
        await end(*tasks)

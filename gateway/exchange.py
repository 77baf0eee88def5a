"""One request or WebSocket handshake on its way through the edge: who may still say what to the client."""

import asyncio
import time
from collections.abc import Awaitable
from contextlib import suppress

from starlette.types import Message, Receive, Scope, Send

from gateway.asgi import Answer, Headers
from gateway.errors import BodyTooLarge
from gateway.headers import API_HEADERS, outgoing
from gateway.limits import OpenBodies, caller_of
from shared import trace
from shared.auth.verification import Who
from shared.errors import AppError, Overloaded
from shared.observability import telemetry

BEGINNINGS = frozenset({"http.response.start", "websocket.http.response.start", "websocket.accept"})
BODIES = frozenset({"http.response.body", "websocket.http.response.body"})
SMALL_BODY = 16 * 1024
DRAIN_BYTES = 16 * 1024 * 1024
DRAIN_SECONDS = 2.0


class Deadlines:
    """One timer for everyone, since all have the same time: a timer for each request is dear, and hardly ever rings."""

    def __init__(self, seconds: float) -> None:
        """From `begin` to the beginning of the answer."""
        self._seconds = seconds
        self._waiting: dict[ProxiedRequest, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, exchange: "ProxiedRequest") -> None:
        """It waits from now on."""
        loop = asyncio.get_running_loop()
        self._waiting[exchange] = ends_at = loop.time() + self._seconds
        if self._timer is None:
            self._timer = loop.call_at(ends_at, self._ring, loop)

    def end(self, exchange: "ProxiedRequest") -> None:
        """It waits no longer."""
        self._waiting.pop(exchange, None)

    def _ring(self, loop: asyncio.AbstractEventLoop) -> None:
        # They stand in the order in which their times end. The loop's clock ticks in milliseconds.
        self._timer = None
        while self._waiting:
            exchange, ends_at = next(iter(self._waiting.items()))
            if ends_at > loop.time() + 0.001:
                self._timer = loop.call_at(ends_at, self._ring, loop)
                return
            del self._waiting[exchange]
            exchange.expire()


class ProxiedRequest:
    """Stands between a service and the client: counts the body, guards the order of messages, adds our headers."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, *, max_body: int, bodies: OpenBodies) -> None:
        """`bodies` counts what this and others have of their bodies in memory."""
        self.scope = scope
        self.span = telemetry.serving("gateway", scope["type"], telemetry.SERVER)
        self.traceparent = trace.traceparent() or ""
        self.request_id = self.traceparent[3:35]
        self.address, self.scheme = "unknown", ""
        self.who: Who | None = None
        self.answered = 0
        self.began = False
        self.finished = False
        self.cut = False
        self.gone = False
        self._deadlines: Deadlines | None = None
        self._task: asyncio.Task[object] | None = None
        self._expired = False
        self.added: Headers = [(b"x-request-id", self.request_id.encode())]
        self.defaults: tuple[tuple[bytes, bytes], ...] = API_HEADERS
        self.started_at = time.perf_counter()
        self.body_waits = False
        self._max_body = max_body
        self._body_bytes = 0
        self._bodies, self._held, self._holder = bodies, 0, ""
        self._client_receive = receive
        self._client_send = send

    async def receive(self) -> Message:
        """The client's next message; past the body limit the client gets 413 and the service a disconnect.

        503 where the same caller has much more under way.
        """
        if self.cut and self.scope["type"] == "http":
            return {"type": "http.disconnect"}
        message = await self._client_message()
        if self._body_bytes <= SMALL_BODY or (self._body_bytes <= self._max_body and self._may_hold()):
            return message
        await self.refuse(BodyTooLarge() if self._body_bytes > self._max_body else Overloaded())
        return {"type": "http.disconnect"}

    def _may_hold(self) -> bool:
        more = self._body_bytes - self._held
        self._holder = self._holder or caller_of(self.who, self.address)
        if not self._bodies.take(self._holder, more):
            return False
        self._held += more
        return True

    def end(self) -> None:
        """Nothing of it is in memory any more."""
        if self._held:
            self._bodies.give_back(self._holder, self._held)
            self._held = 0

    async def _client_message(self) -> Message:
        message = await self._client_receive()
        if message["type"].endswith(".disconnect"):
            self.gone = True
            self.body_waits = False
        elif message["type"] == "http.request":
            self._body_bytes += len(message.get("body", b""))
            self.body_waits = message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Hands the service's message to the client, unless the edge has already answered in its place."""
        if self.cut:
            return
        kind = message["type"]
        if kind in BEGINNINGS:
            message = self._begin(message)
        elif kind in BODIES:
            self.finished = not message.get("more_body", False)
        elif kind == "websocket.close":
            self._closed()
        try:
            await self._client_send(message)
        except OSError:
            self.gone = True
            raise

    def _begin(self, message: Message) -> Message:
        self.began = True
        self.answered = message.get("status", 101)
        if self._deadlines is not None:
            self._deadlines.end(self)
        given = message.get("headers", [])
        defaults = () if self.answered == 101 else self.defaults
        return {**message, "headers": outgoing(given, self.added, defaults)}

    async def within(self, deadlines: Deadlines, answering: Awaitable[None]) -> None:
        """Waits for the service; TimeoutError if it has not begun to answer by then, what has begun may go on."""
        self._deadlines, self._task = deadlines, asyncio.current_task()
        deadlines.begin(self)
        try:
            await answering
        except asyncio.CancelledError:
            if self._expired and self._task is not None and self._task.uncancel() == 0:
                raise TimeoutError from None
            raise
        finally:
            deadlines.end(self)

    def expire(self) -> None:
        """Its time is over."""
        self._expired = True
        assert self._task is not None
        self._task.cancel()

    def _closed(self) -> None:
        self.began = self.finished = True
        self.answered = self.answered or 403

    async def refuse(self, error: AppError) -> None:
        """Answers in the service's place, where nothing has been said yet; the service is not heard any more."""
        await self.answer(Answer.of_error(error, self.request_id))

    async def answer(self, answer: Answer) -> None:
        """Sends a whole answer of the edge's own, unless there is one already."""
        unsaid, self.cut = not (self.began or self.cut), True
        if self.scope["type"] == "websocket":
            await self._answer_socket(answer, unsaid)
        elif unsaid:
            await self._answer_request(answer)

    async def _answer_request(self, answer: Answer) -> None:
        start, body = answer.messages(head=self.scope["method"] == "HEAD")
        await self._client_send(self._begin(start))
        if self.body_waits:
            await self._client_send({**body, "more_body": True})
            await self._drain()
            body = {"type": "http.response.body", "body": b""}
        await self._client_send(body)
        self.finished = True

    async def _answer_socket(self, answer: Answer, unsaid: bool) -> None:
        if unsaid and "websocket.http.response" in self.scope.get("extensions", {}):
            start, body = answer.messages("websocket.http")
            await self._client_send(self._begin(start))
            await self._client_send(body)
        elif unsaid:
            await self._client_send({"type": "websocket.close", "code": 1008})
        elif self.answered == 101 and not self.finished:
            await self._client_send({"type": "websocket.close", "code": 1011})
        self._closed()

    async def _drain(self) -> None:
        # A server that closes on unread bytes resets the connection, and the client may never see why.
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                while self.body_waits and self._body_bytes < DRAIN_BYTES:
                    await self._client_message()

    @property
    def milliseconds(self) -> float:
        """Since the request came in."""
        return round((time.perf_counter() - self.started_at) * 1000, 2)

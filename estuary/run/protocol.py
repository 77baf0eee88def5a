"""The HTTP protocol of every process: uvicorn's own, with a limit to what one caller can send, hold open or not read.

Nothing above it sees a request before its head is complete, so these limits have to be here.
"""

import asyncio
import math
from collections.abc import Callable
from typing import Any

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.utils import get_remote_addr

from estuary.run.connection_limits import Admission, Limits
from estuary.run.refusals import answer_of, refusal
from estuary.run.socket_protocol import FrameLimit, Sockets
from gateway.errors import BadRequest, HeadTooLarge, RequestLineTooLong, SlowRequest
from shared.errors import AppError, Overloaded, Unavailable
from shared.observability import logs

SLICE = 32 * 1024
UNREAD = 16 * 1024
LINGER_SECONDS = 2.0
NEVER = math.inf
VERSIONS = frozenset({"1.0", "1.1"})
log = logs.logger()


class _Stop(Exception):
    """Ends the parser's work at a byte that is one too many."""


class Protocol(HttpToolsProtocol):
    """One connection. All its deadlines are one number, which `tick` looks at."""

    def __init__(self, *given: Any, limits: Limits, admission: Admission | None, **named: Any) -> None:
        self._parts: list[bytes] = []
        # The parser calls this for each chunk: of one byte each there are thousands in what came at once.
        self.on_body = self._parts.append  # type: ignore[method-assign, assignment]  # see `_take_body`
        super().__init__(*given, **named)
        self._limits, self._admission = limits, admission
        self._leave: Callable[[], None] | None = None
        self._in_head, self._refused, self._upgraded = True, False, False
        self._unparsed = self._head_bytes = self._fields = self._hosts = 0
        self._deadline, self._stalled_at = NEVER, NEVER
        self._error: AppError | None = None
        self._running: RequestResponseCycle | None = None

    def connection_made(self, transport: Any) -> None:
        """One place is taken, or there is none: 503, as cheaply as can be, since thousands may knock at once."""
        if self._admission is not None:
            address = get_remote_addr(transport)
            self._leave = self._admission.enter(address[0] if address else "")
            if self._leave is None:
                self.transport, self._refused = transport, True
                transport.write(NO_PLACE)
                transport.close()
                return
        super().connection_made(transport)
        self._deadline = self.loop.time() + self._limits.head_seconds

    def connection_lost(self, exc: Exception | None) -> None:
        """Its place is free again; after an upgrade this is the socket's to say."""
        self._end_running()
        super().connection_lost(exc)
        self._unset_keepalive_if_required()  # uvicorn leaves it after a reset, and for its time all that it refers to
        self._give_place_back()
        # They refer back to this: cut here, so that what a caller sent is freed now and not when the collector runs.
        self.parser = self.cycle = self._running = self.scope = None  # type: ignore[assignment]  # uvicorn never looks at them again

    def data_received(self, data: bytes) -> None:
        """In parts, so that what is not parsed yet is never much more than a head may be."""
        view = memoryview(data)
        for start in range(0, len(data), SLICE):
            if self._refused or self._upgraded or self.transport.is_closing():
                return
            self._take(view[start : start + SLICE])

    def _take(self, part: memoryview) -> None:
        if self._in_head:
            if not self._unparsed:
                self._deadline = self.loop.time() + self._limits.head_seconds
            self._unparsed += len(part)
        super().data_received(part)  # type: ignore[arg-type]  # the parser takes a view as well
        self._take_body()
        if self._in_head and self._unparsed > self._limits.head and not (self._refused or self._upgraded):
            self._refuse(HeadTooLarge())

    def on_message_begin(self) -> None:
        """A head has its time from its first byte, also where that came together with the request before it."""
        super().on_message_begin()
        self._deadline = min(self._deadline, self.loop.time() + self._limits.head_seconds)
        self._unparsed = self._unparsed or 1

    def on_url(self, url: bytes) -> None:
        """uvicorn's own, up to the longest line."""
        super().on_url(url)
        if len(self.url) + len(self.parser.get_method()) + len(" HTTP/1.1 ") > self._limits.request_line:
            self._stop(RequestLineTooLong())

    def on_header(self, name: bytes, value: bytes) -> None:
        """uvicorn's own, counted; a trailer is counted and is no header."""
        self._head_bytes += len(name) + len(value) + 4
        self._fields += 1
        if self._head_bytes > self._limits.head or self._fields > self._limits.fields:
            self._stop(HeadTooLarge())
        if self._in_head:
            super().on_header(name, value)
            self._hosts += self.headers[-1][0] == b"host"

    def on_headers_complete(self) -> None:
        """HTTP/1.1 or 1.0, exactly one Host (HTTP/1.0: one at most), then uvicorn's own."""
        version = self.parser.get_http_version()
        if version not in VERSIONS:
            self._stop(BadRequest("This server speaks HTTP/1.1."))
        if self._hosts != 1 and (self._hosts or version != "1.0"):
            self._stop(BadRequest("Send exactly one Host header."))
        if len(self.pipeline) >= self._limits.waiting:
            self._stop(Overloaded())
        if self.parser.should_upgrade() and self._should_upgrade() and (version != "1.1" or self._has_body()):
            self._stop(BadRequest("The handshake of a WebSocket is HTTP/1.1 and has no body."))
        self._in_head, self._head_bytes, self._fields, self._hosts = False, 0, 0, 0
        self._deadline = self.loop.time() + self._limits.body_seconds
        super().on_headers_complete()

    def _has_body(self) -> bool:
        given = dict(self.headers)
        return b"transfer-encoding" in given or given.get(b"content-length", b"0") != b"0"

    def _take_body(self) -> None:
        """What came of it at once, as uvicorn's own takes one part. Little waits for who reads it: hundreds of callers
        may send more than anybody asks for."""
        body = b"".join(self._parts)
        self._parts.clear()
        if not body or self._refused or self._upgraded:
            return
        super().on_body(body)
        # After its answer nobody reads it any more: the rest is dropped, and the next request comes behind it.
        if self.cycle is not None and not self.cycle.response_complete and len(self.cycle.body) > UNREAD:
            self.flow.pause_reading()

    def on_message_complete(self) -> None:
        """The next head may begin."""
        self._take_body()
        self._in_head, self._unparsed, self._deadline = True, 0, NEVER
        self._head_bytes = self._fields = 0
        super().on_message_complete()

    def _stop(self, error: AppError) -> None:
        self._error = error
        raise _Stop

    def send_400_response(self, msg: str) -> None:
        """What the parser could not read, or where `_stop` ended it."""
        self._refuse(self._error or BadRequest())

    def handle_websocket_upgrade(self) -> None:
        """The connection is the socket's from now on, and so is its place."""
        self._upgraded = True
        self.connections.discard(self)
        socket = Sockets(config=self.config, server_state=self.server_state, app_state=self.app_state)
        socket.on_lost = self._give_place_back
        if self._limits.messages is not None:
            socket.frame_limit = FrameLimit(self._limits.messages)
        socket.connection_made(self.transport)
        self.transport.set_protocol(socket)
        socket.shake_hands(self.scope["method"], self.url, self.headers)
        self.parser = None  # type: ignore[assignment]  # it refers back to this, and nobody looks at it any more

    def _unsupported_upgrade_warning(self) -> None:
        """Served as plain HTTP, as the last of its connection: for the parser what follows is another protocol."""
        self.cycle.keep_alive = False

    def pause_writing(self) -> None:
        """The caller does not take what was written."""
        self._stalled_at = self.loop.time() + self._limits.stall_seconds
        super().pause_writing()

    def resume_writing(self) -> None:
        """It does again."""
        self._stalled_at = NEVER
        super().resume_writing()

    def tick(self, now: float) -> None:
        """Ends what has lasted too long; the server calls it a few times a second for all connections."""
        if self.transport.is_closing() and self._stalled_at == NEVER:
            self._stalled_at = now + self._limits.stall_seconds  # what is not taken would keep it open for ever
        if now > self._stalled_at or (self._refused and now > self._deadline):
            self._end_running()
            self.transport.abort()
        elif now > self._deadline:
            self._late(now)

    def _late(self, now: float) -> None:
        if self.flow.read_paused:  # it is our side that does not read
            self._deadline = now + self._limits.body_seconds
        elif self._in_head and not self._unparsed:
            self.transport.close()
        else:
            self._refuse(SlowRequest())

    def _refuse(self, error: AppError) -> None:
        """Answers where nothing else is being answered, and takes no more; ends the connection in any case."""
        self._refused, self._deadline = True, self.loop.time() + LINGER_SECONDS
        log.info("request.refused", status=error.status, code=error.code, address=self.client and self.client[0])
        if self._is_answering():
            self.transport.close()
        else:
            if not self._is_answered():
                self.transport.write(refusal(error))
            # Closing on bytes that nobody read resets the connection, and the caller would never see the answer.
            self.transport.write_eof()
        self._end_running()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """A request that was cut by what came with it is never begun. One that is still under way when the process has
        to end is 503, which is repeated, and no 500."""

        async def unless_left(scope: Any, receive: Any, send: Any) -> None:
            try:
                if not cycle.disconnected:
                    await app(scope, receive, send)
            except asyncio.CancelledError:
                if cycle.response_started:
                    raise
                for message in answer_of(Unavailable()).messages():
                    await send(message)

        self._running = cycle
        super()._start_asgi_task(cycle, unless_left)

    def _end_running(self) -> None:
        """The request that is being answered has lost its caller; those behind it are never begun."""
        self.pipeline.clear()
        if self._running is not None and not self._running.response_complete:
            self._running.disconnected = True
            self._running.message_event.set()

    def _is_answering(self) -> bool:
        if self.cycle is None or self.cycle.response_complete:
            return False
        return self._in_head or bool(self.pipeline) or self.cycle.response_started

    def _is_answered(self) -> bool:
        """Whether the request whose body comes still has its answer: a second one would be taken for the next one's."""
        return not self._in_head and self.cycle is not None and self.cycle.response_complete

    def _give_place_back(self) -> None:
        leave, self._leave = self._leave, None
        if leave is not None:
            leave()


NO_PLACE = refusal(Overloaded("Too many connections are open."))

"""The WebSocket protocol of every process: uvicorn's, with what `shared.live.writer` needs and a limit to frames."""

import math
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from uvicorn._types import ASGISendEvent, WebSocketResponseBodyEvent, WebSocketResponseStartEvent
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.datastructures import Headers
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import Protocol as FrameProtocol
from websockets.protocol import State

from estuary.run.refusals import handshake_refusal, last_answer
from shared.live.writer import PUSH
from shared.observability.logs import logger

SWITCHING_PROTOCOLS = 101
GOING_AWAY, ABNORMAL, NO_UTF8, TOO_MANY = 1001, 1006, 1007, 1008
SLICE = 4096
WINDOW_SECONDS = 10.0
FRAMES_PER_MESSAGE = 10
MOST_PARTS = 256
"""Of one message: empty ones cost no bytes, so that the limit to its size does not hold for their number."""
log = logger()


def _nothing() -> None: ...


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


class FrameLimit:
    """What one client may send: so many messages in any ten seconds, and ten times as many frames of every kind."""

    def __init__(self, messages: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` in seconds."""
        self._clock = clock
        self._arrivals: deque[float] = deque(maxlen=messages)
        self._most_frames = messages * FRAMES_PER_MESSAGE
        self._frames, self._since = 0, clock()

    def is_exceeded_by(self, events: Iterable[object]) -> bool:
        """Counts the frames among these events; True where they are too many."""
        now = self._clock()
        if now - self._since > WINDOW_SECONDS:
            self._since, self._frames = now, 0
        for frame in (event for event in events if isinstance(event, Frame)):
            self._frames += 1
            if frame.opcode in {Opcode.TEXT, Opcode.BINARY} and self._is_one_too_many(now):
                return True
        return self._frames > self._most_frames

    def _is_one_too_many(self, now: float) -> bool:
        recent = len(self._arrivals) == self._arrivals.maxlen and now - self._arrivals[0] <= WINDOW_SECONDS
        self._arrivals.append(now)
        return recent


class Sockets(WebSocketsSansIOProtocol):
    """uvicorn's own, which also takes encoded frames, closes connections that are not read, shuts down with 1001."""

    frame_limit: "FrameLimit | None" = None
    on_lost: Callable[[], None] = staticmethod(_nothing)
    stall_seconds = 30.0
    _stalled_at = math.inf
    _refusal_body = b""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.conn.reject = handshake_refusal  # type: ignore[method-assign, assignment]  # the library's refusals are plain text

    def shake_hands(self, method: str, target: bytes, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Answers the handshake with that head, which `websockets` would read a second time, in Python."""
        self.conn.parser = FrameProtocol.parse(self.conn)
        next(self.conn.parser)
        fields = Headers((name.decode(), value.decode("latin-1")) for name, value in headers)
        self.handle_connect(Request(target.decode(), fields, method))

    async def run_asgi(self) -> None:
        """With the extension of `shared.live.writer`."""
        extensions: dict[str, object] = self.scope["extensions"]  # type: ignore[assignment]  # uvicorn has it as a mapping of Any
        extensions[PUSH] = self.push
        await super().run_asgi()

    def push(self, frame: bytes) -> bool:
        """Writes it as it is, without what an ASGI message costs; False unless the socket is open and its client
        reads: then the message knows what to do."""
        is_open = self.conn.state is State.OPEN and not (self.close_sent or self.transport.is_closing())
        if not (is_open and self.handshake_complete and self.writable.is_set()):
            return False
        self.transport.write(frame)
        return True

    async def send(self, message: ASGISendEvent) -> None:
        """A close frame is sent at once, also to a client that does not read; the connection ends ten seconds later."""
        if message["type"] == "websocket.http.response.start" or message["type"] == "websocket.http.response.body":
            self._send_refusal(message)
            return
        if message["type"] != "websocket.close":
            await super().send(message)
            return
        self.writable.set()
        await super().send(message)
        if self.close_timer is not None:
            self.close_timer.cancel()
            self.close_timer = self.loop.call_later(self.close_timeout, self.transport.abort)

    def _send_refusal(self, message: WebSocketResponseStartEvent | WebSocketResponseBodyEvent) -> None:
        """In place of a handshake, and in one piece; made by `websockets` it costs as much as all else of a refusal."""
        if self.handshake_complete:
            raise ClientDisconnected
        if message["type"] == "websocket.http.response.start":
            self._refusal = message["status"], [*self.default_headers, *message["headers"]]
            return
        self._refusal_body += message["body"]
        if not message.get("more_body", False):
            self.transport.write(last_answer(*self._refusal, self._refusal_body))
            self.transport.close()
            self.queue.put_nowait({"type": "websocket.disconnect", "code": ABNORMAL})
            self.handshake_complete = self.close_sent = True

    def data_received(self, data: bytes) -> None:
        """In small parts: thousands of frames may come at once, and each is work before it can be counted."""
        for start in range(0, len(data), SLICE):
            if self.transport.is_closing():
                return
            super().data_received(data[start : start + SLICE])

    def handle_events(self) -> None:
        """Counts what came, then uvicorn's own; who sends too much is closed with 1008."""
        if self.frame_limit is not None and self.frame_limit.is_exceeded_by(self.conn.events):
            self.conn.fail(TOO_MANY, "too many messages")
            self.handle_parser_exception()
            return
        super().handle_events()

    def send_receive_event_to_app(self) -> None:
        """A text that is not UTF-8 closes the connection with 1007; uvicorn's own would also log it as our fault."""
        if self.curr_msg_data_type == "text" and not (self.close_sent or _is_utf8(b"".join(self.frames))):
            self.frames = []
            self.conn.fail(NO_UTF8, "not UTF-8")
            self.handle_parser_exception()
            return
        super().send_receive_event_to_app()

    def handle_cont(self, event: Frame) -> None:
        """uvicorn's own; a message of very many parts, or one that never ends, closes the connection with 1008."""
        if self.close_sent:
            return
        if len(self.frames) < MOST_PARTS:
            super().handle_cont(event)
            return
        self.frames = []
        self.conn.fail(TOO_MANY, "too many parts")
        self.handle_parser_exception()

    def handle_connect(self, event: Request) -> None:
        """uvicorn's own, with a line for one that is refused."""
        super().handle_connect(event)
        if self.response.status_code != SWITCHING_PROTOCOLS:
            self._say_refused(self.response.status_code)

    def _say_refused(self, status: int) -> None:
        log.info("request.refused", status=status, code="handshake", address=self.client and self.client[0])

    def tick(self, now: float) -> None:
        """Cuts a connection that was closed and whose client takes nothing of what was written: it would stay."""
        if not self.transport.is_closing():
            return
        self._stalled_at = min(self._stalled_at, now + self.stall_seconds)
        if now > self._stalled_at:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Its place is free again."""
        super().connection_lost(exc)
        self.on_lost()

    def shutdown(self) -> None:
        """The server stops: clients come back after 1001, 1012 is for restarts."""
        if self.handshake_complete and not self.close_sent:
            self.conn.send_close(GOING_AWAY)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.queue.put_nowait({"type": "websocket.disconnect", "code": GOING_AWAY})
            self.close_sent = True
        super().shutdown()

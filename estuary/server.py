"""How every process serves HTTP, and how it ends: sockets are told first, then requests finish, then the rest stops."""

import asyncio
import gc
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.types import ASGIApp
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

from estuary.settings import EstuarySettings
from shared.outlet import PUSH
from shared.settings import SettingsError

GRACE_SECONDS = 5
GOING_AWAY = 1001
YOUNG_OBJECTS = 20_000


class PortTaken(SettingsError):
    """Another program listens there."""


class Sockets(WebSocketsSansIOProtocol):
    """uvicorn's own, which also takes ready frames, says goodbye to who does not read, and leaves with another code."""

    async def run_asgi(self) -> None:
        """With the extension of `shared.outlet`."""
        extensions: dict[str, object] = self.scope["extensions"]  # type: ignore[assignment]
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
        """A goodbye waits for nobody: who does not read would keep the connection. They have ten seconds to hear it."""
        if message["type"] != "websocket.close":
            await super().send(message)
            return
        self.writable.set()
        await super().send(message)
        if self.close_timer is not None:
            self.close_timer.cancel()
            self.close_timer = self.loop.call_later(self.close_timeout, self.transport.abort)

    def shutdown(self) -> None:
        """The server stops: clients come back after 1001, 1012 is for restarts."""
        if self.handshake_complete and not self.close_sent:
            self.conn.send_close(GOING_AWAY)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.queue.put_nowait({"type": "websocket.disconnect", "code": GOING_AWAY})
            self.close_sent = True
        super().shutdown()


def listen(settings: EstuarySettings) -> socket.socket:
    """The listening socket, before anything else is started; PortTaken if it cannot be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise PortTaken(f"ESTUARY_PORT: {settings.host}:{settings.port} cannot be used: {reason}") from None
    listener.setblocking(False)
    return listener


def server_config(app: ASGIApp) -> uvicorn.Config:
    """No access log of uvicorn's, no deflate on sockets, a limit to graceful shutdown; lifespans are the caller's."""
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        loop="uvloop",
        http="httptools",
        ws=Sockets,
        ws_per_message_deflate=False,
        ws_max_size=64 * 1024,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=GRACE_SECONDS,
        proxy_headers=False,
        server_header=False,
    )


def settle_memory() -> None:
    """Once everything is loaded: what is there stays, so that garbage is looked for among newer objects only.

    Reference counts free nearly everything at once; searching the whole heap again and again for the rest was a
    twentieth of a checkout's CPU.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 20)


class Server(uvicorn.Server):
    """Ends at SIGINT or SIGTERM without raising them again, and calls `before_shutdown` while it still serves."""

    def __init__(self, app: ASGIApp, before_shutdown: Sequence[Callable[[], Awaitable[None]]] = ()) -> None:
        """The hooks tell sockets to reconnect (close code 1001), before uvicorn would cut them with 1012."""
        super().__init__(server_config(app))
        self._before_shutdown = before_shutdown

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The first signal begins the end, a second one makes it quick."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Remembers that the end was asked for."""
        self.force_exit = self.should_exit
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """uvicorn's own, then the memory settles."""
        await super().startup(sockets)
        settle_memory()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """The hooks, then uvicorn's own graceful shutdown."""
        for hook in self._before_shutdown:
            await hook()
        await super().shutdown(sockets)

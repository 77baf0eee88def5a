"""How every process serves HTTP, and how it ends: sockets are told first, then requests finish, then the rest stops."""

import asyncio
import ctypes
import gc
import resource
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from estuary.run.connection_limits import INNER, PUBLIC, Admission, Limits
from estuary.run.protocol import Protocol
from estuary.run.socket_protocol import Sockets
from estuary.settings import EstuarySettings
from shared.settings import SettingsError

GRACE_SECONDS = 5
TICKS = 5
"""Of a tenth of a second each: so often connections are looked at."""
ACCEPTED_AT_ONCE = 8
"""Connections. libuv takes one from each socket in a turn of the loop: with one socket new callers of a busy process
would wait where nobody sees it, and whoever is to be refused would wait as long as all others."""
YOUNG_OBJECTS = 20_000
M_MMAP_THRESHOLD, LARGE_BLOCK = -3, 1024 * 1024
"""Blocks of a mebibyte and more go back to the system at once; glibc would keep what one password is hashed in."""
RECEIVED = 48 * 1024
"""Bytes that one connection may send before they are looked at; by itself the system takes megabytes, and hands over
256 kB at once."""


class PortTaken(SettingsError):
    """Another program listens there."""


def listen(settings: EstuarySettings) -> socket.socket:
    """The listening socket, before anything else is started; PortTaken if it cannot be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVED)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise PortTaken(f"ESTUARY_PORT: {settings.host}:{settings.port} cannot be used: {reason}") from None
    listener.setblocking(False)
    return listener


def server_config(app: ASGIApp, admission: Admission | None = None, limits: Limits | None = None) -> uvicorn.Config:
    """No access log of uvicorn's, no deflate on sockets, a limit to graceful shutdown; lifespans are the caller's.

    `admission` counts the connections of a process that anybody may call, and the public limits hold there.
    """
    limits = limits or (PUBLIC if admission is not None else INNER)
    protocol = partial(Protocol, limits=limits, admission=admission)
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        loop="uvloop",
        http=protocol,  # type: ignore[arg-type]  # a class with two arguments given is one too
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
    with suppress(OSError, AttributeError):  # another C library than glibc
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)


def _allow_files() -> None:
    """As many open files as the system lets this process have: a connection is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Server(uvicorn.Server):
    """Ends at SIGINT or SIGTERM without raising them again, and calls `before_shutdown` while it still serves."""

    def __init__(
        self,
        app: ASGIApp,
        before_shutdown: Sequence[Callable[[], Awaitable[None]]] = (),
        admission: Admission | None = None,
        limits: Limits | None = None,
    ) -> None:
        """The hooks tell sockets to reconnect (close code 1001), before uvicorn would cut them with 1012."""
        super().__init__(server_config(app, admission, limits))
        self._before_shutdown = before_shutdown
        self._listeners: list[socket.socket] = []

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
        _allow_files()
        for listener in sockets or ():
            self._listeners += [listener, *(listener.dup() for _ in range(ACCEPTED_AT_ONCE - 1))]
        await super().startup(self._listeners or None)
        settle_memory()

    async def on_tick(self, counter: int) -> bool:
        """uvicorn's own, and a look at what the connections are waiting for."""
        if counter % TICKS == 0:
            now = asyncio.get_running_loop().time()
            for connection in list(self.server_state.connections):
                if isinstance(connection, Protocol | Sockets):
                    connection.tick(now)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """The hooks, then uvicorn's own graceful shutdown."""
        for hook in self._before_shutdown:
            await hook()
        await super().shutdown(self._listeners or sockets)

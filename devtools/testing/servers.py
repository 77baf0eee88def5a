"""Apps behind a real uvicorn, and sockets to them."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from websockets.asyncio.client import ClientConnection

from devtools.testing.waiting import PATIENCE

IDLE_SECONDS = 600
"""Longer than any test: a server that ends idle connections meets, on a busy machine, the client's next request."""


@asynccontextmanager
async def served(app: ASGIApp, **config: Any) -> AsyncIterator[str]:
    """The app behind a uvicorn with that configuration, on its `port` or any; where it listens, as `host:port`."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", config.pop("port", 0)))
        own: dict[str, Any] = {"log_config": None, "access_log": False, "timeout_keep_alive": IDLE_SECONDS}
        server = uvicorn.Server(uvicorn.Config(app, **own | config))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        await until(lambda: server.started)
        try:
            yield f"127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


async def until(holds: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Returns when it holds; TimeoutError if it does not become so."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110  what is waited for has no event
            await asyncio.sleep(0.01)


async def is_silent(connection: ClientConnection) -> bool:
    """Whether nothing comes for 0.3 seconds."""
    try:
        async with asyncio.timeout(0.3):
            await connection.recv()
    except TimeoutError:
        return True
    return False

"""Peers: the least that a server can do for the same answer, on the same uvicorn: no database, no rules."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psutil
import uvloop
from starlette.types import ASGIApp, Receive, Scope, Send

from estuary.run.server import Server, listen
from estuary.settings import EstuarySettings, free_port


class Broadcast:
    """Raw ASGI: what one socket says, all sockets hear."""

    def __init__(self) -> None:
        """Nobody is here yet."""
        self._everybody: set[Send] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One socket."""
        await receive()
        await send({"type": "websocket.accept"})
        self._everybody.add(send)
        try:
            while (message := await receive())["type"] == "websocket.receive":
                for each in list(self._everybody):
                    await each({"type": "websocket.send", "text": message["text"]})
        finally:
            self._everybody.discard(send)


@asynccontextmanager
async def child(module: str, **env: str) -> AsyncIterator[tuple[str, psutil.Process]]:
    """`python -m <module>` on a free port, once it listens: `127.0.0.1:port`, and its process."""
    port = free_port()
    given = {**os.environ, "ESTUARY_PORT": str(port), "ESTUARY_LOG_LEVEL": "WARNING", **env}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", module, env=given)
    try:
        await listens(port, process)
        yield f"127.0.0.1:{port}", psutil.Process(process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def listens(port: int, process: asyncio.subprocess.Process) -> None:
    """Returns when it takes connections; RuntimeError if it ends before."""
    async with asyncio.timeout(60):
        while process.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
    raise RuntimeError(f"it ended with {process.returncode}")


def serve(app: ASGIApp) -> None:
    """Serves it on ESTUARY_PORT until a signal."""
    listener = listen(EstuarySettings.of(os.environ))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(Server(app).serve(sockets=[listener]))


if __name__ == "__main__":
    serve(Broadcast())

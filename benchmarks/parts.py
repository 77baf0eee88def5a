"""Parts of the product in processes of their own, for as long as a measurement lasts."""

import asyncio
import multiprocessing
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager, suppress
from multiprocessing.connection import Connection
from typing import Any, Self

import psutil
import uvloop

from benchmarks.ground import cpu_of
from shared.observability import logs

Body = Callable[..., AbstractAsyncContextManager[Any]]
SPAWN = multiprocessing.get_context("spawn")
END_SECONDS = 10.0


class Part:
    """One such process: it runs the body's context from `async with` on, until `found` ends it."""

    def __init__(self, body: Body, *given: Any) -> None:
        """`body`: a function of a module, given those arguments; what it yields is what it has found in the end."""
        self._pipe, theirs = SPAWN.Pipe()
        self._process = SPAWN.Process(target=_live, args=(theirs, body, given), daemon=True)

    async def __aenter__(self) -> Self:
        """Returns when the body runs."""
        self._process.start()
        await asyncio.to_thread(self._pipe.recv)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Ends it, if nobody asked what it found."""
        self._pipe.close()
        await asyncio.to_thread(self._process.join, END_SECONDS)
        self._process.kill()

    def cpu(self) -> float:
        """CPU seconds so far."""
        assert self._process.pid is not None
        return cpu_of([psutil.Process(self._process.pid)])

    async def found(self) -> Any:
        """Ends the body in good order; what it found."""
        self._pipe.send(None)
        return await asyncio.to_thread(self._pipe.recv)


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Runs it on the loop that every process of the product uses; SIGTERM ends it with all that it has started."""
    logs.configure("WARNING", readable=True)

    async def stoppable() -> None:
        task = asyncio.ensure_future(work())
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        await task

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, suppress(asyncio.CancelledError):
        runner.run(stoppable())
        return
    sys.exit(128 + signal.SIGTERM)


def _live(pipe: Connection, body: Body, given: tuple[Any, ...]) -> None:
    async def work() -> None:
        async with body(*given) as found:
            pipe.send(None)
            with suppress(EOFError):  # nobody asks
                await asyncio.to_thread(pipe.recv)
                pipe.send(found)

    run(work)

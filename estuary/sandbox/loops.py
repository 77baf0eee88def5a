"""A loop that does what is due, sleeps until the next thing is, and can be woken."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from shared.concurrency.tasks import end
from shared.observability.logs import logger

LONGEST_SLEEP = 1.0
log = logger()


class Loop:
    """Runs `tick` until stopped; a failure is logged and tried again, since what is due is stored."""

    def __init__(self, name: str, tick: Callable[[], Awaitable[float]]) -> None:
        """`tick` returns the seconds until something is due again."""
        self.name, self._tick = name, tick
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Runs the next tick now."""
        self._woken.set()

    def start(self) -> None:
        """Starts in the running event loop."""
        self._task = asyncio.create_task(self._run(), name=self.name)

    async def stop(self) -> None:
        """Ends the loop; returns when it has ended."""
        if self._task is not None:
            await end(self._task)
            self._task = None

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                pause = await self._tick()
            except Exception as error:
                log.warning("sandbox.loop", loop=self.name, error=repr(error))
                pause = LONGEST_SLEEP
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), min(max(pause, 0), LONGEST_SLEEP))

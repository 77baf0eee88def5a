"""A wake-up call within one process that cannot be missed: a task that waits too late sees that the count has moved."""

import asyncio


class WakeUp:
    """Counts its calls. Read `count` before the work, wait for a later one after it."""

    def __init__(self) -> None:
        """Not called yet."""
        self.count = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def set(self) -> None:
        """Wakes every task that waits."""
        self.count += 1
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def wait(self, seen: int, seconds: float) -> None:
        """Returns when there was a call after `seen`, at the latest after that many seconds; always yields once."""
        if self.count != seen:
            await asyncio.sleep(0)
            return
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        await asyncio.wait([future], timeout=seconds)
        self._waiting.discard(future)

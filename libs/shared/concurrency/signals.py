"""A wake-up call within one process that is never missed: who comes late sees that the count has moved."""

import asyncio


class Signal:
    """Counts its calls. Look at `count` before the work, wait beyond it after."""

    def __init__(self) -> None:
        """Not called yet."""
        self.count = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def set(self) -> None:
        """Wakes everyone who waits."""
        self.count += 1
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def wait(self, seen: int, seconds: float) -> None:
        """Returns when there was a call after `seen`, at the latest after that many seconds; always lets others run."""
        if self.count != seen:
            await asyncio.sleep(0)
            return
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        await asyncio.wait([future], timeout=seconds)
        self._waiting.discard(future)

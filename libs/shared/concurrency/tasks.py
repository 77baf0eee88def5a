"""The end of background tasks."""

import asyncio
from typing import Any

AGAIN_SECONDS = 2.0


async def end(*tasks: "asyncio.Future[Any]") -> None:
    """Cancels them and returns when all have ended; what they raise then is no news any more.

    One call of `cancel` is not enough: where it meets the moment in which the awaited thing is done, Python 3.11's
    `wait_for` and some libraries swallow it, and the task would go on for ever.
    """
    running = {task for task in tasks if not task.done()}
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=AGAIN_SECONDS)
    await asyncio.gather(*tasks, return_exceptions=True)

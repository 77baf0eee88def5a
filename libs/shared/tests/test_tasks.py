"""Tasks that are cancelled."""

import asyncio
from contextlib import suppress

import pytest

from shared.concurrency import tasks


async def unwilling(times: int) -> None:
    """Swallows so many cancellations."""
    for _ in range(times):
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
    await asyncio.Event().wait()


class TestEnd:
    async def test_a_task_that_swallows_a_cancellation_is_cancelled_again(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(tasks, "AGAIN_SECONDS", 0.01)
        running = asyncio.create_task(unwilling(3))
        await asyncio.sleep(0)
        await asyncio.wait_for(tasks.end(running), 5)
        assert running.cancelled()

    async def test_what_failed_or_ended_before_does_not_matter(self):
        async def fails() -> None:
            raise ValueError

        failed, done = asyncio.create_task(fails()), asyncio.create_task(asyncio.sleep(0))
        await asyncio.sleep(0.01)
        await tasks.end(failed, done)
        assert (failed.done(), done.done()) == (True, True)

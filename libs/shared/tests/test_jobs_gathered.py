"""A job that gathers: the sixth of its runs in a row waits, and what comes meanwhile is done by one run."""

import asyncio
import time
from collections import defaultdict
from types import SimpleNamespace

from shared.concurrency.wake_up import WakeUp
from shared.work.jobs import MOST_AT_ONCE, Job, keep_running

GATHER = 0.2


async def test_after_five_runs_at_once_it_runs_once_each_so_many_seconds():
    wanted: defaultdict[str, WakeUp] = defaultdict(WakeUp)
    runtime = SimpleNamespace(db=SimpleNamespace(jobs_wanted=wanted), service="toy")
    begun: list[float] = []
    waiting, done = 10 * MOST_AT_ONCE, asyncio.Event()

    async def work(_: object) -> int:
        nonlocal waiting
        begun.append(time.monotonic())
        few = min(waiting, 1 if len(begun) <= MOST_AT_ONCE else waiting)
        waiting -= few
        if not waiting:
            done.set()
        return few

    running = asyncio.create_task(keep_running("work", Job(work, gather=GATHER), runtime))
    async with asyncio.timeout(30):
        await done.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert len(begun) == MOST_AT_ONCE + 1
    assert begun[MOST_AT_ONCE] - begun[0] >= GATHER * 0.99

"""Checkouts of two releases, in short turns on the same machine: `python -m benchmarks.releases FOLDER [TURNS]`.

FOLDER is a checkout of the older one with a `.venv` of its own (`git worktree add FOLDER TAG`, `make .venv/.dev`). Both
run all the time and one of them has work: what else the machine does meets both alike. A checkout is done when its two
mails are out: a release that leaves them for later would send them in the turn of the other.
"""

import asyncio
import statistics
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from benchmarks.checkouts import CLIENTS, Client, Slots, crowd, load
from benchmarks.instance import ROOT, Instance, instance
from shared.database.postgres import EmbeddedPostgres

TURNS = 20
SECONDS = 3.0
MAILS_EACH = 2
LOOK_SECONDS, LOOKS = 0.1, 600


@dataclass
class Release:
    """An instance of it, its clients, and what its turns measured."""

    running: Instance
    database: asyncpg.Connection
    clients: list[Client]
    slots: Slots
    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    async def turn(self) -> None:
        """Checkouts for a few seconds, until the last of their mails is out."""
        before, sent, began = self.running.cpu(), await self._sent(), time.perf_counter()
        count = len(await load(self.clients, self.slots, SECONDS))
        await self._wait_for(sent + MAILS_EACH * count)
        after = self.running.cpu()
        self.rates.append(count / (time.perf_counter() - began))
        self.cpu.append((sum(after[:2]) - sum(before[:2])) / count * 1000)

    async def warm(self) -> None:
        """The first turn, which counts for nothing."""
        await self.turn()
        self.rates.clear()
        self.cpu.clear()

    async def _sent(self) -> int:
        return int(await self.database.fetchval("select count(*) from notifications.mails where status = 'sent'"))

    async def _wait_for(self, mails: int) -> None:
        for _ in range(LOOKS):
            if await self._sent() >= mails:
                return
            await asyncio.sleep(LOOK_SECONDS)
        raise TimeoutError("the mails of the checkouts did not go out")


async def ready(root: Path, stack: AsyncExitStack) -> Release:
    """That release, warm."""
    running = await stack.enter_async_context(instance(root))
    server = await asyncio.to_thread(EmbeddedPostgres, running.home / "postgres", {})
    stack.callback(server.stop)
    database = await asyncpg.connect(server.database("estuary"))
    stack.push_async_callback(database.close)
    release = Release(running, database, *await stack.enter_async_context(crowd(running.url)))
    await release.warm()
    return release


async def main(older: Path, turns: int = TURNS) -> None:
    """Prints each pair of turns, then the medians of the pairs' ratios."""
    async with AsyncExitStack() as stack:
        before, this = [await ready(root, stack) for root in (older, ROOT)]
        for number in range(turns):
            for release in (before, this) if number % 2 == 0 else (this, before):
                await release.turn()
            print(f"{before.rates[-1]:5.1f}/s {this.rates[-1]:5.1f}/s", flush=True)
    print(f"checkouts per second, {CLIENTS} clients: {_ratio(this.rates, before.rates):.2f} of the older release's")
    print(f"CPU of Python and Postgres per checkout: {_ratio(this.cpu, before.cpu):.2f} times the older release's")


def _ratio(these: list[float], others: list[float]) -> float:
    return statistics.median(this / other for this, other in zip(these, others, strict=True))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).resolve(), *map(int, sys.argv[2:3])))

"""Checkouts of two releases, in short turns on the same machine: `python -m benchmarks.releases FOLDER [TURNS]`.

FOLDER is a checkout of the older one with a `.venv` of its own (`git worktree add FOLDER TAG`, `make .venv/.dev`). Both
run all the time and one of them has work: what else the machine does meets both alike.
"""

import asyncio
import statistics
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.checkouts import CLIENTS, Client, Slots, crowd, load
from benchmarks.instance import ROOT, Instance, instance

TURNS = 20
SECONDS, REST_SECONDS = 3.0, 1.5


@dataclass
class Release:
    """An instance of it, its clients, and what its turns measured."""

    running: Instance
    clients: list[Client]
    slots: Slots
    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    async def turn(self) -> None:
        """Checkouts for a few seconds; their CPU with that of what they leave behind, such as mails."""
        before = self.running.cpu()
        latencies = await load(self.clients, self.slots, SECONDS)
        await asyncio.sleep(REST_SECONDS)
        after = self.running.cpu()
        self.rates.append(len(latencies) / SECONDS)
        self.cpu.append((sum(after[:2]) - sum(before[:2])) / len(latencies) * 1000)


async def ready(root: Path, stack: AsyncExitStack) -> Release:
    """That release, warm."""
    running = await stack.enter_async_context(instance(root))
    clients, slots = await stack.enter_async_context(crowd(running.url))
    await load(clients, slots, SECONDS)
    return Release(running, clients, slots)


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

"""Checkouts of two releases in turns on the same machine: `python -m benchmarks.releases FOLDER [ROUNDS]`.

FOLDER is a checkout of the older one with a `.venv` of its own (`git worktree add FOLDER TAG`, `make .venv/.dev`).
"""

import asyncio
import statistics
import sys
from pathlib import Path

from benchmarks.checkouts import CLIENTS, Result, measure
from benchmarks.instance import ROOT, instance

ROUNDS = 3


async def measured(root: Path) -> Result:
    """One run of that release, fresh from its start."""
    async with instance(root) as running:
        return await measure(running)


async def main(older: Path, rounds: int = ROUNDS) -> None:
    """Runs both in turns, each first in every second round, and prints the ratio of the medians."""
    rates: dict[Path, list[float]] = {older: [], ROOT: []}
    cpu: dict[Path, list[float]] = {older: [], ROOT: []}
    for number in range(rounds):
        for root in (older, ROOT) if number % 2 == 0 else (ROOT, older):
            result = await measured(root)
            rates[root].append(result.per_second)
            cpu[root].append(result.cpu_each)
            name = "this" if root == ROOT else "older"
            print(f"{name:<6} {result.per_second:5.1f}/s  Python {result.cpu_each:.1f} ms each", flush=True)
    rate, each = ({root: statistics.median(seen) for root, seen in kept.items()} for kept in (rates, cpu))
    print(f"checkouts per second, {CLIENTS} clients: {rate[ROOT] / rate[older]:.2f} of the older release's")
    print(f"CPU of Python per checkout: {each[ROOT] / each[older]:.2f} times the older release's")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).resolve(), *map(int, sys.argv[2:3])))

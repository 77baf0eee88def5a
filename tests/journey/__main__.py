"""`python -m tests.journey http://127.0.0.1:8000 [scenario ...]`: a line per step, exit 1 if something was not so."""

import asyncio
import sys

import aiohttp

from tests.journey.scenarios import SCENARIOS
from tests.journey.world import World


async def run(base: str, names: list[str]) -> int:
    """Walks through the named scenarios, or all; the number of those that failed."""
    failed = 0
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        for name in names or SCENARIOS:
            print(f"{name}: {SCENARIOS[name].__doc__}")
            try:
                await SCENARIOS[name](World(base.rstrip("/"), http))
            except (AssertionError, aiohttp.ClientError, KeyError) as error:
                failed += 1
                print(f"  NOT SO: {type(error).__name__} {error}")
    print(f"{len(names or SCENARIOS) - failed} of {len(names or SCENARIOS)} scenarios are as promised")
    return failed


if __name__ == "__main__":
    if len(sys.argv) < 2 or not set(sys.argv[2:]) <= set(SCENARIOS):
        sys.exit(f"usage: python -m tests.journey URL [{' | '.join(SCENARIOS)}]")
    sys.exit(1 if asyncio.run(run(sys.argv[1], sys.argv[2:])) else 0)

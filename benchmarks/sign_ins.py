"""Sign-ins per second beside what argon2 alone can do on this machine, in turns, at passwords of the shipped cost.

The client of this benchmark works on the same cores, where a real one brings its own, and what else the machine does
takes part of them too: the rate has all of that in it. So the figure for the goal is CPU: a bare check beside what the
instance and its Postgres use for a sign-in, beyond what they use at rest.
"""

import asyncio
import itertools
import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import aiohttp
from argon2 import PasswordHasher

from benchmarks.instance import Instance, instance
from benchmarks.people import Person, register

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
CORES = os.cpu_count() or 1
CLIENTS, ROUNDS, SECONDS = 3 * CORES, 10, 3.0
PASSWORD = "estuary-bench"


def checks(stored: str, until: float) -> int:
    """How many passwords one thread checks until then."""
    for number in itertools.count():
        if time.perf_counter() >= until:
            return number
        HASHER.verify(stored, PASSWORD)
    raise AssertionError


async def bare(pool: ThreadPoolExecutor) -> tuple[float, float]:
    """Checks per second with one thread for each core, and CPU milliseconds of each."""
    stored, loop = HASHER.hash(PASSWORD), asyncio.get_running_loop()
    began, cpu = time.perf_counter(), time.process_time()
    threads = [loop.run_in_executor(pool, checks, stored, began + SECONDS) for _ in range(CORES)]
    number = sum(await asyncio.gather(*threads))
    return number / (time.perf_counter() - began), (time.process_time() - cpu) * 1000 / number


async def sign_ins(at: Instance, http: aiohttp.ClientSession, people: list[Person]) -> tuple[float, float]:
    """Sign-ins per second, and CPU milliseconds of each: the server's and its Postgres'."""
    began, cpu = time.perf_counter(), sum(at.cpu())

    async def client(person: Person) -> int:
        given = {"email": person.user["email"], "password": PASSWORD}
        for number in itertools.count():
            if time.perf_counter() >= began + SECONDS:
                return number
            async with http.post(f"{at.url}/api/v1/auth/login/", json=given) as answer:
                assert answer.status == 200, await answer.text()
        raise AssertionError

    number = sum(await asyncio.gather(*map(client, people)))
    return number / (time.perf_counter() - began), (sum(at.cpu()) - cpu) * 1000 / number


async def at_rest(at: Instance) -> float:
    """CPU seconds of the instance per second in which nobody asks for anything."""
    cpu = sum(at.cpu())
    await asyncio.sleep(SECONDS)
    return (sum(at.cpu()) - cpu) / SECONDS


async def main() -> None:
    """Prints both rates and their ratio."""
    shipped = instance(IDENTITY_ARGON2_TIME_COST="2", IDENTITY_ARGON2_MEMORY_KIB="19456")
    async with shipped as at, aiohttp.ClientSession() as http:
        people = [await register(http, at.url) for _ in range(CLIENTS)]
        ours, theirs, rest = [], [], []
        with ThreadPoolExecutor(CORES) as pool:
            for _ in range(ROUNDS):
                theirs.append(await bare(pool))
                ours.append(await sign_ins(at, http, people))
                rest.append(await at_rest(at))
    rate, limit = (statistics.median(rate for rate, _ in side) for side in (ours, theirs))
    cpu = statistics.median(cpu - 1000 * idle / rate for (rate, cpu), idle in zip(ours, rest, strict=True))
    least = statistics.median(cpu for _, cpu in theirs)
    ratio = statistics.median(a / b for (a, _), (b, _) in zip(ours, theirs, strict=True))
    print(f"sign-ins {rate:.1f} per second, argon2 alone {limit:.1f}, ratio {ratio:.3f}")
    print(f"CPU      {cpu:.1f} ms for each beyond rest, argon2 alone {least:.1f}, ratio {least / cpu:.3f} (goal 0.9)")


if __name__ == "__main__":
    asyncio.run(main())

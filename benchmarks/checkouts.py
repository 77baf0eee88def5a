"""Whole checkouts: book, pay by card, seen as confirmed by the client on its socket."""

import asyncio
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import asyncpg

from benchmarks.instance import Instance, instance
from benchmarks.people import OpenService, Person, Updates, offer, register, updates_of
from shared.database.postgres import EmbeddedPostgres

OFFERS = 6
CLIENTS = 16
SECONDS = 15.0
QUIET_SECONDS = 5.0
Client = tuple[Person, Updates]
Slots = Iterator[tuple[str, str]]


@dataclass
class Result:
    """What one run measured; CPU in seconds over the whole run, `idle_cpu` in seconds per second of doing nothing."""

    alone: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    python_cpu: float = 0.0
    postgres_cpu: float = 0.0
    idle_cpu: float = 0.0
    commits: list[float] = field(default_factory=list)
    looks: Counter[str] = field(default_factory=Counter)

    @property
    def per_second(self) -> float:
        """Checkouts per second."""
        return len(self.latencies) / self.seconds

    @property
    def cpu_each(self) -> float:
        """Milliseconds of the Python process per checkout."""
        return self.python_cpu / len(self.latencies) * 1000


async def checkout(client: Client, service_id: str, slot: str) -> float:
    """One checkout; the seconds that it took."""
    person, updates = client
    began = time.perf_counter()
    booking = await person.must("POST", "/bookings/", {"service_id": service_id, "start_time": slot})
    order = {"order_id": booking["payment"]["order_id"], "payment_method": "pm_card_visa"}
    await person.must("POST", "/payments/confirm/", order)
    await updates.confirmed(booking["id"])
    return time.perf_counter() - began


async def load(clients: list[Client], slots: Slots, seconds: float) -> list[float]:
    """Every client checks out again and again for that long; the seconds that each checkout took."""
    ends, latencies = time.perf_counter() + seconds, list[float]()

    async def one(client: Client) -> None:
        while time.perf_counter() < ends:
            latencies.append(await checkout(client, *next(slots)))

    await asyncio.gather(*(one(client) for client in clients))
    return latencies


async def measure(running: Instance, clients: int = CLIENTS, seconds: float = SECONDS) -> Result:
    """One client alone, then many at once; this machine's own commit rate before and after, on the same Postgres."""
    result = Result(commits=[await commit_rate(running)])
    async with crowd(running.url, clients) as (everyone, slots):
        await load(everyone[:4], slots, 2.0)  # warm
        result.idle_cpu = await idle(running)
        result.alone = await load(everyone[:1], slots, 3.0)
        await under_load(running, result, lambda: load(everyone, slots, seconds))
    result.commits.append(await commit_rate(running))
    return result


@asynccontextmanager
async def crowd(url: str, clients: int = CLIENTS) -> AsyncIterator[tuple[list[Client], Slots]]:
    """New clients, each with an open socket, and what there is to book."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        slots = slots_of([await offer(http, url) for _ in range(OFFERS)])
        people = [await register(http, url) for _ in range(clients)]
        yield [(person, await stack.enter_async_context(updates_of(person))) for person in people], slots


def slots_of(offers: list[OpenService]) -> Slots:
    """Slots that nobody else wants, of all the practitioners in turn."""
    for starts in zip(*[each.slots for each in offers], strict=False):
        for each, start in zip(offers, starts, strict=True):
            yield each.service_id, start


async def idle(running: Instance) -> float:
    """CPU seconds of the Python process per second in which nobody asks for anything."""
    await asyncio.sleep(2)
    before = running.cpu()[0]
    await asyncio.sleep(QUIET_SECONDS)
    return (running.cpu()[0] - before) / QUIET_SECONDS


async def under_load(running: Instance, result: Result, work: Callable[[], Awaitable[list[float]]]) -> None:
    """The CPU of a load, with what it leaves behind (mails, marks) until that is done too."""
    before, looks, began = running.cpu(), running.looks(), time.perf_counter()
    result.latencies = await work()
    result.seconds = time.perf_counter() - began
    await asyncio.sleep(2)
    after = running.cpu()
    result.python_cpu, result.postgres_cpu = after[0] - before[0], after[1] - before[1]
    result.looks = running.looks() - looks


async def commit_rate(running: Instance, seconds: float = 2.0, connections: int = 16) -> float:
    """One-row inserts committed per second by that many connections: the limit that the machine sets."""
    server = await asyncio.to_thread(EmbeddedPostgres, running.home / "postgres", {})
    url, done = server.database("estuary"), 0
    admin = await asyncpg.connect(url)
    await admin.execute("create table if not exists public.commits (id bigint generated always as identity, at text)")
    ends = time.perf_counter() + seconds

    async def one() -> None:
        nonlocal done
        connection = await asyncpg.connect(url)
        while time.perf_counter() < ends:
            await connection.execute("insert into public.commits (at) values ('x')")
            done += 1
        await connection.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    await admin.execute("drop table public.commits")
    await admin.close()
    await asyncio.to_thread(server.stop)
    return done / seconds


def report(result: Result, running: Instance) -> None:
    """Prints the figures."""
    count, commits = len(result.latencies), statistics.mean(result.commits)
    spread = statistics.quantiles(result.latencies, n=20)
    print(f"checkouts, {CLIENTS} clients         {count} in {result.seconds:.1f} s = {result.per_second:.1f}/s")
    print(f"latency, median / p95         {spread[9] * 1000:.0f} / {spread[18] * 1000:.0f} ms")
    print(f"latency of one client alone   {statistics.median(result.alone) * 1000:.0f} ms, median")
    print(f"one-row commits here          {commits:.0f}/s = {commits / result.per_second:.0f} per checkout")
    print(f"CPU per checkout              Python {result.cpu_each:.1f} ms, ", end="")
    print(f"Postgres {result.postgres_cpu / count * 1000:.1f} ms")
    for part, looks in result.looks.most_common():
        share = looks / result.looks.total()
        print(f"  {part:<27} {result.cpu_each * share:5.1f} ms  {share:4.0%}")
    print(f"CPU while nobody asks         {result.idle_cpu:.1%} of a core")
    print(f"memory without Postgres       {running.memory():.0f} MB resident, after {count} checkouts")


async def main() -> None:
    """Runs it and prints."""
    async with instance() as running:
        report(await measure(running), running)


if __name__ == "__main__":
    asyncio.run(main())

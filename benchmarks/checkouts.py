"""Whole checkouts: book, pay by card, seen as confirmed by the client."""

import asyncio
import statistics
import sys
import time
from dataclasses import dataclass, field

import aiohttp
import asyncpg

from benchmarks.instance import Instance, instance, profile_of
from benchmarks.people import Offer, Person, offer, register
from shared.postgres import EmbeddedPostgres

CLIENTS = 24
SECONDS = 15.0


@dataclass
class Result:
    """What one run measured."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    python_cpu: float = 0.0
    postgres_cpu: float = 0.0
    commits: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)

    @property
    def per_second(self) -> float:
        """Checkouts per second."""
        return len(self.latencies) / self.seconds


async def checkout(client: Person, service_id: str, slot: str) -> float:
    """One checkout; the seconds that it took."""
    began = time.perf_counter()
    booking = await client.must("POST", "/bookings/", {"service_id": service_id, "start_time": slot})
    order = {"order_id": booking["payment"]["order_id"], "payment_method": "pm_card_visa"}
    await client.must("POST", "/payments/confirm/", order)
    async with asyncio.timeout(10):
        while (await client.must("GET", f"/bookings/{booking['id']}/"))["status"] != "confirmed":  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return time.perf_counter() - began


async def load(clients: list[Person], offers: list[Offer], seconds: float, result: Result) -> None:
    """Every client checks out again and again, on slots that nobody else wants."""
    slots = iter(
        [
            (o.service_id, slot)
            for pair in zip(*[o.slots for o in offers], strict=False)
            for o, slot in zip(offers, pair, strict=True)
        ]
    )
    ends = time.perf_counter() + seconds

    async def one(client: Person) -> None:
        while time.perf_counter() < ends:
            service_id, slot = next(slots)
            result.latencies.append(await checkout(client, service_id, slot))

    await asyncio.gather(*(one(client) for client in clients))


async def measure(running: Instance, clients_count: int = CLIENTS, seconds: float = SECONDS) -> Result:
    """Warm-up, then the load, then this machine's own commit rate on the same Postgres."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        offers = list(await asyncio.gather(*(offer(http, running.url) for _ in range(6))))
        clients = list(await asyncio.gather(*(register(http, running.url) for _ in range(clients_count))))
        await load(clients, [Offer(o.service_id, o.slots[-100:]) for o in offers], 2.0, Result(2.0))
        before, parts = running.cpu(), profile_of(running.home)
        began, result = time.perf_counter(), Result(seconds)
        await load(clients, [Offer(o.service_id, o.slots[:-100]) for o in offers], seconds, result)
        result.seconds = time.perf_counter() - began
        after = running.cpu()
        await asyncio.sleep(1.2)
        result.python_cpu, result.postgres_cpu = after[0] - before[0], after[1] - before[1]
        result.parts = {name: (spent - parts.get(name, 0)) / 1e6 for name, spent in profile_of(running.home).items()}
        result.commits = await commit_rate(running)
        return result


async def commit_rate(running: Instance, seconds: float = 3.0, connections: int = 16) -> float:
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
    count = len(result.latencies)
    print(f"checkouts                     {count} in {result.seconds:.1f} s = {result.per_second:.1f}/s")
    print(f"latency, median / p95         {statistics.median(result.latencies) * 1000:.0f} ms / ", end="")
    print(f"{statistics.quantiles(result.latencies, n=20)[18] * 1000:.0f} ms")
    print(
        f"one-row commits of this disk  {result.commits:.0f}/s; "
        f"checkouts are {result.per_second / result.commits:.4f} of it"
    )
    print(f"CPU per checkout              Python {result.python_cpu / count * 1000:.1f} ms, ", end="")
    print(f"Postgres {result.postgres_cpu / count * 1000:.1f} ms")
    sampled = sum(result.parts.values()) or 1.0
    for name, spent in sorted(result.parts.items(), key=lambda item: -item[1]):
        share = spent / sampled
        print(f"  of Python: {name:<18} {share:.0%} = {result.python_cpu / count * 1000 * share:.1f} ms")
    print(f"start                         {running.ready_seconds:.1f} s on a new folder")
    print(f"memory without Postgres       {running.memory():.0f} MB resident")


async def main() -> None:
    """Runs it and prints."""
    async with instance() as running:
        result = await measure(running)
        report(result, running)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))

"""Many renewals that are due at once, beside whole checkouts of the same instance (`python -m benchmarks.renewals`)."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass

import aiohttp
import asyncpg

from benchmarks.checkouts import crowd, load
from benchmarks.instance import Instance, instance
from benchmarks.people import register, sign_in
from shared.database.postgres import EmbeddedPostgres

SUBSCRIBERS = 2000
CONCURRENCY = 16
SECONDS = 15.0
LOOK_SECONDS, LOOKS = 0.1, 6000
TRIAL = "P14D"
PAID = "select count(*) from payments.periods where status = 'paid'"


@dataclass
class Rate:
    """So many in so many seconds; CPU in milliseconds for each, of Python and of Postgres."""

    count: int
    seconds: float
    python: float
    postgres: float

    def __str__(self) -> str:
        """One line of the report."""
        each = f"CPU each: Python {self.python:.1f} ms, Postgres {self.postgres:.1f}"
        return f"{self.count} in {self.seconds:.1f} s = {self.count / self.seconds:.1f}/s, {each}"


class Meter:
    """The time and the CPU since it began."""

    def __init__(self, running: Instance) -> None:
        """Begins."""
        self.running, self.cpu, self.began = running, running.cpu(), time.perf_counter()

    def rate(self, count: int) -> Rate:
        """What `count` have taken until now."""
        python, postgres = (after - before for after, before in zip(self.running.cpu(), self.cpu, strict=True))
        return Rate(count, time.perf_counter() - self.began, python / count * 1000, postgres / count * 1000)


async def subscribe_many(http: aiohttp.ClientSession, url: str, count: int) -> None:
    """People with a saved card, in the trial of the organizer's plan."""
    async with http.get(f"{url}/api/v1/plans/?kind=organizer") as answer:
        (plan,) = (await answer.json())["results"]
    turns = asyncio.Semaphore(CONCURRENCY)

    async def one() -> None:
        async with turns:
            person = await register(http, url)
            await person.must("POST", "/payments/methods/", {"payment_method": "pm_card_visa"})
            await person.must("POST", "/subscriptions/", {"plan_id": plan["id"], "interval": "month"})

    await asyncio.gather(*(one() for _ in range(count)))


async def checkouts(running: Instance) -> Rate:
    """Whole checkouts of sixteen clients."""
    async with crowd(running.url) as (everyone, slots):
        await load(everyone[:4], slots, 2.0)  # warm
        meter = Meter(running)
        return meter.rate(len(await load(everyone, slots, SECONDS)))


async def renewals(running: Instance, http: aiohttp.ClientSession, database: asyncpg.Connection, count: int) -> Rate:
    """The trials of all end in one moment: until the last is charged."""
    staff = await sign_in(http, running.url, "staff@estuary.example")
    meter = Meter(running)
    await staff.must("POST", "/sandbox/clock/", {"advance": TRIAL})
    for _ in range(LOOKS):
        if await database.fetchval(PAID) >= count:
            return meter.rate(count)
        await asyncio.sleep(LOOK_SECONDS)
    raise TimeoutError("some are never charged")


async def main(count: int = SUBSCRIBERS) -> None:
    """Runs it and prints."""
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(instance())
        http = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        server = await asyncio.to_thread(EmbeddedPostgres, running.home / "postgres", {})
        stack.callback(server.stop)
        database = await asyncpg.connect(server.database("estuary"))
        stack.push_async_callback(database.close)
        await subscribe_many(http, running.url, count)
        booked = await checkouts(running)
        charged = await renewals(running, http, database, count)
    print(f"checkouts   {booked}")
    print(f"renewals    {charged}")
    ratio = (charged.count / charged.seconds) / (booked.count / booked.seconds)
    print(f"renewals per second for each checkout per second: {ratio:.2f}")


if __name__ == "__main__":
    asyncio.run(main())

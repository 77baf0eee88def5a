"""Openings: search by availability beside the same list without it, what keeping them costs, slots of full calendars.

Printed: ratios within this run, CPU of Postgres and Python together, and how many answers were wrong.
"""

import random
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import asyncpg
import httpx2

from benchmarks.ground import Ground, ground, postgres_cpu
from benchmarks.openings_data import DAY, MINUTE, fill, fill_calendar
from benchmarks.parts import run
from devtools.testing.fixtures import runtime_on
from devtools.testing.observation import statements
from services.booking.calendars.service import Wanted, availability
from services.booking.openings.repository import Openings
from services.booking.openings.service import refresh
from services.catalog.app import create_app
from services.catalog.openings.domain import Span
from services.catalog.openings.repository import Openings as SearchedOpenings
from services.catalog.services.repository import ServiceFilter, Services
from shared.database.listing import Page
from shared.database.migrate import role_of
from shared.database.session import Database
from shared.events.booking import OpeningsChanged
from shared.records.clock import SystemClock

ROUNDS, CALLS = 7, 10
SAMPLED = 200
Ask = Callable[[], Awaitable[Any]]


class Measured:
    """CPU of this process and of Postgres."""

    def __init__(self, home: Path) -> None:
        """Of the Postgres in that folder."""
        self._home = home

    def cpu(self) -> float:
        """Seconds so far."""
        return time.process_time() + postgres_cpu(self._home)

    async def in_turn(self, asks: Mapping[str, Ask]) -> dict[str, float]:
        """Milliseconds of each, all of them in each round, the median round."""
        taken: dict[str, list[float]] = {name: [] for name in asks}
        for _ in range(ROUNDS + 1):
            for name, ask in asks.items():
                before = self.cpu()
                for _ in range(CALLS):
                    await ask()
                taken[name].append((self.cpu() - before) * 1000 / CALLS)
        return {name: statistics.median(rounds[1:]) for name, rounds in taken.items()}


def database(on: Ground, schema: str) -> Database:
    """A service's own, under its role."""
    return Database(on.url, schema=schema, clock=SystemClock(), role=role_of(schema), pool_size=2)


async def keep_all(on: Measured, booking: Database, catalog: Database) -> None:
    """Computes all openings, brings them to catalog, and prints what that costs per service and per booking."""
    async with booking.read() as session:
        due = await Openings(session).due()
    before = on.cpu()
    for practitioner_id in due:
        async with booking.transaction() as session:
            await refresh(session, practitioner_id)
    computed = on.cpu()
    count = await hand_over(booking, catalog)
    handed = on.cpu()
    per_day, runs = (handed - before) / count * 1000, await mean_runs(booking)
    print(
        f"{count} services, {runs:.0f} runs each: computing {(computed - before) * 1000 / count:.1f} ms each, ", end=""
    )
    print(f"writing in catalog {(handed - computed) * 1000 / count:.1f}; a day's roll of 10,000: {per_day * 10:.0f} s")


async def hand_over(booking: Database, catalog: Database) -> int:
    """What the bus does."""
    async with booking.read() as session:
        outbox = session.system_tables.outbox
        rows = (await session.execute(outbox.select().where(outbox.c.type == "OpeningsChanged"))).all()
    for row in rows:
        async with catalog.transaction() as session:
            await SearchedOpenings(session).put(OpeningsChanged.model_validate(row.payload))
    return len(rows)


async def mean_runs(booking: Database) -> float:
    """How many runs a service has."""
    async with booking.read() as session:
        mean = "select avg((select count(*) from unnest(starts))) from booking.openings"
        return float((await (await session.connection()).exec_driver_sql(mean)).scalar_one())


async def search(on: Measured, url: str, now: datetime) -> None:
    """Prints each search beside the list without it, as the service answers them over HTTP."""
    runtime = runtime_on(url, "catalog", SystemClock(), {}, {})
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(create_app(runtime)), base_url="http://catalog")

    def listing(span: Span | None) -> Ask:
        bounds = {"available_from": span.first.isoformat(), "available_to": span.until.isoformat()} if span else {}
        return lambda: client.get("/api/v1/services/", params=bounds)

    at = (now + 20 * DAY).replace(hour=14, minute=0)
    spans = {
        "the list": None,
        "two hours": Span(at, at + 120 * MINUTE),
        "a day": Span(at, at + DAY),
        "ten minutes": Span(at + MINUTE, at + 11 * MINUTE),
        "30 days": Span(now, now + 30 * DAY),
        "a night": Span(at.replace(hour=3), at.replace(hour=4)),
    }
    asks = {name: listing(span) for name, span in spans.items()}
    taken, plain = await on.in_turn(asks), 0.0
    for name, cpu in taken.items():
        plain = plain or cpu
        found = (await asks[name]()).json()["total"]
        print(f"search, {name:12} {cpu:6.1f} ms = {cpu / plain:.2f} times, {found} found")
    await client.aclose()
    await runtime.db.close()


async def compare(booking: Database, catalog: Database, now: datetime) -> None:
    """The search's answer for sampled services against their slots, in spans long and short."""
    chance, runtime, wrong, asked = random.Random(7), runtime_of(booking), 0, 0
    async with catalog.read() as session:
        everything = (await (await session.connection()).exec_driver_sql(SAMPLE)).all()
    for row in chance.sample(everything, SAMPLED):
        starts = [slot.start_time for slot in await slots(runtime, row, now)]
        for minutes in (7, 20, 60, 240, 2000):
            first = now + chance.randrange(30 * 24 * 60) * MINUTE
            span = Span(first, first + minutes * MINUTE)
            async with catalog.read() as session:
                only = ServiceFilter("USD", practitioner_id=row.practitioner_id, available=span)
                found, _ = await Services(session).list(Page(limit=100), only)
            asked += 1
            expected = any(span.first <= start < span.until for start in starts)
            wrong += (row.id in {one.id for one in found}) is not expected
    print(f"{SAMPLED} services, {asked} searches against their slots: {wrong} wrong")


async def slots(runtime: Any, row: Any, now: datetime) -> list[Any]:
    """The slots of 31 days, in as many answers as it takes."""
    found: list[Any] = []
    for first in range(-1, 33, 10):
        days = (now.date() + timedelta(days=first), now.date() + timedelta(days=first + 10))
        found += await availability(runtime, None, row.practitioner_id, Wanted(row.id, *days, None))
    return found


def runtime_of(booking: Database) -> Any:
    """As much of it as slots want."""
    return SimpleNamespace(db=booking, clock=booking.clock)


async def full_calendars(on: Measured, connection: asyncpg.Connection, booking: Database, now: datetime) -> None:
    """Prints 31 days of slots of calendars with many bookings and with a long block, and a booking's recomputing."""
    made = {name: await fill_calendar(connection, now, count) for name, count in CALENDARS.items()}
    practitioner_id, _ = made["250 and a block of three weeks"]
    block = (practitioner_id, now - 20 * DAY, now + DAY)
    await connection.execute("insert into booking.time_off values (gen_random_uuid(), $1, $2, $3, null, now())", *block)
    runtime = runtime_of(booking)

    def asking(practitioner_id: UUID, service_id: UUID) -> Ask:
        first = (now + DAY).date()
        return lambda: availability(
            runtime, None, practitioner_id, Wanted(service_id, first, first + timedelta(days=31), None)
        )

    asks = {name: asking(*ids) for name, ids in made.items()}
    taken = await on.in_turn(asks)
    for name, cpu in taken.items():
        with statements(booking) as sent:
            await asks[name]()
        print(f"31 days of slots, {name:30} {cpu:5.1f} ms = {cpu / taken['250']:.2f} times, {len(sent)} statements")
    await recompute(on, booking, {name: made[name][0] for name in ("250", "10,000")})


async def recompute(on: Measured, booking: Database, practitioners: Mapping[str, UUID]) -> None:
    """Prints what it costs after a booking of a practitioner with one service."""

    def refreshing(practitioner_id: UUID) -> Ask:
        async def ask() -> None:
            async with booking.transaction() as session:
                await refresh(session, practitioner_id)

        return ask

    taken = await on.in_turn({name: refreshing(practitioner_id) for name, practitioner_id in practitioners.items()})
    for name, cpu in taken.items():
        print(f"recomputing one service of 48 starts a day, {name} bookings: {cpu:.1f} ms, once in two seconds at most")


CALENDARS = {"250": 250, "10,000": 10_000, "250 and a block of three weeks": 250}
SAMPLE = "select id, practitioner_id from catalog.services order by id"


async def main() -> None:
    """Fills a Postgres of its own and asks it."""
    async with ground(("booking", "catalog")) as on:
        connection = await asyncpg.connect(on.url)
        booking, catalog, measured = database(on, "booking"), database(on, "catalog"), Measured(on.home)
        now = booking.clock.now().replace(minute=0, second=0, microsecond=0)
        try:
            await fill(connection, now)
            await keep_all(measured, booking, catalog)
            await connection.execute("vacuum analyze")
            await search(measured, on.url, booking.clock.now())
            await compare(booking, catalog, booking.clock.now())
            await full_calendars(measured, connection, booking, now)
        finally:
            await connection.close()
            for db in (booking, catalog):
                await db.close()


if __name__ == "__main__":
    run(main)

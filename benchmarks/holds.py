"""Holds: the statement that takes a slot, against a plain insert under a unique index on the same Postgres."""

import asyncio
import itertools
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from benchmarks.ground import Ground, ground
from benchmarks.parts import run
from services.booking.sessions.repository import OPEN
from shared.records.ids import new_id

CONNECTIONS, RIVALS, ROUNDS, SECONDS = 16, 8, 4, 2.0
SLOT, FIRST = timedelta(minutes=30), datetime(2030, 1, 1, tzinfo=UTC)
PRACTITIONERS = 50
TIMES = "start_time timestamptz, end_time timestamptz, created_at timestamptz"
TABLE = f"create table public.plain (id uuid primary key, seller uuid, {TIMES}, unique (seller, start_time))"
PLAIN = "insert into public.plain values ($1, $2, $3, $4, $5) on conflict do nothing returning id"
Slot = tuple[UUID, datetime]
Attempt = Callable[[asyncpg.Connection, Slot], Awaitable[Any]]


@dataclass
class Tally:
    """What was asked for and what was got, with the CPU of Postgres."""

    asked: int = 0
    got: int = 0
    seconds: float = 0.0
    postgres: float = 0.0

    @property
    def rate(self) -> float:
        """Attempts per second, successful or not."""
        return self.asked / self.seconds


def taking_slots() -> Attempt:
    """One seat of one practitioner, as `Sessions.take` asks for it."""

    async def take(connection: asyncpg.Connection, slot: Slot) -> Any:
        practitioner_id, start = slot
        end, now = start + SLOT, datetime.now(UTC)
        row = {"id": new_id(), "practitioner_id": practitioner_id, "service_id": practitioner_id, "created_at": now}
        row |= {"start_time": start, "end_time": end, "blocked_from": start, "blocked_until": end}
        row |= {"capacity": 1, "taken": 1, "active": True, "room": f"booking-{practitioner_id}"}
        call = OPEN.call(row)
        return await connection.fetchval(call.sql, *call.arguments(row))

    return take


async def insert_plainly(connection: asyncpg.Connection, slot: Slot) -> Any:
    """The same slot where a unique index is all that keeps rivals apart."""
    practitioner_id, start = slot
    return await connection.fetchval(PLAIN, new_id(), practitioner_id, start, start + SLOT, datetime.now(UTC))


def slots(rivals: int) -> Iterator[Slot]:
    """Slots of many practitioners in turn, each handed out to so many rivals, one right after the other."""
    practitioners = [new_id() for _ in range(PRACTITIONERS)]
    for number in itertools.count():
        for practitioner in practitioners:
            yield from itertools.repeat((practitioner, FIRST + SLOT * number), rivals)


async def attempt_all(pool: list[asyncpg.Connection], attempt: Attempt, wanted: Iterator[Slot], tally: Tally) -> None:
    """Every connection asks for slot after slot."""
    began = time.perf_counter()

    async def one(connection: asyncpg.Connection) -> None:
        while time.perf_counter() < began + SECONDS:
            taken = await attempt(connection, next(wanted))
            tally.got += taken is not None
            tally.asked += 1

    await asyncio.gather(*(one(connection) for connection in pool))
    tally.seconds += time.perf_counter() - began


async def compare(on: Ground, pool: list[asyncpg.Connection], rivals: int) -> None:
    """Both in turns, as many rounds; prints the ratio of the median round."""
    attempts: dict[str, Attempt] = {"hold": taking_slots(), "insert": insert_plainly}
    tallies, wanted = {name: Tally() for name in attempts}, {name: slots(rivals) for name in attempts}
    ratios = []
    for _ in range(ROUNDS):
        rates = {}
        for name, attempt in attempts.items():
            before, own = on.postgres_cpu(), Tally()
            await attempt_all(pool, attempt, wanted[name], own)
            add(tallies[name], own, on.postgres_cpu() - before)
            rates[name] = own.rate
        ratios.append(rates["hold"] / rates["insert"])
    report(rivals, tallies["hold"], tallies["insert"], statistics.median(ratios))


def add(tally: Tally, own: Tally, postgres: float) -> None:
    """A round to the sum."""
    tally.asked += own.asked
    tally.got += own.got
    tally.seconds += own.seconds
    tally.postgres += postgres


def report(rivals: int, hold: Tally, insert: Tally, ratio: float) -> None:
    """Prints the figures."""
    name = "holds, nobody contends" if rivals == 1 else f"holds, {rivals} rivals per slot"
    print(f"{name:<29} {ratio:.2f} of a unique insert (goal: 0.6): {hold.rate:.0f} and {insert.rate:.0f} attempts/s")
    print(f"  Postgres CPU per attempt    {hold.postgres / hold.asked * 1e6:.0f} us, ", end="")
    print(f"unique insert {insert.postgres / insert.asked * 1e6:.0f} us; ", end="")
    print(f"{hold.asked / hold.got:.1f} attempts per hold")


async def main() -> None:
    """Uncontended and contended."""
    async with ground(["booking"]) as on:
        pool = [await asyncpg.connect(on.url) for _ in range(CONNECTIONS)]
        await pool[0].execute(TABLE)
        for rivals in (1, RIVALS):
            await compare(on, pool, rivals)
        await asyncio.gather(*(connection.close() for connection in pool))


if __name__ == "__main__":
    run(main)

"""From a commit to a handler's commit through Kafka: three processes, as in a cluster.

This one is `serve booking`, which commits; relay and consumer have their own.
"""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID

import asyncpg
from fastapi import FastAPI

from benchmarks.event_cost import CONSUMER, PRODUCER, booked, database
from benchmarks.ground import Ground
from benchmarks.parts import Part
from estuary.run.clients import make_verifier_and_clients
from estuary.run.service_keys import derived
from shared.database.session import Database, Session
from shared.events.base import Consumers
from shared.events.booking import BookingConfirmed
from shared.messaging.bus import Bus
from shared.messaging.kafka.bus import KafkaBus
from shared.messaging.outbox import emit
from shared.records.clock import SystemClock
from shared.runtime import Runtime
from shared.work.worker import Worker

RATES, SECONDS, WARM_SECONDS = (100, 500), 6.0, 2.0
WRITERS = 8
RECEIPTS = f"select count(*) from {CONSUMER}.inbox"
Times = dict[UUID, float]


@asynccontextmanager
async def work(url: str, servers: str, schema: str) -> AsyncIterator[Times]:
    """`estuary work` of one schema with a handler that only notes when its transaction was committed."""
    done: Times = {}

    async def note(session: Session, event: BookingConfirmed) -> None:
        session.after_commit(lambda: done.setdefault(event.key, time.perf_counter()))

    consumers: Consumers = {BookingConfirmed: note} if schema == CONSUMER else {}
    db, bus = database(url, schema), KafkaBus(servers, client=f"bench-{schema}")
    task = asyncio.create_task(_worker(schema, db, bus, consumers).run())
    await bus.start()
    try:
        yield done
    finally:
        task.cancel()
        await bus.stop()
        await db.close()


def _worker(schema: str, db: Database, bus: Bus, consumers: Consumers) -> Worker:
    clock, (verifier, peers) = SystemClock(), make_verifier_and_clients(derived(schema, "k" * 32), {})
    app = FastAPI()
    app.state.runtime = Runtime(schema, db, bus, peers, clock, verifier, {})
    app.state.consumers, app.state.jobs, app.state.audited = consumers, {}, False
    return Worker(app)


async def emit_steadily(db: Database, rate: int, seconds: float) -> Times:
    """One event per transaction, so many per second if the machine can; when each was committed."""
    committed, room, running = dict[UUID, float](), asyncio.Semaphore(WRITERS), list[asyncio.Task[None]]()

    async def one(event: BookingConfirmed) -> None:
        async with db.transaction() as session:
            emit(session, event)
        committed[event.key] = time.perf_counter()
        room.release()

    began = time.perf_counter()
    for number in range(int(seconds * rate)):
        await asyncio.sleep(began + number / rate - time.perf_counter())
        await room.acquire()
        running.append(asyncio.create_task(one(booked())))
    await asyncio.gather(*running)
    return committed


async def received(on: Ground, count: int) -> None:
    """Returns when the consumer has that many receipts."""
    watch = await asyncpg.connect(on.url)
    async with asyncio.timeout(60):
        while await watch.fetchval(RECEIPTS) < count:  # noqa: ASYNC110  # only the table knows
            await asyncio.sleep(0.2)
    await watch.close()


async def measure_delay(on: Ground) -> list[tuple[int, list[float], dict[str, float]]]:
    """By rate: milliseconds from commit to commit, and CPU microseconds per event by process."""
    async with AsyncExitStack() as stack:
        parts = [Part(work, on.url, on.servers, schema) for schema in (PRODUCER, CONSUMER)]
        relaying, consuming = [await stack.enter_async_context(part) for part in parts]
        db = database(on.url, PRODUCER)
        stack.push_async_callback(db.close)
        costs = {"commits": time.process_time, "relay": relaying.cpu, "consumer": consuming.cpu}
        costs |= {"Postgres": on.postgres_cpu, "Kafka": on.kafka_cpu}
        committed, rounds = await emit_steadily(db, RATES[0], WARM_SECONDS), list[tuple[Times, dict[str, float]]]()
        for rate in RATES:
            await received(on, len(committed))
            before = {name: cpu() for name, cpu in costs.items()}
            fresh = await emit_steadily(db, rate, SECONDS)
            committed |= fresh
            await received(on, len(committed))
            rounds.append((fresh, {name: (cpu() - before[name]) / len(fresh) for name, cpu in costs.items()}))
        handled: Times = await consuming.found()
        return [(got(fresh), delays(fresh, handled), spent) for fresh, spent in rounds]


def got(committed: Times) -> int:
    """Events per second that were committed, whatever was wanted."""
    return round(len(committed) / (max(committed.values()) - min(committed.values())))


def delays(committed: Times, handled: Times) -> list[float]:
    """Milliseconds of each."""
    return [(handled[key] - at) * 1000 for key, at in committed.items()]


def report_delay(rate: int, delays: list[float], spent: dict[str, float]) -> None:
    """Prints the delay at one rate."""
    spread = statistics.quantiles(delays, n=100)
    print(f"commit to handler, {rate:>3}/s      {spread[49]:.1f} / {spread[94]:.1f} / {spread[98]:.1f} ms, ", end="")
    print(f"median / p95 / p99 of {len(delays)} events (goal at 500: median under 50)")
    print(
        "  CPU per event               " + ", ".join(f"{name} {cpu * 1e6:.0f}" for name, cpu in spent.items()) + " us"
    )

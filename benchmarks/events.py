"""Events: from a commit to a handler's commit through Kafka, and how many the relay and a consumer can move."""

import asyncio
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from fastapi import FastAPI

from benchmarks.ground import Ground, ground
from benchmarks.parts import Part, run
from estuary.contracts.events import schema_of
from estuary.service_keys import derived
from estuary.trust import trust
from shared.database.migrate import role_of
from shared.database.session import Database, Session
from shared.events.base import Consumers, Envelope, Pending
from shared.events.booking import BookingConfirmed
from shared.messaging.bus import Bus
from shared.messaging.cloudevents import internal, records_of
from shared.messaging.inbox import Inbox
from shared.messaging.kafka.bus import KafkaBus
from shared.messaging.kafka.producer import BATCH_BYTES
from shared.messaging.outbox import Relay, emit
from shared.records.clock import SystemClock
from shared.records.ids import new_id
from shared.runtime import Runtime
from shared.work.worker import Worker

TOPIC = BookingConfirmed.topic
PRODUCER, CONSUMER = "booking", "notifications"
RATES, SECONDS, WARM_SECONDS = (100, 500), 6.0, 2.0
BACKLOG, ROUNDS, TAKE_SECONDS = 25_000, 2, 6.0
KEYS, WRITERS = 1_000, 8
RECEIPTS = f"select count(*) from {CONSUMER}.inbox"
WAITING = f"select exists (select from {PRODUCER}.outbox where sent_at is null)"
Times = dict[UUID, float]


@dataclass(frozen=True, slots=True)
class Cost:
    """So many events in so many seconds, and the CPU seconds of this process, of Postgres and of Kafka."""

    events: int
    seconds: float
    python: float
    postgres: float
    kafka: float

    @property
    def rate(self) -> float:
        """Events per second."""
        return self.events / self.seconds

    def each(self) -> str:
        """CPU per event, as a person reads it."""
        parts = {"Python": self.python, "Postgres": self.postgres, "Kafka": self.kafka}
        return ", ".join(f"{name} {cpu / self.events * 1e6:.0f}" for name, cpu in parts.items() if cpu) + " us"


@asynccontextmanager
async def costing(on: Ground, into: list[Cost], events: Callable[[], int]) -> AsyncIterator[None]:
    """Adds what happened within, when it ends."""
    began, own, postgres, kafka = time.perf_counter(), time.process_time(), on.postgres_cpu(), on.kafka_cpu()
    yield
    seconds, own = time.perf_counter() - began, time.process_time() - own
    into.append(Cost(events(), seconds, own, on.postgres_cpu() - postgres, on.kafka_cpu() - kafka))


def total(costs: Sequence[Cost]) -> Cost:
    """All rounds as one."""
    columns = zip(*[(c.events, c.seconds, c.python, c.postgres, c.kafka) for c in costs], strict=True)
    return Cost(*[sum(column) for column in columns])


@cache
def sample() -> BookingConfirmed:
    """The event that the contracts show as an example."""
    example: dict[str, Any] = schema_of(BookingConfirmed)["examples"][0]
    return BookingConfirmed.model_validate(example)


def booked() -> BookingConfirmed:
    """That event, of another booking each time."""
    return sample().model_copy(update={"booking": sample().booking.model_copy(update={"id": new_id()})})


def database(url: str, schema: str) -> Database:
    """The service's database as its processes open it."""
    return Database(url, schema=schema, clock=SystemClock(), role=role_of(schema))


# Delay: three processes, as in a cluster. This one is `serve booking`, which commits; the others are below.


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
    clock, (verifier, peers) = SystemClock(), trust(derived(schema, "k" * 32), {})
    app = FastAPI()
    app.state.runtime = Runtime(schema, db, bus, peers, clock, verifier, {})
    app.state.consumers, app.state.jobs = consumers, {}
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


# The relay: a backlog to Kafka, and the same bytes by a plain producer.


async def fill(db: Database) -> None:
    """A backlog of events of many bookings."""
    keys = [new_id() for _ in range(KEYS)]
    for start in range(0, BACKLOG, 500):
        async with db.transaction() as session:
            for number in range(start, start + 500):
                booking = sample().booking.model_copy(update={"id": keys[number % KEYS]})
                emit(session, sample().model_copy(update={"booking": booking}))


async def relayed(on: Ground, db: Database, bus: Bus, into: list[Cost]) -> None:
    """The real relay until nothing waits."""
    await fill(db)
    watch = await asyncpg.connect(on.url)
    async with costing(on, into, lambda: BACKLOG):
        task = asyncio.create_task(Relay(db, bus).run())
        while await watch.fetchval(WAITING):  # noqa: ASYNC110  # only the table knows
            await asyncio.sleep(0.02)
    task.cancel()
    await watch.close()


async def sent_plainly(on: Ground, records: Sequence[dict[str, Any]], into: list[Cost]) -> None:
    """The same number of bytes by aiokafka alone, as safe: idempotent, acknowledged by all."""
    options: dict[str, Any] = {"enable_idempotence": True, "acks": "all", "max_batch_size": BATCH_BYTES}
    async with AIOKafkaProducer(bootstrap_servers=on.servers, **options) as producer:
        await producer.partitions_for(TOPIC)
        async with costing(on, into, lambda: len(records)):
            await asyncio.gather(*[await producer.send(**record) for record in records])


def records() -> list[dict[str, Any]]:
    """What the relay would send of such a backlog."""
    keys = [new_id() for _ in range(KEYS)]
    found: list[dict[str, Any]] = []
    for number in range(BACKLOG):
        row = Pending(sample(), SystemClock().now()).as_row()
        key = keys[number % KEYS]
        data = {**row["payload"], "booking": {**row["payload"]["booking"], "id": str(key)}}
        id_, at = row["event_id"], row["occurred_at"]
        found += records_of(Envelope(id_, row["type"], row["version"], row["topic"], key, at, data))
    return found


async def measure_relay(on: Ground) -> tuple[Cost, Cost]:
    """Relay and plain producer in turns."""
    relay, plain = list[Cost](), list[Cost]()
    db, bus, same = database(on.url, PRODUCER), KafkaBus(on.servers, client="bench"), records()
    for _ in range(ROUNDS):
        await sent_plainly(on, same, plain)
        await relayed(on, db, bus, relay)
    await bus.stop()
    await db.close()
    return total(relay), total(plain)


# A consumer: what waits in the topic by now, with the inbox and without.


async def consumed(on: Ground, into: list[Cost]) -> None:
    """The real consumer and inbox with a handler that does nothing."""
    count = 0

    async def handle(session: Session, event: BookingConfirmed) -> None:
        nonlocal count
        count += 1

    db, bus = database(on.url, CONSUMER), KafkaBus(on.servers, client="bench")
    bus.subscribe(Inbox(db, {BookingConfirmed: handle}).subscription())
    await bus.start()
    while not count:  # noqa: ASYNC110  # the group is being joined
        await asyncio.sleep(0.05)
    count = 0
    async with costing(on, into, lambda: count):
        await asyncio.sleep(TAKE_SECONDS)
    await bus.stop()
    await db.close()


async def taken_plainly(on: Ground, into: list[Cost]) -> None:
    """The same records by aiokafka alone: fetched, and the end of each batch committed."""
    count = 0
    options: dict[str, Any] = {"enable_auto_commit": False, "auto_offset_reset": "earliest"}
    async with AIOKafkaConsumer(internal(TOPIC), bootstrap_servers=on.servers, group_id="bench", **options) as consumer:
        await consumer.seek_to_beginning()
        async with costing(on, into, lambda: count):
            while count < BACKLOG:
                batches = await consumer.getmany(timeout_ms=500, max_records=200)
                count += sum(len(found) for found in batches.values())
                await consumer.commit()


async def one_row_commits(on: Ground, into: list[Cost], connections: int = 6) -> None:
    """The limit of this Postgres for what an inbox must do: one receipt per transaction."""
    db, count, ends = database(on.url, CONSUMER), 0, time.perf_counter() + TAKE_SECONDS / 2

    async def one() -> None:
        nonlocal count
        connection = await asyncpg.connect(on.url)
        insert = f"insert into {CONSUMER}.inbox values ($1, 'bench', now())"
        while time.perf_counter() < ends:
            await connection.execute(insert, new_id())
            count += 1
        await connection.close()

    async with costing(on, into, lambda: count):
        await asyncio.gather(*(one() for _ in range(connections)))
    await db.close()


async def measure_consumer(on: Ground) -> tuple[Cost, Cost, Cost]:
    """Inbox, bare consumer, bare receipts."""
    inbox, plain, commits = list[Cost](), list[Cost](), list[Cost]()
    await sent_plainly(on, records(), list[Cost]())
    await taken_plainly(on, plain)
    await one_row_commits(on, commits)
    await consumed(on, inbox)
    await one_row_commits(on, commits)
    return total(inbox), total(plain), total(commits)


def report_delay(rate: int, delays: list[float], spent: dict[str, float]) -> None:
    """Prints the delay at one rate."""
    spread = statistics.quantiles(delays, n=100)
    print(f"commit to handler, {rate:>3}/s      {spread[49]:.1f} / {spread[94]:.1f} / {spread[98]:.1f} ms, ", end="")
    print(f"median / p95 / p99 of {len(delays)} events (goal at 500: median under 50)")
    print(
        "  CPU per event               " + ", ".join(f"{name} {cpu * 1e6:.0f}" for name, cpu in spent.items()) + " us"
    )


def report(name: str, cost: Cost, peer: str, of: Cost) -> None:
    """Prints a rate beside its peer's."""
    print(f"{name:<29} {cost.rate:.0f} events/s = {cost.rate / of.rate:.2f} of {peer} ({of.rate:.0f}/s)")
    print(f"  CPU per event               {cost.each()}; {peer}: {of.each()}")


async def main() -> None:
    """Runs what is named (delay, relay, consumer), else all three, and prints."""
    wanted = sys.argv[1:] or ["delay", "relay", "consumer"]
    async with ground([PRODUCER, CONSUMER], [TOPIC]) as on:
        if "delay" in wanted:
            for found in await measure_delay(on):
                report_delay(*found)
        if "relay" in wanted:
            relay, plain = await measure_relay(on)
            report("relay, backlog to Kafka", relay, "a plain producer", plain)
        if "consumer" in wanted:
            await report_consumer(on)


async def report_consumer(on: Ground) -> None:
    """Measures and prints the consumer."""
    inbox, bare, commits = await measure_consumer(on)
    report("consumer with inbox", inbox, "a bare consumer", bare)
    report("  beside Postgres alone", inbox, "one receipt per commit", commits)


if __name__ == "__main__":
    run(main)

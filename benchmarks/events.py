"""Events: from a commit to a handler's commit through Kafka, and how many the relay and a consumer can move."""

import asyncio
import sys
import time
from collections.abc import Sequence
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from benchmarks.event_cost import CONSUMER, PRODUCER, TOPIC, Cost, costing, database, sample, total
from benchmarks.event_delay import measure_delay, report_delay
from benchmarks.ground import Ground, ground
from benchmarks.parts import run
from shared.database.session import Database, Session
from shared.events.base import Envelope, Pending
from shared.events.booking import BookingConfirmed
from shared.messaging.bus import Bus
from shared.messaging.cloudevents import internal, records_of
from shared.messaging.inbox import Inbox
from shared.messaging.kafka.bus import KafkaBus
from shared.messaging.kafka.producer import BATCH_BYTES
from shared.messaging.outbox import Relay, emit
from shared.records.clock import SystemClock
from shared.records.ids import new_id

BACKLOG, ROUNDS, TAKE_SECONDS = 25_000, 2, 6.0
KEYS = 1_000
WAITING = f"select exists (select from {PRODUCER}.outbox where sent_at is null)"


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

"""The transactional outbox: events are stored with the change that they tell of, and relayed in their order."""

import time
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import BigInteger

from shared.database.session import Database, Session
from shared.database.statements import CompiledStatement
from shared.events.base import Envelope, Event, Pending
from shared.messaging.bus import Bus
from shared.observability import telemetry
from shared.observability.logs import logger
from shared.observability.metrics import OUTBOX_OLDEST, OUTBOX_SENT, OUTBOX_WAITING
from shared.records.clock import machine_now
from shared.records.ids import moment_of

BATCH = 500
FASTEST, AMONG_OTHERS, ALONE = 0.0025, 0.2, 1.0
REMEMBER_OTHERS = 60.0
KEEP_SENT = timedelta(days=1)
# A mark that a power cut takes back means that the events are sent again, which the inbox is there for.
ASYNC_COMMIT = select(func.set_config("synchronous_commit", "off", True)).scalar_subquery() == "off"
log = logger()


def emit(session: Session, event: Event) -> None:
    """Stores the event with this transaction; the caller has locked or written its aggregate's row before."""
    moment = session.now()
    session.events.append(Pending(event.stamped(moment), moment))


class Relay:
    """Hands the outbox of one schema to the bus, in order. Run one per schema: several would reorder a key."""

    def __init__(self, db: Database, bus: Bus) -> None:
        """Reads from that database, publishes to that bus."""
        self.db, self.bus = db, bus
        outbox = db.system_tables.outbox
        waiting = select(outbox).where(outbox.c.sent_at.is_(None)).order_by(outbox.c.seq).limit(BATCH)
        those = bindparam("seqs", type_=ARRAY(BigInteger))
        sent = update(outbox).where(outbox.c.seq == those.any_(), ASYNC_COMMIT)
        self._waiting, self._mark = (
            CompiledStatement(waiting),
            CompiledStatement(sent.values(sent_at=bindparam("moment"))),
        )

    async def run_once(self) -> int:
        """Publishes the next batch and marks it; returns its size. A crash in between publishes it again."""
        async with self.db.read() as session:
            rows = await session.run(self._waiting)
        if not rows:
            return 0
        with telemetry.publishing(self.db.schema, [envelope_of(row) for row in rows]) as envelopes:
            await self.bus.publish(envelopes)
        done = {"seqs": [row.seq for row in rows], "moment": machine_now()}
        async with self.db.autocommit() as session:
            await session.run(self._mark, done)
        OUTBOX_SENT.labels(self.db.schema).inc(len(rows))
        return len(rows)

    async def run(self) -> None:
        """Relays until cancelled: at once after a commit of this process, else by polling.

        Where events are found that no commit of this process announced, other processes write to this outbox: then it
        polls every 200 ms at least, else every second.
        """
        committed, seen, full, others_until, pause = self.db.events_committed, -1, False, 0.0, ALONE
        while True:
            woken, seen = full or committed.count != seen, committed.count
            try:
                sent = await self.run_once()
            except Exception as error:
                log.warning("relay.failed", schema=self.db.schema, error=repr(error))
                sent = 0
            if sent and not woken:
                others_until, pause = time.monotonic() + REMEMBER_OTHERS, FASTEST
            pause = min(pause * 2, AMONG_OTHERS) if time.monotonic() < others_until else ALONE
            full, hurried = sent == BATCH, sent > 1 and not woken
            if not full:  # who writes so hurriedly elsewhere has written again by now
                await committed.wait(seen, 0 if hurried else pause)

    async def measure(self) -> None:
        """Says how many events wait, and since when: an event's id carries the machine's time of its emission."""
        outbox = self.db.system_tables.outbox
        waiting = outbox.c.sent_at.is_(None)
        oldest = select(outbox.c.event_id).where(waiting).order_by(outbox.c.seq).limit(1).scalar_subquery()
        async with self.db.read() as session:
            count, first = (await session.execute(select(func.count(), oldest).where(waiting))).one()
        OUTBOX_WAITING.labels(self.db.schema).set(count)
        age = machine_now() - moment_of(first) if first else timedelta(0)
        OUTBOX_OLDEST.labels(self.db.schema).set(max(age.total_seconds(), 0.0))

    async def prune(self) -> int:
        """Deletes what was sent more than a day ago; returns how many rows."""
        outbox = self.db.system_tables.outbox
        async with self.db.autocommit() as session:
            old = delete(outbox).where(outbox.c.sent_at < machine_now() - KEEP_SENT)
            return (await session.execute(old)).rowcount or 0  # type: ignore[attr-defined]  # the result of a delete has it


def envelope_of(row: Any) -> Envelope:
    """The stored event as a bus carries it."""
    return Envelope(
        row.event_id, row.type, row.version, row.topic, row.key, row.occurred_at, row.payload, row.traceparent
    )

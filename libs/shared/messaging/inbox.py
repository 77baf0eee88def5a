"""The inbox: an event takes effect once per consumer, failing ones are retried, then parked with their key."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.concurrency.back_off import BackOff
from shared.database.erasure import erased_among, holding
from shared.database.session import Database, Session
from shared.database.statements import CompiledStatement
from shared.events.base import REGISTRY, Consumers, Envelope, Event, Handler, UnknownEvent, decode
from shared.messaging.bus import Subscription
from shared.observability import telemetry
from shared.observability.logs import logger, redact
from shared.observability.metrics import EVENTS_HANDLED, EVENTS_PARKED, PARKED_NOW
from shared.records.clock import machine_now

ATTEMPTS = 6
BACK_OFF = BackOff(0.05, 5.0)
RETENTION = timedelta(days=30)
log = logger()


class Inbox:
    """One service's consumer: its handlers by event type, over its own database."""

    def __init__(self, db: Database, consumers: Consumers, attempts: int = ATTEMPTS) -> None:
        """After `attempts` failures that are not the database's absence an event is parked."""
        self.db, self.attempts = db, attempts
        self.consumer = db.schema
        self.handlers: Mapping[str, Handler] = {kind.__name__: handler for kind, handler in consumers.items()}
        self._claiming = CompiledStatement(_claiming(db))
        parked = db.system_tables.parked
        asked = parked.c.consumer == self.consumer, parked.c.replay
        self._holding = CompiledStatement(select(holding(db.schema)))
        self._erased_among = erased_among(db.system_tables)
        self._to_replay = CompiledStatement(select(parked).where(*asked).order_by(parked.c.seq))
        self.topics = frozenset(kind.topic for kind in consumers)

    def subscription(self) -> Subscription:
        """What the bus needs to know of this consumer."""
        return Subscription(self.consumer, self.topics, frozenset(self.handlers), self.take, self.refuse)

    async def deliver(self, envelope: Envelope) -> bool:
        """One attempt in one transaction; True if the handler ran, False if it had before or the key is blocked."""
        handling = telemetry.serving(self.consumer, f"handle {envelope.type}", telemetry.CONSUMER, envelope.traceparent)
        with handling:
            event = _readable(envelope)
            owners = () if event is None else _owners(event)
            async with self.db.transaction() as session:
                blocked = await self._claim(session, envelope, owners)
                if blocked is None:
                    return False
                if blocked and not overtakes_parked(envelope):
                    await _park(session, self.consumer, envelope, "waits behind an earlier event of its key")
                    return False
                await self._handle(session, decode(envelope) if event is None else event, owners)
        EVENTS_HANDLED.labels(self.consumer, envelope.type).inc()
        return True

    async def take(self, envelope: Envelope) -> None:
        """Handles the event, or parks it after the last attempt; waits as long as the database is away."""
        failures = 0
        for tries in count(1):
            try:
                await self.deliver(envelope)
                return
            except Exception as error:
                failures += 0 if database_is_away(error) else 1
                if failures >= self.attempts:
                    await self.refuse(envelope, repr(error))
                    return
                log.warning("event.retry", **self._about(envelope), error=repr(error))
            await asyncio.sleep(BACK_OFF.seconds(tries))

    async def refuse(self, envelope: Envelope, reason: str) -> None:
        """Parks the event without another attempt; waits as long as the database is away."""
        log.warning("event.parked", **self._about(envelope), error=reason)
        for tries in count(1):
            try:
                async with self.db.transaction() as session:
                    if await self._claim(session, envelope) is not None:
                        await _park(session, self.consumer, envelope, reason)
                break
            except Exception as again:
                log.warning("event.cannot_be_parked", **self._about(envelope), error=repr(again))
                await asyncio.sleep(BACK_OFF.seconds(tries))
        EVENTS_PARKED.labels(self.consumer, envelope.type).inc()

    async def replay(self) -> int:
        """Handles parked events that an operator asked to replay, in order per key; returns how many went through."""
        done = 0
        async with self.db.read() as session:
            rows = await session.run(self._to_replay)
        failed: set[UUID] = set()
        for row in rows:
            if row.key in failed:
                continue
            if await self._replay_one(row):
                done += 1
            else:
                failed.add(row.key)
        return done

    async def measure(self) -> None:
        """Says how many events are parked now."""
        async with self.db.read() as session:
            parked = await session.scalar(select(func.count()).select_from(self.db.system_tables.parked))
        PARKED_NOW.labels(self.db.schema).set(parked or 0)

    async def prune(self) -> int:
        """Forgets receipts older than thirty days, longer than any redelivery; returns how many."""
        inbox = self.db.system_tables.inbox
        async with self.db.autocommit() as session:
            old = delete(inbox).where(inbox.c.received_at < machine_now() - RETENTION)
            return (await session.execute(old)).rowcount or 0  # type: ignore[attr-defined]  # the result of a delete has it

    def _about(self, envelope: Envelope) -> dict[str, str]:
        return {"consumer": self.consumer, "type": envelope.type, "id": str(envelope.id)}

    async def _claim(self, session: Session, envelope: Envelope, owners: Sequence[str] = ()) -> bool | None:
        """Whether an earlier event of its key is parked; None where the event was taken before.

        No erasure of one of the owners begins before the end of the transaction, and one that has begun has ended.
        """
        row = {"event_id": envelope.id, "consumer": self.consumer, "received_at": machine_now()}
        claimed = await session.first(self._claiming, {**row, "parked_key": envelope.key, "owners": owners})
        return None if claimed is None else bool(claimed.blocked)

    async def _handle(self, session: Session, event: Event, owners: Sequence[str]) -> None:
        """Hands the event to its handler, without what is personal of people who were erased meanwhile."""
        present = await self._of_the_present(session, event, owners)
        if present is not None:
            await self.handlers[type(present).__name__](session, present)

    async def _of_the_present(self, session: Session, event: Event, owners: Sequence[str]) -> Event | None:
        if not owners:
            return event
        rows = await session.run(self._erased_among, {"ids": owners})
        return event.without({row.id for row in rows}) if rows else event

    async def _replay_one(self, row: Any) -> bool:
        parked = self.db.system_tables.parked
        try:
            async with self.db.transaction() as session:
                gone = await session.execute(delete(parked).where(parked.c.seq == row.seq).returning(parked.c.seq))
                if gone.scalar_one_or_none() is not None:
                    event = decode(stored_envelope(row.envelope))
                    owners = _owners(event)
                    await session.run(self._holding, {"owners": owners})
                    await self._handle(session, event, owners)
            return True
        except Exception as error:
            async with self.db.transaction() as session:
                same_key = (parked.c.consumer == self.consumer) & (parked.c.key == row.key)
                await session.execute(update(parked).where(same_key).values(replay=False))
                await session.execute(
                    update(parked).where(parked.c.seq == row.seq).values(error=redact(repr(error))[:2000])
                )
            return False


def _readable(envelope: Envelope) -> Event | None:
    """None where decoding fails: what was taken before, or waits behind another, is not read again."""
    try:
        return decode(envelope)
    except (UnknownEvent, ValueError):
        return None


def _owners(event: Event) -> Sequence[str]:
    return sorted(map(str, event.owners()))


def _claiming(db: Database) -> Any:
    """Built once, since every event needs it: the receipt, whether an earlier event of the key is parked, the hold."""
    inbox, parked = db.system_tables.inbox, db.system_tables.parked
    behind = exists().where(parked.c.consumer == inbox.c.consumer, parked.c.key == bindparam("parked_key", type_=Uuid))
    return (
        insert(inbox)
        .on_conflict_do_nothing()
        .returning(behind.correlate(inbox).label("blocked"), holding(db.schema).label("held"))
    )


def database_is_away(error: BaseException) -> bool:
    """Whether the failure is the database's absence, which ends by itself, and says nothing about the event."""
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", "") or "")
        return error.connection_invalidated or state[:2] in {"08", "57", "53", "40"} or state == "55P03"
    return isinstance(error, OSError | PoolTimeout | TimeoutError)


async def _park(session: Session, consumer: str, envelope: Envelope, reason: str) -> None:
    row = {
        "consumer": consumer,
        "key": envelope.key,
        "event_id": envelope.id,
        "type": envelope.type,
        "envelope": plain_envelope(envelope),
        "error": redact(reason)[:2000],
        "replay": False,
        "parked_at": machine_now(),
    }
    await session.execute(insert(session.system_tables.parked).values(row).on_conflict_do_nothing())


def overtakes_parked(envelope: Envelope) -> bool:
    """Whether the event is handled although earlier ones of its key are parked."""
    kind = REGISTRY.get((envelope.type, envelope.version))
    return kind is not None and kind.overtakes_parked


def plain_envelope(envelope: Envelope) -> dict[str, Any]:
    """The envelope as a parked event stores it."""
    return {name: _plain(value) for name, value in asdict(envelope).items()}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID | datetime) else value


def stored_envelope(data: Mapping[str, Any]) -> Envelope:
    """The envelope that was parked."""
    return Envelope(
        **{**data, "id": UUID(data["id"]), "key": UUID(data["key"]), "time": datetime.fromisoformat(data["time"])}
    )

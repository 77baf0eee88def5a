"""Events that come again: parked ones, and all that was ever sent."""

from collections.abc import Sequence
from importlib import import_module
from uuid import UUID

import asyncpg
import orjson

from estuary.services import SERVICES
from shared.events.base import Envelope, decode
from shared.messaging.inbox import plain_envelope

SENT = "select event_id, type, version, topic, key, payload, traceparent, occurred_at from {}.outbox order by seq"
HANDLED = {
    service: {kind.__name__ for kind in import_module(f"services.{service}.app").CONSUMERS} for service in SERVICES
}
Stored = dict[str, Sequence[asyncpg.Record]]


async def all_events(database: asyncpg.Connection) -> Stored:
    """What each service has sent, in its order."""
    return {name: await database.fetch(SENT.format(name)) for name in SERVICES}


async def park(database: asyncpg.Connection, events: Stored, person: UUID, mark: str) -> int:
    """Parks, for every service that handles it, one event of each type that says something of the person."""
    rows = {row["type"]: row for sent in events.values() for row in sent if person in decode(_envelope(row)).owners()}
    parked = 0
    for service in SERVICES:
        for row in [rows[kind] for kind in sorted(HANDLED[service] & rows.keys())]:
            await _park(database, service, _envelope(row), mark)
            parked += 1
    return parked


async def send_again(database: asyncpg.Connection, events: Stored) -> None:
    """As if no service had handled any of them yet."""
    for service in SERVICES:
        await database.execute(f"delete from {service}.inbox")
        await database.execute(f"delete from {service}.outbox")
        await database.executemany(
            f"""insert into {service}.outbox (event_id, type, version, topic, key, payload, traceparent, occurred_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8)""",
            [tuple(row) for row in events[service]],
        )


async def are_handled(database: asyncpg.Connection, events: Stored) -> None:
    """All were sent, and each service has those that it handles."""
    for service in SERVICES:
        assert await database.fetchval(f"select count(*) from {service}.outbox where sent_at is null") == 0
        wanted = {row["event_id"] for sent in events.values() for row in sent if row["type"] in HANDLED[service]}
        taken = {row[0] for row in await database.fetch(f"select event_id from {service}.inbox")}
        assert wanted <= taken, f"{service}: {len(wanted - taken)} are missing"


async def _park(database: asyncpg.Connection, service: str, envelope: Envelope, mark: str) -> None:
    await database.execute(
        f"""insert into {service}.parked (consumer, key, event_id, type, envelope, error, replay, parked_at)
        values ($1, $2, $3, $4, $5, $6, false, now())""",
        service,
        envelope.key,
        envelope.id,
        envelope.type,
        orjson.dumps(plain_envelope(envelope)).decode(),
        f"{envelope.type} of {mark}",
    )


def _envelope(row: asyncpg.Record) -> Envelope:
    data = orjson.loads(row["payload"])
    return Envelope(row["event_id"], row["type"], row["version"], row["topic"], row["key"], row["occurred_at"], data)

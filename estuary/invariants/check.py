"""What must always be true, within each service and across them: a line each, with its number of violations."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

from sqlalchemy import text

from estuary.invariants import cross_service_invariants
from estuary.run.postgres import open_migrated, schemas
from estuary.services import SERVICES, invariants
from estuary.settings import EstuarySettings
from shared.database.migrate import role_of
from shared.database.session import Database
from shared.database.system_tables import system_tables
from shared.records.clock import SystemClock

# What one service has told and another has not heard yet is no violation; while anything runs it passes in a moment.
LOOKS, PAUSE_SECONDS = 8, 0.5
Databases = Mapping[str, Database]


async def check(settings: EstuarySettings) -> int:
    """Prints every invariant's name and number of violations; returns the sum."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(open_migrated(settings, schemas(settings)))
        databases = {name: _database(url, name) for name in schemas(settings)}
        for db in databases.values():
            stack.push_async_callback(db.close)
        total = 0
        for service in SERVICES:
            for name, sql in invariants(service).items():
                total += _print(f"{service}: {name}", await _rows(databases[service], sql))
        total += await _cross_service(databases)
    print(f"{total} violations")
    return total


async def _cross_service(databases: Databases) -> int:
    total = 0
    for rule in cross_service_invariants.RULES:
        if rule.left.schema not in databases or rule.right.schema not in databases:
            print(f"     -  across: {rule.name} (not checked: it needs the sandbox)")
            continue
        total += _print(f"across: {rule.name}", await _broken(databases, rule))
    return total


async def _broken(databases: Databases, rule: cross_service_invariants.Rule) -> list[Any]:
    """What breaks the rule at every one of several looks, and waits in no outbox."""
    broken = rule.broken(*[await _facts(databases, side) for side in (rule.left, rule.right)])
    for _ in range(LOOKS):
        if not broken:
            return []
        await asyncio.sleep(PAUSE_SECONDS)
        under_way = await _under_way(databases)
        again = rule.broken(*[await _facts(databases, side) for side in (rule.left, rule.right)])
        broken = {key: what for key, what in again.items() if key in broken and key not in under_way}
    return [{"id": key, "what": what} for key, what in broken.items()]


async def _facts(databases: Databases, side: cross_service_invariants.Side) -> cross_service_invariants.Values:
    rows = await _rows(databases[side.schema], side.sql)
    return {str(row["id"]): str(row["fact"]) for row in rows}


async def _under_way(databases: Databases) -> set[str]:
    """The ids that unsent and parked events speak of, in every schema."""
    found: set[str] = set()
    for name, db in databases.items():
        tables = system_tables(name)
        for row in await _rows(db, f"select key, payload::text as payload from {tables.outbox} where sent_at is null"):
            found |= {str(row["key"]), *cross_service_invariants.ids_in(row["payload"])}
        found |= {str(row["key"]) for row in await _rows(db, f"select key from {tables.parked}")}
    return found


def _database(url: str, name: str) -> Database:
    return Database(url, schema=name, clock=SystemClock(), role=role_of(name), pool_size=1)


async def _rows(db: Database, sql: str) -> list[Any]:
    async with db.read() as session:
        return list((await session.execute(text(sql))).mappings().all())


def _print(name: str, rows: list[Any]) -> int:
    print(f"{len(rows):>6}  {name}")
    for row in rows[:5]:
        print(f"        {dict(row)}")
    return len(rows)

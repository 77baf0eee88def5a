"""The newest migrations on the schema before each, with rows in every table and while others write."""

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from devtools.testing.databases import Databases
from estuary.services import SERVICES, migrations
from shared.database import migrate
from tests.database.rows import COLUMNS, Rows

NEWEST = 100 if os.environ.get("ESTUARY_SWEEP") == "all" else 3
"""So many migrations of each service are tried; an older one never changes."""
WRITERS = 4
LOCK_TIMEOUT = 5.0
"""Seconds: so long a migration waits for a lock, and with it whoever comes after it."""


def revisions(versions: Path) -> list[str]:
    """All of them, the first one first."""
    script = ScriptDirectory.from_config(migrate.configuration("", versions))
    return [one.revision for one in script.walk_revisions()][::-1]


class Load:
    """Updates rows of all tables, in short transactions; knows how long the longest one took."""

    def __init__(self, url: str, schema: str) -> None:
        self._url, self._schema = url, schema
        self.longest, self.writes = 0.0, 0
        self.broken: list[str] = []

    async def run(self, seed: int) -> None:
        """Until cancelled; what a rule of the schema refuses is no fault, a wait that is cut is one."""
        connection, chance = await asyncpg.connect(self._url, statement_cache_size=0), random.Random(seed)
        try:
            while True:
                await self._write(connection, chance)
        finally:
            connection.terminate()

    async def _write(self, connection: asyncpg.Connection, chance: random.Random) -> None:
        rows = await connection.fetch(COLUMNS, self._schema)
        row = chance.choice([one for one in rows if not one["made"]])
        table, column = f'{self._schema}."{row["table_name"]}"', f'"{row["column_name"]}"'
        began = time.monotonic()
        try:
            await connection.execute(
                f"update {table} set {column} = {column} where ctid in (select ctid from {table} limit 3)"
            )
            self.writes += 1
        except (asyncpg.UndefinedColumnError, asyncpg.UndefinedTableError, asyncpg.RaiseError):
            pass  # it has just been renamed, or may not be changed
        except (asyncpg.QueryCanceledError, asyncpg.DeadlockDetectedError) as error:
            self.broken.append(f"{table}: {error}")
        self.longest = max(self.longest, time.monotonic() - began)
        await asyncio.sleep(0.001)


@asynccontextmanager
async def loaded(url: str, schema: str) -> AsyncIterator[Load]:
    """Others write meanwhile."""
    load = Load(url, schema)
    writers = [asyncio.create_task(load.run(seed)) for seed in range(WRITERS)]
    await asyncio.sleep(0.1)
    try:
        yield load
    finally:
        for writer in writers:
            writer.cancel()
        ended = await asyncio.gather(*writers, return_exceptions=True)
    assert [error for error in ended if not isinstance(error, asyncio.CancelledError)] == []


async def filled(url: str, schema: str) -> dict[str, int]:
    connection = await asyncpg.connect(url)
    try:
        return await Rows(connection, schema).fill()
    finally:
        await connection.close()


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("service", SERVICES)
async def test_each_later_migration_runs_on_rows_while_others_write(service: str, databases: Databases):
    versions, url = migrations(service), await databases.empty()
    found = revisions(versions)
    later = found[1:][-NEWEST:]
    await migrate.upgrade(url, service, versions, to=found[-1 - len(later)])
    for revision in later:
        counts = await filled(url, service)
        async with loaded(url, service) as load:
            await migrate.upgrade(url, service, versions, to=revision)
        assert [table for table, count in counts.items() if not count] == []
        assert load.writes, revision
        assert (load.broken, load.longest < LOCK_TIMEOUT) == ([], True), (revision, load.longest)
    await databases.drop(url)


@pytest.mark.slow
async def test_a_migration_that_gets_no_lock_gives_up_and_passes_the_next_time(databases: Databases):
    versions, url = migrations("booking"), await databases.empty()
    before, last = "booking_0011", "booking_0012"  # which changes tables that are written to
    await migrate.upgrade(url, "booking", versions, to=before)
    writer = await asyncpg.connect(url)
    tables = await writer.fetch("select tablename from pg_tables where schemaname = 'booking'")
    transaction = writer.transaction()
    await transaction.start()
    for table in tables:
        await writer.execute(f'lock table booking."{table["tablename"]}" in row exclusive mode')
    began = time.monotonic()
    with pytest.raises(DBAPIError, match="lock timeout"):
        await migrate.upgrade(url, "booking", versions, to=last)
    assert time.monotonic() - began < 2 * LOCK_TIMEOUT
    await transaction.rollback()
    await writer.close()
    assert await migrate.upgrade(url, "booking", versions, to=last)
    await databases.drop(url)

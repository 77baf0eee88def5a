"""A database that tests use in turn is, for each of them, as the migrations made it."""

from typing import ClassVar
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from devtools.testing.fixtures import runtime_on
from devtools.testing.reuse import ReusedDatabases
from shared.database import audit
from shared.events.base import Event
from shared.messaging.outbox import emit
from shared.records.ids import new_id


class RowMade(Event):
    topic: ClassVar[str] = "estuary.toy"
    keyed_by: ClassVar[str] = "thing_id"
    thing_id: UUID


class Turns:
    """What one test after the other does with the catalog's databases."""

    def __init__(self, databases, clock):
        self.reused, self._clock = ReusedDatabases(databases), clock

    async def begin(self):
        self.now = await self.reused.take("catalog")
        self.db = runtime_on(self.now.url, "catalog", self._clock, {}, {}).db
        self.reused.join(self.now, self.db)
        return self.db

    async def end(self):
        await self.reused.give_back("catalog", self.now, self.db)
        return self.now

    async def next_has_the_same(self):
        before = await self.end()
        await self.begin()
        return self.now is before


@pytest.fixture
async def turns(databases, clock):
    made = Turns(databases, clock)
    await made.begin()
    yield made
    await made.end()
    await made.reused.close()


async def contents(url):
    """Every row of every table, and where each sequence is."""
    connection = await asyncpg.connect(url)
    try:
        names = await connection.fetch(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'catalog'"
        )
        rows = {name: sorted(map(str, await connection.fetch(f"select * from {name}"))) for (name,) in names}
        return rows, await connection.fetch("select sequencename, last_value from pg_sequences order by 1")
    finally:
        await connection.close()


async def test_rows_and_sequences_and_what_migrations_wrote_are_put_back(databases, turns):
    fresh = await databases.clone("catalog")
    async with turns.db.transaction() as session:
        await session.execute(text("update categories set name = name || '!'"))
        await audit.record(session, new_id(), "practitioner.approve", new_id(), {}, {})
        emit(session, RowMade(thing_id=new_id()))
    assert await contents(turns.now.url) != await contents(fresh)
    assert await turns.next_has_the_same()
    assert await contents(turns.now.url) == await contents(fresh)
    await databases.drop(fresh)


async def test_connections_stay_open_for_the_next_one(turns):
    await turns.db.ping()
    [before] = turns.db.connections.idle
    assert await turns.next_has_the_same()
    assert turns.db.connections.idle == [before]


@pytest.mark.parametrize(
    "change",
    [
        "create table catalog.more (id int)",
        "alter table catalog.services alter column title drop not null",
        "create function catalog.f() returns int language sql as 'select 1'",
        "drop index catalog.ix_services_category",
        "truncate catalog.services cascade",
        "grant select on catalog.services to public",
    ],
)
async def test_one_whose_schema_was_changed_is_used_no_more(turns, change):
    owner = await asyncpg.connect(turns.now.url)
    await owner.execute(change)
    await owner.close()
    assert not await turns.next_has_the_same()


async def test_nor_is_one_to_which_somebody_is_connected(turns):
    somebody = await asyncpg.connect(turns.now.url)
    assert not await turns.next_has_the_same()
    with pytest.raises((asyncpg.PostgresError, OSError, asyncpg.InterfaceError)):
        await somebody.execute("select 1")


async def test_nor_one_with_a_transaction_that_did_not_end(turns):
    with pytest.raises(DBAPIError):  # its database is gone
        async with turns.db.transaction():
            assert not await turns.next_has_the_same()


async def test_nor_one_with_a_lock_that_stayed(turns):
    async with turns.db.transaction() as session:
        await session.execute(text("select pg_advisory_lock(1)"))
    assert not await turns.next_has_the_same()


async def test_what_a_test_left_running_cannot_write_into_the_next_one(turns):
    before = turns.db
    await before.ping()
    assert await turns.next_has_the_same()
    with pytest.raises(ConnectionError):
        await before.ping()
    await turns.db.ping()

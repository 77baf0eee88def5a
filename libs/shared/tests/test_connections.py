"""Connections are given back clean, whatever happened on them, and never more than agreed."""

import asyncio

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.database.connections import Connections
from shared.database.session import Database, table_of
from shared.database.statements import CompiledStatement
from shared.messaging.inbox import database_is_away
from shared.records.clock import SystemClock, machine_now
from shared.records.ids import new_id
from shared.tests.conftest import Thing

THING = table_of(Thing)
ADD = CompiledStatement(THING.insert())
ALL = CompiledStatement(select(THING.c.name).order_by(THING.c.name))
SLEEP = CompiledStatement(text("select pg_sleep(30)"))
WHO = CompiledStatement(text("select pg_backend_pid() as pid"))
END = CompiledStatement(text("select pg_terminate_backend(:pid)"))


@pytest.fixture
async def db(databases):
    url = await databases.clone("toy")
    made = Database(url, schema="toy", clock=SystemClock(), pool_size=2)
    yield made
    await made.close()
    await databases.drop(url)


def thing(name):
    return {"id": new_id(), "name": name, "at": machine_now()}


async def names(db):
    async with db.read() as session:
        return [row.name for row in await session.run(ALL)]


class TestTransaction:
    async def test_both_sides_are_in_one(self, db):
        async def undone():
            async with db.transaction() as session:
                await session.run(ADD, thing("by wire"))
                session.add(Thing(**thing("by ORM")))
                await session.flush()
                raise ValueError("changed my mind")

        with pytest.raises(ValueError, match="changed my mind"):
            await undone()
        assert await names(db) == []
        async with db.transaction() as session:
            session.add(Thing(**thing("by ORM")))
            await session.run(ADD, thing("by wire"))
        assert await names(db) == ["by ORM", "by wire"]

    async def test_objects_keep_what_they_hold_after_the_commit(self, db):
        async with db.transaction() as session:
            made = Thing(**thing("kept"))
            session.add(made)
        assert made.name == "kept"

    async def test_an_adopted_row_is_changed_like_a_loaded_one(self, db):
        row = thing("before")
        async with db.transaction() as session:
            await session.run(ADD, row)
        async with db.transaction() as session:
            found = session.adopt(Thing, row)
            found.name = "after"
        assert await names(db) == ["after"]

    async def test_a_row_that_is_adopted_again_is_brought_up_to_date(self, db):
        row = thing("before")
        async with db.transaction() as session:
            found = session.adopt(Thing, row)
            assert session.adopt(Thing, {**row, "name": "now"}) is found
            assert found.name == "now"

    async def test_what_is_changed_of_it_is_kept_when_it_is_adopted_again(self, db):
        row = thing("before")
        async with db.transaction() as session:
            await session.run(ADD, row)
        async with db.transaction() as session:
            found = session.adopt(Thing, row)
            found.name = "after"
            assert session.adopt(Thing, row).name == "after"
        assert await names(db) == ["after"]

    async def test_a_cancelled_one_leaves_a_clean_connection(self, db):
        async def stuck():
            async with db.transaction() as session:
                await session.run(ADD, thing("lost"))
                await session.run(SLEEP)

        for _ in range(4):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(stuck(), 0.2)
        assert await names(db) == []
        async with db.transaction() as one, db.transaction() as other:
            await one.run(ADD, thing("a"))
            await other.run(ADD, thing("b"))
        assert await names(db) == ["a", "b"]

    async def test_an_error_is_told_as_sqlalchemy_tells_it(self, db):
        async def twice(row):
            async with db.transaction() as session:
                await session.run(ADD, row)
                await session.run(ADD, row)

        with pytest.raises(IntegrityError) as caught:
            await twice(thing("twice"))
        assert getattr(caught.value.orig, "sqlstate", None) == "23505"
        assert "twice" not in str(caught.value)
        assert await names(db) == []


class TestConnections:
    async def test_the_last_one_is_taken_first(self, db):
        async with db.read(), db.read() as inner:
            last = (await inner.run(WHO))[0].pid
        async with db.read() as session:
            assert (await session.run(WHO))[0].pid != last
        assert len(db.connections.idle) == 2

    async def test_one_that_ended_is_told_as_absence_and_replaced(self, db):
        ended = []

        async def end():
            async with db.transaction() as session, db.transaction() as other:
                ended.append((await session.run(WHO))[0].pid)
                await other.run(END, {"pid": ended[0]})
                await session.run(ALL)

        with pytest.raises(DBAPIError) as caught:
            await end()
        assert database_is_away(caught.value)
        async with db.read() as one, db.read() as two:
            assert ended[0] not in [(await each.run(WHO))[0].pid for each in (one, two)]

    async def test_one_that_ended_while_idle_is_not_handed_out(self, db):
        async with db.read() as one, db.read() as two:
            pids = [(await each.run(WHO))[0].pid for each in (one, two)]
            await one.run(END, {"pid": pids[1]})
        await asyncio.sleep(0.2)
        for _ in range(3):
            await db.ping()

    async def test_one_whose_statement_was_broken_off_goes_to_nobody(self, db):
        pids = []

        async def stuck():
            async with db.read() as session:
                pids.append((await session.run(WHO))[0].pid)
                await session.run(SLEEP)

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(stuck(), 0.2)
        async with db.read() as session:
            assert (await session.run(WHO))[0].pid not in pids

    async def test_who_waits_too_long_is_told(self, db):
        few = Connections(db.engine, 1, wait_seconds=0.05)
        pooled = await few.acquire()
        with pytest.raises(PoolTimeout):
            await few.acquire()
        few.release(pooled)
        assert await few.acquire() is pooled
        few.release(pooled)
        await few.close()

    async def test_closed_it_keeps_none(self, db):
        async with db.read():
            await db.close()
        assert db.connections.idle == []

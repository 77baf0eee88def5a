"""The chain of an audit log: rows are sealed once, in the order in which they are seen, and every change shows."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from sqlalchemy import select

from shared.database import audit
from shared.database.audit_chain import Position, Walked, digest_of, hash_of, start_of, walk
from shared.database.session import Database, Session
from shared.records.ids import new_id
from shared.work.audit_sealing import Sealer

STAFF = new_id()
Tamper = Callable[..., Awaitable[None]]


@pytest.fixture
def db(toy) -> Database:
    return toy.state.runtime.db


@pytest.fixture
def tamper(db: Database) -> Tamper:
    """Runs statements as the owner of the database, who has disabled the triggers."""

    async def run(*statements: str) -> None:
        async with db.transaction() as session:
            connection = await session.connection()
            for statement in ("set local role none", "set local session_replication_role = replica", *statements):
                await connection.exec_driver_sql(statement)

    return run


async def write(db: Database, count: int = 10) -> None:
    for number in range(count):
        async with db.transaction() as session:
            await audit.record(session, STAFF, "thing.change", new_id(), {}, {"number": number}, reason="words")


async def walked(db: Database, after: Position | None = None, limit: int = 1000) -> Walked:
    async with db.read() as session:
        return await walk(session, "toy", after or start_of("toy"), limit)


async def rows(db: Database) -> list[Any]:
    table = db.system_tables.audit
    async with db.read() as session:
        return list(await session.execute(select(table).order_by(table.c.number)))


async def test_rows_are_numbered_and_each_hash_covers_the_one_before_it(db: Database) -> None:
    await write(db, 5)
    assert await Sealer(db).run_once() == 5
    assert await Sealer(db).run_once() == 0
    previous = start_of("toy").hash
    assert len(previous) * 8 == 256
    for number, row in enumerate(await rows(db), 1):
        assert (row.number, row.digest) == (number, digest_of(row.salt, row))
        previous = hash_of(previous, number, row, row.digest)
        assert row.hash == previous
    assert await walked(db) == Walked([row.hash for row in await rows(db)], 0)


async def test_a_walk_goes_on_where_the_one_before_it_ended(db: Database) -> None:
    await write(db, 5)
    await Sealer(db).run_once()
    first = await walked(db, limit=2)
    rest = await walked(db, Position(2, first.hashes[-1]))
    assert [*first.hashes, *rest.hashes] == (await walked(db)).hashes
    assert (await walked(db, Position(2, bytes(32)))).broken_at == 3


async def test_a_row_that_is_committed_late_comes_after_those_that_were_sealed_before(db: Database) -> None:
    async with db.transaction() as late:
        await audit.record(late, STAFF, "thing.late", STAFF, {}, {})
        await write(db, 3)
        assert await Sealer(db).run_once() == 3
    await Sealer(db).run_once()
    found = await rows(db)
    assert [row.action for row in found] == ["thing.change"] * 3 + ["thing.late"]
    assert min(found, key=lambda row: row.id).action == "thing.late"
    assert (await walked(db)).broken_at is None


async def test_several_leaders_beside_writers_make_one_chain(db: Database) -> None:
    async def sealing() -> None:
        for _ in range(20):
            await Sealer(db).run_once()

    await asyncio.gather(*(write(db, 10) for _ in range(5)), *(sealing() for _ in range(3)))
    await Sealer(db).run_once()
    assert [row.number for row in await rows(db)] == list(range(1, 51))
    assert (await walked(db)).broken_at is None


class Dying(Database):
    """Its process is killed right before a commit."""

    async def _complete(self, session: Session) -> None:
        raise KeyboardInterrupt


async def test_who_is_killed_before_the_commit_has_sealed_nothing(db: Database) -> None:
    await write(db, 3)
    dying = Dying(db.url, schema="toy", clock=db.clock, role=db.role)
    with pytest.raises(KeyboardInterrupt):
        await Sealer(dying).run_once()
    await dying.close()
    assert {row.number for row in await rows(db)} == {None}
    assert await Sealer(db).run_once() == 3
    assert (await walked(db)).broken_at is None


async def test_a_row_that_is_being_emptied_is_sealed_the_next_time(db: Database) -> None:
    await write(db, 2)
    async with AsyncExitStack() as stack:
        erasing = await stack.enter_async_context(db.transaction())
        await audit.erase(erasing, STAFF, [])
        assert await Sealer(db).run_once() == 0
    assert await Sealer(db).run_once() == 3
    found = await walked(db)
    assert (len(found.hashes), found.erased, found.broken_at) == (3, 0, None)


async def test_an_erasure_keeps_the_chain(db: Database) -> None:
    await write(db, 3)
    await Sealer(db).run_once()
    before = (await walked(db)).hashes
    async with db.transaction() as session:
        await audit.erase(session, STAFF, [])
    await Sealer(db).run_once()
    found = await walked(db)
    assert (found.hashes[:3], len(found.hashes), found.erased, found.broken_at) == (before, 4, 3, None)
    assert {(row.reason, row.salt) for row in (await rows(db))[:3]} == {(None, None)}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("set after = '{\"number\": 77}'", "contents"),
        ("set reason = null", "contents"),
        ("set actor_id = subject_id", "the row"),
        ("set created_at = created_at + interval '1 second'", "the row"),
        ("set salt = sha256('other'), digest = sha256('other')", "contents"),
        ("set hash = sha256('other')", "the row"),
        ("set number = null, hash = null, digest = null, salt = null", "missing"),
        ("set before = '{}', after = '{}', reason = null, salt = null, erased_at = now()", "no erasure"),
    ],
)
async def test_a_row_that_the_owner_changes_is_named(db: Database, tamper: Tamper, change: str, fault: str) -> None:
    await write(db)
    await Sealer(db).run_once()
    await tamper(f"update toy.audit {change} where number = 4")
    found = await walked(db)
    assert (found.broken_at, len(found.hashes)) == (4, 3)
    assert fault in found.fault


async def test_contents_that_are_swapped_and_rows_that_are_deleted_are_named(db: Database, tamper: Tamper) -> None:
    await write(db)
    await Sealer(db).run_once()
    swapped = "update toy.audit one set after = other.after from toy.audit other where one.number + other.number = 11"
    await tamper(f"{swapped} and one.number in (3, 8)")
    assert (await walked(db)).broken_at == 3
    await tamper("delete from toy.audit where number = 2")
    assert (await walked(db)).broken_at == 2


async def test_contents_that_come_back_after_an_erasure_are_named(db: Database, tamper: Tamper) -> None:
    await write(db, 2)
    await Sealer(db).run_once()
    async with db.transaction() as session:
        await audit.erase(session, STAFF, [])
    await tamper("update toy.audit set after = '{\"number\": 1}' where number = 2")
    assert (await walked(db)).broken_at == 2

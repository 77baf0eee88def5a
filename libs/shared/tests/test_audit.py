"""The audit log: rows are added, completed once, and lose people's words; nothing else changes them."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from shared.database import audit
from shared.database.session import Database
from shared.records.ids import new_id

STAFF, SUBJECT, OTHER = new_id(), new_id(), new_id()


@pytest.fixture
def db(toy) -> Database:
    return toy.state.runtime.db


async def rows(db: Database) -> list[Any]:
    table = db.system_tables.audit
    async with db.read() as session:
        return list(await session.execute(select(table).order_by(table.c.id)))


async def test_a_row_is_written_with_the_change_or_not_at_all(db: Database) -> None:
    async def refused() -> None:
        async with db.transaction() as session:
            await audit.record(session, STAFF, "thing.change", SUBJECT, {}, {"status": "open"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await refused()
    assert await rows(db) == []


async def test_what_is_begun_twice_is_one_row_and_is_completed_once(db: Database) -> None:
    row_id = new_id()
    for after in ({"status": "done"}, {"status": "changed"}):
        async with db.transaction() as session:
            await audit.begin(session, row_id, STAFF, "thing.refund", SUBJECT, {"status": "paid"}, {"amount": 5})
        async with db.transaction() as session:
            await audit.complete(session, row_id, after)
    (row,) = await rows(db)
    assert (row.before, row.after) == ({"status": "paid"}, {"amount": 5, "status": "done"})


@pytest.mark.parametrize(
    "change", ["update toy.audit set after = '{}'", "update toy.audit set before = '{}'", "delete from toy.audit"]
)
async def test_the_service_cannot_change_or_delete_a_row(db: Database, change: str) -> None:
    async with db.transaction() as session:
        await audit.record(session, STAFF, "thing.change", SUBJECT, {}, {"status": "open"})
    with pytest.raises(DBAPIError):
        async with db.transaction() as session:
            await (await session.connection()).exec_driver_sql(change)
    assert [row.after for row in await rows(db)] == [{"status": "open"}]


async def test_erasure_takes_words_about_the_person_and_by_them_and_leaves_the_rest(db: Database) -> None:
    noted = {"status": "open", "reason": "words", "note": "words"}
    async with db.transaction() as session:
        await audit.record(session, STAFF, "by", OTHER, noted, noted)
        await audit.record(session, OTHER, "about", SUBJECT, noted, noted)
        await audit.record(session, OTHER, "neither", OTHER, noted, noted)
    async with db.transaction() as session:
        await audit.erase_words(session, STAFF, [SUBJECT])
    kept = {row.action: (row.before, row.after) for row in await rows(db)}
    bare = {"status": "open"}
    assert kept == {"by": (bare, bare), "about": (bare, bare), "neither": (noted, noted)}


async def test_nothing_is_about_who_has_no_subjects(db: Database) -> None:
    async with db.transaction() as session:
        await audit.record(session, STAFF, "by", OTHER, {}, {"reason": "words"})
    async with db.transaction() as session:
        await audit.erase_words(session, OTHER, [])
    assert [row.after for row in await rows(db)] == [{"reason": "words"}]

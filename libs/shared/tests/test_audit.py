"""The audit log: rows are added, sealed, and emptied by an erasure; nothing else changes them."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from shared import trace
from shared.database import audit
from shared.database.session import Database
from shared.records.clock import machine_now
from shared.records.ids import new_id
from shared.work.audit_sealing import Sealer

STAFF, SUBJECT, OTHER = new_id(), new_id(), new_id()
ROW: dict[str, Any] = {
    "id": new_id(),
    "action": "thing.change",
    "subject_id": SUBJECT,
    "before": {},
    "after": {},
    "created_at": machine_now(),
}


@pytest.fixture
def db(toy) -> Database:
    return toy.state.runtime.db


async def rows(db: Database) -> list[Any]:
    table = db.system_tables.audit
    async with db.read() as session:
        return list(await session.execute(select(table).order_by(table.c.id)))


async def run(db: Database, *statements: str) -> None:
    """In one transaction."""
    async with db.transaction() as session:
        connection = await session.connection()
        for statement in statements:
            await connection.exec_driver_sql(statement)


async def test_a_row_is_written_with_the_change_or_not_at_all(db: Database) -> None:
    async def refused() -> None:
        async with db.transaction() as session:
            await audit.record(session, STAFF, "thing.change", SUBJECT, {}, {"status": "open"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await refused()
    assert await rows(db) == []


async def test_an_outcome_is_a_row_of_its_own_and_comes_once(db: Database) -> None:
    row_id = new_id()
    for after in ({"status": "done"}, {"status": "changed"}):
        async with db.transaction() as session:
            await audit.begin(session, row_id, STAFF, "thing.refund", SUBJECT, {"status": "paid"}, {"amount": 5})
        async with db.transaction() as session:
            await audit.complete(session, row_id, after)
            await audit.complete(session, new_id(), after)
    begun, outcome = await rows(db)
    assert (begun.action, begun.before, begun.after) == ("thing.refund", {"status": "paid"}, {"amount": 5})
    assert (outcome.action, outcome.after) == ("thing.refund.outcome", {"entry": str(row_id), "status": "done"})
    assert (outcome.actor_id, outcome.subject_id) == (STAFF, SUBJECT)


async def test_a_row_says_why_and_in_which_trace(db: Database) -> None:
    trace.begin("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    async with db.transaction() as session:
        await audit.record(session, STAFF, "thing.change", SUBJECT, {}, {}, reason="asked for")
    (row,) = await rows(db)
    assert (row.reason, row.trace_id) == ("asked for", "4bf92f3577b34da6a3ce929d0e0e4736")


@pytest.mark.parametrize(
    "change",
    [
        "update toy.audit set after = '{}'",
        'update toy.audit set before = \'{"status": "new"}\'',
        "update toy.audit set number = 7, salt = '1', digest = '1', hash = '1', erased_at = now()",
        "update toy.audit set number = null, salt = null, digest = null, hash = null",
        "delete from toy.audit",
        "truncate toy.audit",
    ],
)
@pytest.mark.parametrize("is_owner", [True, False])
async def test_nobody_changes_or_deletes_a_row(db: Database, change: str, is_owner: bool) -> None:
    async with db.transaction() as session:
        await audit.record(session, STAFF, "thing.change", SUBJECT, {}, {"status": "open"})
    await Sealer(db).run_once()
    with pytest.raises(DBAPIError):
        await run(db, *(["set local role none"] if is_owner else []), change)
    assert [row.after for row in await rows(db)] == [{"status": "open"}]


async def test_the_service_adds_no_sealed_row(db: Database) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with db.transaction() as session:
            await session.execute(db.system_tables.audit.insert().values(ROW | {"number": 1}))


async def test_the_release_before_completes_a_row_that_is_not_sealed_yet(db: Database) -> None:
    table = db.system_tables.audit
    async with db.transaction() as session:
        just_now = {"id": new_id(), "created_at": machine_now(), "after": {"outcome": "unknown"}}
        await session.execute(table.insert().values(ROW | just_now))
    assert await Sealer(db).run_once() == 0
    async with db.transaction() as session:
        await session.execute(table.update().values(after={"refunded": 5}))
    assert await Sealer(db).run_once() == 1
    assert [row.after for row in await rows(db)] == [{"refunded": 5}]


async def test_erasure_empties_what_is_about_the_person_and_by_them_and_names_it(db: Database) -> None:
    noted = {"status": "open", "note": "words"}
    async with db.transaction() as session:
        await audit.record(session, STAFF, "thing.by", OTHER, noted, noted, reason="words")
        await audit.record(session, OTHER, "thing.about", SUBJECT, noted, noted, reason="words")
        await audit.record(session, OTHER, "thing.neither", OTHER, noted, noted, reason="words")
    for _ in range(2):
        async with db.transaction() as session:
            await audit.erase(session, STAFF, [SUBJECT])
    kept = {row.action: row for row in await rows(db)}
    for action in ("thing.by", "thing.about"):
        assert (kept[action].before, kept[action].after, kept[action].reason) == ({}, {}, None)
    assert (kept["thing.neither"].before, kept["thing.neither"].reason) == (noted, "words")
    assert set(kept) == {"thing.by", "thing.about", "thing.neither", "audit.erase"}
    emptied = sorted(str(kept[action].id) for action in ("thing.by", "thing.about"))
    assert (kept["audit.erase"].subject_id, kept["audit.erase"].after) == (STAFF, {"entries": emptied})


async def test_nothing_is_about_who_has_no_subjects(db: Database) -> None:
    async with db.transaction() as session:
        await audit.record(session, STAFF, "thing.by", OTHER, {}, {}, reason="words")
    async with db.transaction() as session:
        await audit.erase(session, OTHER, [])
    assert [row.reason for row in await rows(db)] == ["words"]

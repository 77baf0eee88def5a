"""What every schema does when a person is erased: it empties what its register calls personal, counts, and remembers.

The remembered ids (of people, and of what was theirs) are asked by every consumer: nothing of them is stored again.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    delete,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from shared.database import audit
from shared.database.privacy import SYSTEM
from shared.database.session import Session
from shared.database.statements import CompiledStatement
from shared.database.system_tables import SystemTables
from shared.records.clock import machine_now
from shared.records.privacy import ColumnEntry, Register, TableEntry

COUNTED = text("""
    select relname, n_tup_upd + n_tup_del as rows from pg_stat_xact_user_tables where schemaname = :schema
""")
COLUMNS = text("""
    select column_name, is_nullable = 'YES' as nullable, data_type from information_schema.columns
    where table_schema = :schema and table_name = :table and is_generated = 'NEVER'
""")
EMPTY = {"jsonb": "'{}'", "ARRAY": "'{}'", "bytea": "''"}
NOBODY_ID = UUID(int=0)
UNCOUNTED = {"inbox", "outbox", "parked", "idempotency"}


@dataclass(frozen=True, slots=True)
class Person:
    """Who is erased or asked about: an account, and its practitioner where it has one."""

    id: UUID
    practitioner_id: UUID | None = None

    def values(self) -> dict[str, UUID]:
        """What the conditions of a register name; nobody's practitioner has the nil id."""
        return {"person": self.id, "practitioner": self.practitioner_id or NOBODY_ID}


def holding(schema: str) -> ScalarSelect[int]:
    """Lets nobody of `owners` (as text) be erased until the end of the transaction; waits while one of them is.

    Who asks `erased_among` in a later statement knows for the rest of the transaction who was erased.
    """
    owners = func.unnest(cast(bindparam("owners", type_=ARRAY(Text)), ARRAY(Text))).column_valued("owner")
    held = func.pg_advisory_xact_lock_shared(_lock_of(schema, owners))
    return select(func.count(held)).scalar_subquery()


async def hold_alone(session: Session, person_id: UUID) -> None:
    """Waits until nobody handles what is personal of the person; who comes later waits until this transaction ends."""
    mine = _lock_of(session.database.schema, literal(str(person_id)))
    await session.execute(select(func.pg_advisory_xact_lock(mine)))


def _lock_of(schema: str, owner: ColumnElement[str]) -> ColumnElement[int]:
    return func.hashtextextended(func.concat(f"{schema}.erased.", owner), 0)


def erased_among(tables: SystemTables) -> CompiledStatement:
    """Those of `ids` (as text) that were erased."""
    ids = cast(bindparam("ids", type_=ARRAY(Text)), ARRAY(Uuid))
    return CompiledStatement(select(tables.erased.c.id).where(tables.erased.c.id == any_(ids)))


async def remember(session: Session, ids: Iterable[UUID], erasure_id: UUID | None = None) -> bool:
    """Remembers that these are erased; whether one of them was not yet."""
    rows = [{"id": one, "erasure_id": erasure_id, "erased_at": machine_now()} for one in ids]
    table = session.system_tables.erased
    added = insert(table).values(rows).on_conflict_do_nothing().returning(table.c.id)
    return bool((await session.execute(added)).all())


async def was_erased(session: Session, person_id: UUID) -> bool:
    """Whether it is remembered."""
    table = session.system_tables.erased
    return await session.scalar(select(table.c.id).where(table.c.id == person_id)) is not None


async def may_store(session: Session, person_id: UUID) -> bool:
    """Whether the person is not erased, nor will be before the end of the transaction.

    What another service said of them may be stored then: the erasure comes after it, and takes it.
    """
    held = func.pg_advisory_xact_lock_shared(_lock_of(session.database.schema, literal(str(person_id))))
    await session.execute(select(held))
    return not await was_erased(session, person_id)


async def changed_rows(session: Session, schema: str) -> dict[str, int]:
    """How many rows of each table this connection has changed or deleted lately: compare two of them."""
    rows = await session.execute(COUNTED, {"schema": schema})
    return {row.relname: row.rows for row in rows if row.relname not in UNCOUNTED}


async def sweep(session: Session, schema: str, register: Register, person: Person) -> None:
    """Empties or deletes what the register still calls personal of the person, whatever the service did before."""
    for name, entry in register.items():
        if name not in SYSTEM and entry.theirs and entry.personal:
            await session.execute(text(await _statement(session, schema, name, entry)), person.values())


async def kept_tables(
    session: Session, schema: str, register: Register, person: Person
) -> Mapping[ColumnEntry, list[str]]:
    """The tables with rows about the person that stay, by the reason why."""
    found: dict[ColumnEntry, list[str]] = {}
    for name, entry in register.items():
        if not entry.about or not entry.kept():
            continue
        any_row = f"select exists (select from {schema}.{name} where {entry.about})"
        if await session.scalar(text(any_row), person.values()):
            for reason in entry.kept():
                found.setdefault(reason, []).append(name)
    return found


async def empty_system_tables(session: Session, person: Person, subjects: Collection[UUID]) -> None:
    """Stored answers, sent events and audit rows that are about the person go; `subjects` are ids of theirs."""
    ids = {person.id, *([person.practitioner_id] if person.practitioner_id else []), *subjects}
    tables = session.system_tables
    patterns = [f"%{one}%" for one in ids]
    answers, outbox = tables.idempotency, tables.outbox
    body = func.convert_from(answers.c.body, "UTF8")
    theirs = (answers.c.principal == person.id) | body.like(any_(bindparam("some", patterns, ARRAY(Text))))
    is_over = answers.c.status.is_not(None) | (answers.c.locked_until < machine_now())
    await session.execute(delete(answers).where(theirs, is_over))
    mentioned = outbox.c.payload.cast(Text).like(any_(bindparam("some", patterns, ARRAY(Text))))
    await session.execute(delete(outbox).where(mentioned, outbox.c.sent_at.is_not(None)))
    await audit.erase(session, person.id, list(ids))


async def _statement(session: Session, schema: str, name: str, entry: TableEntry) -> str:
    if not entry.kept():
        return f"delete from {schema}.{name} where {entry.theirs}"
    columns = await session.execute(COLUMNS, {"schema": schema, "table": name})
    empty = {
        row.column_name: entry.instead.get(row.column_name) or _empty(row.nullable, row.data_type)
        for row in columns
        if row.column_name in entry.personal
    }
    sets = ", ".join(f"{column} = {value}" for column, value in empty.items())
    differs = " or ".join(f"{column} is distinct from {value}" for column, value in empty.items())
    return f"update {schema}.{name} set {sets} where ({entry.theirs}) and ({differs})"


def _empty(nullable: bool, data_type: str) -> str:
    return "null" if nullable else EMPTY.get(data_type, "''")

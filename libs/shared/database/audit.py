"""The audit log of a schema: what staff did, how it stood before and after. A row is completed at most once.

`before` and `after` hold plain values; what people wrote stands under `reason` or `note`, so that it can be erased.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

from shared.database.session import Session
from shared.records.ids import new_id

Values = Mapping[str, Any]


async def record(
    session: Session, actor_id: UUID | None, action: str, subject_id: UUID, before: Values, after: Values
) -> None:
    """Writes a row with the change that it describes, in the same transaction; no actor is the command line."""
    row = _row(session, actor_id, action, subject_id)
    row |= {"id": new_id(), "before": dict(before), "after": dict(after)}
    await session.execute(session.system_tables.audit.insert().values(row))


async def begin(
    session: Session, row_id: UUID, actor_id: UUID, action: str, subject_id: UUID, before: Values, asked: Values
) -> None:
    """Writes the row before a remote call, with `outcome: "unknown"` until `complete`; the same id again: one row."""
    row = _row(session, actor_id, action, subject_id)
    row |= {"id": row_id, "before": dict(before), "after": {**asked, "outcome": "unknown"}}
    await session.execute(insert(session.system_tables.audit).values(row).on_conflict_do_nothing())


async def complete(session: Session, row_id: UUID, after: Values) -> None:
    """Adds the outcome to a row that `begin` wrote; nothing where there is none, or where it is complete."""
    table = session.system_tables.audit
    known = table.c.after.op("-")("outcome").op("||")(literal(dict(after), JSONB))
    is_open = (table.c.id == row_id, table.c.after["outcome"].astext == "unknown")
    await session.execute(update(table).where(*is_open).values(after=known))


async def erase_words(session: Session, person_id: UUID, subjects: Collection[UUID]) -> None:
    """Removes what this person wrote as staff, and what staff wrote about these subjects; the rest stays on record."""
    erase = getattr(func, str(session.system_tables.audit.schema)).erase_audit_words
    await session.execute(select(erase(person_id, literal(list(subjects), ARRAY(Uuid)))))


def _row(session: Session, actor_id: UUID | None, action: str, subject_id: UUID) -> dict[str, Any]:
    return {"actor_id": actor_id, "action": action, "subject_id": subject_id, "created_at": session.now()}

"""The audit log of a schema: what staff did, how it stood before and after. Rows are added, and never changed.

An action is `<what it was done to>.<act>`, as in `payout.approve`. A row's contents are `before`, `after`, `reason` and
`address`; an erasure takes them all, so that no other column may hold what tells of a person beyond an id.
`shared.database.audit_chain` has how rows are sealed.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Table, Uuid, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from shared import trace
from shared.database.session import Session
from shared.database.statements import CompiledStatement
from shared.records.clock import machine_now
from shared.records.ids import derived_id, new_id

SEALING = "seal_audit"
"""The job that seals rows."""
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Of a request: `address` says from which address it came, if that is known; `actor_id` are staff who act in the
    place of `on_behalf_of`, both None where nobody does."""

    address: Callable[[], str | None]
    actor_id: UUID | None = None
    on_behalf_of: UUID | None = None


_origin: ContextVar[Origin | None] = ContextVar("audit_origin", default=None)
_written: ContextVar[list[UUID] | None] = ContextVar("audit_rows", default=None)


async def record(
    session: Session,
    actor_id: UUID | None,
    action: str,
    subject_id: UUID,
    before: Values,
    after: Values,
    *,
    reason: str | None = None,
) -> None:
    """Writes a row with the change that it describes, in the same transaction; no actor is the command line."""
    await _add(session, _row(new_id(), actor_id, action, subject_id, before, after, reason))


async def begin(
    session: Session,
    row_id: UUID,
    actor_id: UUID,
    action: str,
    subject_id: UUID,
    before: Values,
    asked: Values,
    *,
    reason: str | None = None,
) -> None:
    """Writes the row before a remote call whose outcome `complete` adds; the same id again: one row."""
    await _add(session, _row(row_id, actor_id, action, subject_id, before, asked, reason))


async def complete(session: Session, row_id: UUID, after: Values) -> None:
    """Adds the outcome of what `begin` wrote as a row of its own, `<action>.outcome`; nothing where that is not there.

    Again changes nothing.
    """
    table = session.system_tables.audit
    begun = (await session.execute(select(table).where(table.c.id == row_id))).mappings().one_or_none()
    if begun is None:
        return
    outcome_id, action = derived_id(row_id, "outcome"), f"{begun['action']}.outcome"
    after = {"entry": str(row_id), **after}
    await _add(session, _row(outcome_id, begun["actor_id"], action, begun["subject_id"], {}, after, None))


async def erase(session: Session, person_id: UUID, subjects: Collection[UUID]) -> None:
    """Empties the rows about these subjects, and those of what this person did as staff; ids, actions, times stay."""
    function = getattr(func, str(session.system_tables.audit.schema)).erase_audit
    await session.execute(select(function(person_id, literal(list(subjects), ARRAY(Uuid)), machine_now())))
    session.wake_jobs_after_commit(SEALING)


@contextmanager
def of_request(origin: Origin | None = None) -> Iterator[list[UUID]]:
    """The ids of the rows that are written inside, in their order; a call to another service inside has its own.

    Rows of what somebody does there say from where, and which staff did it in that person's place.
    """
    rows: list[UUID] = []
    token, former = _written.set(rows), _origin.set(origin)
    try:
        yield rows
    finally:
        _written.reset(token)
        _origin.reset(former)


async def _add(session: Session, row: Values) -> None:
    await session.run(_inserting(session.system_tables.audit), row)
    session.wake_jobs_after_commit(SEALING)
    if (rows := _written.get()) is not None:
        rows.append(row["id"])


@cache
def _inserting(table: Table) -> CompiledStatement:
    return CompiledStatement(insert(table).on_conflict_do_nothing())


def _who(actor_id: UUID | None) -> Values:
    origin = _origin.get()
    if origin is None or actor_id is None:
        return {"actor_id": actor_id, "on_behalf_of": None, "address": None}
    in_place = origin.actor_id is not None and actor_id == origin.on_behalf_of
    actor, behalf = (origin.actor_id, actor_id) if in_place else (actor_id, None)
    return {"actor_id": actor, "on_behalf_of": behalf, "address": origin.address()}


def _row(
    row_id: UUID,
    actor_id: UUID | None,
    action: str,
    subject_id: UUID,
    before: Values,
    after: Values,
    reason: str | None,
) -> Values:
    return {
        "id": row_id,
        **_who(actor_id),
        "action": action,
        "subject_id": subject_id,
        "before": dict(before),
        "after": dict(after),
        "reason": reason,
        "trace_id": trace.trace_id(),
        "created_at": machine_now(),
    }

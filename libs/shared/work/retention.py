"""What goes by its age: the jobs that delete it, and what each of them did last."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from shared.database.session import Session
from shared.records.clock import machine_now
from shared.records.privacy import PSEUDONYM, Register
from shared.work.jobs import Job, Jobs

HOURLY = 3600.0


@dataclass(frozen=True, slots=True)
class Retention:
    """`delete(runtime)` deletes some of what is older than `keeps` says, and returns how many rows; none at the end.

    `table` is where they are, `every` in seconds.
    """

    table: str
    keeps: str
    delete: Callable[[Any], Awaitable[int]]
    every: float = HOURLY


@dataclass(frozen=True, slots=True)
class KeptFor:
    """How long what is in these tables is kept; when it was last deleted by age (machine time), and how many rows.

    Nothing deletes by age where there is no last time.
    """

    what: str
    keeps: str
    last_run_at: datetime | None = None
    last_count: int | None = None


def retention_jobs(*rules: Retention) -> Jobs:
    """The job of each rule; it stores when it ran, and how many rows it deleted."""
    return {f"prune_{rule.table}": Job(partial(apply, rule), every=rule.every) for rule in rules}


async def apply(rule: Retention, runtime: Any) -> int:
    """Deletes all that is too old, and stores that; answers 0, since it leaves nothing to be done at once."""
    count = 0
    while deleted := await rule.delete(runtime):
        count += deleted
    row = {"what": rule.table, "keeps": rule.keeps, "last_run_at": machine_now(), "last_count": count}
    added = insert(runtime.db.system_tables.retention).values(row)
    async with runtime.db.autocommit() as session:
        await session.execute(added.on_conflict_do_update(index_elements=["what"], set_=row))
    return 0


async def kept_for(session: Session, register: Register) -> Sequence[KeptFor]:
    """What is deleted by age, with the last time, and what else the register keeps for a reason."""
    table = session.system_tables.retention
    rows = await session.execute(select(table).order_by(table.c.what))
    applied = [KeptFor(row.what, row.keeps, row.last_run_at, row.last_count) for row in rows]
    return [*applied, *_never_deleted(register, {one.what for one in applied})]


def _never_deleted(register: Register, applied: set[str]) -> list[KeptFor]:
    terms: dict[str, set[str]] = {}
    for name, entry in register.items():
        for reason in entry.kept():
            if name not in applied and reason is not PSEUDONYM:
                terms.setdefault(reason.until, set()).add(name)
    return [KeptFor(", ".join(sorted(names)), keeps) for keeps, names in sorted(terms.items())]

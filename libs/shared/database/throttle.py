"""How often something may be tried: GCRA, counted in the schema's table `throttle` by one statement, so that the limit
is exact over all processes. Times are machine time.

A limit of 10 in 15 minutes allows ten at once, and then one more every 90 seconds. Subjects are stored as digests.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Column, Interval, MetaData, Table, Text, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import TIMESTAMP, insert

from shared.database.session import Session
from shared.database.statements import CompiledStatement
from shared.errors import TooManyAttempts
from shared.records.clock import machine_now


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` at once and within `per`, of what is called `name`."""

    name: str
    most: int
    per: timedelta

    @property
    def step(self) -> timedelta:
        """After which time one more is allowed."""
        return self.per / self.most

    def key(self, subject: str) -> str:
        """The row of that subject, in which it cannot be read."""
        return f"{self.name}:{hashlib.sha256(subject.encode()).hexdigest()}"


@cache
def throttle_table(schema: str) -> Table:
    """The table; `free_at` is when the whole limit is there again."""
    columns = Column("key", Text, primary_key=True), Column("free_at", TIMESTAMP(timezone=True), nullable=False)
    return Table("throttle", MetaData(schema=schema), *columns)


@dataclass(frozen=True, slots=True)
class Statements:
    """What is run for each sign-in: `benchmarks/sign_ins.py`."""

    count: CompiledStatement
    give_back: CompiledStatement


@cache
def _statements(schema: str) -> Statements:
    table, key = throttle_table(schema), bindparam("of", type_=Text)
    now = bindparam("now", type_=TIMESTAMP(timezone=True))
    step, per = (bindparam(name, type_=Interval) for name in ("step", "per"))
    next_free = func.greatest(table.c.free_at, now) + step
    first = insert(table).values(key=key, free_at=now + step)
    one_more = first.on_conflict_do_update(
        index_elements=[table.c.key], set_={"free_at": next_free}, where=next_free <= now + per
    )
    one_less = update(table).where(table.c.key == key).values(free_at=table.c.free_at - step)
    return Statements(CompiledStatement(one_more.returning(table.c.key)), CompiledStatement(one_less))


class Throttle:
    """The counts of this session's schema. Outside a transaction each call is committed by itself."""

    def __init__(self, session: Session) -> None:
        self.session = session
        schema = str(session.system_tables.outbox.schema)
        self._table, self._statements = throttle_table(schema), _statements(schema)

    async def take(self, limit: Limit, subject: str) -> None:
        """Counts one; raises TooManyAttempts, with the seconds until the next is allowed, and then counts none."""
        await self.take_all([(limit, subject)])

    async def take_all(self, counted: Sequence[tuple[Limit, str]]) -> None:
        """Counts one under each of them; raises TooManyAttempts for the first that allows none, and then what was
        counted under the others is given back."""
        allowed = await self._count(counted)
        refused = [one for one in counted if one not in allowed]
        if refused:
            await self.give_back_all(allowed)
            raise TooManyAttempts(headers={"Retry-After": str(await self._wait(*refused[0]))})

    async def allows(self, limit: Limit, subject: str) -> bool:
        """Counts one and is true, or counts none and is false."""
        return bool(await self._count([(limit, subject)]))

    async def give_back(self, limit: Limit, subject: str) -> None:
        """Counts one less: what was taken turned out not to count."""
        await self.give_back_all([(limit, subject)])

    async def give_back_all(self, counted: Sequence[tuple[Limit, str]]) -> None:
        """Counts one less under each of them."""
        rows = [{"of": limit.key(subject), "step": limit.step} for limit, subject in counted]
        await self.session.run_many(self._statements.give_back, rows)

    async def _count(self, counted: Sequence[tuple[Limit, str]]) -> list[tuple[Limit, str]]:
        """Those that allowed one more, each by itself."""
        now = machine_now()
        rows = [{"of": one.key(subject), "now": now, "step": one.step, "per": one.per} for one, subject in counted]
        allowed = {row.key for row in await self.session.run_many(self._statements.count, rows)}
        return [(limit, subject) for limit, subject in counted if limit.key(subject) in allowed]

    async def _wait(self, limit: Limit, subject: str) -> int:
        own = self._table.c.key == limit.key(subject)
        return _seconds_to(await self.session.scalar(select(self._table.c.free_at).where(own)), limit)

    async def prune(self) -> int:
        """Deletes the rows that limit nothing any more; returns how many."""
        gone = delete(self._table).where(self._table.c.free_at < machine_now()).returning(self._table.c.key)
        return len((await self.session.scalars(gone)).all())


def _seconds_to(free_at: datetime | None, limit: Limit) -> int:
    """Whole seconds until one more is allowed; `free_at` is None where the row was pruned meanwhile."""
    if free_at is None:
        return 1
    return max(1, math.ceil((free_at + limit.step - limit.per - machine_now()).total_seconds()))

"""How often something may be tried: GCRA, counted in the schema's table `throttle` by one statement, so that the limit
is exact over all processes. Times are machine time.

A limit of 10 in 15 minutes allows ten at once, and then one more every 90 seconds. Subjects are stored as digests.
"""

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Column, MetaData, Table, Text, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import TIMESTAMP, insert

from shared.database.session import Session
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


class Throttle:
    """The counts of this session's schema. Outside a transaction each call is committed by itself."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._table = throttle_table(str(session.system_tables.outbox.schema))

    async def take(self, limit: Limit, subject: str) -> None:
        """Counts one; raises TooManyAttempts, with the seconds until the next is allowed, and then counts none."""
        if await self.allows(limit, subject):
            return
        free_at = await self.session.scalar(
            select(self._table.c.free_at).where(self._table.c.key == limit.key(subject))
        )
        raise TooManyAttempts(headers={"Retry-After": str(_wait(free_at, limit))})

    async def allows(self, limit: Limit, subject: str) -> bool:
        """Counts one and is true, or counts none and is false."""
        table, now = self._table, literal(machine_now(), TIMESTAMP(timezone=True))
        first = insert(table).values(key=limit.key(subject), free_at=now + limit.step)
        next_free = func.greatest(table.c.free_at, now) + limit.step
        one_more = first.on_conflict_do_update(
            index_elements=[table.c.key], set_={"free_at": next_free}, where=next_free <= now + limit.per
        )
        return await self.session.scalar(one_more.returning(table.c.key)) is not None

    async def give_back(self, limit: Limit, subject: str) -> None:
        """Counts one less: what was taken turned out not to count."""
        one_less = update(self._table).where(self._table.c.key == limit.key(subject))
        await self.session.execute(one_less.values(free_at=self._table.c.free_at - limit.step))

    async def prune(self) -> int:
        """Deletes the rows that limit nothing any more; returns how many."""
        gone = delete(self._table).where(self._table.c.free_at < machine_now()).returning(self._table.c.key)
        return len((await self.session.scalars(gone)).all())


def _wait(free_at: datetime | None, limit: Limit) -> int:
    """Whole seconds until one more is allowed; `free_at` is None where the row was pruned meanwhile."""
    if free_at is None:
        return 1
    return max(1, math.ceil((free_at + limit.step - limit.per - machine_now()).total_seconds()))

"""Work that is tried until it is done: what its row stores of that, how it is claimed, and how it is put off.

The columns stand in the row that the work is about (docs/decisions/0007). All times here are machine time.
"""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Table, Text, Update, bindparam, func, inspect, literal, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.concurrency.back_off import BackOff
from shared.database.session import TIMESTAMPTZ, Database, Session, table_of
from shared.errors import AppError
from shared.observability.logs import redact
from shared.records.clock import machine_now
from shared.work.jobs import each

REQUEST_LEASE = timedelta(seconds=5)
"""For so long no job does what the request that stored the row is doing."""
UNFINISHED = "the attempt has not ended"
LONGEST_REASON = 300


class Retried:
    """A row of work that may have to be tried several times.

    `tries`: how many have begun since it last got on. From `next_try_at` on it may be tried; while somebody tries it
    that is the end of the lease, and None means that there is nothing to try. `last_error` says why it waits, or was
    given up: one line for staff and operators, without what is secret or personal.
    """

    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    last_error: Mapped[str | None] = mapped_column(Text)

    @classmethod
    @abstractmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Which rows are not done yet, by their state."""

    def lease(self, length: timedelta) -> None:
        """No other process tries it for so long."""
        self.next_try_at = machine_now() + length

    def start_over(self) -> None:
        """It is due now, as if nobody had tried it before."""
        self.tries, self.next_try_at, self.last_error = 0, machine_now(), None

    def failed(self, why: str, back_off: BackOff) -> None:
        """Counts a try that `claim` has not counted, and waits for the next one."""
        self.tries += 1
        self.waits(why, back_off.after(self.tries))

    def waits(self, why: str, pause: timedelta) -> None:
        """Waits for so long, and counts nothing."""
        self.last_error, self.next_try_at = short(why), machine_now() + pause

    def succeeded(self) -> None:
        """There is nothing left to try."""
        self.next_try_at = self.last_error = None

    def give_up(self, why: str) -> None:
        """It is not tried again by itself."""
        self.next_try_at, self.last_error = None, short(why)

    def __str__(self) -> str:
        identity = cast(Any, inspect(self)).identity
        return f"{type(self).__name__} {identity[0] if identity else 'not stored'}"


R = TypeVar("R", bound=Retried)


def claiming(
    table: Table, due: Sequence[ColumnElement[bool]], order: Sequence[ColumnElement[Any]], until: Any
) -> Update:
    """Leases the first `number` (a parameter) of the due rows `until` that moment, and counts the try.

    One statement: rows that another transaction has locked are passed over, and none is claimed twice.
    """
    (key,) = table.primary_key
    first = select(key).where(*due).order_by(*order).limit(bindparam("number"))
    held = first.with_for_update(skip_locked=True).cte("due")
    lease = {"tries": table.c.tries + 1, "next_try_at": until, "last_error": UNFINISHED}
    return update(table).where(key.in_(select(held.c[key.key]))).values(lease)


async def claim(session: Session, model: type[R], number: int, back_off: BackOff) -> Sequence[R]:
    """Claims up to that many rows that wait and are due, those that have waited longest first.

    Each is leased for as long as it would wait after a failure: where a process dies with it, it is due again then.
    Fits `db.autocommit()`.
    """
    table, now = _table(model), machine_now()
    seconds = func.least(back_off.first * func.power(2.0, func.least(table.c.tries, 60)), back_off.cap)
    until = literal(now, TIMESTAMPTZ) + seconds * timedelta(seconds=1)
    due = (model.waiting(), table.c.next_try_at <= now)
    statement = claiming(table, due, [table.c.next_try_at], until).returning(table)
    return (await session.scalars(select(model).from_statement(statement), {"number": number})).all()


async def count_retried(session: Session, model: type[Retried]) -> int:
    """How many rows wait after a failure."""
    waiting = select(func.count()).select_from(_table(model)).where(model.waiting(), model.last_error.is_not(None))
    return int(await session.scalar(waiting) or 0)


async def retried(session: Session, model: type[R], number: int) -> Sequence[R]:
    """Up to that many rows that wait after a failure, those whose turn is next first."""
    waiting = select(model).where(model.waiting(), model.last_error.is_not(None))
    return (await session.scalars(waiting.order_by(model.next_try_at).limit(number))).all()


def due_text(row: Retried) -> str:
    """When it is tried, for an operator; what is due while nobody can try it says since when."""
    if row.next_try_at is None:
        return "no next try"
    return f"{'due since' if row.next_try_at <= machine_now() else 'next'} {row.next_try_at:%Y-%m-%d %H:%M:%S}"


async def put_off(session: Session, claimed: Retried, why: str, back_off: BackOff) -> None:
    """The claimed try has failed: stores why, and when the next one is. Fits `db.autocommit()`.

    Changes nothing where the row was claimed anew meanwhile, has got on, or is done.
    """
    model = type(claimed)
    table = _table(model)
    (key,) = table.primary_key
    same = (key == getattr(claimed, key.key), table.c.tries == claimed.tries, model.waiting())
    next_try_at = machine_now() + back_off.after(claimed.tries)
    await session.execute(update(table).where(*same).values(next_try_at=next_try_at, last_error=short(why)))


async def try_each(db: Database, claimed: Sequence[R], act: Callable[[R], Awaitable[bool]], back_off: BackOff) -> int:
    """Acts on each claimed row, puts off those that fail, and returns how many acts were true."""

    async def later(row: R, error: Exception) -> None:
        async with db.autocommit() as session:
            await put_off(session, row, reason_of(error), back_off)

    return await each(claimed, act, later)


def reason_of(error: Exception) -> str:
    """What an error says as the reason of a wait."""
    return short(error.detail if isinstance(error, AppError) else f"{type(error).__name__}: {error}")


def short(why: str) -> str:
    """One line of at most 300 characters that a database can store, without what is secret or personal."""
    storable = why.replace("\0", " ").encode(errors="backslashreplace").decode()
    return " ".join(redact(storable).split())[:LONGEST_REASON]


def _table(model: type[Retried]) -> Table:
    return table_of(cast(type[DeclarativeBase], model))

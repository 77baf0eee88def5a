"""The database of one service: its pool, its sessions, and the only place that commits."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from datetime import datetime
from enum import Enum as PyEnum
from typing import Any, TypeVar, cast

from sqlalchemy import Computed, Enum, MetaData, Table, inspect, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapper, make_transient_to_detached, mapped_column
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.types import TypeEngine

from shared.concurrency.wake_up import WakeUp
from shared.database.connections import Connections, PooledConnection, make_engine
from shared.database.statements import NO_VALUES, CompiledStatement, Values, fetch, fetch_many
from shared.database.system_tables import system_tables
from shared.records.clock import Clock

TIMESTAMPTZ = TIMESTAMP(timezone=True)
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
LEAVE_GENERATED = {"eager_defaults": False}
"""Generated columns are not read back after a write."""
M = TypeVar("M", bound=DeclarativeBase)
_inside: ContextVar[bool] = ContextVar("inside_transaction", default=False)


def schema_metadata(schema: str) -> MetaData:
    """The MetaData of a service's Base: its schema, and names for constraints that migrations repeat."""
    return MetaData(schema=schema, naming_convention=NAMES)


def enum_column(kind: type[PyEnum], length: int = 32, *, checked: bool = True) -> Enum:
    """A varchar column that holds the enum's values; unless `checked` is false the database refuses other ones."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=checked,
        length=length,
        values_callable=lambda members: [member.value for member in members],
    )


def generated(kind: TypeEngine[Any], expression: str) -> Any:
    """A column that the database computes, for searches alone: it is never loaded."""
    return mapped_column(kind, Computed(expression, persisted=True), deferred=True, deferred_raiseload=True)


def table_of(model: type[DeclarativeBase]) -> Table:
    """The model's table, for statements that are built once: without the ORM they cost a third."""
    return cast(Table, model.__table__)


def values_of(row: DeclarativeBase) -> dict[str, Any]:
    """The columns of a row that no session knows, for such a statement; not those that the database computes."""
    return {column.key: getattr(row, column.key) for column in table_of(type(row)).columns if column.computed is None}


def inside_transaction() -> bool:
    """Whether this task has a transaction open: then no peer or provider may be called."""
    return _inside.get()


def identity_of(model: type[DeclarativeBase], values: dict[str, Any]) -> Any:
    """Under which key a session knows the row with these values."""
    mapper = cast(Mapper[Any], inspect(model))
    return mapper.identity_key_from_primary_key(tuple(values[str(column.key)] for column in mapper.primary_key))


class Session(AsyncSession):
    """A session that knows its database's clock and system tables, and what is to happen after its commit.

    `events`: what was emitted, which is written to the outbox at commit.

    SQLAlchemy's own methods and `run` work side by side on its one connection, in its one transaction.
    """

    def __init__(self, pooled: PooledConnection, database: "Database") -> None:
        """Over a connection of that database, which is the session's own until it ends."""
        super().__init__(pooled.connection, expire_on_commit=False, autoflush=False)
        self.pooled, self.database = pooled, database
        self.system_tables = database.system_tables
        self.events: list[Any] = []
        self.calls_after_commit: list[Callable[[], object]] = []

    async def run(self, statement: CompiledStatement, values: Values = NO_VALUES) -> list[Any]:
        """All rows of a statement that was built once, without SQLAlchemy around it: for the hot roads.

        It does not see what `add` and changed objects have not yet flushed.
        """
        return await fetch(self.pooled.driver, statement, values)

    async def first(self, statement: CompiledStatement, values: Values = NO_VALUES) -> Any | None:
        """Its first row, if any."""
        rows = await fetch(self.pooled.driver, statement, values)
        return rows[0] if rows else None

    async def one_of(self, model: type[M], statement: CompiledStatement, values: Values = NO_VALUES) -> M | None:
        """The row that the statement answers, as an object of this session: what is changed on it is stored.

        The columns are the model's, all of them. An object that the session has already is brought up to date.
        """
        row = await self.first(statement, values)
        return None if row is None else self.adopt(model, row._asdict())

    def adopt(self, model: type[M], values: dict[str, Any]) -> M:
        """The stored row with these values, as if the ORM had loaded it; what was changed and not flushed stays so."""
        own = self.sync_session
        known = own.identity_map.get(identity_of(model, values)) if own.identity_map else None
        found = cast(M, known) if known is not None else model()
        stored = values if known is None else values.keys() & inspect(known).unmodified
        for name in stored:
            set_committed_value(found, name, values[name])
        if known is None:
            make_transient_to_detached(found)
            own.add(found)
        return found

    async def run_many(self, statement: CompiledStatement, rows: Sequence[Values]) -> list[Any]:
        """The statement with each of these values, all of one shape, in one round trip; the rows that it returns."""
        return await fetch_many(self.pooled.driver, statement, rows)

    def now(self) -> datetime:
        """Business time: aware, UTC."""
        return self.database.clock.now()

    def wake_jobs_after_commit(self, *names: str) -> None:
        """Runs these jobs of this schema right after the commit, where they run in this process."""
        self.after_commit(lambda: self.database.wake_jobs(*names))

    def after_commit(self, call: Callable[[], object]) -> None:
        """Calls that once the commit is done; lost with the process, so only for hints."""
        self.calls_after_commit.append(call)


class Database:
    """One service's pool of connections under its own role, which sees only its own schema."""

    def __init__(
        self,
        url: str,
        *,
        schema: str,
        clock: Clock,
        role: str | None = None,
        pool_size: int = 10,
        statement_ms: int = 0,
    ) -> None:
        """`role` is assumed on every connection (for a shared login); None keeps the login's own. Opens nothing yet."""
        self.schema, self.clock, self.url, self.role = schema, clock, url, role
        self.system_tables = system_tables(schema)
        self.events_committed = WakeUp()
        self.jobs_wanted: defaultdict[str, WakeUp] = defaultdict(WakeUp)
        self.engine = make_engine(url, schema=schema, role=role, statement_ms=statement_ms)
        self.connections = Connections(self.engine, pool_size)
        self._outbox_insert = CompiledStatement(self.system_tables.outbox.insert())

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """One transaction: everything in it is committed at the end, with its events, or nothing is."""
        pooled = await self.connections.acquire()
        session = Session(pooled, self)
        token = _inside.set(True)
        try:
            await pooled.begin()
            yield session
            await self._complete(session)
        except BaseException as error:
            await asyncio.shield(self._abandon(session, error))
            raise
        finally:
            _inside.reset(token)
        self.connections.release(pooled)
        self._committed(session)

    def read(self) -> AbstractAsyncContextManager[Session]:
        """A session for reads: each statement by itself, without BEGIN and COMMIT."""
        return self._unbegun()

    @asynccontextmanager
    async def _unbegun(self) -> AsyncIterator[Session]:
        pooled = await self.connections.acquire()
        session = Session(pooled, self)
        try:
            yield session
        except BaseException as error:
            await asyncio.shield(self._abandon(session, error))
            raise
        if session.in_transaction():
            session.sync_session.close()
        self.connections.release(pooled)

    def autocommit(self) -> AbstractAsyncContextManager[Session]:
        """As `read`, for a single statement that writes: it is committed by itself, without events and objects."""
        return self._unbegun()

    def wake_jobs(self, *names: str) -> None:
        """Runs these jobs of this schema now, where they run in this process."""
        for name in names:
            self.jobs_wanted[name].set()

    async def ping(self) -> None:
        """Raises if the database does not answer."""
        async with self.read() as session:
            await session.run(PING)

    async def close(self) -> None:
        """Closes the pool."""
        await self.connections.close()

    async def _complete(self, session: Session) -> None:
        """Everything that is left to do: what changed, its events, the commit."""
        orm = session.sync_session
        if orm.new or orm.dirty or orm.deleted:
            await session.flush()
        if rows := [event.as_row() for event in session.events]:
            await session.run_many(self._outbox_insert, rows)
        await session.pooled.commit()
        if session.in_transaction():
            orm.commit()  # its connection is in autocommit: this only tells the objects that they are stored
            orm.expunge_all()

    async def _abandon(self, session: Session, error: BaseException) -> None:
        """Nothing of it stays. The connection is given back at the very end, whoever is cancelled meanwhile."""
        session.pooled.broken_off = isinstance(error, asyncio.CancelledError)
        try:
            await session.pooled.roll_back()
            session.sync_session.close()
        finally:
            self.connections.release(session.pooled)

    def _committed(self, session: Session) -> None:
        if session.events:
            self.events_committed.set()
        for call in session.calls_after_commit:
            call()


PING = CompiledStatement(text("select 1"))

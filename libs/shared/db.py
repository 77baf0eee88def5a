"""The database of one service: its pool, its sessions, and the only place that commits."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import datetime
from enum import Enum as PyEnum
from typing import Any, cast

import orjson
from sqlalchemy import Enum, MetaData, Table, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Session as OrmSession

from shared.clock import Clock
from shared.house import House, house
from shared.signals import Signal

TIMESTAMPTZ = TIMESTAMP(timezone=True)
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_inside: ContextVar[bool] = ContextVar("inside_transaction", default=False)


def schema_metadata(schema: str) -> MetaData:
    """The MetaData of a service's Base: its schema, and names for constraints that migrations repeat."""
    return MetaData(schema=schema, naming_convention=NAMES)


def enum_column(kind: type[PyEnum], length: int = 32) -> Enum:
    """A varchar column that holds the enum's values; the CHECK is in the migration."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=length,
        values_callable=lambda members: [member.value for member in members],
    )


def table_of(model: type[DeclarativeBase]) -> Table:
    """The model's table, for statements that are built once: without the ORM they cost a third."""
    return cast(Table, model.__table__)


def values_of(row: DeclarativeBase) -> dict[str, Any]:
    """All columns of a row that no session knows, for such a statement."""
    return {column.key: getattr(row, column.key) for column in table_of(type(row)).columns}


def inside_transaction() -> bool:
    """Whether this task has a transaction open: then no peer or provider may be called."""
    return _inside.get()


class Session(AsyncSession):
    """A session that knows business time, its house tables, and what is to happen after its commit."""

    def now(self) -> datetime:
        """Business time: aware, UTC."""
        return cast(Clock, self.info["clock"]).now()

    @property
    def house(self) -> House:
        """The outbox, inbox and their neighbours in this service's schema."""
        return cast(House, self.info["house"])

    @property
    def events(self) -> list[Any]:
        """What was emitted and is written to the outbox at commit."""
        return cast(list[Any], self.info.setdefault("events", []))

    def wake_jobs_after_commit(self, *names: str) -> None:
        """Runs these jobs of this schema right after the commit, where they run in this process."""
        self.after_commit(lambda: cast(Database, self.info["database"]).wake_jobs(*names))

    def after_commit(self, call: Callable[[], object]) -> None:
        """Calls that once the commit is done; lost with the process, so only for hints."""
        self.info.setdefault("after_commit", []).append(call)


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
        self.house = house(schema)
        self.info: dict[str, Any] = {}
        self.events_committed = Signal()
        self.jobs_wanted: defaultdict[str, Signal] = defaultdict(Signal)
        self.engine = make_engine(url, schema=schema, role=role, pool_size=pool_size, statement_ms=statement_ms)
        own = {"clock": clock, "house": self.house, "database": self}
        options: dict[str, Any] = {"class_": Session, "expire_on_commit": False, "autoflush": False}
        self._sessions = async_sessionmaker(self.engine, **options)
        self._readers = async_sessionmaker(self.engine.execution_options(isolation_level="AUTOCOMMIT"), **options)
        self._own = own
        self._outbox_insert = self.house.outbox.insert()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """One transaction: everything in it is committed at the end, with its events, or nothing is."""
        session: Session = self._sessions(info={**self.info, **self._own})
        token = _inside.set(True)
        try:
            yield session
            await session.run_sync(self._complete)
        except BaseException:
            await asyncio.shield(session.close())
            raise
        finally:
            _inside.reset(token)
        self._committed(session)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        """A session for reads: each statement by itself, without BEGIN and COMMIT."""
        session: Session = self._readers(info={**self.info, **self._own})
        try:
            yield session
        except BaseException:
            await asyncio.shield(session.close())
            raise
        await session.close()

    def wake_jobs(self, *names: str) -> None:
        """Runs these jobs of this schema now, where they run in this process."""
        for name in names:
            self.jobs_wanted[name].set()

    async def ping(self) -> None:
        """Raises if the database does not answer."""
        async with self.engine.connect() as connection:
            await connection.execute(text("select 1"))

    async def close(self) -> None:
        """Closes the pool."""
        await self.engine.dispose()

    def _complete(self, session: OrmSession) -> None:
        """Everything that is left to do, in one go: what changed, its events, the commit."""
        session.flush()
        if events := session.info.get("events"):
            session.execute(self._outbox_insert, [event.as_row() for event in events])
        session.commit()
        session.expunge_all()

    def _committed(self, session: Session) -> None:
        if session.events:
            self.events_committed.set()
        for call in session.info.get("after_commit", []):
            call()


def make_engine(url: str, *, schema: str, role: str | None, pool_size: int, statement_ms: int = 0) -> AsyncEngine:
    """An engine whose connections assume the role, see their schema first and never sit in a transaction for long."""
    settings = {
        "search_path": f"{schema},public",
        "application_name": f"estuary-{schema}",
        "jit": "off",
        "idle_in_transaction_session_timeout": "60000",
        "statement_timeout": str(statement_ms or 30_000),
        **({"role": role} if role else {}),
    }
    return create_async_engine(
        async_url(url),
        pool_size=pool_size,
        max_overflow=0,
        hide_parameters=True,
        pool_timeout=10,
        connect_args={"server_settings": settings, "timeout": 10},
        json_serializer=lambda value: orjson.dumps(value, default=str).decode(),
        json_deserializer=orjson.loads,
    )


def async_url(url: str) -> str:
    """The asyncpg form of a Postgres URL, whatever driver it names."""
    return "postgresql+asyncpg://" + url.split("://", 1)[1]

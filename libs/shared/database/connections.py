"""The connections of one database: few, hot, and each known by both its names, SQLAlchemy's and asyncpg's.

SQLAlchemy's side is always in autocommit; BEGIN and COMMIT are sent here, for both sides alike.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from shared.database.statements import DRIVER_ERRORS, json_text, translate_error

WAIT_SECONDS = 10


class PooledConnection:
    """One connection."""

    def __init__(self, connection: AsyncConnection, driver: Any) -> None:
        """`wire` is asyncpg's, below SQLAlchemy's."""
        self.connection, self.driver, self._begun = connection, driver, False
        self.broken_off = False
        """Whether nobody waited for a statement: the server learns that late and may break off the next one."""

    async def begin(self) -> None:
        """Begins a transaction, for whatever is executed here by either side."""
        self._begun = True
        await self._say("BEGIN")

    async def commit(self) -> None:
        """Ends it for good."""
        await self._say("COMMIT")
        self._begun = False

    async def roll_back(self) -> None:
        """Undoes the transaction, if one was begun; a connection that cannot do that is ended."""
        try:
            if self._begun:
                await self.driver.execute("ROLLBACK")
            self._begun = False
        except (*DRIVER_ERRORS, OSError):
            self.driver.terminate()

    @property
    def reusable(self) -> bool:
        """Whether the next one may have it."""
        usable = not (self.broken_off or self.driver.is_closed() or self.connection.invalidated)
        return usable and not self._begun and not self.connection.in_transaction()

    def drop(self) -> None:
        """Ends it at once."""
        if not self.connection.closed and not self.connection.invalidated:
            self.connection.sync_connection.invalidate()  # type: ignore[union-attr]  # it is connected here

    async def _say(self, what: str) -> None:
        try:
            await self.driver.execute(what)
        except DRIVER_ERRORS as error:
            raise translate_error(self.driver, what, error) from error


class Connections:
    """At most `size` of them. The one that was given back last is taken first: it has everything prepared."""

    def __init__(self, engine: AsyncEngine, size: int, wait_seconds: float = WAIT_SECONDS) -> None:
        """`wait_seconds`: for how long one may have to wait for one. Opens nothing yet."""
        self._engine, self._wait_seconds = engine, wait_seconds
        self._free, self._closed = list[PooledConnection](), False
        self._room = asyncio.Semaphore(size)

    async def acquire(self) -> PooledConnection:
        """A connection to be given back; raises SQLAlchemy's TimeoutError where none is free in time."""
        if self._room.locked():
            await self._wait()
        else:
            await self._room.acquire()
        try:
            while self._free:
                pooled = self._free.pop()
                if pooled.reusable:
                    return pooled
                pooled.drop()
            return await self._open()
        except BaseException:
            self._room.release()
            raise

    def release(self, pooled: PooledConnection) -> None:
        """Back for the next one, unless it is broken."""
        if pooled.reusable and not self._closed:
            self._free.append(pooled)
        else:
            pooled.drop()
        self._room.release()

    @property
    def idle(self) -> list[PooledConnection]:
        """Those that are open and that nobody has just now."""
        return [*self._free]

    async def close(self) -> None:
        """Ends those that are free now, and the others when they are given back."""
        self._closed, free = True, self._free[:]
        self._free.clear()
        for pooled in free:
            await pooled.connection.close()
        await self._engine.dispose()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._room.acquire()
        except TimeoutError:
            raise PoolTimeout(f"no connection was free for {self._wait_seconds} seconds") from None

    async def _open(self) -> PooledConnection:
        connection = await self._engine.connect()
        return PooledConnection(connection, (await connection.get_raw_connection()).driver_connection)


def make_engine(url: str, *, schema: str, role: str | None, statement_ms: int = 0) -> AsyncEngine:
    """An engine whose connections assume the role, see their schema first and never sit in a transaction for long."""
    settings = {
        "search_path": f"{schema},public",
        "application_name": f"estuary-{schema}",
        "jit": "off",
        "idle_in_transaction_session_timeout": "60000",
        "statement_timeout": str(statement_ms or 30_000),
        **({"role": role} if role else {}),
    }
    return engine_of(
        url,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        connect_args={"server_settings": settings, "timeout": 10},
        json_serializer=json_text,
        json_deserializer=orjson.loads,
    )


def engine_of(url: str, connect_args: Mapping[str, Any] | None = None, **options: Any) -> AsyncEngine:
    """An engine without a pool. asyncpg reads the URL itself, so that TLS is spelled `sslmode=` everywhere."""
    arguments = {"dsn": plain_url(url), **(connect_args or {})}
    return create_async_engine("postgresql+asyncpg://", poolclass=NullPool, connect_args=arguments, **options)


def plain_url(url: str) -> str:
    """The form of a Postgres URL that asyncpg itself reads, whatever driver it names."""
    return "postgresql://" + url.split("://", 1)[1]

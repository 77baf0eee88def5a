"""A service's secrets at rest: its data keys lie in its schema, each secret opens in its own row and column alone."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

import structlog
from sqlalchemy import Column, LargeBinary, MetaData, String, func, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from shared.database.session import TIMESTAMPTZ, Database, Session
from shared.records.clock import machine_now
from shared.records.sealing import DataKey, NotOpened, Wrapping, data_key_id

log = structlog.get_logger()
SEALED = {"sealed": True}
"""`info` of a column whose bytes are sealed: `unopened` looks at all of them."""


class DataKeyRow:
    """Columns of a service's table of data keys. Machine time."""

    __tablename__ = "data_keys"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    wrapped_by: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class Sealing:
    """Seals and opens without the database, once `load` has read the data keys."""

    def __init__(self, rows: type[DataKeyRow], wrapping: Wrapping) -> None:
        """`rows` is the service's table; `wrapping` is never asked inside a transaction."""
        self._rows, self._wrapping = rows, wrapping
        self._keys: dict[UUID, DataKey] = {}

    async def load(self, db: Database) -> None:
        """Reads the data keys; the first process makes the first one. One that does not open is logged.

        Each is unwrapped once. Raises KmsUnavailable.
        """
        rows = await self._stored_in(db)
        while not (found := await self._opened(rows)):
            rows = await self._with_first(db, {row.id for row in rows})
        self._keys = found  # at the end: who seals meanwhile has those from before

    async def loaded(self, db: Database) -> Self:
        """Itself, once the data keys are read."""
        if not self._keys:
            await self.load(db)
        return self

    def seal(self, plain: bytes, column: InstrumentedAttribute[Any], row_id: object) -> bytes:
        """For that column of that row, under the newest data key."""
        return self._keys[max(self._keys)].seal(plain, *_place(column.property.columns[0], row_id))

    def open(self, sealed: bytes, column: InstrumentedAttribute[Any], row_id: object) -> bytes:
        """What was sealed for that column of that row; raises NotOpened."""
        return self._open(sealed, column.property.columns[0], row_id)

    async def unopened(self, session: Session, metadata: MetaData) -> list[str]:
        """The places of all data keys and secrets of a schema that these keys do not open."""
        found = [
            f"{self._rows.__tablename__} {row.id}" for row in await self._stored(session) if row.id not in self._keys
        ]
        for column, row_id in _sealed_columns(metadata):
            for key, sealed in await session.execute(select(row_id, column).where(column.is_not(None))):
                if not self._opens(sealed, column, key):
                    found.append(f"{column.table.name}.{column.name} {key}")
        return found

    async def rewrap(self, db: Database) -> int:
        """Wraps the data keys under the first key, those that it did not wrap; answers how many.

        What is sealed stays as it is, and processes go on with the data keys that they have read. Raises NotOpened
        or KmsUnavailable, and changes nothing, where one does not open.
        """
        old = [row for row in await self._stored_in(db) if row.wrapped_by != self._wrapping.first]
        opened = [await self._unwrapped(row) for row in old]
        wrapped = {key.id: await self._wrapped(key) for key in opened}
        async with db.transaction() as session:
            for row in old:
                as_read = (self._rows.id == row.id, self._rows.wrapped_by == row.wrapped_by)
                await session.execute(update(self._rows).where(*as_read).values(wrapped[row.id]))
        return len(old)

    async def _stored_in(self, db: Database) -> list[DataKeyRow]:
        async with db.read() as session:
            return await self._stored(session)

    async def _stored(self, session: Session) -> list[DataKeyRow]:
        return list(await session.scalars(select(self._rows).order_by(self._rows.id)))

    async def _opened(self, rows: Sequence[DataKeyRow]) -> dict[UUID, DataKey]:
        opened: dict[UUID, DataKey] = {}
        for row in rows:
            try:
                opened[row.id] = self._keys.get(row.id) or await self._unwrapped(row)
            except NotOpened:
                log.error("sealing.data_key_not_opened", data_key=str(row.id), wrapped_by=row.wrapped_by)
        return opened

    async def _with_first(self, db: Database, seen: set[UUID]) -> list[DataKeyRow]:
        """The rows of now, with a new data key if there are none but those seen."""
        key = DataKey.new()
        values = await self._wrapped(key)
        async with db.transaction() as session:
            await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"{db.schema}.data_keys"))))
            if {row.id for row in await self._stored(session)} == seen:
                await session.execute(insert(self._rows).values(id=key.id, created_at=machine_now(), **values))
            return await self._stored(session)

    async def _wrapped(self, key: DataKey) -> dict[str, Any]:
        wrapped = await asyncio.to_thread(self._wrapping.wrap, key)
        return {"wrapped": wrapped, "wrapped_by": self._wrapping.first}

    async def _unwrapped(self, row: DataKeyRow) -> DataKey:
        return await asyncio.to_thread(self._wrapping.unwrap, row.id, row.wrapped, row.wrapped_by)

    def _open(self, sealed: bytes, column: Column[Any], row_id: object) -> bytes:
        key = self._keys.get(data_key_id(sealed))
        if key is None:
            raise NotOpened
        return key.open(sealed, *_place(column, row_id))

    def _opens(self, sealed: bytes, column: Column[Any], row_id: object) -> bool:
        try:
            self._open(sealed, column, row_id)
        except NotOpened:
            return False
        return True


def _place(column: Column[Any], row_id: object) -> tuple[str, str, str]:
    return column.table.fullname, column.name, str(row_id)


def _sealed_columns(metadata: MetaData) -> Iterator[tuple[Column[Any], Column[Any]]]:
    """Each sealed column, and the id of its rows."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.info.get("sealed"):
                (row_id,) = table.primary_key.columns
                yield column, row_id

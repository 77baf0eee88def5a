"""A service's secrets at rest: its data keys lie in its schema, each secret opens in its own row and column alone."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Self
from uuid import UUID

import structlog
from sqlalchemy import Column, LargeBinary, MetaData, String, func, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from shared.database.session import TIMESTAMPTZ, Database, Session
from shared.records.clock import machine_now
from shared.records.sealing import DataKey, KeyRing, NotOpened, data_key_id

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

    def __init__(self, rows: type[DataKeyRow], ring: KeyRing) -> None:
        """`rows` is the service's table, `ring` are the operator's keys."""
        self._rows, self._ring = rows, ring
        self._keys: dict[UUID, DataKey] = {}

    async def load(self, db: Database) -> None:
        """Reads the data keys; the first process makes the first one. One that does not open is logged."""
        async with db.read() as session:
            found = await self._opened(session)
        if not found:
            async with db.transaction() as session:
                await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"{db.schema}.data_keys"))))
                found = await self._opened(session) or await self._made(session)
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

    async def rewrap(self, session: Session) -> int:
        """Wraps the data keys under the ring's first key, those that it did not wrap; answers how many.

        What is sealed stays as it is, and processes go on with the data keys that they have read. Raises NotOpened,
        and changes nothing, where one does not open.
        """
        old = [row for row in await self._stored(session) if row.wrapped_by != self._ring.first]
        for row in old:
            key = self._ring.unwrap(row.id, row.wrapped, row.wrapped_by)
            values = {"wrapped": self._ring.wrap(key), "wrapped_by": self._ring.first}
            await session.execute(update(self._rows).where(self._rows.id == row.id).values(values))
        return len(old)

    async def _stored(self, session: Session) -> list[DataKeyRow]:
        return list(await session.scalars(select(self._rows).order_by(self._rows.id)))

    async def _opened(self, session: Session) -> dict[UUID, DataKey]:
        opened: dict[UUID, DataKey] = {}
        for row in await self._stored(session):
            try:
                opened[row.id] = self._ring.unwrap(row.id, row.wrapped, row.wrapped_by)
            except NotOpened:
                log.error("sealing.data_key_not_opened", data_key=str(row.id), wrapped_by=row.wrapped_by)
        return opened

    async def _made(self, session: Session) -> dict[UUID, DataKey]:
        key = DataKey.new()
        values = {"id": key.id, "wrapped": self._ring.wrap(key), "wrapped_by": self._ring.first}
        await session.execute(insert(self._rows).values(created_at=machine_now(), **values))
        return {key.id: key}

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

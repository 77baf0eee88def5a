"""Copies of rows of another service: an older event changes nothing, the same one again does no harm."""

from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.database import projection
from shared.database.session import Database
from shared.records.ids import new_id

KEY = new_id()


class Base(DeclarativeBase):
    pass


class Copy(Base):
    __tablename__ = "copies"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[int]


@pytest.fixture
def db(toy) -> Database:
    return toy.state.runtime.db


@pytest.mark.parametrize(
    ("versions", "stored", "kept"),
    [
        ((1, 2, 3), (True, True, True), 3),
        ((3, 1, 2), (True, False, False), 3),
        ((2, 2, 1), (True, True, False), 2),
    ],
)
async def test_the_newest_version_stays(db: Database, versions, stored, kept) -> None:
    async with db.transaction() as session:
        await (await session.connection()).exec_driver_sql(
            "create temporary table copies (id uuid primary key, name text not null, version integer not null)"
        )
        found = [
            await projection.put(session, Copy, {"id": KEY, "name": f"name {version}", "version": version})
            for version in versions
        ]
        assert tuple(found) == stored
        assert (await session.execute(select(Copy.name, Copy.version))).all() == [(f"name {kept}", kept)]

"""Parked events: list them, and ask for their replay; the running worker of the service does it within seconds."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from estuary.database import open_database, schemas
from estuary.settings import EstuarySettings
from shared.connections import async_url
from shared.house import house
from shared.settings import SettingsError


async def show(settings: EstuarySettings) -> None:
    """Prints a line for each parked event of every schema."""
    rows = await _everywhere(settings, _parked)
    for row in rows:
        state = "replaying" if row["replay"] else "parked"
        print(
            f"{row['parked_at']:%Y-%m-%d %H:%M:%S}  {row['consumer']:<14} {row['type']:<24} key {row['key']}  {state}"
        )
        print(f"    {row['error']}")
    print(f"{len(rows)} parked events")


async def replay(settings: EstuarySettings, consumer: str, key: str | None) -> None:
    """Marks that consumer's parked events for replay; raises SettingsError for an unknown consumer or a bad key."""
    if consumer not in (*schemas(settings), "all"):
        raise SettingsError(f"there is no consumer {consumer}; there are {', '.join(schemas(settings))} and all")
    wanted = _uuid(key) if key else None

    async def mark(connection: AsyncConnection, parked: Table) -> Sequence[Any]:
        statement = update(parked).values(replay=True).returning(parked.c.seq)
        statement = statement.where(parked.c.consumer == consumer) if consumer != "all" else statement
        statement = statement.where(parked.c.key == wanted) if wanted else statement
        return list(await connection.execute(statement))

    print(f"{len(await _everywhere(settings, mark))} events will be handled again by the running workers")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise SettingsError(f"{text} is not an id") from None


async def _parked(connection: AsyncConnection, parked: Table) -> Sequence[Any]:
    return (await connection.execute(select(parked).order_by(parked.c.seq))).mappings().all()


async def _everywhere(settings: EstuarySettings, ask: Any) -> list[Any]:
    found: list[Any] = []
    async with open_database(settings, lambda _: None) as url:
        engine = create_async_engine(async_url(url), poolclass=NullPool)
        async with engine.begin() as connection:
            for schema in schemas(settings):
                found += await ask(connection, house(schema).parked)
        await engine.dispose()
    return found

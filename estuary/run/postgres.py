"""The database of the install: the operator's, or a Postgres of our own, with every schema at its newest version."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager

import asyncpg

from estuary.services import SERVICES, migrations
from estuary.settings import EstuarySettings
from shared.database import migrate
from shared.database.connections import plain_url
from shared.database.postgres import EmbeddedPostgres
from shared.settings import SettingsError

DATABASE = "estuary"
Say = Callable[[str], None]


@asynccontextmanager
async def open_database(settings: EstuarySettings, say: Say, names: Sequence[str] = ()) -> AsyncIterator[str]:
    """The URL of a running database, for as long as the context lasts; one schema's own if only that is named."""
    own = os.environ.get(f"{names[0].upper()}_DATABASE_URL") if len(names) == 1 else None
    if url := own or settings.database_url:
        await _reach(url)
        say("database: the one of DATABASE_URL")
        yield url
        return
    say(f"database: Postgres in {settings.data}")
    server = await asyncio.to_thread(EmbeddedPostgres, settings.data)
    try:
        await _create(server)
        yield server.database(DATABASE)
    finally:
        await asyncio.to_thread(server.stop)


async def _reach(url: str) -> None:
    try:
        connection = await asyncpg.connect(plain_url(url), timeout=10)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        raise SettingsError(f"DATABASE_URL: cannot connect: {error or type(error).__name__}") from None
    await connection.close()


async def _create(server: EmbeddedPostgres) -> None:
    admin = await asyncpg.connect(server.url)
    try:
        if not await admin.fetchval("select 1 from pg_database where datname = $1", DATABASE):
            await admin.execute(f"create database {DATABASE}")
    finally:
        await admin.close()


def schemas(settings: EstuarySettings) -> tuple[str, ...]:
    """Every schema of the install; the sandbox's comes first, since business time is kept there."""
    return ("sandbox", *SERVICES) if settings.stand_ins else SERVICES


async def migrate_all(url: str, names: Iterable[str], say: Say) -> None:
    """Brings the schemas to their newest version, one after the other."""
    for name in names:
        if await migrate.upgrade(url, name, migrations(name)):
            say(f"schema {name}: migrated")

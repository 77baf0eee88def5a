"""The database of the install: the operator's, or a Postgres of our own, with every schema at its newest version."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from estuary.services import SERVICES, migrations
from estuary.settings import EstuarySettings
from shared.database import migrate
from shared.database.connections import engine_of, plain_url
from shared.database.postgres import EmbeddedPostgres
from shared.settings import SettingsError, demand_readable

DATABASE = "estuary"
PLAIN = re.compile(r"[\w/.,:+@%=-]+")
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
    _demand_plain(settings.data)
    say(f"database: Postgres in {settings.data}")
    server = await asyncio.to_thread(EmbeddedPostgres, settings.data)
    try:
        await _create(server)
        yield server.database(DATABASE)
    finally:
        await asyncio.to_thread(server.stop)


@asynccontextmanager
async def open_migrated(settings: EstuarySettings, names: Sequence[str]) -> AsyncIterator[str]:
    """As `open_database`, for commands that say nothing of it; raises SettingsError where a schema is not migrated."""
    async with open_database(settings, lambda _: None, names) as url:
        engine = engine_of(url)
        async with engine.connect() as connection:
            found = [await lacking(connection, name) for name in names]
        await engine.dispose()
        if reasons := [reason for reason in found if reason is not None]:
            raise SettingsError("\n".join(reasons))
        yield url


async def lacking(connection: AsyncConnection, name: str) -> str | None:
    """What to do before this release can use that schema; None where it is at its version or a later one."""
    present, wanted = await migrate.present_version(connection, name), migrate.newest_version(migrations(name))
    if present is not None and wanted is not None and present >= wanted:
        return None
    return f"schema {name} is at {present or 'no version'}, this release needs {wanted}: run `estuary migrate {name}`"


def _demand_plain(folder: Path) -> None:
    """Raises SettingsError for a folder that Postgres' start script cannot name: it takes its path for words of a
    shell."""
    if not PLAIN.fullmatch(str(folder.resolve())):
        raise SettingsError(f"ESTUARY_HOME: {folder.resolve()}: Postgres needs a path without blanks and quotes")


async def _reach(url: str) -> None:
    try:
        demand_readable(url)
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

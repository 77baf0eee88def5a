"""The functions and triggers of a migrated schema are those of the `.sql` files beside the models."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from devtools.testing.databases import Databases
from estuary.services import SERVICES
from shared.database.migrate import statements_of

ROOT = Path(__file__).parents[2]
SHARED = ROOT / "libs" / "shared" / "database"
NAMED = re.compile(r"create or replace (?:function|trigger) (?:[\w{}]+\.)?(\w+)")
FUNCTIONS = """
    select p.proname as name, pg_get_functiondef(p.oid) as definition
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = $1
"""
TRIGGERS = """
    select t.tgname as name, pg_get_triggerdef(t.oid) as definition
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and not t.tgisinternal
"""


async def present(connection: asyncpg.Connection, schema: str) -> set[tuple[str, str]]:
    """Name and definition of each, blanks made alike."""
    rows = [*await connection.fetch(FUNCTIONS, schema), *await connection.fetch(TRIGGERS, schema)]
    return {(row["name"], " ".join(row["definition"].split())) for row in rows}


def files_of(schema: str, names: set[str]) -> Iterator[Path]:
    """The service's own, and those of shared that it uses any of."""
    yield from sorted((ROOT / "services" / schema).rglob("*.sql"))
    yield from (file for file in sorted(SHARED.glob("*.sql")) if names & set(NAMED.findall(file.read_text())))


@pytest.fixture
async def connection(databases: Databases, service: str) -> AsyncIterator[asyncpg.Connection]:
    """To a migrated database."""
    url = await databases.clone(service)
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()
    await databases.drop(url)


@pytest.mark.parametrize("service", SERVICES)
async def test_applying_the_files_again_changes_nothing_and_they_name_everything(
    service: str, connection: asyncpg.Connection
):
    migrated = await present(connection, service)
    files = files_of(service, {name for name, _ in migrated})
    statements = [one for file in files for one in statements_of(file, service)]
    for statement in statements:
        await connection.execute(statement)
    assert await present(connection, service) == migrated
    assert {name for name, _ in migrated} == {name for one in statements for name in NAMED.findall(one)}

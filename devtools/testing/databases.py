"""Databases for tests: made by the real migrations once, and cloned for each test."""

import os
import shutil
from pathlib import Path

import asyncpg

from shared.database import migrate
from shared.database.postgres import EmbeddedPostgres
from shared.records.ids import new_id

ROOT = Path(__file__).parents[2]
MEMORY, ENOUGH = Path("/dev/shm"), 4 * 1024**3


def migrations_of(service: str) -> Path:
    """Where the schema's migrations are."""
    elsewhere = {"sandbox": "estuary/sandbox", "toy": "libs/shared/tests/toy"}
    return ROOT / elsewhere.get(service, f"services/{service}") / "migrations/versions"


def scratch() -> str | None:
    """Where databases that nobody keeps are made: in memory where there is enough of it, else in the usual place.

    A database is hundreds of files, and a clone of it on a disk takes twenty times as long.
    """
    usable = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH
    return str(MEMORY) if usable else None


class Databases:
    """Templates by real migrations, and clean clones of them."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        """On that server."""
        self.server, self._templates = server, set[str]()

    async def clone(self, *schemas: str) -> str:
        """The URL of a fresh database with these schemas migrated."""
        template, name = "tpl_" + "_".join(schemas), f"t{new_id().hex}"
        admin = await asyncpg.connect(self.server.url)
        try:
            if template not in self._templates:
                await admin.execute(f"create database {template}")
                for schema in schemas:
                    await migrate.upgrade(self.server.database(template), schema, migrations_of(schema))
                self._templates.add(template)
            await admin.execute(f"create database {name} template {template} strategy file_copy")
        finally:
            await admin.close()
        return self.server.database(name)

    async def empty(self) -> str:
        """The URL of a fresh database without any schema."""
        name = f"t{new_id().hex}"
        admin = await asyncpg.connect(self.server.url)
        try:
            await admin.execute(f"create database {name}")
        finally:
            await admin.close()
        return self.server.database(name)

    async def drop(self, url: str) -> None:
        """Removes a clone, whoever is still connected."""
        admin = await asyncpg.connect(self.server.url)
        try:
            name = url.split("?")[0].rsplit("/", 1)[1]
            await admin.execute(f"drop database if exists {name} with (force)")
        finally:
            await admin.close()

"""Instances for the tests of erasures, and their databases."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import asyncpg
import pytest

from estuary.run.postgres import DATABASE
from estuary.settings import EstuarySettings
from shared.database.postgres import EmbeddedPostgres
from tests.instance import Instance, standing
from tests.journey.world import World


@asynccontextmanager
async def connected(instance: Instance) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the database's owner."""
    folder = EstuarySettings.of({"ESTUARY_HOME": instance.env["ESTUARY_HOME"]}).data
    server = await asyncio.to_thread(EmbeddedPostgres, folder, {})
    connection = await asyncpg.connect(server.database(DATABASE))
    try:
        yield connection
    finally:
        await connection.close()
        await asyncio.to_thread(server.stop)


@pytest.fixture
async def database(instance: Instance) -> AsyncIterator[asyncpg.Connection]:
    async with connected(instance) as connection:
        yield connection


class AtOnce(Instance):
    """An erasure begins when it is asked for."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.env["IDENTITY_ERASURE_DAYS"] = "0"


@pytest.fixture
def own() -> Iterator[Instance]:
    with standing(AtOnce) as instance:
        yield instance


@pytest.fixture
async def own_world(own: Instance, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setenv("JOURNEY_PATIENCE", "4")
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        yield World(own.url, http)

"""A whole instance, started as anybody starts it, for the tests that look from outside."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from devtools.testing.databases import scratch
from tests.instance import Instance
from tests.journey.world import World


@pytest.fixture(scope="session")
def instance() -> Iterator[Instance]:
    """`estuary up`, ready; it must end within 15 s of Ctrl-C."""
    folder = Path(tempfile.mkdtemp(prefix="estuary-", dir=scratch()))
    instance = Instance(folder)
    instance.start()
    try:
        yield instance
    finally:
        instance.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def estuary_url(instance: Instance) -> str:
    return instance.url


@pytest.fixture
async def world(estuary_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """The instance as the journey sees it, on a machine that runs other tests beside."""
    monkeypatch.setenv("JOURNEY_PATIENCE", "4")
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        yield World(estuary_url, http)

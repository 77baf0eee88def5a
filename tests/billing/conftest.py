"""An instance of a test's own, that it may kill."""

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from tests.instance import Instance, standing
from tests.journey.world import World


@pytest.fixture
def own() -> Iterator[Instance]:
    """The instance."""
    with standing(Instance) as instance:
        yield instance


@pytest.fixture
async def world(own: Instance, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """What its people see, who have time."""
    monkeypatch.setenv("JOURNEY_PATIENCE", "4")
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        yield World(own.url, http)

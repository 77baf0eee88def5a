"""Browsers beside the running instance, and apps that it knows."""

from collections.abc import AsyncIterator

import pytest

from tests.browser.chromium import Chromium, chromedriver, chromium
from tests.browser.site import Site
from tests.instance import Instance
from tests.journey.people import Person, join, staff
from tests.journey.world import SUPERUSER, World


@pytest.fixture(scope="session")
async def driver() -> AsyncIterator[str]:
    async with chromedriver() as address:
        yield address


@pytest.fixture
async def browser(world: World, driver: str) -> AsyncIterator[Chromium]:
    """One that nobody has used; at the end its console holds no complaint."""
    async with chromium(world.http, driver) as opened:
        yield opened
        assert await opened.complaints() == []


@pytest.fixture
async def plain_browser(world: World, driver: str) -> AsyncIterator[Chromium]:
    """One that runs no scripts."""
    async with chromium(world.http, driver, scripts=False) as opened:
        yield opened
        assert await opened.complaints() == []


@pytest.fixture(params=["browser", "plain_browser"])
def either(request: pytest.FixtureRequest) -> Chromium:
    """With scripts, and without."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def public(instance: Instance) -> str:
    """The address by which people know the instance: passkeys are bound to its name."""
    return f"http://localhost:{instance.port}"


@pytest.fixture
async def ada(world: World) -> Person:
    return await join(world)


@pytest.fixture
async def site(world: World, instance: Instance, public: str) -> AsyncIterator[Site]:
    """An app on another site, which signs people in by Estuary."""
    office = await staff(world, SUPERUSER)
    async with Site(world.http, public, instance.site_port).serving() as made:
        confirmed = {"X-Confirm-Action": "true"}
        answer = await office.post("/admin/oauth-clients/", made.registration(), headers=confirmed, expect=201)
        made.client = answer.body
        yield made

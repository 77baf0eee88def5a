"""Apps of an identity of their own."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from services.identity.tests.oauth.relying_party import App, Browser
from services.identity.tests.oauth.test_clients import made

Register = Callable[..., Awaitable[App]]


@pytest.fixture
def browser(own) -> Browser:
    """One that nobody has signed in with."""
    return Browser(own)


@pytest.fixture
def register(client, browser) -> Register:
    """`await register(first_party=True)`: a new client, in that browser."""

    async def new(scope: str = "openid profile email", **other: Any) -> App:
        found = await made(client, **other)
        return App(browser, found["client_id"], found["client_secret"], scope)

    return new


@pytest.fixture
async def journal(register, ada) -> App:
    """An app of somebody else, in a world where Ada has an account."""
    return await register()

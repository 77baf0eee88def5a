"""The sandbox's providers on a real port, and an identity that knows them."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from devtools.testing.databases import Databases
from devtools.testing.fixtures import runtime_on
from devtools.testing.servers import served
from estuary.sandbox.app import create_app as create_sandbox
from services.identity.app import create_app
from services.identity.tests.conftest import CHEAP
from services.identity.tests.social.browser import Browser
from shared.records.clock import SandboxClock


@pytest.fixture(scope="session")
async def providers(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Where the sandbox listens; to browsers it is http://localhost:8000."""
    url = await databases.clone("sandbox")
    env = {"ESTUARY_HOME": str(tmp_path_factory.mktemp("sandbox")), "SANDBOX_SMTP_PORT": "0"}
    runtime = runtime_on(url, "sandbox", SandboxClock(), {}, env)
    async with served(create_sandbox(runtime)) as address:
        yield f"http://{address}"
    await runtime.db.close()
    await runtime.peers.close()
    await databases.drop(url)


@pytest.fixture
def settings() -> dict[str, str]:
    """More of identity's settings."""
    return {}


@pytest.fixture
async def app(runtime_for: Any, providers: str, settings: dict[str, str]) -> AsyncIterator[FastAPI]:
    env = {**CHEAP, "IDENTITY_SANDBOX_BASE": f"{providers}/sandbox/oidc", **settings}
    made = create_app(await runtime_for("identity", env=env))
    yield made
    await made.state.runtime.providers.close()


@pytest.fixture
async def signing_app(signing_app: FastAPI) -> AsyncIterator[FastAPI]:
    yield signing_app
    await signing_app.state.runtime.providers.close()


@pytest.fixture
async def make_browser(own: httpx2.AsyncClient, providers: str) -> AsyncIterator[Callable[[], Browser]]:
    """`make_browser()`: one more browser, with a verifier of its own."""
    async with httpx2.AsyncClient(timeout=30) as web:
        yield lambda: Browser(own, web, providers)


@pytest.fixture
def browser(make_browser: Callable[[], Browser]) -> Browser:
    return make_browser()

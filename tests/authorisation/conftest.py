"""The market that all tables are tried on."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx2
import pytest
from fastapi import FastAPI

from devtools.testing.callers import SERVICE_KEY
from devtools.testing.databases import Databases
from devtools.testing.documented import DocumentedTransport
from devtools.testing.fixtures import STARTS_AT, runtime_on
from estuary.services import SERVICES, create_app
from services.payments.tests.conftest import stripe_base  # noqa: F401 (a fixture)
from shared.records.clock import FixedClock
from tests.authorisation.calls import Later
from tests.authorisation.market import Market

CHEAP = {"IDENTITY_ARGON2_TIME_COST": "1", "IDENTITY_ARGON2_MEMORY_KIB": "8", "IDENTITY_ARGON2_PARALLELISM": "1"}


@pytest.fixture(scope="module")
async def market(databases: Databases, stripe_base: str) -> AsyncIterator[Market]:  # noqa: F811 (the fixture)
    """Every service's own app over real Postgres, with the sandbox as Stripe."""
    env = {**CHEAP, "ESTUARY_SERVICE_KEY": SERVICE_KEY, "STRIPE_API_BASE": stripe_base}
    apps: dict[str, FastAPI] = {}
    clients: dict[str, httpx2.AsyncClient] = {}
    clock = FixedClock(STARTS_AT)
    url = await databases.clone(*SERVICES)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(databases.drop, url)
        for name in SERVICES:
            runtime = runtime_on(url, name, clock, {peer: Later(apps, peer) for peer in SERVICES}, env)
            stack.push_async_callback(runtime.db.close)
            stack.push_async_callback(runtime.peers.close)
            apps[name] = create_app(name, runtime)
        for name, app in apps.items():
            await stack.enter_async_context(app.router.lifespan_context(app))
            transport = DocumentedTransport(app, strict=True)
            clients[name] = await stack.enter_async_context(
                httpx2.AsyncClient(transport=transport, base_url="http://test")
            )
        made = Market(apps, clients, clock)
        await made.open()
        yield made

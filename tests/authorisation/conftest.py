"""The market that all tables are tried on."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp

from devtools.testing.callers import KEY, SERVICE_KEY, service_tokens
from devtools.testing.databases import Databases
from devtools.testing.documented import DocumentedTransport
from devtools.testing.fixtures import AT_LEISURE, STARTS_AT, runtime_on
from estuary.run.clients import exchange_with
from estuary.services import SERVICES, create_app
from gateway.app import create_app as create_gateway
from gateway.settings import GatewaySettings
from services.payments.tests.conftest import stripe_base  # noqa: F401 (a fixture)
from shared.auth.edge_tokens import read_edge
from shared.auth.verification import Verifier
from shared.internal.identity import EDGE
from shared.peers import Peers
from shared.records.clock import FixedClock
from tests.authorisation.calls import Later
from tests.authorisation.market import Market

CHEAP = {"IDENTITY_ARGON2_TIME_COST": "1", "IDENTITY_ARGON2_MEMORY_KIB": "8", "IDENTITY_ARGON2_PARALLELISM": "1"}


def verifier_of(name: str, peers: Peers) -> Verifier:
    """Knows what identity says to the edge, and the key of tokens for tests alone."""

    async def known() -> Mapping[str, Any]:
        edge = (await peers.ask(EDGE)).model_dump(mode="json")
        return edge | {"keys": [KEY.as_dict(private=False), *edge["keys"]]}

    tokens = service_tokens(name)
    return Verifier(known, tokens.caller, partial(read_edge, tokens))


def gateway_of(apps: Mapping[str, FastAPI]) -> ASGIApp:
    """The gateway before these apps, with limits for nobody."""
    transport = httpx2.ASGITransport(Later(apps, "identity"), raise_app_exceptions=False)
    peers = Peers({"identity": transport}, service_tokens("gateway").token)
    settings = GatewaySettings.of({**AT_LEISURE, "GATEWAY_RATE_LIMITS": "off"})
    verifier = verifier_of("gateway", peers)
    return create_gateway(settings, verifier, dict(apps), service_tokens("gateway"), exchange_with(peers))


@pytest.fixture(scope="module")
async def market(databases: Databases, stripe_base: str) -> AsyncIterator[Market]:  # noqa: F811 (the fixture)
    """Every service's own app over real Postgres, with the gateway before them and the sandbox as Stripe."""
    env = {**CHEAP, "ESTUARY_SERVICE_KEY": SERVICE_KEY, "STRIPE_API_BASE": stripe_base, "CATALOG_PLAN_LIMITS": "off"}
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
            apps[name] = create_app(name, replace(runtime, verifier=verifier_of(name, runtime.peers)))
        gateway = gateway_of(apps)
        transports: dict[str, httpx2.ASGITransport] = {}
        for name, app in apps.items():
            await stack.enter_async_context(app.router.lifespan_context(app))
            transports[name] = DocumentedTransport(app)
        transports["gateway"] = httpx2.ASGITransport(gateway, raise_app_exceptions=False)
        for name, transport in transports.items():
            client = httpx2.AsyncClient(transport=transport, base_url="http://test")
            clients[name] = await stack.enter_async_context(client)
        made = Market(apps, gateway, clients, clock)
        await made.open()
        yield made

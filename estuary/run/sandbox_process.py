"""The sandbox as a process of its own, and the demo data, which need all other services."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx2

from estuary.run.clients import follow_edge
from estuary.run.gateway_process import closing
from estuary.run.process import app_running, run
from estuary.run.readiness import ReadinessMiddleware
from estuary.run.resources import addresses, database_url, process_resources
from estuary.sandbox.app import create_app as create_sandbox
from estuary.seed import add_staff, seed_demo_data
from estuary.settings import EstuarySettings
from gateway.app import create_app as create_gateway
from gateway.proxy import Proxy
from gateway.settings import GatewaySettings
from shared.observability.logs import logger

log = logger()


async def sandbox(settings: EstuarySettings, env: Mapping[str, str]) -> None:
    """The sandbox and, with them alone, the staff account of the demo and its data: ready when they are there."""
    resources = process_resources(settings, env, "sandbox", "serve")
    runtime = resources.runtime("sandbox")
    app = create_sandbox(runtime)
    readiness = ReadinessMiddleware(app)
    readiness.seeded = False
    own = GatewaySettings.of({**resources.env, "GATEWAY_RATE_LIMITS": "off", "GATEWAY_ACCESS_LOG": "off"})
    others = {name: Proxy.of(own, where) for name, where in addresses(settings).items() if name != "sandbox"}
    edge = create_gateway(own, resources.verifier, {**others, "sandbox": app})

    async def make_demo_data() -> None:
        """Through a gateway of its own: the public one is not ready before this is done."""
        transport = httpx2.ASGITransport(edge, raise_app_exceptions=False)
        while not readiness.seeded:
            try:
                await add_staff(database_url(env, "identity"), resources.env)
                async with httpx2.AsyncClient(transport=transport, base_url="http://estuary", timeout=30) as client:
                    await seed_demo_data(client, settings)
                readiness.seeded = True
            except Exception as error:
                log.info("sandbox.waits_for_services", error=str(error)[:300])
                await asyncio.sleep(1)
        await follow_edge(resources.verifier)

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        async with closing(others.values()), app_running(runtime, app):
            yield

    await run(resources, readiness, running(), [make_demo_data])

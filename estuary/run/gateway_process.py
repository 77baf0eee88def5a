"""The gateway as a process of its own: the public edge over the network."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager

from estuary.run.clients import exchange_with, follow_edge
from estuary.run.connection_limits import Admission
from estuary.run.process import run
from estuary.run.readiness import ReadinessMiddleware
from estuary.run.resources import addresses, process_resources
from estuary.run.service_keys import tokens_of
from estuary.settings import EstuarySettings, gateway_environment
from gateway.app import create_app as create_gateway
from gateway.proxy import Proxy
from gateway.settings import GatewaySettings


async def gateway(settings: EstuarySettings, env: Mapping[str, str]) -> None:
    """The public edge over the network, until a signal."""
    resources = process_resources(settings, env, "gateway", "edge")
    own = GatewaySettings.of(gateway_environment(settings, resources.env))
    # identity hashes passwords, which stops when the caller leaves.
    proxies = {
        name: Proxy.of(own, where, ends_with_caller=name == "identity") for name, where in addresses(settings).items()
    }
    edge = create_gateway(
        own, resources.verifier, proxies, tokens_of("gateway", settings, env), exchange_with(resources.peers)
    )
    await run(
        resources,
        ReadinessMiddleware(edge),
        closing(proxies.values()),
        [lambda: follow_edge(resources.verifier), edge.run],
        (),
        Admission.of(own),
    )


@asynccontextmanager
async def closing(proxies: Iterable[Proxy]) -> AsyncIterator[None]:
    """Closes them at the end."""
    try:
        yield
    finally:
        for proxy in proxies:
            await proxy.close()

"""The wiring of the gateway."""

from collections.abc import Mapping

from starlette.types import ASGIApp

from gateway.api_keys import ApiKeys, TokenOfKey
from gateway.edge_tokens import EdgeTokens
from gateway.forwarding import Forwarder
from gateway.openapi import Documents
from gateway.pages import Pages
from gateway.pipeline import Gateway
from gateway.routes import ROUTES, RouteTable
from gateway.settings import GatewaySettings
from shared.auth.service_tokens import ServiceTokens
from shared.auth.verification import Verifier
from shared.web.shedding import Load


def create_app(
    settings: GatewaySettings,
    verifier: Verifier,
    upstreams: Mapping[str, ASGIApp],
    tokens: ServiceTokens | None = None,
    exchange: TokenOfKey | None = None,
) -> Gateway:
    """The gateway before those upstreams, by service name: the services' own apps, or a Proxy to each.

    `tokens` sign what it says of clients; without them it says nothing. `exchange` makes tokens of API keys; without it
    none is accepted. What is not among the upstreams is not routed. Lifespans are the caller's: run those of in-process
    apps, close Proxies.
    """
    table = RouteTable(ROUTES, upstreams)
    in_order = {name: upstreams[name] for name in dict.fromkeys(ROUTES.values()) if name in upstreams}
    pages = Pages(upstreams, Documents(in_order, table), settings)
    edge = EdgeTokens(tokens, limited=settings.rate_limits == "on") if tokens is not None else None
    keys = ApiKeys(exchange, verifier)
    load = Load(settings, "gateway")
    return Gateway(settings, verifier, keys, table, pages, Forwarder(upstreams, settings, load, edge), load)

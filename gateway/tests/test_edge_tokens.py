"""From where a request came: said to the services that need it, by the gateway alone."""

from typing import Any

import pytest

from devtools.testing.callers import service_tokens
from gateway.app import create_app
from gateway.edge_tokens import EdgeTokens
from gateway.settings import GatewaySettings
from gateway.tests.conftest import echo
from shared.auth.edge_tokens import Edge, read_edge
from shared.auth.verification import Verifier


class TestEdge:
    def at(self, **env: str) -> Any:
        upstreams = {name: echo(name) for name in ("identity", "booking")}
        settings = GatewaySettings.of({"GATEWAY_TRUSTED_HOPS": "1", **env})
        return create_app(settings, Verifier(no_keys), upstreams, service_tokens("gateway"))

    async def said(self, client_of: Any, path: str, address: str, **headers: str) -> str | None:
        sent = {"X-Forwarded-For": address, **headers}
        answer = await client_of(self.at()).post(path, json={}, headers=sent)
        return dict(answer.json()["headers"]).get("x-estuary-edge")

    @pytest.mark.parametrize(("address", "network"), [("192.0.2.7", "192.0.2.7"), ("2001:db8::1:2", "2001:db8::/64")])
    async def test_says_address_and_network_on_sign_in_paths(self, client_of, address, network):
        token = await self.said(client_of, "/api/v1/auth/login/", address)
        assert read_edge(service_tokens("identity"), token or "") == Edge(address, network, True)

    async def test_says_nothing_elsewhere_and_drops_what_a_client_says(self, client_of):
        forged = {"X-Estuary-Edge": "forged"}
        assert await self.said(client_of, "/api/v1/bookings/", "192.0.2.7", **forged) is None
        token = await self.said(client_of, "/api/v1/auth/login/", "192.0.2.7", **forged)
        assert read_edge(service_tokens("identity"), token or "").address == "192.0.2.7"

    def test_signs_once_for_many_requests(self):
        tokens = EdgeTokens(service_tokens("gateway"), limited=False)
        assert tokens.headers("identity", "192.0.2.7") == tokens.headers("identity", "192.0.2.7")
        assert tokens.headers("identity", "192.0.2.7") != tokens.headers("identity", "192.0.2.8")


async def no_keys() -> Any:
    return {"keys": []}

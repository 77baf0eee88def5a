"""Says to services from where a request came (`shared.auth.edge_tokens`): signed once per client and half a minute."""

from collections import OrderedDict

from gateway.asgi import Headers
from gateway.limits import network_of
from shared.auth.edge_tokens import HEADER, Edge, sign_edge
from shared.auth.service_tokens import SECONDS, ServiceTokens
from shared.auth.verification import machine_seconds

MOST_KEPT = 10_000
NAME = HEADER.encode()


class EdgeTokens:
    """The headers by service and address; forgets those that were signed first."""

    def __init__(self, tokens: ServiceTokens, *, limited: bool) -> None:
        """`limited`: whether this gateway limits anybody."""
        self._tokens, self._limited = tokens, limited
        self._kept: OrderedDict[tuple[str, str], tuple[bytes, float]] = OrderedDict()

    def headers(self, service: str, address: str) -> Headers:
        """The header for a request from that address to that service."""
        token, signed_at = self._kept.get((service, address), (b"", 0.0))
        now = machine_seconds()
        if now - signed_at > SECONDS / 2:
            token = self._signed(service, address, int(now))
            self._kept.pop((service, address), None)
            self._kept[service, address] = token, now
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return [(NAME, token)]

    def _signed(self, service: str, address: str, now: int) -> bytes:
        edge = Edge(address, network_of(address), self._limited)
        return sign_edge(self._tokens, service, edge, now).encode()

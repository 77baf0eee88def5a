"""From where a request came: the gateway says it to a service in a token that it signs with its own key.

No other header says so: those of a client are dropped, and a service trusts no proxy.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.auth.service_tokens import ServiceTokens
from shared.errors import Unauthenticated

HEADER = "x-estuary-edge"
EDGE, GATEWAY = "edge", "gateway"
LONGEST = 64


@dataclass(frozen=True, slots=True)
class Edge:
    """The client's address, and its network: of IPv4 the address itself, of IPv6 the /64.

    `limited`: whether networks have limits here (GATEWAY_RATE_LIMITS).
    """

    address: str
    network: str
    limited: bool


ReadEdge = Callable[[str], Edge]


def sign_edge(tokens: ServiceTokens, service: str, edge: Edge, issued: int) -> str:
    """The token for that service, of that moment, good for a minute."""
    return tokens.sign(service, issued, EDGE, address=edge.address, network=edge.network, limited=edge.limited)


def read_edge(tokens: ServiceTokens, token: str) -> Edge:
    """What the gateway says; raises Unauthenticated for anything that it did not sign for this service lately."""
    claims: Any = tokens.claims(token, EDGE)
    address, network = claims.get("address"), claims.get("network")
    texts = isinstance(address, str) and isinstance(network, str) and len(address) <= LONGEST
    if claims["sub"] != GATEWAY or not texts or len(network) > LONGEST:
        raise Unauthenticated("This is not what the gateway says.")
    return Edge(address, network, claims.get("limited") is True)

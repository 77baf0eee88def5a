"""From where a request came, as the gateway says, and from which device, as the client says itself."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.identity.runtime import Rt
from services.identity.sessions.devices import device_of
from shared.auth.edge_tokens import HEADER


@dataclass(frozen=True, slots=True)
class Client:
    """Null is what nobody said. `network` is the address, of IPv6 the /64; `limited`: whether networks have limits."""

    address: str | None = None
    network: str | None = None
    device: str | None = None
    limited: bool = False


async def client_of(request: Request, runtime: Rt) -> Client:
    """The client of this request."""
    edge = runtime.verifier.edge(request.headers.get(HEADER, ""))
    device = device_of(request.headers.get("user-agent"))
    return Client(device=device) if edge is None else Client(edge.address, edge.network, device, edge.limited)


ClientDep = Annotated[Client, Depends(client_of)]

"""Tokens and headers of people and services, signed with keys for tests alone."""

from datetime import timedelta
from functools import cache
from uuid import UUID

from estuary.services import PROCESSES
from shared.auth.edge_tokens import HEADER, Edge, sign_edge
from shared.auth.service_tokens import ServiceTokens, derived_key, public_half
from shared.auth.token_signing import Narrowing, Proof, new_key, sign_access_token
from shared.records.clock import machine_now
from shared.records.ids import new_id

SERVICE_KEY = "a-service-key-for-tests-only-0123456789"
KEY = new_key()


@cache
def service_tokens(name: str) -> ServiceTokens:
    """That service's key and the public halves of all, as derived from SERVICE_KEY."""
    keys = {one: derived_key(SERVICE_KEY, one) for one in {*PROCESSES, name}}
    return ServiceTokens(name, keys[name], {one: [public_half(key)] for one, key in keys.items()})


def token_for(
    user_id: UUID | None = None,
    roles: tuple[str, ...] = ("user",),
    practitioner_id: UUID | None = None,
    narrowing: Narrowing | None = None,
) -> str:
    """A valid access token of that person, who has just signed in, or one narrowed like that."""
    return sign_access_token(
        KEY,
        user_id=user_id or new_id(),
        roles=roles,
        practitioner_id=practitioner_id,
        session_id=new_id(),
        now=machine_now(),
        lifetime=timedelta(hours=1),
        proof=Proof(machine_now(), narrowing=narrowing),
    )


def headers_for(
    user_id: UUID | None = None, roles: tuple[str, ...] = ("user",), practitioner_id: UUID | None = None, **more: str
) -> dict[str, str]:
    """The headers of a request by that person; `idempotency_key="k"` becomes `Idempotency-Key`."""
    own = {"Authorization": f"Bearer {token_for(user_id, roles, practitioner_id)}"}
    return own | {name.replace("_", "-"): value for name, value in more.items()}


def edge_headers(address: str, service: str = "identity", *, limited: bool = True) -> dict[str, str]:
    """What the gateway adds to a request from that address."""
    edge = Edge(address, address, limited)
    return {HEADER: sign_edge(service_tokens("gateway"), service, edge, int(machine_now().timestamp()))}


def service_headers(service: str = "booking") -> dict[str, str]:
    """The headers of a call by that service, to whichever service."""
    token = service_tokens(service).sign(sorted(PROCESSES), int(machine_now().timestamp()))
    return {"Authorization": f"Bearer {token}"}

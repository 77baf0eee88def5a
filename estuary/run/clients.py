"""How a process checks the tokens of its callers and calls the other services: the keys come from identity."""

from collections.abc import Mapping
from functools import partial

import httpx2

from shared.auth.edge_tokens import read_edge
from shared.auth.service_tokens import ServiceTokens
from shared.auth.verification import Verifier
from shared.internal.identity import REVOKED_SESSIONS
from shared.peers import Peers
from shared.records.times import render_utc


def make_verifier_and_clients(
    tokens: ServiceTokens, transports: Mapping[str, httpx2.AsyncBaseTransport]
) -> tuple[Verifier, Peers]:
    """What checks tokens for the process of that name, and its client of the other services."""
    query: dict[str, str] = {}

    async def keys() -> Mapping[str, object]:
        known = await peers.get("identity", "/.well-known/jwks.json")
        revoked = await peers.ask(REVOKED_SESSIONS, query=query)
        query["since"] = render_utc(revoked.until)  # the next time only what is new
        return {**known, "revoked_sessions": [str(one) for one in revoked.session_ids]}

    peers = Peers(transports, tokens.token)
    return Verifier(keys, tokens.caller, partial(read_edge, tokens)), peers

"""How a process checks the tokens of its callers and calls the other services: the keys come from identity."""

from collections.abc import Mapping

import httpx2

from shared.auth.service_tokens import ServiceTokens
from shared.auth.verification import Verifier
from shared.peers import Peers


def make_verifier_and_clients(
    tokens: ServiceTokens, transports: Mapping[str, httpx2.AsyncBaseTransport]
) -> tuple[Verifier, Peers]:
    """What checks tokens for the process of that name, and its client of the other services."""
    path = "/internal/revoked-sessions/"

    async def keys() -> Mapping[str, object]:
        nonlocal path
        known = await peers.get("identity", "/.well-known/jwks.json")
        revoked = await peers.get("identity", path)
        path = f"/internal/revoked-sessions/?since={revoked['until']}"  # the next time only what is new
        return {**known, "revoked_sessions": revoked["session_ids"]}

    peers = Peers(transports, tokens.token)
    return Verifier(keys, tokens.caller), peers

"""How a process knows who asks, and shows who it is: the keys come from identity, by the way to it."""

from collections.abc import Mapping

import httpx2

from shared.auth import Verifier
from shared.peers import Peers


def trust(name: str, transports: Mapping[str, httpx2.AsyncBaseTransport], service_key: str) -> tuple[Verifier, Peers]:
    """What checks tokens for that process, and its client of the other services."""

    async def keys() -> Mapping[str, object]:
        known = await peers.get("identity", "/.well-known/jwks.json")
        return {
            **known,
            "revoked_sessions": (await peers.get("identity", "/internal/revoked-sessions/"))["session_ids"],
        }

    verifier = Verifier(keys, service_key)
    peers = Peers(transports, lambda: verifier.service_token(name))
    return verifier, peers

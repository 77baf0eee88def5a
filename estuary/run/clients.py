"""How a process checks the tokens of its callers and calls the other services: the keys come from identity."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import httpx2

from shared.auth.edge_tokens import read_edge
from shared.auth.service_tokens import ServiceTokens
from shared.auth.verification import Verifier
from shared.internal.identity import EDGE, EXCHANGE_API_KEY, ApiKeyToken, GivenApiKey
from shared.observability.logs import logger
from shared.peers import Peers
from shared.records.times import render_utc

REFRESH_SECONDS = 30.0
log = logger()


def make_verifier_and_clients(
    tokens: ServiceTokens, transports: Mapping[str, httpx2.AsyncBaseTransport], *, read_only: bool = False
) -> tuple[Verifier, Peers]:
    """What checks tokens for the process of that name, and its client of the other services.

    `read_only`: the process is set so, whatever identity says.
    """
    query: dict[str, str] = {}

    async def known() -> Mapping[str, object]:
        edge = await peers.ask(EDGE, query=query)
        query["after"] = render_utc(edge.until)  # the next time only what is new
        return edge.model_dump(mode="json")

    peers = Peers(transports, tokens.token)
    return Verifier(known, tokens.caller, partial(read_edge, tokens), read_only=read_only), peers


def exchange_with(peers: Peers) -> Callable[[str], Awaitable[ApiKeyToken]]:
    """How a gateway exchanges API keys for tokens."""

    async def exchange(key: str) -> ApiKeyToken:
        return await peers.ask(EXCHANGE_API_KEY, GivenApiKey(key=key))

    return exchange


async def follow_edge(verifier: Verifier) -> None:
    """Reads again and again what must be known: a process may miss the hint that something changed."""
    while True:
        try:
            await verifier.refresh()
        except Exception as error:
            log.info("process.edge_not_read", error=repr(error))
        await asyncio.sleep(REFRESH_SECONDS)

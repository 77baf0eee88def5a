"""The connection to Stripe through its official SDK, for what makes the calls."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import stripe

TIMEOUT_SECONDS = 10
CONNECT_SECONDS = 3
NETWORK_RETRIES = 2


class StripeConnection:
    """One HTTP client per event loop, made when it is first needed."""

    def __init__(
        self,
        secret_key: str,
        *,
        api_base: str = "https://api.stripe.com",
        return_url: str = "",
        connect: Callable[..., stripe.AIOHTTPClient] = stripe.AIOHTTPClient,
        retries: int = NETWORK_RETRIES,
    ) -> None:
        """`connect` makes the HTTP client; `retries` counts the SDK's own repeats of a call that fails."""
        self._secret_key, self._api_base, self._return_url = secret_key, api_base.rstrip("/"), return_url
        self._connect, self._retries = connect, retries
        self._http: stripe.AIOHTTPClient | None = None
        self._made: stripe.StripeClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def _v1(self) -> Any:
        # aiohttp's session belongs to the loop it was made in.
        loop = asyncio.get_running_loop()
        if self._made is None or self._loop is not loop:
            timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS, connect=CONNECT_SECONDS)
            self._http = self._connect(timeout=timeout)
            self._made = stripe.StripeClient(
                self._secret_key,
                base_addresses={"api": self._api_base},
                max_network_retries=self._retries,
                http_client=self._http,
            )
            self._loop = loop
        return self._made.v1

    async def close(self) -> None:
        """Closes the connections; the next call opens new ones."""
        if self._http is not None and self._loop is asyncio.get_running_loop():
            await self._http.close_async()  # type: ignore[no-untyped-call]  # Stripe's library has no type for it
        self._http = self._made = self._loop = None

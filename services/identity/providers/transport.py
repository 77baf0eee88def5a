"""The one HTTP client for providers: no call inside a transaction, none that is slow or endless, no redirects."""

import asyncio
from typing import Any

import httpx2
import orjson

from services.identity.providers.errors import ProviderFailed
from shared.database.session import inside_transaction

DEADLINE_SECONDS = 10.0
MOST_BYTES = 512 * 1024


class ProviderTransport(httpx2.AsyncBaseTransport):
    """Shared by all providers of a process. `sandbox`: public and own address of the sandbox's providers."""

    def __init__(self, sandbox: tuple[str, str] | None = None) -> None:
        """Opens nothing yet."""
        self._sandbox = sandbox
        self._transport: httpx2.AsyncHTTPTransport | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The whole answer; raises ProviderFailed where there is none in time, or more than half a megabyte."""
        if inside_transaction():
            raise RuntimeError(f"{request.url} was called inside a transaction")
        request.url = self._reached(request.url)
        request.headers["accept-encoding"] = "identity"
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                return await self._whole(request)
        except (httpx2.HTTPError, TimeoutError, OSError) as error:
            raise ProviderFailed(f"{request.url.host} does not answer: {type(error).__name__}") from error

    async def close(self) -> None:
        """Closes the connections."""
        if self._transport is not None:
            await self._transport.aclose()
            self._transport = None

    async def aclose(self) -> None:
        """Nothing: clients of single calls end, this stays."""

    async def _whole(self, request: httpx2.Request) -> httpx2.Response:
        if self._transport is None:
            self._transport = httpx2.AsyncHTTPTransport(limits=httpx2.Limits(keepalive_expiry=30))
        response = await self._transport.handle_async_request(request)
        content = bytearray()
        try:
            async for chunk in response.aiter_raw():
                content += chunk
                if len(content) > MOST_BYTES:
                    raise ProviderFailed(f"{request.url.host} answers without an end")
        finally:
            await response.aclose()
        return httpx2.Response(response.status_code, headers=_plain(response.headers), content=bytes(content))

    def _reached(self, url: httpx2.URL) -> httpx2.URL:
        if self._sandbox is None:
            return url
        public, own = self._sandbox
        text = str(url)
        return httpx2.URL(own + text.removeprefix(public)) if text.startswith(f"{public}/") else url


async def get_json(transport: ProviderTransport, url: str, **given: Any) -> dict[str, Any]:
    """The JSON object at that address; raises ProviderFailed for anything else."""
    async with httpx2.AsyncClient(transport=transport, timeout=DEADLINE_SECONDS, trust_env=False) as client:
        response = await client.get(url, **given)
    try:
        found = orjson.loads(response.content)
    except ValueError:
        found = None
    if not response.is_success or not isinstance(found, dict):
        raise ProviderFailed(f"{response.url.host} answers {response.status_code}")
    return found


def _plain(headers: httpx2.Headers) -> list[tuple[str, str]]:
    """Without what describes the way that the answer came."""
    dropped = {"content-encoding", "content-length", "transfer-encoding"}
    return [(name, value) for name, value in headers.multi_items() if name.lower() not in dropped]

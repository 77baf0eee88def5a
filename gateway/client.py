"""aiohttp as the Proxy uses it: nothing is added to a request, and nothing is prepared twice."""

import asyncio
from collections.abc import Iterable
from typing import Any, cast

import aiohttp
from aiohttp.connector import Connection
from multidict import CIMultiDict, istr
from starlette.types import Scope
from yarl import URL

from gateway.headers import HOP_BY_HOP

# Shorter than a server's keep-alive (75 s), so that it is we who let an idle connection go.
IDLE_SECONDS = 30.0
NEVER_FORWARDED = HOP_BY_HOP | {b"host", b"transfer-encoding", b"expect"}
REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
HOST = istr("Host")
# Names that a multidict need not fold again each time.
_USUAL = {
    name.encode(): istr(name)
    for name in (
        *("accept", "accept-encoding", "accept-language", "authorization", "content-length", "content-type"),
        *("cookie", "idempotency-key", "origin", "referer", "traceparent", "user-agent", "x-confirm-action"),
        *("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-request-id"),
    )
}


class Request(aiohttp.ClientRequest):
    """aiohttp's own, but for the headers: those that are given go out, in that order, and no others."""

    def update_headers(self, headers: Any) -> None:
        """Takes the session's copy over; with `Host` in it already it is complete."""
        self.headers = cast(CIMultiDict[str], headers)

    def update_auto_headers(self, skip_auto_headers: Iterable[str] | None) -> None:
        """Adds none, but remembers for a body whose type was not said."""
        self._skip_auto_headers = _UNSAID


_UNSAID: CIMultiDict[None] = CIMultiDict({"Content-Type": None})


class Pool:
    """Connections to one service. It stands in for aiohttp's session, whose redirects, cookies, proxies and prepared
    headers a gateway has no use for, yet would pay for with each request."""

    def __init__(self, size: int, connect_timeout: float) -> None:
        """Of at most that size; to be made while a loop runs."""
        self._loop = asyncio.get_running_loop()
        self._connector = aiohttp.TCPConnector(limit=size, keepalive_timeout=IDLE_SECONDS, ttl_dns_cache=5)
        self._timeout = aiohttp.ClientTimeout(total=None, sock_connect=connect_timeout)

    async def close(self) -> None:
        """Closes them all."""
        await self._connector.close()

    async def request(self, method: str, url: URL, headers: CIMultiDict[str], data: Any) -> aiohttp.ClientResponse:
        """The beginning of the answer; raises ClientError. A method that may be repeated is, once, after a connection
        that broke off without an answer: most likely it had idled for too long."""
        try:
            return await self._ask(method, url, headers, data)
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
            if isinstance(error, aiohttp.ClientConnectorError) or method not in REPEATABLE or _is_stream(data):
                raise
        return await self._ask(method, url, headers, data)

    async def _ask(self, method: str, url: URL, headers: CIMultiDict[str], data: Any) -> aiohttp.ClientResponse:
        request = Request(method, url, headers=headers, data=data, loop=self._loop)
        connection = await self._connect(request)
        try:
            return await _answer(request, connection)
        except BaseException as error:
            connection.close()
            if isinstance(error, OSError) and not isinstance(error, aiohttp.ClientError):
                raise aiohttp.ClientOSError(*error.args) from error
            raise

    async def _connect(self, request: Request) -> Connection:
        try:
            return await self._connector.connect(request, traces=[], timeout=self._timeout)
        except TimeoutError as error:
            raise aiohttp.ConnectionTimeoutError(f"Connection timeout to host {request.url}") from error


async def _answer(request: Request, connection: Connection) -> aiohttp.ClientResponse:
    assert connection.protocol is not None
    head = request.method == "HEAD"
    connection.protocol.set_response_params(skip_payload=head, read_until_eof=True, auto_decompress=False)
    response = await request.send(connection)
    try:
        return await response.start(connection)
    except BaseException:
        response.close()  # ends an upload that is still under way
        raise


def _is_stream(data: Any) -> bool:
    return not isinstance(data, bytes | None)


def url_of(base: URL, scope: Scope) -> URL:
    """Path and query exactly as the client wrote them, at that address; put together, since parsing costs more."""
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    return URL.build(scheme=base.scheme, authority=base.authority, path=path, query_string=query, encoded=True)


def headers_of(base: URL, scope: Scope) -> CIMultiDict[str]:
    """The headers that go over the next hop."""
    pairs: list[tuple[str, str]] = [(HOST, base.authority)]
    for name, value in scope["headers"]:
        if name not in NEVER_FORWARDED:
            pairs.append((_USUAL.get(name) or name.decode("latin-1"), value.decode("utf-8", "replace")))
    return CIMultiDict(pairs)

"""A service elsewhere, as an ASGI app: `Proxy("http://booking:8000")` stands where the service's own app would."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterable

import aiohttp
from starlette.types import Message, Receive, Scope, Send

from gateway import client
from gateway.errors import BadGateway, UpstreamBusy, UpstreamUnreachable
from gateway.settings import GatewaySettings
from gateway.sockets import pass_socket
from gateway.upstreams import Address, Addresses

SMALL_BODY = 64 * 1024
DATE = frozenset({b"date", b"Date"})  # the gateway's server writes its own, and there is to be one
NOTHING_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class Proxy:
    """Streams both ways. A request goes to another address only while no byte of it was sent."""

    def __init__(
        self,
        *addresses: str,
        pool_size: int = 128,
        queue_size: int = 1024,
        connect_timeout: float = 2.0,
        ends_with_caller: bool = False,
    ) -> None:
        """`queue_size` bounds the requests under way and waiting for one of `pool_size` connections.

        `ends_with_caller`: a service whose answers are dear hears when nobody waits for one any more.
        """
        self._addresses = Addresses(addresses)
        self._pool_size = pool_size
        self._queue_size = queue_size
        self._connect_timeout = connect_timeout
        self._ends_with_caller = ends_with_caller
        self._under_way = 0
        self._pool: client.Pool | None = None

    @classmethod
    def of(cls, settings: GatewaySettings, addresses: Iterable[str], *, ends_with_caller: bool = False) -> "Proxy":
        """A Proxy to these addresses with the limits of the settings."""
        return cls(
            *addresses,
            pool_size=settings.pool_size,
            queue_size=settings.queue_size,
            connect_timeout=settings.connect_timeout,
            ends_with_caller=ends_with_caller,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request or WebSocket; raises an AppError when the service cannot."""
        if scope["type"] == "websocket":
            await pass_socket(self._addresses, scope, receive, send)
            return
        if self._under_way >= self._queue_size:
            raise UpstreamBusy()
        self._under_way += 1
        try:
            await self._pass_request(scope, receive, send)
        finally:
            self._under_way -= 1

    async def close(self) -> None:
        """Closes the pool; the Proxy opens a new one if it is asked again."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    async def _pass_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        upload = await Upload.of(scope, receive)
        try:
            response = await (self._ask_while_awaited if self._ends_with_caller else self._ask)(scope, upload)
        except aiohttp.ClientError as error:
            if upload.client_left:
                return
            raise BadGateway() from error
        async with response:
            await _pass_answer(response, upload, send)

    async def _ask_while_awaited(self, scope: Scope, upload: "Upload") -> aiohttp.ClientResponse:
        asking = asyncio.create_task(self._ask(scope, upload))
        leaving = asyncio.create_task(upload.until_client_leaves())
        try:
            await asyncio.wait({asking, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if asking.done():
                return asking.result()
            upload.client_left = True
            raise ClientLeft("The client did not wait for the answer.")
        finally:
            asking.cancel()
            leaving.cancel()
            await asyncio.gather(asking, leaving, return_exceptions=True)

    async def _ask(self, scope: Scope, upload: "Upload") -> aiohttp.ClientResponse:
        for address in self._addresses.in_turn():
            try:
                response = await self._request(address, scope, upload)
            except NOTHING_SENT:
                self._addresses.failed(address)
                continue
            except (aiohttp.ClientError, asyncio.CancelledError):
                if not upload.client_left:
                    self._addresses.failed(address)
                raise
            address.worked()
            return response
        raise UpstreamUnreachable()

    def _request(self, address: Address, scope: Scope, upload: "Upload") -> Awaitable[aiohttp.ClientResponse]:
        return self._connections().request(
            scope["method"],
            client.url_of(address.url, scope),
            client.headers_of(address.url, scope),
            upload.data,
        )

    def _connections(self) -> client.Pool:
        if self._pool is None:
            self._pool = client.Pool(self._pool_size, self._connect_timeout)
        return self._pool


class Upload:
    """A request's body on its way: bytes if it is small, else a stream that can be sent once."""

    __slots__ = ("_begun", "_ended", "_receive", "client_left", "data")

    def __init__(self, receive: Receive) -> None:
        self.data: bytes | Upload | None = None
        self.client_left = False
        self._receive = receive
        self._begun = False
        self._ended: asyncio.Event | None = None

    @classmethod
    async def of(cls, scope: Scope, receive: Receive) -> "Upload":
        """Reads a small body at once, so that it can go to a second address."""
        upload, said = cls(receive), dict(scope["headers"])
        length = said.get(b"content-length")
        if b"transfer-encoding" in said or (length is not None and int(length) > SMALL_BODY):
            upload.data, upload._ended = upload, asyncio.Event()
        elif length is not None:
            upload.data = b"".join([part async for part in upload])
        return upload

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The parts as the client sends them; ClientLeft if it stops in the middle."""
        if self._begun:
            raise ClientLeft("A stream cannot be sent twice.")
        self._begun = True
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self.client_left = True
                raise ClientLeft("The client stopped in the middle of its body.")
            more = message.get("more_body", False)
            yield message.get("body", b"")
        if self._ended is not None:
            self._ended.set()

    async def until_client_leaves(self) -> None:
        """Returns when the client has gone; until the body has ended, sending it is what notices that."""
        if self._ended is not None:
            await self._ended.wait()
        while (await self._receive())["type"] != "http.disconnect":
            continue


class ClientLeft(aiohttp.ClientError):
    """The body ends here without being complete: the service must see a broken request, not a short one."""


async def _pass_answer(response: aiohttp.ClientResponse, upload: Upload, send: Send) -> None:
    headers = [(name.lower(), value) for name, value in response.raw_headers if name not in DATE]
    start: Message = {"type": "http.response.start", "status": response.status, "headers": headers}
    if response.content.is_eof() or (response.content_length is not None and response.content_length <= SMALL_BODY):
        body = await _whole(response)
        await send(start)
        await send({"type": "http.response.body", "body": body})
        return
    await send(start)
    # A stream may be silent for long: without looking, nobody would notice that the client has left.
    leaving = asyncio.create_task(upload.until_client_leaves())
    streaming = asyncio.create_task(_stream(response, send))
    try:
        await asyncio.wait({leaving, streaming}, return_when=asyncio.FIRST_COMPLETED)
        if streaming.done():
            streaming.result()
    finally:
        leaving.cancel()
        streaming.cancel()
        await asyncio.gather(leaving, streaming, return_exceptions=True)


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    if response.content.is_eof():
        return response.content.read_nowait()
    try:
        return await response.read()
    except aiohttp.ClientError as error:
        raise BadGateway() from error


async def _stream(response: aiohttp.ClientResponse, send: Send) -> None:
    async for chunk in response.content.iter_any():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})

"""A gateway in front of small services of the test's own: what a service does is not the gateway's matter."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import httpx2
import orjson
import pytest
import uvicorn
from joserfc.jwk import ECKey
from starlette.types import ASGIApp, Receive, Scope, Send
from websockets.utils import accept_key

from gateway.app import create_app
from gateway.proxy import Proxy
from gateway.settings import GatewaySettings
from shared.auth.token_signing import new_key, sign_access_token
from shared.auth.verification import Verifier
from shared.records.clock import machine_now
from shared.records.ids import new_id

NAMES = ("identity", "catalog", "booking", "payments", "streams", "messaging", "notifications", "sandbox")


def echo(name: str) -> ASGIApp:
    """A service that answers with what reached it."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message["body"]
            if not message["more_body"]:
                break
        seen = {
            "service": name,
            "method": scope["method"],
            "path": scope["path"],
            "query": scope["query_string"].decode(),
            "headers": [[key.decode(), value.decode()] for key, value in scope["headers"]],
            "body": body.decode(),
        }
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": orjson.dumps(seen)})

    return app


@pytest.fixture(scope="session")
def key() -> ECKey:
    return new_key()


@pytest.fixture
def said(key: ECKey) -> dict[str, Any]:
    """What identity says to the edge."""
    return {"keys": [key.as_dict(private=False)], "ended_sessions": [], "read_only": False}


@pytest.fixture
def verifier(said: dict[str, Any]) -> Verifier:
    async def fetch() -> Mapping[str, Any]:
        return said

    return Verifier(fetch)


@pytest.fixture
def token_of(key: ECKey) -> Callable[..., str]:
    def make(roles: Iterable[str] = ("user",), *, user_id=None, age: timedelta = timedelta()) -> str:
        return sign_access_token(
            key,
            user_id=user_id or new_id(),
            roles=roles,
            practitioner_id=new_id() if "practitioner" in roles else None,
            session_id=new_id(),
            now=machine_now() - age,
            lifetime=timedelta(minutes=60),
        )

    return make


@pytest.fixture
def gateway(verifier: Verifier) -> Callable[..., ASGIApp]:
    def make(upstreams: Mapping[str, ASGIApp] | None = None, **env: str) -> ASGIApp:
        given = upstreams if upstreams is not None else {name: echo(name) for name in NAMES}
        return create_app(GatewaySettings.of(env), verifier, given)

    return make


@pytest.fixture
async def client_of() -> AsyncIterator[Callable[[ASGIApp], httpx2.AsyncClient]]:
    clients: list[httpx2.AsyncClient] = []

    def make(app: ASGIApp) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app, client=("203.0.113.7", 5000))
        clients.append(httpx2.AsyncClient(transport=transport, base_url="http://test"))
        return clients[-1]

    yield make
    for client in clients:
        await client.aclose()


@asynccontextmanager
async def serve(app: ASGIApp, port: int = 0) -> AsyncIterator[str]:
    """Serves the app by a real uvicorn and gives its address, `host:port`."""
    config = uvicorn.Config(
        app,
        port=port,
        lifespan="off",
        access_log=False,
        log_level="critical",
        proxy_headers=False,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110 (uvicorn has no event for it)
        await asyncio.sleep(0.01)
    host, bound = server.servers[0].sockets[0].getsockname()[:2]
    try:
        yield f"{host}:{bound}"
    finally:
        server.should_exit = True
        await task


@pytest.fixture
def served() -> Callable[..., AbstractAsyncContextManager[str]]:
    return serve


@pytest.fixture
def echo_service() -> Callable[[str], ASGIApp]:
    return echo


@pytest.fixture
async def dying_service() -> AsyncIterator[str]:
    """A service that accepts a WebSocket or begins an answer of ten bytes, then is gone without a word."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        key = next(
            (line.split()[1] for line in head.splitlines() if line.lower().startswith("sec-websocket-key")), None
        )
        if key is None:
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n")
        else:
            accept = f"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept_key(key)}"
            writer.write(f"HTTP/1.1 101 Switching Protocols\r\n{accept}\r\n\r\n".encode())
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.transport.abort()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.fixture
def answering_once() -> Callable[..., AbstractAsyncContextManager[str]]:
    """A service that sends these parts to whoever connects, then closes; it notes the heads that it `heard`."""

    @asynccontextmanager
    async def run(*parts: bytes, heard: list[bytes] | None = None) -> AsyncIterator[str]:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            if heard is not None:
                heard.append(head)
            for part in parts:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(0.02)
            writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        async with server:
            yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"

    return run


@pytest.fixture
def raw_request() -> Callable[..., Any]:
    """Sends bytes as they are, since a proper client would tidy the path first."""

    async def request(app: ASGIApp, *lines: str, body: Iterable[bytes] = ()) -> tuple[int, Any]:
        async with serve(app) as address:
            host, port = address.split(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            head = [*lines, "Host: test", "Connection: close"]
            writer.write("\r\n".join([*head, "", ""]).encode())
            for part in body:
                writer.write(part)
                await writer.drain()
            answer = await reader.read()
            writer.close()
            await writer.wait_closed()
        head_bytes, _, content = answer.partition(b"\r\n\r\n")
        if b"transfer-encoding: chunked" in head_bytes.lower():
            content = _unchunked(content)
        return int(head_bytes.split()[1]), orjson.loads(content)

    return request


def _unchunked(content: bytes) -> bytes:
    whole = b""
    while content:
        size, _, content = content.partition(b"\r\n")
        whole += content[: int(size, 16)]
        content = content[int(size, 16) + 2 :]
    return whole


@pytest.fixture
def through(gateway, served):
    """A client's session on a gateway whose booking service is behind a Proxy to these addresses."""

    @asynccontextmanager
    async def run(*addresses: str, **options) -> AsyncIterator[aiohttp.ClientSession]:
        env = {name: str(options.pop(name)) for name in list(options) if name.isupper()}
        proxy = Proxy(*(f"http://{address}" for address in addresses), **options)
        async with (
            served(gateway({"booking": proxy}, **env)) as address,
            aiohttp.ClientSession(f"http://{address}") as session,
        ):
            yield session
        await proxy.close()

    return run

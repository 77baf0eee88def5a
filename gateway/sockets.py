"""WebSockets to a service elsewhere: its handshake answer, frames and close codes reach the client as they are."""

import asyncio

from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.http11 import Response
from websockets.typing import Subprotocol

from gateway.asgi import Answer
from gateway.errors import BadGateway, UpstreamUnreachable
from gateway.headers import HOP_BY_HOP
from gateway.upstreams import Address, Addresses

HANDSHAKE_SECONDS = 10.0
CLOSE_SECONDS = 2.0
GOING_AWAY, FAULT = 1001, 1011
# Codes that say what happened and never travel in a close frame, with what we send in their place.
NOT_SENDABLE = {1005: 1000, 1006: FAULT, 1015: FAULT}


async def pass_socket(addresses: Addresses, scope: Scope, receive: Receive, send: Send) -> None:
    """Connects to the service first and accepts the client only then; a refusal is passed on with status and body."""
    await receive()
    try:
        upstream = await _connect(addresses, scope)
    except InvalidStatus as refusal:
        await _pass_refusal(refusal.response, scope, send)
        return
    try:
        await send({"type": "websocket.accept", "subprotocol": upstream.subprotocol})
        await _pump(upstream, receive, send)
    finally:
        await upstream.close(GOING_AWAY)


async def _connect(addresses: Addresses, scope: Scope) -> ClientConnection:
    for address in addresses.in_turn():
        try:
            upstream = await _open(address, scope)
        except InvalidStatus:
            address.worked()
            raise
        except InvalidHandshake as error:
            addresses.failed(address)
            raise BadGateway() from error
        except OSError:  # refused, unknown name, or a time-out
            addresses.failed(address)
            continue
        address.worked()
        return upstream
    raise UpstreamUnreachable()


async def _open(address: Address, scope: Scope) -> ClientConnection:
    return await connect(
        f"ws{address.base.removeprefix('http')}{_target_of(scope)}",
        subprotocols=[Subprotocol(name) for name in scope["subprotocols"]] or None,
        additional_headers=[
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in scope["headers"]
            if name not in HOP_BY_HOP and name != b"host" and not name.startswith(b"sec-websocket-")
        ],
        user_agent_header=None,
        compression=None,
        proxy=None,
        open_timeout=HANDSHAKE_SECONDS,
        close_timeout=CLOSE_SECONDS,
        max_size=None,
    )


def _target_of(scope: Scope) -> str:
    """Path and query as the client sent them, but for a `#`: the URL of a WebSocket has no fragment."""
    path, query = scope.get("raw_path") or scope["path"].encode(), scope["query_string"]
    target: bytes = path + b"?" + query if query else path
    return target.replace(b"#", b"%23").decode("latin-1")


async def _pass_refusal(response: Response, scope: Scope, send: Send) -> None:
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [
        (name.lower().encode(), value.encode("latin-1"))
        for name, value in response.headers.raw_items()
        if name.lower() not in {"content-type", "content-length", "date"}
    ]
    content_type = response.headers.get("content-type", "text/plain")
    answer = Answer(response.status_code, bytes(response.body or b""), content_type, headers)
    for message in answer.messages("websocket.http"):
        await send(message)


async def _pump(upstream: ClientConnection, receive: Receive, send: Send) -> None:
    ways = {asyncio.create_task(_upwards(upstream, receive)), asyncio.create_task(_downwards(upstream, send))}
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)


async def _upwards(upstream: ClientConnection, receive: Receive) -> None:
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            await upstream.close(_sendable(message.get("code", 1005)), message.get("reason") or "")
            return
        text = message.get("text")
        try:
            await upstream.send(text if text is not None else message["bytes"])
        except ConnectionClosed:
            # The other way tells the client why; ending here first would cut it off.
            await asyncio.Event().wait()


async def _downwards(upstream: ClientConnection, send: Send) -> None:
    try:
        while True:
            data = await upstream.recv()
            await send({"type": "websocket.send", "text" if isinstance(data, str) else "bytes": data})
    except ConnectionClosed:
        code = _sendable(upstream.close_code or 1006)
        await send({"type": "websocket.close", "code": code, "reason": upstream.close_reason or ""})


def _sendable(code: int) -> int:
    return NOT_SENDABLE.get(code, code)

"""Handshakes of WebSockets with an app, without a server."""

from collections.abc import Iterator, Sequence

from starlette.types import ASGIApp, Message


async def handshake(app: ASGIApp, path: str, query: bytes = b"", headers: Sequence[tuple[bytes, bytes]] = ()) -> int:
    """101, or the status with which it was refused; who was let in leaves at once."""
    scope = {
        "type": "websocket", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "ws", "root_path": "",
        "path": path, "raw_path": path.encode(), "query_string": query,
        "headers": [(b"host", b"test"), *headers], "subprotocols": [],
        "server": ("test", 80), "client": ("127.0.0.1", 1),
        "extensions": {"websocket.http.response": {}}, "state": {},
    }  # fmt: skip
    coming: Iterator[Message] = iter([{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1000}])
    sent: list[Message] = []

    async def receive() -> Message:
        return next(coming)

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return 101 if sent[0]["type"] == "websocket.accept" else int(sent[0]["status"])

"""Requests as the steps of the pipeline get them, and a client that notes what it is sent."""

from typing import Any

from starlette.types import Message

from gateway.headers import TrustedProxies
from gateway.request import ProxiedRequest, parse
from gateway.response import ClientConnection, ResponseWriter
from gateway.routes import Route

BOOKINGS = Route.of("/api/v1/bookings", "booking")
LOGIN = Route.of("/api/v1/auth/login", "identity")
CHAT = Route.of("/ws/chat", "messaging")
Headers = dict[str, str]


def request(path: str = "/api/v1/bookings/", headers: Headers | None = None, **more: Any) -> ProxiedRequest:
    """A request as it is after parsing."""
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "client": ("203.0.113.7", 5000),
        "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
    }
    begun = ProxiedRequest.begin(scope | more)
    parse(begun, TrustedProxies(0))
    return begun


def socket(path: str = "/ws/chat/1/", headers: Headers | None = None) -> ProxiedRequest:
    return request(path, headers, type="websocket", extensions={"websocket.http.response": {}}, subprotocols=[])


class Client:
    """What the client sends, and what it gets."""

    def __init__(self, *sends: Message) -> None:
        self.sends, self.got = list(sends), list[Message]()

    async def receive(self) -> Message:
        return self.sends.pop(0) if self.sends else {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.got.append(message)

    def writer(self, asked: ProxiedRequest) -> ResponseWriter:
        return ResponseWriter(ClientConnection(self.receive, self.send), asked.scope, asked.request_id)

    @property
    def statuses(self) -> list[int]:
        return [message["status"] for message in self.got if "status" in message]


def part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}

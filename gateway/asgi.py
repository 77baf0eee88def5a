"""Small things of ASGI: an answer in one piece, and asking an app a question from inside."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

import orjson
from starlette.types import ASGIApp, Message, Scope

from shared.errors import AppError

Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Answer:
    """A whole HTTP answer."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Headers = field(default_factory=list)

    @classmethod
    def of_error(cls, error: AppError, trace_id: str | None) -> "Answer":
        """The error as application/problem+json."""
        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in error.headers.items()]
        return cls(error.status, orjson.dumps(error.problem(trace_id)), "application/problem+json", headers)

    @classmethod
    def json(cls, status: int, content: object, headers: Iterable[tuple[bytes, bytes]] = ()) -> "Answer":
        """That content as JSON."""
        return cls(status, orjson.dumps(content), headers=list(headers))

    def messages(self, kind: str = "http", *, head: bool = False) -> tuple[Message, Message]:
        """The two ASGI messages; `kind` is `http` or `websocket.http`, `head` leaves the body out."""
        length = str(len(self.body)).encode()
        content = [(b"content-type", self.content_type.encode()), (b"content-length", length)]
        headers = [*self.headers] if self.status in {204, 304} else [*content, *self.headers]
        start = {"type": f"{kind}.response.start", "status": self.status, "headers": headers}
        return start, {"type": f"{kind}.response.body", "body": b"" if head else self.body}


async def ask(app: ASGIApp, path: str, *, timeout: float) -> Answer:
    """GETs that path from an app in this process (a Proxy is one too); raises what the app raises, and TimeoutError."""
    starts: list[Message] = []
    chunks: list[bytes] = []

    request: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if not request:
            await asyncio.Event().wait()  # whoever asks stays until the answer is there
        return request.pop()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            starts.append(message)
        else:
            chunks.append(message.get("body", b""))

    async with asyncio.timeout(timeout):
        await app(_get(path), receive, send)
    status, headers = starts[0]["status"], starts[0].get("headers", [])
    return Answer(status, b"".join(chunks), headers=list(headers))


def _get(path: str) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"gateway"), (b"accept", b"application/json")],
        "client": None,
        "server": None,
        "extensions": {},
        "state": {},
    }

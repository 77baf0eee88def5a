"""The way back to the client: one answer to each request, the service's or the gateway's own."""

import asyncio
from contextlib import suppress

from starlette.types import Message, Receive, Scope, Send

from gateway.answer_headers import API_HEADERS, NOT_STORED, Caching, Header
from gateway.asgi import Answer, Headers
from gateway.errors import BadGateway
from gateway.headers import outgoing
from shared.errors import AppError

BEGINNINGS = frozenset({"http.response.start", "websocket.http.response.start", "websocket.accept"})
BODIES = frozenset({"http.response.body", "websocket.http.response.body"})
READ = frozenset({200, 304})
DRAIN_BYTES = 16 * 1024 * 1024
DRAIN_SECONDS = 2.0


class ClientConnection:
    """The client's messages: how many bytes of the body came, whether more is expected, whether the client left."""

    __slots__ = ("_receive", "_send", "body_bytes", "expects_body", "gone")

    def __init__(self, receive: Receive, send: Send) -> None:
        """Nothing is read yet."""
        self._receive, self._send = receive, send
        self.expects_body = self.gone = False
        self.body_bytes = 0

    async def receive(self) -> Message:
        """The client's next message."""
        message = await self._receive()
        if message["type"].endswith(".disconnect"):
            self.gone, self.expects_body = True, False
        elif message["type"] == "http.request":
            self.body_bytes += len(message.get("body", b""))
            self.expects_body = message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Sends it; raises OSError where the client has left."""
        try:
            await self._send(message)
        except OSError:
            self.gone = True
            raise

    async def drain(self) -> None:
        """Reads what is left of the body, up to a limit: a server that closes on unread bytes resets the connection,
        and the client may never see the answer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                while self.expects_body and self.body_bytes < DRAIN_BYTES:
                    await self.receive()


class ResponseWriter:
    """Writes one answer. The gateway's own goes out only where the service has begun none, and ends the service's."""

    def __init__(self, client: ClientConnection, scope: Scope, request_id: str) -> None:
        """`headers` go out with every answer, `defaults` where the service has no such header."""
        self.client = client
        self.headers: Headers = [(b"x-request-id", request_id.encode())]
        self.defaults: tuple[Header, ...] = API_HEADERS
        self.caching: Caching = NOT_STORED
        self.status = 0
        self.began = self.finished = False
        self.overridden = False
        """Whether the gateway has answered in the service's place, whose messages are dropped from then on."""
        self._scope = scope
        self._is_head = scope.get("method") == "HEAD"

    async def pass_on(self, message: Message) -> None:
        """Sends the service's message to the client."""
        if self.overridden:
            return
        kind = message["type"]
        if kind in BEGINNINGS:
            message = self._begin(message)
        elif kind in BODIES:
            self.finished = not message.get("more_body", False)
            message = {**message, "body": b""} if self._is_head else message
        elif kind == "websocket.close":
            self._closed()
        await self.client.send(message)

    async def refuse(self, error: AppError) -> None:
        """Answers with the error, where nothing was answered yet."""
        await self.answer(Answer.of_error(error, self.headers[0][1].decode()))

    async def answer(self, answer: Answer) -> None:
        """Sends a whole answer of the gateway's own, where nothing was answered yet."""
        is_first, self.overridden = not (self.began or self.overridden), True
        if self._scope["type"] == "websocket":
            await self._answer_socket(answer, is_first)
        elif is_first:
            await self._answer_request(answer)

    async def complete(self, upstream: str) -> None:
        """After the last step: 502 where no answer was begun; UpstreamAborted where one was begun and not ended."""
        if self.client.gone:
            return
        if not self.began:
            await self.refuse(BadGateway())
        if self._scope["type"] == "http" and not self.finished:
            raise UpstreamAborted(upstream)

    def _begin(self, message: Message) -> Message:
        self.began = True
        self.status = message.get("status", 101)
        defaults = () if self.status == 101 else (*self.defaults, self._cache_control)
        return {**message, "headers": outgoing(message.get("headers", []), self.headers, defaults)}

    @property
    def _cache_control(self) -> Header:
        was_read = self.status in READ and self._scope.get("method") in {"GET", "HEAD"}
        return self.caching.read if was_read else self.caching.other

    async def _answer_request(self, answer: Answer) -> None:
        start, body = answer.messages(head=self._is_head)
        await self.client.send(self._begin(start))
        if self.client.expects_body:
            await self.client.send({**body, "more_body": True})
            await self.client.drain()
            body = {"type": "http.response.body", "body": b""}
        await self.client.send(body)
        self.finished = True

    async def _answer_socket(self, answer: Answer, is_first: bool) -> None:
        if is_first and "websocket.http.response" in self._scope.get("extensions", {}):
            start, body = answer.messages("websocket.http")
            await self.client.send(self._begin(start))
            await self.client.send(body)
        elif is_first:
            await self.client.send({"type": "websocket.close", "code": 1008})
        elif self.status == 101 and not self.finished:
            await self.client.send({"type": "websocket.close", "code": 1011})
        self._closed()

    def _closed(self) -> None:
        self.began = self.finished = True
        self.status = self.status or 403


class UpstreamAborted(Exception):
    """A service stopped in the middle of its answer: raised so that the server cuts the connection."""

"""The sending side of one WebSocket: writes at once what the client can take, and gives up on a client that is slow."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol, cast

from starlette.websockets import WebSocket
from websockets.frames import Frame, Opcode

PUSH = "estuary.push"
"""The ASGI extension of a server that takes encoded frames: a `Push` in the scope's `extensions`."""
Push = Callable[[bytes], bool]
"""Writes one encoded WebSocket frame; False where it did not: the socket is not open, or its client does not read."""


class Sendable(Protocol):
    """A message to a client."""

    def text(self) -> str:
        """The JSON that the client receives."""
        ...

    def encoded(self) -> bytes:
        """The same as a WebSocket frame: see `encode_text`."""
        ...


class TooSlow(Exception):
    """The client did not read a frame in time."""


def encode_text(text: str) -> bytes:
    """The WebSocket frame that carries this text. Frames of a server are not masked: they are equal for all clients."""
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


class SocketWriter:
    """Sends one message at a time, each within a time limit. For the use of one task."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._push = cast(Push | None, socket.scope.get("extensions", {}).get(PUSH))
        self._sender: asyncio.Task[Any] | None = None
        self._since, self._given_up = 0.0, False

    def push(self, message: Sendable) -> bool:
        """Sends it without waiting; False where that is not possible."""
        return self._push is not None and self._push(message.encoded())

    async def send(self, message: Sendable) -> None:
        """Sends it; raises TooSlow where `check_timeouts` gave up."""
        if self.push(message):
            return
        sender = asyncio.current_task()
        assert sender is not None
        cancelling = sender.cancelling()
        self._since, self._sender = asyncio.get_running_loop().time(), sender
        try:
            await self._socket.send({"type": "websocket.send", "text": message.text()})
        except asyncio.CancelledError:
            if self._given_up and sender.uncancel() <= cancelling:
                raise TooSlow from None
            raise
        finally:
            self._sender = None

    def check_timeouts(self, now: float, seconds: float) -> None:
        """Cancels a `send` that has lasted longer than `seconds`; `now` is the loop's time."""
        if self._sender is not None and not self._given_up and now - self._since > seconds:
            self._given_up = True
            self._sender.cancel()

    async def close(self, code: int) -> None:
        """Sends the close frame; waits one second at most, the server's own time limit ends the rest."""
        with suppress(Exception):
            async with asyncio.timeout(1):
                await self._socket.close(code)

"""The sending side of one socket: what can be written at once is, the rest waits for its client, and not for long."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol, cast

from starlette.websockets import WebSocket
from websockets.frames import Frame, Opcode

PUSH = "estuary.push"
"""The ASGI extension of a server that takes ready frames: a `Push` in the scope's `extensions`."""
Push = Callable[[bytes], bool]
"""Writes one WebSocket frame as it is; False where it was not written: the socket is not open, or its client behind."""


class Sendable(Protocol):
    """A message to a client."""

    def text(self) -> str:
        """What the client reads."""
        ...

    def wire(self) -> bytes:
        """The same as a frame: see `wire_of`."""
        ...


class TooSlow(Exception):
    """The client does not read what is sent to it."""


def wire_of(text: str) -> bytes:
    """The frame that carries this text. A server's frames are not masked: they are the same for every client."""
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


class Outlet:
    """For one task: one message at a time, each within its time."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._push = cast(Push | None, socket.scope.get("extensions", {}).get(PUSH))
        self._sender: asyncio.Task[Any] | None = None
        self._since, self._given_up = 0.0, False

    def push(self, message: Sendable) -> bool:
        """Sends it without waiting; False where that cannot be."""
        return self._push is not None and self._push(message.wire())

    async def send(self, message: Sendable) -> None:
        """Raises TooSlow where the client does not read."""
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

    def tick(self, now: float, seconds: float) -> None:
        """Gives up on a message that has been under way for that long; `now` is the loop's time."""
        if self._sender is not None and not self._given_up and now - self._since > seconds:
            self._given_up = True
            self._sender.cancel()

    async def close(self, code: int) -> None:
        """Says goodbye; a client that does not read is left to the server's own time-out."""
        with suppress(Exception):
            async with asyncio.timeout(1):
                await self._socket.close(code)

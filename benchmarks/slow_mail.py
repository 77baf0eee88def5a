"""A mail server that is far away: it answers each command a round trip later, and counts what it takes."""

import asyncio
import os
from contextlib import suppress

import uvloop

from estuary.run.server import listen
from estuary.settings import EstuarySettings

ROUND_TRIP = 0.05
FIRST = b"Subject: Booking confirmed"
COUNT = b"XCOUNT"
"""A command of its own: how many mails were taken, and how many of them are confirmations. Answered at once."""


class Server:
    """Takes everything."""

    def __init__(self) -> None:
        """Nothing came yet."""
        self._taken = self._first = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until the other side ends it, however it does."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._speak(reader, writer)
        writer.close()

    async def _speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 far away\r\n")
        while line := await reader.readline():
            if line.startswith(COUNT):
                writer.write(f"250 {self._taken} {self._first}\r\n".encode())
                continue
            await asyncio.sleep(ROUND_TRIP)
            if line.startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                await self._take(await reader.readuntil(b"\r\n.\r\n"))
            writer.write(b"250 done\r\n")

    async def _take(self, mail: bytes) -> None:
        await asyncio.sleep(ROUND_TRIP)
        self._taken += 1
        self._first += FIRST in mail


async def main() -> None:
    """Until it is ended."""
    server = await asyncio.start_server(Server().serve, sock=listen(EstuarySettings.of(os.environ)))
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())

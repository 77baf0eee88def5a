"""Somebody who does not read, among a hundred who do: their delays, the server's memory, and how it ends."""

import asyncio
import socket
import statistics
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.client import ClientConnection, connect

from benchmarks.fanout import Side, Talk, chat_message, everything, say_all

LARGE, FILLING, COUNTED, PAUSE, SLOW_SECONDS = 9_900, 320, 50, 0.1, 9.0
# Of large messages as many as a connection takes on loopback without being read, and how long one may wait then.


@asynccontextmanager
async def not_reading(side: Side, talk: Talk) -> AsyncIterator[ClientConnection]:
    """A reader's socket whose client takes nothing from the network until the context ends; then everything."""
    url = side.url(talk.readers[0])
    host, port = url.split("/")[2].split(":")
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.setblocking(False)
    await asyncio.get_running_loop().sock_connect(narrow, (host, int(port)))
    client = await connect(url, sock=narrow, compression=None, ping_interval=None)
    client.transport.pause_reading()
    yield client
    reading = asyncio.create_task(_read(client))
    client.transport.resume_reading()
    async with asyncio.timeout(10):
        await client.wait_closed()
    reading.cancel()


async def _read(client: ClientConnection) -> None:
    while True:
        await client.recv()


async def hear(side: Side, talk: Talk) -> tuple[float, int | None]:
    """Megabytes by which the server grows while one does not read, and the code that this one is told at last."""
    for way in ("warm", "all read"):
        await say_all(side, talk, way, PAUSE, COUNTED)
    async with not_reading(side, talk) as client:
        await say_all(side, talk, "filling the system's buffers", 0.0, FILLING)
        before = side.process.memory_info().rss
        await say_all(side, talk, "one does not", PAUSE, COUNTED)
        await asyncio.sleep(SLOW_SECONDS)
        grown = float(side.process.memory_info().rss - before) / 1e6
    return grown, client.close_code


async def main() -> None:
    """Runs it and prints."""
    async with everything() as (compared, talk):
        side = compared[-1]
        side.say = lambda number: chat_message(number, "x" * LARGE)
        grown, code = await hear(side, talk)
        print(f"{side.name}: grew by {grown:.1f} MB; who did not read was told {code}")
        for way in ("all read", "one does not"):
            spread = [each * 1000 for each in statistics.quantiles(side.delays[way], n=20)]
            print(f"  {way:13} delay of the others: median {spread[9]:5.1f} ms, p95 {spread[18]:5.1f} ms")


if __name__ == "__main__":
    asyncio.run(main())

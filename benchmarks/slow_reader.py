"""Somebody who does not read, among a hundred who do: their delays, the server's memory, and how it ends."""

import asyncio
import socket
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.client import ClientConnection, connect

from benchmarks.fanout import Side, Talk, chat_message, everything, say_all

LARGE, PAUSE, SLOW_SECONDS = 9_900, 0.05, 14.0


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
    await client.wait_closed()
    reading.cancel()


async def _read(client: ClientConnection) -> None:
    while True:
        await client.recv()


async def hear(side: Side, talk: Talk) -> float:
    """Megabytes by which the server grows while one does not read; the rounds before and beside it are in `delays`."""
    for way in ("warm", "all read"):
        await say_all(side, talk, way, PAUSE)
    before, began = side.process.memory_info().rss, time.perf_counter()
    async with not_reading(side, talk) as client:
        await say_all(side, talk, "one does not", PAUSE)
        await asyncio.sleep(max(0.0, SLOW_SECONDS + began - time.perf_counter()))
        grown = float(side.process.memory_info().rss - before) / 1e6
    print(f"who does not read is cut with {client.close_code}; ", end="")
    return grown


async def main() -> None:
    """Runs it and prints."""
    async with everything() as (compared, talk):
        for side in compared[1:]:
            side.say = lambda number: chat_message(number, "x" * LARGE)
            grown = await hear(side, talk)
            print(f"{side.name} grew by {grown:.1f} MB")
            for way in ("all read", "one does not"):
                spread = [each * 1000 for each in statistics.quantiles(side.delays[way], n=20)]
                print(f"  {way:13} delay of the others: median {spread[9]:5.1f} ms, p95 {spread[18]:5.1f} ms")


if __name__ == "__main__":
    asyncio.run(main())

"""A small TCP proxy before one address or several; it cuts connections at random, in the middle of what they carry."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

CHUNK = 16_384
FEWEST, MOST = 1, 30_000


@dataclass
class Portion:
    """What one connection may still carry, in both directions, before chance decides about it."""

    left: int
    cut: bool = False


class Proxy:
    """Connections go to the addresses in turn, and from one that refuses to the next. After so many bytes as chance
    gives it, a connection is cut with chance `share`."""

    def __init__(self, to: Sequence[str], chance: random.Random, share: float = 0.0) -> None:
        """`to` are http URLs; `share` from 0 (all live) to 1 (all are cut after their first portion)."""
        self._to = [(where.hostname or "127.0.0.1", where.port or 80) for where in map(urlsplit, to)]
        self._chance, self.share, self.cuts = chance, share, 0
        self._open: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def _accept(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._carry(client, back))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _carry(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        self._to.append(self._to.pop(0))
        for host, port in list(self._to):
            with suppress(OSError):
                server, there = await asyncio.open_connection(host, port)
                await self._between((client, there), (server, back))
                return
        back.transport.abort()

    async def _between(self, *ways: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        """Both directions until one of them ends, or until the bytes are used up."""
        portion = Portion(self._chance.randint(FEWEST, MOST))
        pumps = [asyncio.create_task(self._pump(source, target, portion)) for source, target in ways]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            for _, target in ways:
                if portion.cut:
                    target.transport.abort()
                else:
                    target.close()  # what was read is still delivered
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, portion: Portion) -> None:
        with suppress(OSError):
            while data := await source.read(CHUNK):
                portion.left -= len(data)
                if portion.left <= 0:
                    portion.cut = self._chance.random() < self.share
                    data = data[: portion.left] if portion.cut and portion.left else data
                    portion.left = self._chance.randint(FEWEST, MOST)
                target.write(data)
                await target.drain()
                if portion.cut:
                    self.cuts += 1
                    return

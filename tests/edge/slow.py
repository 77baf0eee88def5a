"""`python -m tests.edge.slow`: 500 heads and 500 bodies that trickle, beside 50 callers who ask as usual."""

import asyncio
import time
from contextlib import suppress

import psutil

from tests.edge.load import Pool
from tests.instance import Instance, standing

CALLERS, SLOW, PAUSE = 50, 500, 0.2
ROUNDS, SECONDS = 3, 4.0
HEAD = b"GET /api/v1/services/ HTTP/1.1\r\nHost: here\r\n"
BODY = (
    b"POST /api/v1/webhooks/stripe/ HTTP/1.1\r\nHost: here\r\n"
    b"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
)


async def compared(instance: Instance, rounds: int = ROUNDS, seconds: float = SECONDS) -> tuple[float, float, float]:
    """The usual callers' p99 in seconds without and with the slow ones, round by round in turn, and the server's memory
    in MB that these took at most."""
    server, pool = psutil.Process(instance.process.pid), Pool("127.0.0.1", instance.port)
    alone, beside, memory = list[float](), list[float](), 0.0
    await _waits(pool, seconds / 2)
    for _ in range(rounds):
        alone += await _waits(pool, seconds)
        before = server.memory_info().rss
        slow = [asyncio.create_task(_trickle(instance.port, begun)) for begun in (HEAD, BODY) for _ in range(SLOW)]
        await asyncio.sleep(2 * PAUSE)
        beside += await _waits(pool, seconds)
        memory = max(memory, (server.memory_info().rss - before) / 1e6)
        for one in slow:
            one.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        await asyncio.sleep(0.5)
    pool.close()
    return _p99(alone), _p99(beside), memory


async def _waits(pool: Pool, seconds: float) -> list[float]:
    ends_at, waits = time.monotonic() + seconds, list[float]()

    async def caller() -> None:
        while (began := time.monotonic()) < ends_at:
            status, headers = await pool.ask(HEAD + b"\r\n")
            assert status == 200, (status, headers)
            waits.append(time.monotonic() - began)
            await asyncio.sleep(0.6)

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return waits


async def _trickle(port: int, begun: bytes) -> None:
    with suppress(OSError):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(begun)
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(PAUSE * 5)
        finally:
            writer.transport.abort()


def _p99(waits: list[float]) -> float:
    return sorted(waits)[len(waits) * 99 // 100]


def main() -> None:
    """Runs it and prints."""
    with standing(Instance) as instance:
        alone, beside, memory = asyncio.run(compared(instance))
    print(f"p99 of {CALLERS} callers: {alone * 1000:.0f} ms alone, {beside * 1000:.0f} ms beside {2 * SLOW} slow ones:")
    print(f"{beside / alone:.2f} times; the server's memory grew by {memory:.0f} MB")


if __name__ == "__main__":
    main()

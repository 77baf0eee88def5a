"""Callers who do not wait for each other: requests that leave at their time, however late the answers are."""

import asyncio
import time
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

LONGEST = 20.0
"""Seconds; what is not answered by then counts as no answer."""


@dataclass(frozen=True)
class Kind:
    """One kind of request, and how many of it leave in a second."""

    name: str
    request: bytes
    rate: float


@dataclass
class Heard:
    """What came back of one kind: statuses, waits in seconds, when the first and the last 503 came."""

    statuses: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    retry_after: set[str] = field(default_factory=set)

    @property
    def shed(self) -> float:
        """The share that was refused with 503."""
        return self.statuses[503] / max(1, self.statuses.total())

    def percentile(self, percent: int) -> float:
        """Of the waits for what was not refused."""
        waits = sorted(self.waits)
        return waits[min(len(waits) - 1, len(waits) * percent // 100)] if waits else 0.0


class Pool:
    """Connections that are opened when all others are in use."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._idle: deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = deque()

    async def ask(self, request: bytes) -> tuple[int, dict[str, str]]:
        """Status and headers; 0 where there was no answer."""
        pair = self._idle.pop() if self._idle else None
        try:
            async with asyncio.timeout(LONGEST):
                reader, writer = pair or await asyncio.open_connection(self._host, self._port)
                writer.write(request)
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
                await reader.readexactly(int(headers.get("content-length", 0)))
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return 0, {}
        if headers.get("connection") == "close":
            writer.close()
        else:
            self._idle.append((reader, writer))
        return int(head.split(" ", 2)[1]), headers

    def close(self) -> None:
        """Ends the connections."""
        for _, writer in self._idle:
            writer.transport.abort()


async def capacity(pool: Pool, request: bytes, callers: int, seconds: float) -> float:
    """Answers in a second to so many callers, each of whom asks again when it has its answer."""
    ends_at, answers = time.monotonic() + seconds, 0

    async def caller() -> None:
        nonlocal answers
        while time.monotonic() < ends_at:
            status, _ = await pool.ask(request)
            answers += status == 200

    await asyncio.gather(*(caller() for _ in range(callers)))
    return answers / seconds


async def run(pool: Pool, kinds: Sequence[Kind], seconds: float) -> dict[str, Heard]:
    """Sends all kinds at their rates for so long, and returns when everything is answered."""
    heard: defaultdict[str, Heard] = defaultdict(Heard)
    asking: set[asyncio.Task[None]] = set()

    async def ask(kind: Kind) -> None:
        began = time.monotonic()
        status, headers = await pool.ask(kind.request)
        heard[kind.name].statuses[status] += 1
        if status == 503:
            heard[kind.name].retry_after.add(headers.get("retry-after", ""))
        else:
            heard[kind.name].waits.append(time.monotonic() - began)

    async def send(kind: Kind) -> None:
        began, sent = time.monotonic(), 0
        while (now := time.monotonic()) < began + seconds:
            while sent < (now - began) * kind.rate:
                task = asyncio.create_task(ask(kind))
                asking.add(task)
                task.add_done_callback(asking.discard)
                sent += 1
            await asyncio.sleep(0.01)

    await asyncio.gather(*(send(kind) for kind in kinds))
    while asking:
        await asyncio.wait(set(asking))
    return dict(heard)

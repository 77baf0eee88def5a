"""One message to a hundred sockets: CPU and messages per second against a bare WebSocket server.

Paced: so many messages a second. In turn: the next one when everybody has the last. A flood would say nothing of it:
the bare server then writes several messages to a socket at once, for it has nothing to store in between. What a server
computes while nobody says anything is measured before, and taken off.
"""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import orjson
import psutil

from benchmarks.bare import child
from benchmarks.instance import Instance, instance
from benchmarks.messaging import INSTANCE
from benchmarks.people import Person, register, verified
from estuary.run.postgres import DATABASE
from shared.database.postgres import EmbeddedPostgres

RECEIVERS = 100
ROUNDS = 2
MESSAGES = 50  # a person sends at most 60 in ten seconds
PAUSE = 0.03
LEFTOVERS_SECONDS, QUIET_SECONDS = 1.0, 3.0
SAID = "x" * 120


@dataclass
class Talk:
    """A conversation of one who writes and all who read."""

    id: str
    writer: Person
    readers: list[Person]


@dataclass
class Side:
    """One of the servers that are compared, and what each round took of it."""

    name: str
    process: psutil.Process
    url: Callable[[Person], str]
    say: Callable[[int], str]
    cpu: dict[str, list[float]] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    delays: dict[str, list[float]] = field(default_factory=dict)
    idle: float = 0.0


class Hearing:
    """All receivers of one side: counts what arrives, and when everybody has the n-th message."""

    def __init__(self) -> None:
        """Nobody has heard anything."""
        self.heard, self._wanted, self._done = 0, 0, asyncio.Event()
        self.sent_at: list[float] = []
        self.delays: list[float] = []

    async def listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Reads one socket until it closes."""
        number = 0
        async for _ in socket:
            self.heard, number = self.heard + 1, number + 1
            if number <= len(self.sent_at):
                self.delays.append(time.perf_counter() - self.sent_at[number - 1])
            if self.heard >= self._wanted:
                self._done.set()

    async def all_have(self, messages: int, seconds: float = 60) -> None:
        """Returns when every receiver has so many."""
        self._wanted = messages * RECEIVERS
        if self.heard < self._wanted:
            self._done.clear()
            async with asyncio.timeout(seconds):
                await self._done.wait()


async def befriend(http: aiohttp.ClientSession, url: str) -> Talk:
    """Somebody who writes to a hundred practitioners, and the conversation of them all."""
    writer = await register(http, url)
    readers = [person for person, _ in await asyncio.gather(*(verified(http, url) for _ in range(RECEIVERS)))]
    everybody = {"participant_ids": [reader.user["id"] for reader in readers]}
    await asyncio.sleep(2.0)  # until messaging has heard that all of them are verified
    return Talk((await writer.must("POST", "/conversations/", everybody))["id"], writer, readers)


@asynccontextmanager
async def heard_by_all(side: Side, talk: Talk) -> AsyncIterator[tuple[Hearing, aiohttp.ClientWebSocketResponse]]:
    """A socket of every reader that listens, and the writer's, which is only spoken into."""
    hearing = Hearing()
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        sockets = [await stack.enter_async_context(http.ws_connect(side.url(reader))) for reader in talk.readers]
        listening = [asyncio.create_task(hearing.listen(socket)) for socket in sockets]
        writing = await stack.enter_async_context(http.ws_connect(side.url(talk.writer)))
        unheard = asyncio.create_task(Hearing().listen(writing))
        try:
            yield hearing, writing
        finally:
            for task in [unheard, *listening]:
                task.cancel()


async def say_all(side: Side, talk: Talk, way: str, pause: float, messages: int = MESSAGES) -> None:
    """Some messages to everybody: in that pace, or with none when all have the one before; CPU with what they leave."""
    async with heard_by_all(side, talk) as (hearing, writing):
        await asyncio.sleep(0.5)
        before, began = _cpu(side.process), time.perf_counter()
        for number in range(messages):
            hearing.sent_at.append(time.perf_counter())
            await writing.send_str(side.say(number))
            await (asyncio.sleep(pause) if pause else hearing.all_have(number + 1))
        await hearing.all_have(messages)
        side.seconds.setdefault(way, []).append(time.perf_counter() - began)
        await asyncio.sleep(LEFTOVERS_SECONDS)
        idle = side.idle * (time.perf_counter() - began)
        side.cpu.setdefault(way, []).append(_cpu(side.process) - before - idle)
        side.delays.setdefault(way, []).extend(hearing.delays)


async def rest(side: Side, talk: Talk) -> None:
    """Learns what the server computes per second with all these sockets open and nothing to say."""
    async with heard_by_all(side, talk):
        await asyncio.sleep(1.0)
        before = _cpu(side.process)
        await asyncio.sleep(QUIET_SECONDS)
        side.idle = (_cpu(side.process) - before) / QUIET_SECONDS


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def chat_url(address: str, talk: Talk) -> Callable[[Person], str]:
    """Where each of them opens the conversation's socket."""
    return lambda person: f"ws://{address}/ws/chat/{talk.id}/?token={person.token}"


def chat_message(number: int, said: str = SAID) -> str:
    """What the writer says to our server."""
    return orjson.dumps({"type": "message.send", "data": {"body": f"{number:06} {said}"}}).decode()


async def frame_length(running: Instance, talk: Talk) -> int:
    """How long the frame is that a receiver gets, so that the peer sends as much."""
    async with talk.writer.http.ws_connect(chat_url(running.url[7:], talk)(talk.writer)) as socket:
        await socket.send_str(chat_message(0))
        return len(await socket.receive_str())


@asynccontextmanager
async def sides(running: Instance, talk: Talk) -> AsyncIterator[list[Side]]:
    """The bare server, messaging alone, and everything in one process behind the gateway."""
    server = await asyncio.to_thread(EmbeddedPostgres, running.home / "postgres", {})
    length = await frame_length(running, talk)
    env = {"DATABASE_URL": server.database(DATABASE), INSTANCE: running.url}
    try:
        async with child("benchmarks.bare") as (bare, its), child("benchmarks.messaging", **env) as (alone, own):
            yield [
                Side("bare", its, lambda _: f"ws://{bare}/", lambda number: f"{number:06}".ljust(length)),
                Side("messaging alone", own, chat_url(alone, talk), chat_message),
                Side("all in one", running.process, chat_url(running.url[7:], talk), chat_message),
            ]
    finally:
        await asyncio.to_thread(server.stop)


@asynccontextmanager
async def everything() -> AsyncIterator[tuple[list[Side], Talk]]:
    """All sides, on an instance of their own."""
    connector = aiohttp.TCPConnector(limit=8)
    async with instance() as running, aiohttp.ClientSession(connector=connector) as http:
        talk = await befriend(http, running.url)
        async with sides(running, talk) as compared:
            yield compared, talk


async def measure(compared: list[Side], talk: Talk) -> None:
    """All of them in turn, paced and as fast as they go."""
    for side in compared:
        await say_all(side, talk, "warm", 0.0)
        await rest(side, talk)
    for _ in range(ROUNDS):
        for way, pause in (("paced", PAUSE), ("in turn", 0.0)):
            for side in compared:
                await say_all(side, talk, way, pause)


def report(compared: list[Side]) -> None:
    """Prints the figures; the ratio is that of the medians."""
    for way in ("paced", "in turn"):
        for side in compared:
            ratio = _cpu_each(side, way) / _cpu_each(compared[0], way)
            print(f"{way:8}{side.name:17}{_figures(side, way)}  {ratio:5.2f} times")
    for side in compared:
        spread = [each * 1000 for each in statistics.quantiles(side.delays["paced"], n=20)]
        print(f"{side.name:17}delay when paced, median {spread[9]:5.1f} ms, p95 {spread[18]:5.1f} ms", end="")
        print(f"; {side.idle:.1%} of a core while nobody speaks")


def _figures(side: Side, way: str) -> str:
    per_second = MESSAGES / statistics.median(side.seconds[way])
    rates = f"{per_second:7.1f} messages/s {per_second * RECEIVERS:7.0f} deliveries/s"
    return f"{rates} {_cpu_each(side, way):6.1f} us CPU each"


def _cpu_each(side: Side, way: str) -> float:
    return statistics.median(side.cpu[way]) / MESSAGES / RECEIVERS * 1e6


async def main() -> None:
    """Runs it and prints."""
    async with everything() as (compared, talk):
        await measure(compared, talk)
        report(compared)


if __name__ == "__main__":
    asyncio.run(main())

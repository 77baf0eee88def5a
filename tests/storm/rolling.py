"""Everything is restarted politely, one process after the other, while people read, book and talk.

`python -m tests.storm.rolling` does it on a cluster of its own, with two of each process. With a URL it only loads and
watches what somebody else restarts, on Kubernetes for instance.
"""

import argparse
import asyncio
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp

from tests.instance import standing
from tests.journey.world import World
from tests.storm.apart import HOLDS_ARE_OVER, Plan, prepare_customers
from tests.storm.chat_clients import Talk
from tests.storm.cluster import Cluster
from tests.storm.customers import Customers
from tests.storm.proxy import Proxy
from tests.storm.verdict import Judge

READERS, CLIENTS, STANDS_WITHIN = 4, 4, 90.0
FINAL = 300.0
"""Seconds. All holds end at once when the clock is moved: a thousand of them take a busy machine three minutes."""
SAFE_TO_REPEAT = {"502", "503", "504", "429", "401", "409"}
"""What a client repeats without harm: a request that is safe by itself, or one with a key."""


@dataclass
class Load:
    """People who read, people who book and pay, two who talk; all of them see the same data."""

    world: World
    customers: Customers
    talk: Talk
    reads: int = 0
    longest: float = 0.0
    broken: list[str] = field(default_factory=list)

    @classmethod
    async def of(cls, world: World, gateways: list[str]) -> "Load":
        """Doors open, nobody walks yet."""
        plan = Plan(checkouts=3000, clients=CLIENTS)
        customers = await prepare_customers(world, plan, random.Random(1))
        return cls(world, customers, await Talk.between(world, gateways))

    async def during(self, restarts: Awaitable[None], words: int, pause: float) -> None:
        """Goes on until the restarts are over and each has said so many words at least, then judges."""
        working = [asyncio.create_task(self.customers.shop())]
        working += [asyncio.create_task(self._read(number)) for number in range(READERS)]
        enough = asyncio.Event()
        talking = asyncio.create_task(self.talk.go_on(words, pause, enough))
        try:
            await restarts
            enough.set()
            await talking
        finally:
            self.customers.leave.set()
            await asyncio.gather(*working)
        await self._judge()

    async def _read(self, number: int) -> None:
        paths = ("/services/?limit=20", "/auth/user/", "/bookings/?limit=20", "/conversations/", "/credits/balance/")
        person = self.customers.people[number % len(self.customers.people)]
        while not self.customers.leave.is_set():
            began = time.monotonic()
            answer = await self.customers.answer(person, "GET", paths[self.reads % len(paths)])
            self.reads, self.longest = self.reads + 1, max(self.longest, time.monotonic() - began)
            if answer is not None and answer.status != 200:
                self.broken.append(f"a read was answered with {answer.status} {answer.body!r:.200}")
            await asyncio.sleep(0.02)

    async def _judge(self) -> None:
        notes, judge = self.customers.notes, Judge(self.customers)
        with suppress(AssertionError):
            await self.world.advance(HOLDS_ARE_OVER)
        verdict = await judge.final(time.monotonic() + FINAL)
        self.broken += [*verdict.broken, *notes.unanswered, *await judge.repeated(), *await self.talk.broken()]
        self.broken += [
            f"{count} times {why}, which no client may repeat blindly"
            for why, count in notes.again.items()
            if why[:3].isdigit() and why[:3] not in SAFE_TO_REPEAT
        ]

    def figures(self) -> str:
        """A few lines for people."""
        notes = self.customers.notes
        gaps = sorted(gap for talker in self.talk.talkers for gap in talker.gaps)
        again = ", ".join(f"{why} {count}" for why, count in notes.again.most_common()) or "nothing"
        heard = [len(talker.heard) for talker in self.talk.talkers]
        return (
            f"{self.reads} reads (longest with its repeats {self.longest:.1f} s), {notes.checkouts} checkouts, "
            f"{len(notes.paid)} paid\nasked again: {again}\n{heard[0]} and {heard[1]} messages heard; "
            f"{len(gaps)} times a socket was lost, back after {gaps[-1] if gaps else 0:.1f} s at most"
        )


async def restart_all(cluster: Cluster, done: Counter[str], among: str = "") -> None:
    """Each process whose name begins so, with SIGTERM; the next one when the one before is ready again."""
    for name in sorted(cluster.processes(), key=lambda name: name.rsplit(" ", 1)[-1]):
        if name.startswith(among) and (process := cluster.end_one(name, signal.SIGTERM)) is not None:
            await cluster.stands_again(process, STANDS_WITHIN)
            done[name] += 1


@asynccontextmanager
async def outside(gateways: list[str]) -> AsyncIterator[World]:
    """The product through a balancer that knows all gateways, as an ingress would."""
    timeout = aiohttp.ClientTimeout(total=30)
    async with (
        Proxy(gateways, random.Random(1)) as balancer,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout) as http,
    ):
        yield World(balancer.url, http)


async def on_a_cluster(cluster: Cluster, words: int, rounds: int, among: str = "") -> Load:
    """Every process in turn, so many times, while each talker says so many words."""
    done: Counter[str] = Counter()

    async def restarts() -> None:
        for _ in range(rounds):
            await restart_all(cluster, done, among)

    async with outside(cluster.gateways) as world:
        load = await Load.of(world, cluster.gateways)
        await load.during(restarts(), words, 0.1)
    print(f"restarted: {sum(done.values())} processes")
    code, invariants = await asyncio.to_thread(cluster.invariants)
    load.broken += [invariants] if code else []
    return load


async def on(url: str, seconds: float) -> Load:
    """An installation that somebody else restarts meanwhile."""
    async with outside([url]) as world:
        load = await Load.of(world, [world.base])
        await load.during(asyncio.sleep(seconds), 100, 0.4)
    return load


def main() -> int:
    """Exit code 1 if a client noticed more than it can repeat."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm.rolling", description=__doc__)
    parser.add_argument("url", nargs="?", help="of a running installation; none: a cluster is started")
    parser.add_argument("--seconds", type=float, default=300, help="with a URL: for how long")
    parser.add_argument("--words", type=int, default=500, help="of each of the two who talk, at least")
    parser.add_argument("--rounds", type=int, default=1, help="how often each process is restarted")
    parser.add_argument(
        "--among", default="", help="only processes whose names begin so; `gateway`: one for each talker"
    )
    parser.add_argument("--replicas", default="2", help="of the processes, as in REPLICAS")
    said = parser.parse_args()
    if said.url:
        load = asyncio.run(on(said.url.rstrip("/"), said.seconds))
    else:
        with standing(lambda folder: Cluster(folder, said.replicas)) as cluster:
            load = asyncio.run(on_a_cluster(cluster, said.words, said.rounds, said.among))
            cluster.keep = bool(load.broken)
            if load.broken:
                print(f"logs: {cluster.logs}")
    print(load.figures())
    print("\n".join(load.broken[:20]) or "no client noticed more than it can repeat")
    print(f"broken: {len(load.broken)}")
    return 1 if load.broken else 0


if __name__ == "__main__":
    sys.exit(main())

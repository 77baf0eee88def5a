"""What goes wrong, and when: kills, restarts, misbehaving webhooks, cut connections; in the same order for a seed."""

import asyncio
import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from devtools.kafka.jars import KafkaUnavailable
from tests.journey.world import World
from tests.storm.cluster import Cluster
from tests.storm.customers import NO_ANSWER
from tests.storm.proxy import Proxy

CUT_SHARE, CONCURRENCY = 0.3, 3
DISTURBANCE_SECONDS = (4.0, 12.0)
RECOVERS_WITHIN = 120.0


@dataclass
class Damage:
    """What was done, and how long it took the product to be ready again."""

    kills: Counter[str] = field(default_factory=Counter)
    recovery: dict[str, float] = field(default_factory=dict)
    restarts: Counter[str] = field(default_factory=Counter)
    fallen: list[str] = field(default_factory=list)
    disturbances: int = 0
    last_at: float = 0.0

    def took(self, what: str, began: float) -> None:
        """Remembers the longest."""
        self.recovery[what] = max(self.recovery.get(what, 0.0), time.monotonic() - began)


class FaultInjector:
    """Injects faults into one cluster."""

    def __init__(self, cluster: Cluster, world: World, proxy: Proxy, seed: int) -> None:
        """No fault yet; the seed decides their order."""
        self.cluster, self.world, self.proxy = cluster, world, proxy
        self._chance, self._disturbance = random.Random(seed), random.Random(seed)
        self.damage = Damage()
        self._names: list[str] = []
        self._mending: list[asyncio.Task[None]] = []
        self._turns = asyncio.Semaphore(CONCURRENCY)
        self._one_at_a_time = {"Postgres": asyncio.Lock(), "Kafka": asyncio.Lock()}

    async def inject(self, kills: int, restarts: int, calm: tuple[float, float]) -> None:
        """So many faults, mixed, with a calm of so many seconds (from, to) before each; the next one waits while
        `CONCURRENCY` of those before are not mended, so that a slow machine gets them more slowly."""
        faults = ["kill"] * kills + ["Postgres", "Kafka"] * restarts
        self._chance.shuffle(faults)
        for fault in faults:
            await asyncio.sleep(self._chance.uniform(*calm))
            await self._turns.acquire()
            self._inject_one(fault)

    async def disturb(self) -> None:
        """Cuts connections and makes Stripe's webhooks late, double and mixed, in turns, until cancelled."""
        self.proxy.share = CUT_SHARE
        while True:
            with suppress(AssertionError, *NO_ANSWER):
                delay, copies = self._disturbance.choice((0.0, 0.2, 1.0, 3.0)), self._disturbance.randint(1, 4)
                await self.world.webhooks(delay, copies, shuffle=self._disturbance.random() < 0.5)
                self.damage.disturbances += 1
            await asyncio.sleep(self._disturbance.uniform(*DISTURBANCE_SECONDS))

    async def recover(self) -> None:
        """No more faults; waits until everything that was hit is ready again."""
        self.proxy.share = 0.0
        await asyncio.gather(*self._mending)

    def _inject_one(self, fault: str) -> None:
        if fault == "kill":
            self._mend(self._kill())
        elif fault == "Postgres":
            abrupt = self._chance.random() < 0.5
            self._mend(self._restart(fault, lambda: self.cluster.restart_postgres(abrupt)))
        else:
            self._mend(self._restart(fault, self.cluster.restart_kafka))

    def _mend(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        task.add_done_callback(lambda _: self._turns.release())
        self._mending.append(task)

    async def _kill(self) -> None:
        while (process := self.cluster.end_one(self._next())) is None:  # noqa: ASYNC110  # a starting process has no event
            await asyncio.sleep(0.1)
        began = self.damage.last_at = time.monotonic()
        self.damage.kills[process.name] += 1
        try:
            await self.cluster.stands_again(process, RECOVERS_WITHIN)
            self.damage.took(process.name, began)
        except TimeoutError:
            self.damage.fallen.append(f"{process.name} was not ready {RECOVERS_WITHIN:.0f} s after it was killed")

    def _next(self) -> str:
        """Every process once, in a mixed order, before any has its second turn."""
        if not self._names:
            self._names = sorted(self.cluster.processes())
            self._chance.shuffle(self._names)
        return self._names.pop()

    async def _restart(self, what: str, restart: Callable[[], None]) -> None:
        async with self._one_at_a_time[what]:
            began = time.monotonic()
            try:
                await asyncio.to_thread(restart)
                self.damage.restarts[what] += 1
            except (KafkaUnavailable, subprocess.SubprocessError) as error:
                self.damage.fallen.append(f"{what} did not start again: {error}")
            self.damage.last_at = time.monotonic()
            self.damage.took(what, began)

"""The load of `checkouts` on one process and on the cluster with a real Kafka: correctness, and CPU by process."""

import asyncio
import os
import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.checkouts import CLIENTS, crowd, load
from benchmarks.ground import broker_process, cpu_of, kafka, postgres_cpu
from benchmarks.instance import ready
from benchmarks.parts import run
from devtools.kafka.broker import Broker
from estuary.settings import free_port

SECONDS, QUIET_SECONDS, REST_SECONDS, READY_SECONDS = 10.0, 5.0, 3.0, 180.0
BY_NAME = {
    "up": ("all in one", "up", ""),
    "one": ("cluster, one of each", "cluster", "1"),
    "two": ("cluster, two of booking, payments", "cluster", "booking=2,payments=2"),
}
CHEAP = {"IDENTITY_ARGON2_TIME_COST": "1", "IDENTITY_ARGON2_MEMORY_KIB": "8"}
Cpu = dict[str, float]


@dataclass(frozen=True, slots=True)
class Install:
    """A running install of one process or many."""

    url: str
    env: dict[str, str]
    root: psutil.Process
    broker: Broker | None

    def cpu(self) -> Cpu:
        """CPU seconds so far by kind of process; replicas count as one."""
        found: defaultdict[str, float] = defaultdict(float)
        for process in [self.root, *self.root.children(recursive=True)]:
            if name := name_of(process):
                found[name] += cpu_of([process])
        found["Postgres"] = postgres_cpu(Path(self.env["ESTUARY_HOME"]))
        if self.broker:
            found["Kafka"] = cpu_of([broker_process(self.broker)])
        return found


@dataclass
class Result:
    """What one install did under the load; CPU in milliseconds per checkout, `idle` in seconds per second."""

    latencies: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    each: Cpu = field(default_factory=dict)
    idle: Cpu = field(default_factory=dict)
    seconds: float = 0.0
    verdict: str = ""

    @property
    def total(self) -> float:
        """Milliseconds of CPU per checkout, of everything."""
        return sum(self.each.values())

    @property
    def standing(self) -> float:
        """What of it the install would have used without any checkout."""
        return sum(self.idle.values()) * self.seconds / len(self.latencies) * 1000


def name_of(process: psutil.Process) -> str:
    """`serve booking`: what this process was started as; empty if it is none of ours, or gone."""
    try:
        words = process.cmdline()
    except psutil.Error:
        return ""
    module = next((word for word in words if word in {"estuary.cli", "devtools"}), None)
    return " ".join(words[words.index(module) + 1 :]) if module else ""


@asynccontextmanager
async def install(command: str, replicas: str) -> AsyncIterator[Install]:
    """A fresh install in a temporary folder, ready to serve; the cluster's Kafka is started here, to see its CPU."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="estuary-bench-", ignore_cleanup_errors=True))
        os.chmod(folder, 0o755)
        port = free_port()
        env = {**os.environ, **CHEAP, "ESTUARY_HOME": folder, "ESTUARY_PORT": str(port), "ESTUARY_LOG_LEVEL": "WARNING"}
        broker = await stack.enter_async_context(kafka(Path(folder) / "broker")) if command == "cluster" else None
        if broker:
            env |= {"REPLICAS": replicas, "KAFKA_BOOTSTRAP_SERVERS": broker.servers}
        process = await stack.enter_async_context(running(command, env))
        await ready(f"http://127.0.0.1:{port}", process, READY_SECONDS)
        yield Install(f"http://127.0.0.1:{port}", env, psutil.Process(process.pid), broker)


@asynccontextmanager
async def running(command: str, env: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """`estuary up` or `make cluster`, ended in good order."""
    module = "devtools" if command == "cluster" else "estuary.cli"
    words = [sys.executable, "-m", module, command]
    process = await asyncio.create_subprocess_exec(*words, env=env, stdout=asyncio.subprocess.DEVNULL)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def measure(command: str, replicas: str) -> Result:
    """The load on such an install, what it cost, and whether everything is right afterwards."""
    result = Result()
    async with install(command, replicas) as on:
        await asyncio.sleep(REST_SECONDS)
        before = on.cpu()
        await asyncio.sleep(QUIET_SECONDS)
        result.idle = between(before, on.cpu(), QUIET_SECONDS)
        await under_load(on, result)
        result.verdict = await invariants(on.env)
    return result


async def under_load(on: Install, result: Result) -> None:
    """Clients as in `checkouts`; counts what the load leaves behind (mails, marks) too."""
    async with crowd(on.url) as (everyone, slots):
        await load(everyone[:4], slots, 2.0)  # warm
        result.alone = await load(everyone[:1], slots, 3.0)
        before, began = on.cpu(), time.perf_counter()
        result.latencies = await load(everyone, slots, SECONDS)
        await asyncio.sleep(REST_SECONDS)
        result.seconds = time.perf_counter() - began
        result.each = between(before, on.cpu(), len(result.latencies) / 1000)


def between(before: Cpu, after: Cpu, parts: float) -> Cpu:
    """What was used from one look to the other, per part."""
    return {name: (seconds - before.get(name, 0.0)) / parts for name, seconds in after.items()}


async def invariants(env: dict[str, str]) -> str:
    """The last line of `estuary invariants`."""
    words = [sys.executable, "-m", "estuary.cli", "invariants"]
    process = await asyncio.create_subprocess_exec(*words, env=env, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    return (said.decode().strip().splitlines() or ["no answer"])[-1]


def report(title: str, result: Result, first: Result) -> None:
    """Prints the figures."""
    count, spread = len(result.latencies), statistics.quantiles(result.latencies, n=20)
    print(f"{title:<34}{count} checkouts in {SECONDS:.0f} s, {CLIENTS} clients; invariants: {result.verdict}")
    moved, base = result.total - result.standing, first.total - first.standing
    print(f"  CPU per checkout                {result.total:.1f} ms = {result.total / first.total:.2f} of one process")
    print(f"  without what it uses at rest    {moved:.1f} ms = {moved / base:.2f} of one process")
    for name, cost in sorted(result.each.items(), key=lambda item: -item[1]):
        print(f"    {name:<29} {cost:6.2f} ms {cost / result.total:5.0%}")
    print(f"  confirmed after, median / p95   {spread[9] * 1000:.0f} / {spread[18] * 1000:.0f} ms; ", end="")
    print(f"one client alone {statistics.median(result.alone) * 1000:.0f} ms")
    print(f"  CPU while nobody asks           {sum(result.idle.values()):.1%} of a core: {busiest(result.idle)}")


def busiest(idle: Cpu) -> str:
    """Kinds with what one core gives them, together."""
    kinds: defaultdict[str, float] = defaultdict(float)
    for name, share in idle.items():
        kinds[re.sub(r" .*", "", name)] += share
    return ", ".join(f"{kind} {share:.1%}" for kind, share in sorted(kinds.items(), key=lambda item: -item[1]))


async def main() -> None:
    """All three, or those that are named."""
    results: list[Result] = []
    for name in sys.argv[1:] or BY_NAME:
        title, command, replicas = BY_NAME[name]
        results.append(await measure(command, replicas))
        report(title, results[-1], results[0])


if __name__ == "__main__":
    run(main)

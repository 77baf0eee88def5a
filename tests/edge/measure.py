"""What others notice of an attack: how long they wait, and what it costs the server."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.instance import Instance, standing

ASK = b"GET /health/live HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
EVERY = 0.02
SETTLED_AFTER = 1.0
"""Passwords that are being hashed have 20 MB each until they are done."""


@dataclass(frozen=True)
class Figures:
    """Waits in milliseconds, of others; memory that stays in MB, CPU of the server in percent of one core.

    `worst` and `usual` are without the time in which the machine gave the two no core; `raw` is the worst with it.
    """

    name: str
    worst: float
    raw: float
    usual: float
    memory: float
    cpu: float
    answers: dict[str, int]

    def line(self) -> str:
        heard = ", ".join(f"{number} x {what}" for what, number in sorted(self.answers.items()))
        waits = f"{self.usual:.0f} | {self.worst:.0f} | {self.raw:.0f}"
        return f"| {self.name} | {waits} | {self.memory:+.1f} | {self.cpu:.0f} | {heard} |"


@contextmanager
def public_instance() -> Iterator[tuple[Instance, str]]:
    """As it ships, with its limits on, and an address of this machine that is not loopback."""
    with standing(_Public) as instance:
        yield instance, own_address()


class _Public(Instance):
    def start(self) -> None:
        self.env |= {"ESTUARY_HOST": "0.0.0.0", "ESTUARY_SANDBOX_PUBLIC": "1", "GATEWAY_RATE_LIMITS": "on"}
        super().start()


def own_address() -> str:
    """Where a packet to elsewhere would come from; loopback on a machine without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def measured(instance: Instance, host: str, name: str, seconds: float) -> Figures:
    """Others' waits while that attack runs (`quiet`: none does)."""
    server = psutil.Process(instance.process.pid)
    before, began = server.cpu_times(), time.monotonic()
    memory = server.memory_info().rss
    command = [sys.executable, "-m", "tests.edge.attacks", name, host, str(instance.port), str(seconds)]
    attack = subprocess.Popen(command, stdout=subprocess.PIPE) if name != "quiet" else None
    waits, raw = zip(*_waits(instance, seconds), strict=True)
    answers = json.loads(attack.communicate(timeout=60)[0] or "{}") if attack else {}
    after, lasted = server.cpu_times(), time.monotonic() - began
    cpu = (after.user + after.system - before.user - before.system) / lasted * 100
    time.sleep(SETTLED_AFTER)
    grown = server.memory_info().rss - memory
    usual = sorted(waits)[len(waits) // 2]
    return Figures(name, max(waits) * 1000, max(raw) * 1000, usual * 1000, grown / 1e6, cpu, answers)


def _waits(instance: Instance, seconds: float) -> Iterator[tuple[float, float]]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began, coreless = time.monotonic(), _coreless(instance.process.pid) + _coreless(os.getpid())
        with socket.create_connection(("127.0.0.1", instance.port), timeout=10) as one:
            one.sendall(ASK)
            assert b" 200 " in one.recv(4096)
        waited = time.monotonic() - began
        yield max(waited - _coreless(instance.process.pid) - _coreless(os.getpid()) + coreless, 0.0), waited
        time.sleep(EVERY)


def _coreless(pid: int) -> float:
    """For how long that process's main thread was ready and had no core; 0 where the system does not say."""
    try:
        return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[1]) / 1e9
    except OSError:
        return 0.0

"""An instance of its own for a measurement: `estuary up` in another process, with a sampler of where its CPU goes."""

import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import psutil

from benchmarks import sampler
from estuary.settings import EstuarySettings, free_port
from shared.database.postgres import ORDINARY, EmbeddedPostgres

ROOT = Path(__file__).parents[1]
COUNTED = "BENCH_COUNTED"
"""Set, the instance's Postgres counts statements."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A running instance and how to look at its costs."""

    url: str
    home: Path
    process: psutil.Process
    ready_seconds: float

    def cpu(self) -> tuple[float, float]:
        """CPU seconds so far: of the Python process, and of its Postgres."""
        own = self.process.cpu_times()
        return own.user + own.system, sum(_cpu_of(process) for process in self._postgres())

    def memory(self) -> float:
        """Resident megabytes of the Python process."""
        return float(self.process.memory_info().rss) / 1e6

    def looks(self) -> Counter[str]:
        """What the sampler has seen so far, by part."""
        return sampler.read(self.home / "profile.json")

    def _postgres(self) -> list[psutil.Process]:
        pid = int((self.home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        server = psutil.Process(pid)
        return [server, *server.children(recursive=True)]


def _cpu_of(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


LIMITS = ("BOOKING_MAX_OPEN_HOLDS", "BOOKING_MAX_OPEN_HOLDS_PER_PRACTITIONER", "BOOKING_MAX_FREE_BOOKINGS")


@asynccontextmanager
async def instance(root: Path = ROOT, **env: str) -> AsyncIterator[Instance]:
    """A fresh instance in a temporary folder, ready to serve; a sampler looks where its CPU goes.

    `root` is the checkout that it runs, with a `.venv` of its own where it is another one.
    """
    with tempfile.TemporaryDirectory(prefix="estuary-bench-") as folder:
        os.chmod(folder, 0o755)
        port = free_port()
        own = {"ESTUARY_HOME": folder, "ESTUARY_PORT": str(port), "ESTUARY_LOG_LEVEL": "WARNING"}
        few_clients = dict.fromkeys(LIMITS, "1000000")
        cheap = {"IDENTITY_ARGON2_TIME_COST": "1", "IDENTITY_ARGON2_MEMORY_KIB": "8"}
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            sys.executable if root == ROOT else root / ".venv" / "bin" / "python",
            "-m",
            "benchmarks.instance",
            cwd=root,
            env={**os.environ, **own, **cheap, **few_clients, **env},
            stdout=asyncio.subprocess.DEVNULL,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            await ready(url, process)
            yield Instance(url, Path(folder), psutil.Process(process.pid), time.monotonic() - began)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def ready(url: str, process: asyncio.subprocess.Process, seconds: float = 120) -> None:
    """Returns when the gateway says that all is there."""
    async with asyncio.timeout(seconds), aiohttp.ClientSession() as http:
        while process.returncode is None:
            try:
                async with http.get(f"{url}/health/ready") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05)
    raise RuntimeError(f"the instance ended with {process.returncode}")


def main() -> None:
    """`estuary up`, with the sampler beside it."""
    from estuary.cli import main as estuary

    settings = EstuarySettings.of(os.environ)
    settings.home.mkdir(parents=True, exist_ok=True)
    if os.environ.get(COUNTED):
        EmbeddedPostgres(settings.data, {**ORDINARY, "shared_preload_libraries": "pg_stat_statements"}).stop()
    sampler.Sampler(settings.home / "profile.json").start()
    sys.argv = ["estuary", "up"]
    estuary()


if __name__ == "__main__":
    main()

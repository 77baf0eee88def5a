"""An instance of its own for a measurement: `estuary up` in another process, with a sampler of where its CPU goes."""

import asyncio
import json
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import aiohttp
import psutil

from estuary.settings import EstuarySettings, free_port

SAMPLE_SECONDS = 0.004
# The innermost frame that belongs to a part decides; the order says who is asked first.
PARTS = (
    ("stand-ins", ("/estuary/sandbox/",)),
    ("events", ("/shared/outbox.py", "/shared/inbox.py", "/shared/worker.py", "/shared/bus.py", "/shared/jobs.py")),
)
SQL = ("/sqlalchemy/", "/asyncpg/", "/greenlet/")
HTTP = (
    "/uvicorn/",
    "/fastapi/",
    "/starlette/",
    "/gateway/",
    "/aiohttp/",
    "/httpx2/",
    "/pydantic/",
    "/joserfc/",
    "/shared/",
)


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


@asynccontextmanager
async def instance(**env: str) -> AsyncIterator[Instance]:
    """A fresh instance in a temporary folder, ready to serve; its sampled profile is in `profile.json` at the end."""
    with tempfile.TemporaryDirectory(prefix="estuary-bench-") as folder:
        os.chmod(folder, 0o755)
        port = free_port()
        own = {"ESTUARY_HOME": folder, "ESTUARY_PORT": str(port), "ESTUARY_LOG_LEVEL": "WARNING"}
        cheap = {"IDENTITY_ARGON2_TIME_COST": "1", "IDENTITY_ARGON2_MEMORY_KIB": "8"}
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "benchmarks.instance",
            env={**os.environ, **own, **cheap, **env},
            stdout=asyncio.subprocess.DEVNULL,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            await _ready(url)
            yield Instance(url, Path(folder), psutil.Process(process.pid), time.monotonic() - began)
        finally:
            process.terminate()
            await process.wait()


async def _ready(url: str) -> None:
    async with asyncio.timeout(120), aiohttp.ClientSession() as http:
        while True:
            try:
                async with http.get(f"{url}/health/ready") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)


class Sampler(threading.Thread):
    """Looks every few milliseconds what the main thread does; SIGUSR1-free, so that nothing else changes."""

    def __init__(self, out: Path) -> None:
        """The counts are written to `out` once a second."""
        super().__init__(daemon=True)
        self.counts: Counter[str] = Counter()
        self.main = threading.main_thread().ident or 0
        self.out = out

    def run(self) -> None:
        """Samples until the process ends."""
        cpu, written = time.process_time(), time.monotonic()
        while True:
            time.sleep(SAMPLE_SECONDS)
            now = time.process_time()
            frame = sys._current_frames().get(self.main)
            self.counts[part_of(frame)] += max(0, round((now - cpu) * 1e6))
            cpu = now
            if time.monotonic() - written > 1:
                written = time.monotonic()
                self.out.write_text(json.dumps(self.counts))


def part_of(frame: FrameType | None) -> str:
    """Which part of the product a stack belongs to."""
    files: list[str] = []
    while frame is not None:
        files.append(frame.f_code.co_filename)
        frame = frame.f_back
    for name, places in PARTS:
        if any(place in file for file in files for place in places):
            return name
    if any(place in file for file in files for place in SQL):
        return "SQL"
    if any(place in file for file in files for place in HTTP):
        return "HTTP"
    return "loop and rest"


def profile_of(home: Path) -> dict[str, Any]:
    """CPU microseconds by part so far."""
    found: dict[str, Any] = json.loads((home / "profile.json").read_text())
    return found


def main() -> None:
    """`estuary up`, with the sampler beside it."""
    from estuary.cli import main as estuary

    settings = EstuarySettings.of(os.environ)
    settings.home.mkdir(parents=True, exist_ok=True)
    Sampler(settings.home / "profile.json").start()
    sys.argv = ["estuary", "up"]
    estuary()


if __name__ == "__main__":
    main()

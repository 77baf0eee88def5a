"""A whole instance, started as anybody starts it: a subprocess on a free port with a home of its own."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.journey.world import World

REAL_SETTINGS = ("DATABASE_URL", "STRIPE_", "SMTP_URL", "LIVEKIT_", "KAFKA_", "ESTUARY_", "BOOKING_", "PAYMENTS_")
STARTS_WITHIN, STOPS_WITHIN = 90, 15


@pytest.fixture(scope="session")
def estuary_url() -> Iterator[str]:
    """The address of `estuary up`, ready; it must end within 15 s of Ctrl-C."""
    home, port = Path(tempfile.mkdtemp(prefix="estuary-")), free_port()
    settings = {k: v for k, v in os.environ.items() if not k.startswith(REAL_SETTINGS)}
    settings |= {
        "ESTUARY_PORT": str(port),
        "ESTUARY_HOME": str(home / "home"),
        "ESTUARY_DEMO": "0",
        "GATEWAY_RATE_LIMITS": "off",
    }
    log = home / "log"
    command = [str(Path(sys.executable).parent / "estuary"), "up"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=settings, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(url, process, log)
        yield url
    finally:
        stop(process, log)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
async def world(estuary_url: str) -> AsyncIterator[World]:
    """The instance as the journey sees it."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        yield World(estuary_url, http)
    await asyncio.sleep(0)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"estuary up ended with {process.returncode}:\n{tail(log)}")
        try:
            with urllib.request.urlopen(f"{url}/health/ready", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"estuary up was not ready after {STARTS_WITHIN} s:\n{tail(log)}")


def stop(process: subprocess.Popen[bytes], log: Path) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise RuntimeError(f"estuary up had not ended {STOPS_WITHIN} s after Ctrl-C:\n{tail(log)}") from None


def tail(log: Path, lines: int = 40) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])

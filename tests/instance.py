"""An instance of a test's own: `estuary up` as a subprocess on a free port, with a home of its own."""

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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from devtools.testing.databases import scratch
from estuary.settings import free_port

ESTUARY = str(Path(sys.executable).parent / "estuary")
FEW_CLIENTS = dict.fromkeys(
    ("BOOKING_MAX_OPEN_HOLDS", "BOOKING_MAX_OPEN_HOLDS_PER_PRACTITIONER", "BOOKING_MAX_FREE_BOOKINGS"), "1000000"
)
"""Few clients make many bookings here."""
REAL_SETTINGS = (
    *("DATABASE_URL", "STRIPE_", "SMTP_URL", "LIVEKIT_", "KAFKA_"),
    *("ESTUARY_", "BOOKING_", "PAYMENTS_", "CATALOG_"),
)


class Instance:
    """One home and one port; it can be started, stopped, killed and started again."""

    command: tuple[str, ...] = (ESTUARY, "up")
    ready_within, ends_within = 90, 15

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.log = folder, free_port(), folder / "log"
        self.site_port = free_port()  # an app of a test's own may answer there
        self.keep = False
        self.url = f"http://127.0.0.1:{self.port}"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(REAL_SETTINGS)}
        self.env = {
            **inherited,
            "ESTUARY_PORT": str(self.port),
            "ESTUARY_HOME": str(folder / "home"),
            "ESTUARY_DEMO": "0",
            "GATEWAY_RATE_LIMITS": "off",
            "CATALOG_PLAN_LIMITS": "off",  # a practitioner has more services here than without a plan
            "ESTUARY_PRIVATE_HOSTS": f"127.0.0.1:{self.site_port}",
            **FEW_CLIENTS,
        }

    def start(self) -> None:
        """Starts and waits until it is ready; RuntimeError with the end of its log if it does not become so."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(self.command, env=self.env, stdout=out, stderr=subprocess.STDOUT)
        end = time.monotonic() + self.ready_within
        while not self.ready():
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.command[-1]} ended with {self.process.returncode}:\n{self.tail()}")
            if time.monotonic() > end:
                self.kill()
                raise RuntimeError(f"{self.command[-1]} was not ready after {self.ready_within} s:\n{self.tail()}")
            time.sleep(0.1)

    def ready(self) -> bool:
        return answers_ready(self.url)

    def stop(self) -> None:
        """Ctrl-C; RuntimeError if it has not ended in the time that it has for that."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(self.ends_within)
        except subprocess.TimeoutExpired:
            self.kill()
            late = f"{self.command[-1]} had not ended {self.ends_within} s after Ctrl-C"
            raise RuntimeError(f"{late}:\n{self.tail()}") from None

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self.process.wait()

    def invariants(self) -> tuple[int, str]:
        """Exit code and output of `estuary invariants` beside it."""
        done = subprocess.run([ESTUARY, "invariants"], env=self.env, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def tail(self, lines: int = 40) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


AnyInstance = TypeVar("AnyInstance", bound=Instance)


@contextmanager
def standing(kind: Callable[[Path], AnyInstance]) -> Iterator[AnyInstance]:
    """A fresh one, ready. Its folder stays after an error, or when `keep` was set, so that the cause can be found."""
    folder = Path(tempfile.mkdtemp(prefix="estuary-", dir=scratch()))
    folder.chmod(0o755)  # Postgres runs as a user of its own where the caller is root
    instance = kind(folder)
    try:
        instance.start()
        yield instance
    finally:
        instance.stop()
    if not instance.keep:
        shutil.rmtree(folder, ignore_errors=True)


def answers_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True

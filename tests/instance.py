"""An instance of one's own: `estuary up` as a subprocess on a free port, with a home that nobody else uses."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ESTUARY = str(Path(sys.executable).parent / "estuary")
REAL_SETTINGS = ("DATABASE_URL", "STRIPE_", "SMTP_URL", "LIVEKIT_", "KAFKA_", "ESTUARY_", "BOOKING_", "PAYMENTS_")
READY_WITHIN, ENDS_WITHIN = 90, 15


class Instance:
    """One home and one port; it can be started, stopped, killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.port, self.log = free_port(), folder / "log"
        self.url = f"http://127.0.0.1:{self.port}"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(REAL_SETTINGS)}
        self.env = {
            **inherited,
            "ESTUARY_PORT": str(self.port),
            "ESTUARY_HOME": str(folder / "home"),
            "ESTUARY_DEMO": "0",
            "GATEWAY_RATE_LIMITS": "off",
        }

    def start(self) -> None:
        """Starts and waits until it is ready; RuntimeError with the end of its log if it does not become so."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen([ESTUARY, "up"], env=self.env, stdout=out, stderr=subprocess.STDOUT)
        end = time.monotonic() + READY_WITHIN
        while not self.ready():
            if self.process.poll() is not None:
                raise RuntimeError(f"estuary up ended with {self.process.returncode}:\n{self.tail()}")
            if time.monotonic() > end:
                self.kill()
                raise RuntimeError(f"estuary up was not ready after {READY_WITHIN} s:\n{self.tail()}")
            time.sleep(0.1)

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health/ready", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def stop(self) -> None:
        """Ctrl-C; RuntimeError if it has not ended 15 s later."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()
            raise RuntimeError(f"estuary up had not ended {ENDS_WITHIN} s after Ctrl-C:\n{self.tail()}") from None

    def kill(self) -> None:
        """As a power cut would: no goodbye."""
        self.process.kill()
        self.process.wait()

    def invariants(self) -> tuple[int, str]:
        """Exit code and output of `estuary invariants` beside it."""
        done = subprocess.run([ESTUARY, "invariants"], env=self.env, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def tail(self, lines: int = 40) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

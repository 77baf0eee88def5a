"""`make cluster` with a real Kafka and Postgres, each of whose processes can be killed or started again."""

import asyncio
import os
import random
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from devtools.kafka.broker import own
from devtools.kafka.jars import KafkaUnavailable
from devtools.testing.fixtures import without_kafka
from estuary.settings import EstuarySettings
from shared.database.postgres import EmbeddedPostgres
from tests.instance import Instance, answers_ready, is_free, standing

STARTED = re.compile(r"^ *(\S[a-z0-9 ]*?) +pid (\d+) +(http://\S+) ", re.MULTILINE)
BELOW_OUTGOING_CONNECTIONS = range(12_000, 30_000, 150)


@dataclass(frozen=True)
class Process:
    """One of the cluster's processes, as it was last started."""

    name: str
    pid: int
    address: str


class Cluster(Instance):
    """All processes of one install. The cluster starts again what dies; Kafka and Postgres are ours to restart."""

    command = (sys.executable, "-m", "devtools", "cluster")
    ready_within, ends_within = 300, 40

    def __init__(self, folder: Path, replicas: str = "1") -> None:
        """Starts Kafka; KafkaUnavailable with one line where none can be had. `replicas` as in REPLICAS."""
        super().__init__(folder)
        self.port = quiet_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.logs = folder / "home" / "logs"
        self.broker = own(folder / "kafka", os.environ)
        self.broker.start()
        self.env |= {"ESTUARY_PORT": str(self.port), "KAFKA_BOOTSTRAP_SERVERS": self.broker.servers}
        self.env |= {"REPLICAS": replicas}

    def start(self) -> None:
        """Everything, then a hand on its Postgres."""
        super().start()
        self.postgres = EmbeddedPostgres(EstuarySettings.of(self.env).data)

    def ready(self) -> bool:
        """The gateway, and everybody else too: the first events find their consumers."""
        return super().ready() and all(answers_ready(process.address) for process in self.processes().values())

    def processes(self) -> dict[str, Process]:
        """By name."""
        found = STARTED.findall(self.log.read_text(errors="replace"))
        return {name: Process(name, int(pid), address) for name, pid, address in found}

    @property
    def gateways(self) -> list[str]:
        """The addresses of all of them."""
        return [process.address for name, process in self.processes().items() if name.startswith("gateway")]

    async def stands_again(self, before: Process, within: float) -> None:
        """Returns when the successor of that process is ready; TimeoutError if it is not within so many seconds."""
        end = time.monotonic() + within
        while self.processes()[before.name].pid == before.pid or not await asyncio.to_thread(
            answers_ready, before.address
        ):
            if time.monotonic() > end:
                raise TimeoutError
            await asyncio.sleep(0.3)

    def end_one(self, name: str, how: signal.Signals = signal.SIGKILL) -> Process | None:
        """That signal to one process; None if it has just died and has no successor yet."""
        process = self.processes()[name]
        try:
            os.kill(process.pid, how)
        except ProcessLookupError:
            return None
        return process

    def restart_postgres(self, abruptly: bool) -> None:
        """Abruptly: open connections are cut, and a recovery follows."""
        self.postgres.restart("immediate" if abruptly else "fast")

    def restart_kafka(self) -> None:
        """As after a power cut."""
        self.broker.kill()
        self.broker.start()

    def stop(self) -> None:
        """The processes first, then what they need."""
        try:
            super().stop()
        finally:
            self.broker.stop()
            if hasattr(self, "postgres"):
                self.postgres.stop()


@contextmanager
def standing_cluster(**settings: str) -> Iterator[Cluster]:
    """One with these settings, ready; the test is skipped, or fails, where there is no Kafka."""

    def made(folder: Path) -> Cluster:
        cluster = Cluster(folder)
        cluster.env |= settings
        return cluster

    try:
        with standing(made) as cluster:
            yield cluster
    except KafkaUnavailable as error:
        without_kafka(error)


def quiet_port() -> int:
    """With a hundred and fifty above it that the system gives to no outgoing connection: killed processes return."""
    candidates = random.sample(BELOW_OUTGOING_CONNECTIONS, len(BELOW_OUTGOING_CONNECTIONS))
    return next(port for port in candidates if is_free(port) and is_free(port + 100))

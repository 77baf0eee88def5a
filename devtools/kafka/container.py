"""Apache Kafka's image on a Docker engine."""

import re
import socket
import time
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from devtools.kafka.jars import VERSION, KafkaUnavailable, Say
from devtools.kafka.one_node import ONE_NODE, START_SECONDS, STOP_SECONDS, speaks_kafka
from estuary.settings import free_port

IMAGE = f"apache/kafka:{VERSION}"
DATA = "/var/lib/kafka/data"


class Container:
    """Apache Kafka's image on the Docker engine, at a fixed port of this machine."""

    def __init__(self, folder: Path | None, say: Say = lambda _: None) -> None:
        """Makes and starts the container, pulling the image if need be; raises the engine's own errors."""
        # A plain install has none of this. The reaper would end the container with the process that made it.
        import_module("testcontainers.core.config").testcontainers_config.ryuk_disabled = True
        make: Any = import_module("testcontainers.core.container").DockerContainer

        port = free_port()
        self.servers, self._address = f"127.0.0.1:{port}", ("127.0.0.1", port)
        self._running = False
        container = make(IMAGE).with_bind_ports(9092, port)
        for name, value in {**ONE_NODE, **self._listeners(port)}.items():
            container = container.with_env("KAFKA_" + name.upper().replace(".", "_"), value)
        if folder is not None:
            name = re.sub(r"[^a-zA-Z0-9_.-]", "-", str(folder.resolve())).strip("-")
            container = container.with_volume_mapping(f"estuary-{name}", DATA, "rw")
        self._container: Any = container
        self._container.start()
        say(f"kafka: a container of {IMAGE}")
        self._running = True

    @staticmethod
    def _listeners(port: int) -> dict[str, str]:
        return {
            "listeners": "PLAINTEXT://:9092,CONTROLLER://:9093",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
            "controller.quorum.voters": "1@localhost:9093",
            "log.dirs": f"{DATA}/logs",
        }

    def start(self) -> None:
        """Starts it again where it was stopped; waits until it answers."""
        if not self._running:
            self._container.get_wrapped_container().start()
            self._running = True
        end = time.monotonic() + START_SECONDS
        while not speaks_kafka(*self._address):
            if time.monotonic() > end:
                raise KafkaUnavailable(f"the container of {IMAGE} does not answer after {START_SECONDS:.0f} s")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stops and removes it; a named volume stays."""
        wrapped = self._container.get_wrapped_container()
        if self._running:
            wrapped.stop(timeout=int(STOP_SECONDS))
        wrapped.remove(force=True, v=True)
        self._running = False

    def kill(self) -> None:
        """SIGKILL; `start` brings it back."""
        self._container.get_wrapped_container().kill()
        self._running = False

    @property
    def id(self) -> str:
        """The container, as the engine knows it."""
        return str(self._container.get_wrapped_container().id)

    def alive(self) -> bool:
        """Whether the engine says that it runs."""
        wrapped = self._container.get_wrapped_container()
        wrapped.reload()
        return bool(wrapped.status == "running")


def docker_answers(env: Mapping[str, str]) -> bool:
    """Whether a Docker engine answers, and what talks to it is installed."""
    if find_spec("docker") is None or find_spec("testcontainers") is None:
        return False
    where = urlsplit(env.get("DOCKER_HOST") or "unix:///var/run/docker.sock")
    family, address = (socket.AF_UNIX, where.path) if where.scheme == "unix" else (socket.AF_INET, None)
    try:
        with socket.socket(family) as probe:
            probe.settimeout(2)
            probe.connect(address or (where.hostname or "", where.port or 2375))
            return True
    except OSError:
        return False

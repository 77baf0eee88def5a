"""A real Kafka for one machine, for the tests and for people: the one that is named, a container, or Apache's jars."""

import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import psutil

from devtools.kafka.container import Container, docker_answers
from devtools.kafka.jars import VERSION, KafkaUnavailable, Say, cache_folder, fetch_jars, find_java
from devtools.kafka.one_node import (
    CLUSTER_ID,
    ONE_NODE,
    START_SECONDS,
    STOP_SECONDS,
    last_line,
    speaks_kafka,
)
from estuary.settings import free_port


class Broker(Protocol):
    """One Kafka that can be started, stopped, killed and started again at the same address."""

    servers: str

    def start(self) -> None:
        """Returns when it answers; KafkaUnavailable if it does not within two minutes."""
        ...

    def stop(self) -> None:
        """Ends it in good order; nothing happens if it does not run."""
        ...

    def kill(self) -> None:
        """Ends it as a power cut would."""
        ...

    def alive(self) -> bool:
        """Whether it runs."""
        ...


def find(folder: Path, env: Mapping[str, str], say: Say = lambda _: None) -> Broker:
    """The broker to use, with its data in that folder for the next time.

    KafkaUnavailable, with one line, where there is none.
    """
    if servers := env.get("KAFKA_BOOTSTRAP_SERVERS"):
        say(f"kafka: the one of KAFKA_BOOTSTRAP_SERVERS ({servers})")
        return ExternalBroker(servers)
    return own(folder, env, say, lasting=True)


def own(folder: Path, env: Mapping[str, str], say: Say = lambda _: None, *, lasting: bool = False) -> Broker:
    """A broker of one's own: a container if a Docker engine answers, else Apache's jars on this machine's Java.

    `lasting`: a container's data stay in a volume that is named after the folder.
    """
    if docker_answers(env):
        try:
            return Container(folder if lasting else None, say)
        except Exception as error:  # no such image in reach, no right to run it: the jars may do
            say(f"kafka: no container ({_first_line(error)})")
    java = find_java(env)
    libs = fetch_jars(cache_folder(env), env, say)
    say(f"kafka: Apache Kafka {VERSION} with the data in {folder}")
    return LocalBroker(folder, java, libs)


class ExternalBroker:
    """A broker that somebody else runs."""

    def __init__(self, servers: str) -> None:
        """`servers` as in KAFKA_BOOTSTRAP_SERVERS."""
        self.servers = servers

    def start(self) -> None:
        """It runs already."""

    def stop(self) -> None:
        """Not ours to stop."""

    def kill(self) -> None:
        """Not ours to kill."""

    def alive(self) -> bool:
        """Its clients tell."""
        return True


class LocalBroker:
    """Apache Kafka in KRaft mode, one node, as a process of this machine. Its data survive; its port may be given."""

    def __init__(self, folder: Path, java: str, libs: Path, port: int = 0) -> None:
        """Nothing is started yet."""
        self.folder, self._java, self._libs = folder, java, libs
        self.port, self._controller_port = port or free_port(), free_port()
        self.servers = f"127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What the broker says."""
        return self.folder / "kafka.log"

    @property
    def pid(self) -> int:
        """The broker's process, once it was started."""
        assert self._process is not None
        return self._process.pid

    def give_away(self) -> int:
        """The broker's process, which is from now on another's to end: it outlives this object."""
        assert self._process is not None
        self._process.returncode = 0  # else Python warns of a process that nobody waits for
        return self._process.pid

    def start(self) -> None:
        """Formats the folder the first time, then starts the broker and waits until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _end_orphan(self.folder / "pid")
        properties = self._write_properties()
        if not (self.folder / "data" / "meta.properties").exists():
            self._format(properties)
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(
                [*self._command("-Xmx512m", "-Xms128m"), "kafka.Kafka", str(properties)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        (self.folder / "pid").write_text(str(self._process.pid))
        self._wait()

    def stop(self) -> None:
        """SIGTERM, and after eight seconds SIGKILL."""
        if self._process is not None and self.alive():
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def _command(self, *options: str) -> list[str]:
        # The quick compiler alone: a third less CPU until it serves, which is what counts on one machine.
        return [self._java, *options, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", f"{self._libs}/*"]

    def _write_properties(self) -> Path:
        settings = {
            **ONE_NODE,
            "listeners": f"PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{self._controller_port}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.port}",
            "controller.quorum.voters": f"1@127.0.0.1:{self._controller_port}",
            "log.dirs": str(self.folder / "data"),
        }
        path = self.folder / "server.properties"
        path.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        return path

    def _format(self, properties: Path) -> None:
        command = [*self._command(), "kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(properties)]
        done = subprocess.run([*command, "--ignore-formatted"], capture_output=True, text=True, check=False)
        if done.returncode:
            raise KafkaUnavailable(
                f"Kafka's folder {self.folder} cannot be formatted: {last_line(done.stderr + done.stdout)}"
            )

    def _wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while not speaks_kafka("127.0.0.1", self.port):
            if not self.alive():
                raise KafkaUnavailable(
                    f"Kafka ended at once: {last_line(self.log.read_text(errors='replace'))} ({self.log})"
                )
            if time.monotonic() > end:
                self.kill()
                raise KafkaUnavailable(f"Kafka did not start within {START_SECONDS:.0f} s ({self.log})")
            time.sleep(0.05)


def _end_orphan(pid_file: Path) -> None:
    """A broker whose owner was killed still holds the folder: it goes first."""
    if not pid_file.exists():
        return
    with suppress(psutil.NoSuchProcess, psutil.AccessDenied, ValueError):
        process = psutil.Process(int(pid_file.read_text()))
        if str(pid_file.parent / "server.properties") in process.cmdline():
            process.terminate()
            process.wait(STOP_SECONDS)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]

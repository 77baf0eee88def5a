"""Apache Kafka's own jars and the Java that runs them: fetched once with Maven, kept for all checkouts of a user."""

import fcntl
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

VERSION = "4.1.0"
ARTIFACTS = {
    "org.apache.kafka:kafka_2.13": VERSION,
    "org.apache.kafka:kafka-tools": VERSION,
    "org.apache.logging.log4j:log4j-slf4j-impl": "2.24.3",
    "org.apache.logging.log4j:log4j-core": "2.24.3",
}
OLDEST_JAVA = 17
Say = Callable[[str], None]


class KafkaUnavailable(Exception):
    """No Kafka can be had on this machine; the message is one line that says what would help."""


def find_java(env: Mapping[str, str]) -> str:
    """The path of a Java that is new enough; KafkaUnavailable with what would help."""
    home = env.get("JAVA_HOME")
    java = f"{home}/bin/java" if home else shutil.which("java")
    if java is None or not Path(java).exists():
        raise KafkaUnavailable(
            f"no Kafka here: set KAFKA_BOOTSTRAP_SERVERS, start Docker, or install Java {OLDEST_JAVA} + mvn"
        )
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    if found is None or int(found[1]) < OLDEST_JAVA:
        raise KafkaUnavailable(f"no Kafka here: {java} is older than Java {OLDEST_JAVA}")
    return java


def cache_folder(env: Mapping[str, str]) -> Path:
    """Where the jars are kept, for every checkout of this user."""
    base = env.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "estuary" / f"kafka-{VERSION}"


def fetch_jars(cache: Path, env: Mapping[str, str], say: Say = lambda _: None) -> Path:
    """The folder of Kafka's jars: fetched once with Maven, by name and version. KafkaUnavailable where that fails."""
    libs = cache / "libs"
    cache.mkdir(parents=True, exist_ok=True)
    with locked(cache / "lock"):
        if not libs.exists():
            maven = shutil.which("mvn")
            if maven is None:
                raise KafkaUnavailable("no Kafka here: its jars are fetched with Maven, and there is no mvn")
            say(f"kafka: fetching Apache Kafka {VERSION} with Maven, once (54 MB)")
            _fetch(maven, cache, env)
    return libs


def _fetch(maven: str, cache: Path, env: Mapping[str, str]) -> None:
    fresh = cache / "fetching"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    (fresh / "pom.xml").write_text(_pom())
    command = [maven, "-q", "-B", "-f", str(fresh / "pom.xml"), "dependency:copy-dependencies"]
    done = subprocess.run(
        [*command, f"-DoutputDirectory={fresh / 'libs'}"], capture_output=True, text=True, env={**env}, check=False
    )
    if done.returncode:
        raise KafkaUnavailable(f"Maven could not fetch Kafka's jars: {_first_error(done.stdout + done.stderr)}")
    (fresh / "libs").rename(cache / "libs")


def _pom() -> str:
    wanted = "".join(
        "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></dependency>".format(
            *name.split(":"), version
        )
        for name, version in ARTIFACTS.items()
    )
    own = "<groupId>estuary</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>"
    model = "<modelVersion>4.0.0</modelVersion>"
    return f"<project>{model}{own}<dependencies>{wanted}</dependencies></project>"


@contextmanager
def locked(path: Path) -> Iterator[IO[str]]:
    """Only one process at a time is inside, whatever happens to it."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _first_error(text: str) -> str:
    return next(
        (line for line in text.splitlines() if "ERROR" in line), (text.strip().splitlines() or ["it said nothing"])[-1]
    )

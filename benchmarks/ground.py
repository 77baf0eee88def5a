"""What a measurement below HTTP stands on: a Postgres with real migrations, a Kafka if it asks for one, their costs."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from devtools.kafka.broker import Broker, LocalBroker, own
from estuary.run.postgres import migrate_all, open_database
from estuary.settings import EstuarySettings
from shared.messaging.kafka.topics import TopicSettings, create


@dataclass(frozen=True, slots=True)
class Ground:
    """A database with the schemas that were asked for, and a broker if topics were."""

    url: str
    home: Path
    broker: Broker | None

    @property
    def servers(self) -> str:
        """Where Kafka is."""
        assert self.broker is not None
        return self.broker.servers

    def postgres_cpu(self) -> float:
        """CPU seconds of the Postgres so far."""
        return postgres_cpu(self.home)

    def kafka_cpu(self) -> float:
        """CPU seconds of the broker so far."""
        return cpu_of([broker_process(self.broker)]) if self.broker else 0.0


@asynccontextmanager
async def ground(schemas: Iterable[str], topics: Sequence[str] = ()) -> AsyncIterator[Ground]:
    """A Postgres of its own in a temporary folder, and with `topics` a Kafka of its own."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="estuary-bench-", ignore_cleanup_errors=True))
        os.chmod(folder, 0o755)  # Postgres runs as somebody else where this is root
        home = Path(folder)
        settings = EstuarySettings.of({"ESTUARY_HOME": folder})
        url = await stack.enter_async_context(open_database(settings, lambda _: None))
        await migrate_all(url, schemas, lambda _: None)
        broker = await stack.enter_async_context(kafka(home / "kafka")) if topics else None
        if broker:
            await create(TopicSettings.of({"KAFKA_BOOTSTRAP_SERVERS": broker.servers}), topics, lambda _: None)
        yield Ground(url, home, broker)


@asynccontextmanager
async def kafka(folder: Path) -> AsyncIterator[Broker]:
    """A broker of its own: a container, or Apache's jars."""
    broker = await asyncio.to_thread(own, folder, os.environ)
    try:
        await asyncio.to_thread(broker.start)
        yield broker
    finally:
        await asyncio.to_thread(broker.stop)


def broker_process(broker: Broker) -> psutil.Process:
    """The broker's Java, in a container too."""
    if isinstance(broker, LocalBroker):
        return psutil.Process(broker.pid)
    container: Any = vars(broker)["_container"].get_wrapped_container()
    container.reload()
    return psutil.Process(container.attrs["State"]["Pid"])


def postgres_cpu(home: Path) -> float:
    """CPU seconds so far of the Postgres in that folder, with those of connections that have ended."""
    server = psutil.Process(int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0]))
    times = server.cpu_times()
    ended = getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return cpu_of([server, *server.children(recursive=True)]) + float(ended)


def cpu_of(processes: Iterable[psutil.Process]) -> float:
    """CPU seconds of them so far; one that is gone counts nothing."""
    seconds = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        seconds += float(times.user + times.system)
    return seconds

"""`make cluster`: the product as processes of their own on this machine, with a real Kafka between them."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from devtools.kafka.broker import Broker
from devtools.kafka.jars import KafkaUnavailable
from devtools.kafka.run import started
from estuary.run.postgres import migrate_all, open_database, schemas
from estuary.run.process import PARENT
from estuary.run.server import listen
from estuary.run.service_keys import derived_environment
from estuary.run.terminal import banner, say
from estuary.seed import CLIENT, OFFICE, PRACTITIONER
from estuary.services import SERVICES
from estuary.settings import EstuarySettings, service_environment
from shared.concurrency.back_off import BackOff
from shared.messaging.kafka.topics import TopicSettings, create
from shared.settings import SettingsError

STOP_SECONDS = 9.0
READY_SECONDS = 180.0
BACK_OFF, LONG_LIFE = BackOff(0.25, 5.0), 30.0
POOL_SIZE = "10"
GATEWAY = "gateway"


@dataclass
class Child:
    """One process of the cluster: started again when it dies."""

    kind: str
    service: str
    number: int
    port: int
    process: asyncio.subprocess.Process | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """Kind, service and number, as a person reads them."""
        return " ".join(part for part in (self.kind, self.service, str(self.number or "")) if part)

    @property
    def address(self) -> str:
        """Where its HTTP is."""
        return f"http://127.0.0.1:{self.port}"


class Cluster:
    """All processes of one install on this machine."""

    def __init__(self, settings: EstuarySettings, env: Mapping[str, str], url: str, broker: Broker) -> None:
        """Plans the processes by `REPLICAS`, the first gateway at ESTUARY_PORT, a second at the next."""
        self.settings, self.broker = settings, broker
        self.logs = settings.home.resolve() / "logs"
        self.children = plan(settings, replicas_of(env.get("REPLICAS") or "1"))
        self.env = {**service_environment(settings, env), **self._own(url)}
        self._stopping = asyncio.Event()

    def _own(self, url: str) -> dict[str, str]:
        """What every process is given: database, Kafka, and where the others are."""
        where: dict[str, list[str]] = {}
        for child in self.children:
            if child.kind in {"serve", "sandbox"}:
                where.setdefault(child.service or child.kind, []).append(child.address)
        own = {
            "DATABASE_URL": url,
            "KAFKA_BOOTSTRAP_SERVERS": self.broker.servers,
            "ESTUARY_PEERS": ",".join(f"{name}={'|'.join(found)}" for name, found in where.items()),
            "ESTUARY_POOL_SIZE": POOL_SIZE,
            "KAFKA_SECURITY_PROTOCOL": "PLAINTEXT",
            "ESTUARY_HOME": str(self.settings.home.resolve()),
            PARENT: str(os.getpid()),
        }
        if self.settings.stand_ins:
            gateway, sandbox = self.settings.address, where["sandbox"][0]
            own |= {"STRIPE_API_BASE": f"{sandbox}/sandbox/stripe", "SANDBOX_PUBLIC_URL": gateway}
            own["SANDBOX_WEBHOOK_URL"] = f"{gateway}/api/v1/webhooks/stripe/"
        return own

    def _keys(self, child: Child) -> dict[str, str]:
        """The child's own key and everybody's public half, unless the operator has given them."""
        if self.settings.service_keys:
            return {}
        return derived_environment(child.service or child.kind, self.env["ESTUARY_SERVICE_KEY"])

    async def run(self) -> None:
        """Starts everything, reports when it is ready, and restarts what dies, until a signal."""
        began = time.monotonic()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stopping.set)
        self.logs.mkdir(parents=True, exist_ok=True)
        keepers = [asyncio.create_task(self._keep(child)) for child in self.children]
        keepers.append(asyncio.create_task(self._keep_broker()))
        report = asyncio.create_task(self._report(began))
        await asyncio.wait([asyncio.create_task(self._stopping.wait()), *keepers], return_when=asyncio.FIRST_COMPLETED)
        self._stopping.set()
        say("stopping")
        report.cancel()
        await asyncio.gather(report, *(self._stop(child) for child in self.children), return_exceptions=True)
        for failure in await asyncio.gather(*keepers, return_exceptions=True):
            if isinstance(failure, Exception):
                raise failure

    async def _keep(self, child: Child) -> None:
        starts = 1
        while not self._stopping.is_set():
            began = time.monotonic()
            child.process = await self._start(child)
            if self._stopping.is_set():
                await self._stop(child)
            code = await child.process.wait()
            if not self._stopping.is_set():
                say(f"{child.name} ended with {code}; it is started again (its log: {self._log(child)})")
                starts = 1 if time.monotonic() - began > LONG_LIFE else starts + 1
                await self._pause(BACK_OFF.seconds(starts))

    async def _keep_broker(self) -> None:
        while not self._stopping.is_set():
            if not await asyncio.to_thread(self.broker.alive):
                say("kafka has ended; it is started again")
                with suppress(KafkaUnavailable):
                    await asyncio.to_thread(self.broker.start)
            await self._pause(1)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _start(self, child: Child) -> asyncio.subprocess.Process:
        env = {**self.env, **self._keys(child), "ESTUARY_PORT": str(child.port)}
        if child.kind != GATEWAY:
            env["ESTUARY_HOST"] = "127.0.0.1"
        with self._log(child).open("ab") as log:
            command = [sys.executable, "-m", "estuary.cli", child.kind, *([child.service] if child.service else [])]
            process = await asyncio.create_subprocess_exec(
                *command, env=env, stdout=log, stderr=log, stdin=asyncio.subprocess.DEVNULL, start_new_session=True
            )
        say(f"{child.name:<24} pid {process.pid:<8} {child.address:<24} {self._log(child)}")
        return process

    async def _stop(self, child: Child) -> None:
        process = child.process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOP_SECONDS)
            except TimeoutError:
                say(f"{child.name} did not end in {STOP_SECONDS:.0f} s and is killed")
                process.kill()

    async def _report(self, began: float) -> None:
        """The banner once the gateway says that all is there; a line that says where to look if it never does."""
        try:
            async with asyncio.timeout(READY_SECONDS):
                await _ready(self.settings.address)
        except TimeoutError:
            say(f"not ready after {READY_SECONDS:.0f} s: look at {self.settings.address}/health and into {self.logs}")
            return
        emails = [*OFFICE, PRACTITIONER, CLIENT] if self.settings.demo else OFFICE
        print(banner(self.settings, emails if self.settings.stand_ins else [], time.monotonic() - began), flush=True)

    def _log(self, child: Child) -> Path:
        return self.logs / f"{child.name.replace(' ', '-')}.log"


def replicas_of(text: str) -> dict[str, int]:
    """How many of each: `2` of all, or `booking=2,payments=2` and one of the others."""
    names = (*SERVICES, GATEWAY)
    given = dict.fromkeys(names, text) if text.isdigit() else dict(part.partition("=")[::2] for part in text.split(","))
    if not all(name in names and number in {*"12345678"} for name, number in given.items()):
        raise SettingsError(f"REPLICAS: from 1 to 8, or such a number for some of {', '.join(names)}: booking=2,...")
    return {name: int(given.get(name, 1)) for name in names}


def plan(settings: EstuarySettings, replicas: Mapping[str, int]) -> list[Child]:
    """The processes with their ports: a gateway each at ESTUARY_PORT and the next ones, the rest from 100 above."""
    ports = _free_ports(settings.port + 100)
    children = [Child("sandbox", "", 0, next(ports))] if settings.stand_ins else []
    for number in range(1, max(replicas.values()) + 1):
        for name in [name for name, count in replicas.items() if count >= number]:
            shown = number if replicas[name] > 1 else 0
            if name == GATEWAY:
                children.append(Child(GATEWAY, "", shown, settings.port + number - 1))
            else:
                children += [Child(kind, name, shown, next(ports)) for kind in ("serve", "work")]
    return children


def _free_ports(first: int) -> Iterator[int]:
    """Not from the range that the system gives to outgoing connections: a process must find its port again."""
    for port in range(first, 65536):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            yield port
    raise SettingsError(f"ESTUARY_PORT: there are no free ports above {first}")


async def cluster(settings: EstuarySettings, env: Mapping[str, str]) -> None:
    """Postgres, Kafka, migrations and topics, then all processes, in the foreground; SettingsError in one line."""
    listen(settings).close()
    settings.home.mkdir(parents=True, exist_ok=True)
    broker = await started(settings, env)
    try:
        async with open_database(settings, say) as url:
            await migrate_all(url, schemas(settings), say)
            topics = TopicSettings.of({**env, "KAFKA_BOOTSTRAP_SERVERS": broker.servers})
            await create(topics, [f"estuary.{name}" for name in SERVICES], say)
            await Cluster(settings, env, url, broker).run()
    finally:
        await asyncio.to_thread(broker.stop)


async def _ready(url: str) -> None:
    async with aiohttp.ClientSession() as http:
        while True:
            with suppress(aiohttp.ClientError):
                async with http.get(f"{url}/health/ready") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.3)

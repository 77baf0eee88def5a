"""What one process has from outside: its database, Kafka, the addresses of the other services, business time."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from estuary.run.clients import make_verifier_and_clients
from estuary.run.remote_clock import apply
from estuary.run.service_keys import tokens_of
from estuary.sandbox.clock import MOVED
from estuary.services import SERVICES
from estuary.settings import EstuarySettings
from shared.auth.verification import EDGE_CHANGED, Verifier
from shared.database.migrate import role_of
from shared.database.session import Database
from shared.messaging.kafka.bus import KafkaBus
from shared.messaging.kafka.security import KafkaSecurity
from shared.peers import Peers, RoundRobinTransport
from shared.records.clock import Clock, SandboxClock, SystemClock
from shared.runtime import Runtime
from shared.settings import SettingsError, demand_readable

PORT = 8000


@dataclass(frozen=True)
class ProcessResources:
    """The parts of a process that are not its database."""

    name: str
    settings: EstuarySettings
    env: Mapping[str, str]
    bus: KafkaBus
    peers: Peers
    verifier: Verifier
    clock: Clock

    def runtime(self, name: str) -> Runtime:
        """The Runtime of that service; raises SettingsError without a database."""
        url = database_url(self.env, name)
        size = self.settings.pool_size
        db = Database(url, schema=name, clock=self.clock, role=role_of(name), pool_size=size)
        return Runtime(name, db, self.bus, self.peers, self.clock, self.verifier, self.env)


def process_resources(settings: EstuarySettings, env: Mapping[str, str], name: str, kind: str) -> ProcessResources:
    """What a process of that kind has; raises SettingsError for the first thing that is missing."""
    if not settings.kafka:
        raise SettingsError(
            "KAFKA_BOOTSTRAP_SERVERS: a process of its own needs it; `estuary up` runs everything without"
        )
    tokens, found = tokens_of(name, settings, env), addresses(settings)
    transports = {peer: RoundRobinTransport(where) for peer, where in found.items()}
    verifier, peers = make_verifier_and_clients(tokens, transports, read_only=settings.read_only)
    client = f"estuary-{name}-{kind}-{socket.gethostname()}-{os.getpid()}"
    bus = KafkaBus(settings.kafka, client=client, security=KafkaSecurity.of(env).options)
    bus.listen(EDGE_CHANGED, verifier.hear)
    clock: Clock = SystemClock()
    if settings.stand_ins:
        clock = followed = SandboxClock()
        bus.listen(MOVED, lambda hint: apply(followed, hint))
    return ProcessResources(name, settings, environment(settings, env, found), bus, peers, verifier, clock)


def environment(settings: EstuarySettings, env: Mapping[str, str], found: Mapping[str, list[str]]) -> Mapping[str, str]:
    """The operator's variables, with what follows from the sandbox's address."""
    if not settings.stand_ins:
        return {**env, "ESTUARY_STAND_INS": "false"}
    sandbox = found["sandbox"][0]
    host = sandbox.split("//", 1)[1].rsplit(":", 1)[0]
    mail = f"smtp://{host}:{env.get('SANDBOX_SMTP_PORT') or 8025}"
    return {
        **env,
        "STRIPE_API_BASE": env.get("STRIPE_API_BASE") or f"{sandbox}/sandbox/stripe",
        "IDENTITY_SANDBOX_BASE": env.get("IDENTITY_SANDBOX_BASE") or f"{sandbox}/sandbox/oidc",
        "SMTP_URL": settings.smtp_url or mail,
    }


def addresses(settings: EstuarySettings) -> dict[str, list[str]]:
    """Where each service is: `http://<name>:8000`, unless ESTUARY_PEERS says `name=http://host:port|...,...`."""
    names = (*SERVICES, "sandbox") if settings.stand_ins else SERVICES
    found = {name: [f"http://{name}:{PORT}"] for name in names}
    for part in filter(None, (part.strip() for part in settings.peers.split(","))):
        name, _, where = part.partition("=")
        if not where or not all(address.startswith("http://") for address in where.split("|")):
            raise SettingsError(f"ESTUARY_PEERS: {part} is not name=http://host:port")
        found[name.strip()] = where.split("|")
    return found


def database_url(env: Mapping[str, str], name: str) -> str:
    """`<SERVICE>_DATABASE_URL`, else `DATABASE_URL`; raises SettingsError where neither is set, or cannot be read."""
    own = f"{name.upper()}_DATABASE_URL"
    url = env.get(own) or env.get("DATABASE_URL")
    if not url:
        raise SettingsError(f"DATABASE_URL: {name} needs a database, here or in {own}")
    try:
        demand_readable(url)
    except ValueError as error:
        raise SettingsError(f"{own if env.get(own) else 'DATABASE_URL'}: {error}") from None
    return url

"""Fixtures for every test: real Postgres from the real migrations, a clock that is moved by hand, a runtime."""

import gc
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import httpx2
import pytest
from starlette.types import ASGIApp

from devtools.kafka.jars import KafkaUnavailable
from devtools.kafka.sharing import shared_broker
from devtools.testing import examples
from devtools.testing.callers import KEY, service_tokens
from devtools.testing.databases import Databases, scratch
from devtools.testing.documented import DocumentedTransport
from devtools.testing.reuse import POOL_SIZE, ReusedDatabases
from devtools.testing.sessions import WatchedDatabase, misuses, needless_transactions
from devtools.testing.waiting import PATIENCE
from estuary import settings
from shared.auth.edge_tokens import read_edge
from shared.auth.verification import Verifier
from shared.database import migrate
from shared.database.connections import Connections
from shared.database.postgres import CARELESS, ORDINARY, EmbeddedPostgres
from shared.messaging.bus import InProcessBus
from shared.peers import Peers
from shared.records.clock import Clock, FixedClock
from shared.runtime import Runtime

STARTS_AT = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
AT_LEISURE = {"ESTUARY_SHED_LATE_SECONDS": "60"}
"""Callers are answered however busy the machine is."""
RuntimeFactory = Callable[..., Any]


def pytest_collection_finish() -> None:
    """What was imported stays, and each test makes an app of many objects: looked through as by default, they take a
    fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Lists where every transaction of this run only read, or was one statement: `db.read()`, `db.autocommit()`."""
    if misuses:
        terminalreporter.write_sep("-", "sessions that did what they are not for")
        terminalreporter.write_line("\n".join(sorted(misuses)))
    if places := needless_transactions():
        terminalreporter.write_sep("-", "transactions that need none, in this run")
        terminalreporter.write_line("\n".join(places))


def pytest_sessionfinish() -> None:
    """Writes the examples that this run was asked to record."""
    examples.write()


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """One server per test process; without fsync, since nothing in it outlives the tests.

    Not under pytest's own folder: each new pytest run closes that to the user whom Postgres runs as.
    """
    with tempfile.TemporaryDirectory("", "estuary-postgres-", scratch(), ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres(Path(folder) / "data", {**ORDINARY, **CARELESS})
        yield server
        server.stop()


@pytest.fixture(scope="session")
def kafka() -> Iterator[str]:
    """The servers of a real Kafka that all test processes share. Where there is none the test is skipped, or with
    ESTUARY_REQUIRE_KAFKA=1 it fails."""
    folder = Path(tempfile.gettempdir()) / f"estuary-kafka-{os.getuid()}"
    with ExitStack() as stack:
        try:
            servers = stack.enter_context(shared_broker(folder, os.environ))
        except KafkaUnavailable as error:
            without_kafka(error)
        yield servers


def without_kafka(error: KafkaUnavailable) -> NoReturn:
    """Says in one line why the test cannot run here."""
    if os.environ.get("ESTUARY_REQUIRE_KAFKA") == "1":
        pytest.fail(f"ESTUARY_REQUIRE_KAFKA=1, and {error}", pytrace=False)
    pytest.skip(str(error))


@pytest.fixture(scope="session")
def databases(postgres: EmbeddedPostgres) -> Databases:
    """Where clones come from."""
    return Databases(postgres)


@pytest.fixture(scope="session")
async def reused_databases(databases: Databases) -> AsyncIterator[ReusedDatabases]:
    """Where those of `runtime_for` come from."""
    made = ReusedDatabases(databases)
    yield made
    await made.close()


@pytest.fixture
def free_port() -> int:
    """A port where nobody listens."""
    return settings.free_port()


@pytest.fixture
def clock() -> FixedClock:
    """Business time: Tuesday, 1 December 2026, 08:00 UTC, until it is moved."""
    return FixedClock(STARTS_AT)


def verifier(service: str) -> Verifier:
    """Accepts the tokens of `token_for`, and of `service_headers` where that service may be called."""

    async def keys() -> Mapping[str, Any]:
        return {"keys": [KEY.as_dict(private=False)]}

    tokens = service_tokens(service)
    return Verifier(keys, tokens.caller, partial(read_edge, tokens))


@pytest.fixture
async def runtime_for(reused_databases: ReusedDatabases, clock: FixedClock) -> AsyncIterator[RuntimeFactory]:
    """`await runtime_for("booking", peers={"catalog": app}, env={...})`: a Runtime on a clean database."""
    async with AsyncExitStack() as stack:

        async def make(
            service: str,
            *,
            peers: Mapping[str, ASGIApp] | None = None,
            env: Mapping[str, str] | None = None,
            clock_: Clock | None = None,
        ) -> Runtime:
            reused = await reused_databases.take(service)
            runtime = runtime_on(reused.url, service, clock_ or clock, peers or {}, env or {})
            reused_databases.join(reused, runtime.db)
            stack.push_async_callback(reused_databases.give_back, service, reused, runtime.db)
            stack.push_async_callback(runtime.peers.close)
            return runtime

        yield make


def runtime_on(url: str, service: str, clock: Clock, peers: Mapping[str, ASGIApp], env: Mapping[str, str]) -> Runtime:
    """A Runtime over an existing database."""
    checks = verifier(service)
    transports = {name: httpx2.ASGITransport(app, raise_app_exceptions=False) for name, app in peers.items()}
    db = WatchedDatabase(url, schema=service, clock=clock, role=migrate.role_of(service), pool_size=POOL_SIZE)
    db.connections = Connections(db.engine, POOL_SIZE, PATIENCE)  # fifty at once wait their turn, however slow it is
    calls = Peers(transports, service_tokens(service).token)
    return Runtime(service, db, InProcessBus(), calls, clock, checks, {**AT_LEISURE, **env})


@pytest.fixture
async def client_for() -> AsyncIterator[Callable[[ASGIApp], httpx2.AsyncClient]]:
    """`client_for(app)`: an HTTP client on that app."""
    async with AsyncExitStack() as stack:

        def make(app: ASGIApp) -> httpx2.AsyncClient:
            transport = DocumentedTransport(app)
            client = httpx2.AsyncClient(transport=transport, base_url="http://test")
            stack.push_async_callback(client.aclose)
            return client

        yield make

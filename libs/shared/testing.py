"""Fixtures for every test: real Postgres from the real migrations, a clock that stands still, tokens, deliveries."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from unittest.mock import patch
from uuid import UUID

import httpx2
import pytest
import structlog
from fastapi import FastAPI
from sqlalchemy import event, select
from starlette.types import ASGIApp

from shared.auth.internal_callers import CALLS
from shared.auth.service_tokens import ServiceTokens, derived_key, public_half
from shared.auth.token_signing import new_key, sign_access_token
from shared.auth.verification import Verifier
from shared.database import migrate
from shared.database.postgres import CARELESS, ORDINARY, EmbeddedPostgres
from shared.database.session import Database
from shared.events.base import Envelope, Event, Pending, decode
from shared.messaging.bus import InProcessBus
from shared.messaging.inbox import Inbox
from shared.messaging.kafka.jars import KafkaUnavailable
from shared.messaging.kafka.sharing import shared_broker
from shared.observability import logs
from shared.peers import Peers
from shared.records.clock import Clock, FixedClock, machine_now
from shared.records.ids import new_id
from shared.runtime import Runtime
from shared.testing_databases import Databases, scratch
from shared.work.jobs import run_until_idle

SERVICE_KEY = "a-service-key-for-tests-only-0123456789"
KEY = new_key()
STARTS_AT = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


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


@pytest.fixture
def clock() -> FixedClock:
    """Business time: Tuesday, 1 December 2026, 08:00 UTC, until it is moved."""
    return FixedClock(STARTS_AT)


def verifier(service: str) -> Verifier:
    """Accepts the tokens of `token_for`, and of `service_headers` where that service may be called."""

    async def keys() -> Mapping[str, Any]:
        return {"keys": [KEY.as_dict(private=False)]}

    return Verifier(keys, service_tokens(service).caller)


@cache
def service_tokens(name: str) -> ServiceTokens:
    """That service's key and the public halves of all, as derived from SERVICE_KEY."""
    keys = {one: derived_key(SERVICE_KEY, one) for one in {*CALLS, name}}
    return ServiceTokens(name, keys[name], {one: [public_half(key)] for one, key in keys.items()})


RuntimeFactory = Callable[..., Any]


@pytest.fixture
async def runtime_for(databases: Databases, clock: FixedClock) -> AsyncIterator[RuntimeFactory]:
    """`await runtime_for("booking", peers={"catalog": app}, env={...})`: a Runtime on a clean database."""
    async with AsyncExitStack() as stack:

        async def make(
            service: str,
            *,
            peers: Mapping[str, ASGIApp] | None = None,
            env: Mapping[str, str] | None = None,
            clock_: Clock | None = None,
        ) -> Runtime:
            url = await databases.clone(service)
            stack.push_async_callback(databases.drop, url)
            runtime = runtime_on(url, service, clock_ or clock, peers or {}, env or {})
            stack.push_async_callback(runtime.db.close)
            stack.push_async_callback(runtime.peers.close)
            return runtime

        yield make


def runtime_on(url: str, service: str, clock: Clock, peers: Mapping[str, ASGIApp], env: Mapping[str, str]) -> Runtime:
    """A Runtime over an existing database."""
    checks = verifier(service)
    transports = {name: httpx2.ASGITransport(app, raise_app_exceptions=False) for name, app in peers.items()}
    db = Database(url, schema=service, clock=clock, role=migrate.role_of(service), pool_size=15)
    calls = Peers(transports, service_tokens(service).token)
    return Runtime(service, db, InProcessBus(), calls, clock, checks, dict(env))


@pytest.fixture
async def client_for() -> AsyncIterator[Callable[[ASGIApp], httpx2.AsyncClient]]:
    """`client_for(app)`: an HTTP client on that app."""
    async with AsyncExitStack() as stack:

        def make(app: ASGIApp) -> httpx2.AsyncClient:
            transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
            client = httpx2.AsyncClient(transport=transport, base_url="http://test")
            stack.push_async_callback(client.aclose)
            return client

        yield make


@contextmanager
def log_lines() -> Iterator[list[Any]]:
    """What is logged meanwhile, also where a command that ran in this process before has set logging up."""
    with patch.object(logs, "_short_road", None), structlog.testing.capture_logs() as lines:
        yield lines


def token_for(
    user_id: UUID | None = None, roles: tuple[str, ...] = ("user",), practitioner_id: UUID | None = None
) -> str:
    """A valid access token of that person."""
    return sign_access_token(
        KEY,
        user_id=user_id or new_id(),
        roles=roles,
        practitioner_id=practitioner_id,
        session_id=new_id(),
        now=machine_now(),
        lifetime=timedelta(hours=1),
    )


def headers_for(
    user_id: UUID | None = None, roles: tuple[str, ...] = ("user",), practitioner_id: UUID | None = None, **more: str
) -> dict[str, str]:
    """The headers of a request by that person; `idempotency_key="k"` becomes `Idempotency-Key`."""
    own = {"Authorization": f"Bearer {token_for(user_id, roles, practitioner_id)}"}
    return own | {name.replace("_", "-"): value for name, value in more.items()}


def service_headers(service: str = "booking") -> dict[str, str]:
    """The headers of a call by that service, to whichever service."""
    token = service_tokens(service).sign(sorted(CALLS), int(machine_now().timestamp()))
    return {"Authorization": f"Bearer {token}"}


def envelope_of(event: Event, at: datetime) -> Envelope:
    """The event as a bus would carry it; deliver the same envelope twice to test a redelivery."""
    row = Pending(event, at).as_row()
    return Envelope(
        row["event_id"], row["type"], row["version"], row["topic"], row["key"], at, row["payload"], row["traceparent"]
    )


async def deliver(app: FastAPI, event: Event | Envelope) -> bool:
    """Delivers once through the inbox; True if the handler ran. An Event gets a new id each time: pass an Envelope."""
    runtime: Runtime = app.state.runtime
    envelope = event if isinstance(event, Envelope) else envelope_of(event, runtime.clock.now())
    return await Inbox(runtime.db, app.state.consumers).deliver(envelope)


async def deliver_twice(app: FastAPI, event: Event) -> None:
    """Delivers the same event two times; the second must be a no-op."""
    envelope = envelope_of(event, app.state.runtime.clock.now())
    assert await deliver(app, envelope)
    assert not await deliver(app, envelope)


@contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    """What is sent meanwhile by the ORM, and by all others over the connections that are open and idle now.

    Without BEGIN and COMMIT. What SQLAlchemy prepares asyncpg does not log, so both are asked.
    """
    seen: list[str] = []

    def note_wire(query: Any) -> None:
        if query.query not in ("BEGIN", "COMMIT", "ROLLBACK"):
            seen.append(query.query)

    def note_orm(*given: Any) -> None:
        if not given[-1]:  # executemany, which the wire tells of
            seen.append(given[2])

    wires = [link.wire for link in db.connections.idle]
    for wire in wires:
        wire.add_query_logger(note_wire)
    event.listen(db.engine.sync_engine, "before_cursor_execute", note_orm)
    try:
        yield seen
    finally:
        event.remove(db.engine.sync_engine, "before_cursor_execute", note_orm)
        for wire in wires:
            wire.remove_query_logger(note_wire)


async def run_jobs(app: FastAPI) -> None:
    """Runs every job until none has anything to do."""
    async with asyncio.timeout(30):
        await run_until_idle(app.state.jobs, app.state.runtime)


async def events_of(runtime: Runtime) -> list[Event]:
    """What the service has emitted so far, in order."""
    outbox = runtime.db.system_tables.outbox
    async with runtime.db.read() as session:
        rows = (await session.execute(select(outbox).order_by(outbox.c.seq))).mappings().all()
    return [
        decode(
            Envelope(r["event_id"], r["type"], r["version"], r["topic"], r["key"], r["occurred_at"], r["payload"], None)
        )
        for r in rows
    ]

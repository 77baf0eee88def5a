"""The second half of a service: relay, consumers, jobs. Consumers run everywhere, relay and jobs under one leader."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from fastapi import FastAPI

from shared.concurrency.tasks import end
from shared.database.audit import SEALING
from shared.database.connections import plain_url
from shared.database.idempotency import prune
from shared.messaging.inbox import Inbox
from shared.messaging.outbox import Relay
from shared.observability.logs import logger
from shared.observability.metrics import LEADER, OUTBOX_OLDEST, OUTBOX_WAITING, PARKED_NOW, forget
from shared.runtime import Runtime
from shared.work.audit_sealing import Sealer
from shared.work.jobs import Job, keep_running
from shared.work.retention import Retention, retention_jobs

LOOK_SECONDS = 1.0
TAKE_LOCK = "select pg_try_advisory_lock(hashtext('estuary.leader'), hashtext($1))"
# A leader whose machine is gone closes no connection: Postgres asks, and frees the lock after five seconds of silence.
TCP_KEEPALIVE = {
    "tcp_keepalives_idle": "2",
    "tcp_keepalives_interval": "1",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "5000",
}
log = logger()


class Worker:
    """Runs one service's background work in this process."""

    def __init__(self, app: FastAPI) -> None:
        """Takes runtime, consumers and jobs from the app; subscribes to the bus at once."""
        self.runtime: Runtime = app.state.runtime
        self.inbox = Inbox(self.runtime.db, app.state.consumers)
        self.relay = Relay(self.runtime.db, self.runtime.bus)
        self.jobs: dict[str, Job] = {**app.state.jobs, **system_jobs(self.inbox, self.relay)}
        if app.state.audited:
            self.jobs |= {SEALING: sealing_job(Sealer(self.runtime.db))}
        if app.state.consumers:
            self.runtime.bus.subscribe(self.inbox.subscription())

    async def run(self) -> None:
        """Leads whenever it can, until cancelled; another process takes over within seconds when this one dies."""
        while True:
            try:
                async with leadership(self.runtime) as lost:
                    await self._lead(lost)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("worker.no_database", service=self.runtime.service, error=repr(error))
            await asyncio.sleep(LOOK_SECONDS)

    async def _lead(self, lost: asyncio.Event) -> None:
        LEADER.labels(self.runtime.service).set(1)
        tasks = [asyncio.create_task(self.relay.run())]
        tasks += [asyncio.create_task(keep_running(name, job, self.runtime)) for name, job in self.jobs.items()]
        try:
            await lost.wait()
        finally:
            LEADER.labels(self.runtime.service).set(0)
            forget(self.runtime.service, OUTBOX_WAITING, OUTBOX_OLDEST, PARKED_NOW)  # the next leader says them
            await end(*tasks)


def system_jobs(inbox: Inbox, relay: Relay) -> dict[str, Job]:
    """What every schema needs: replay of parked events when asked, gauges, and tidying."""

    async def replay(_: Any) -> int:
        return await inbox.replay()

    async def measure(_: Any) -> int:
        await relay.measure()
        await inbox.measure()
        return 0

    async def sent(_: Any) -> int:
        return await relay.prune()

    async def receipts(_: Any) -> int:
        return await inbox.prune()

    async def answers(_: Any) -> int:
        return await prune(inbox.db)

    tidying = retention_jobs(
        Retention("outbox", "a day after it was sent", sent),
        Retention("inbox", "30 days", receipts),
        Retention("idempotency", "30 days", answers),
    )
    return {"replay": Job(replay, every=2.0), "measure": Job(measure, every=5.0), **tidying}


def sealing_job(sealer: Sealer) -> Job:
    """Seals what was written in this process at once, and what others wrote within two seconds."""

    async def seal(_: Any) -> int:
        return await sealer.run_once()

    return Job(seal, every=2.0, gather=0.2)


@asynccontextmanager
async def leadership(runtime: Runtime) -> AsyncIterator[asyncio.Event]:
    """Waits for the schema's leader lock on a connection of its own; yields an event that is set when it is lost."""
    own = {**TCP_KEEPALIVE, "application_name": f"estuary-{runtime.db.schema}-leader"}
    connection = await asyncpg.connect(plain_url(runtime.db.url), timeout=5, server_settings=own)
    watch: asyncio.Task[None] | None = None
    try:
        while not await connection.fetchval(TAKE_LOCK, runtime.db.schema, timeout=5):  # noqa: ASYNC110  # Postgres knows
            await asyncio.sleep(LOOK_SECONDS)
        lost = asyncio.Event()
        watch = asyncio.create_task(_watch(connection, lost))
        yield lost
    finally:
        if watch is not None:
            await end(watch)
        connection.terminate()


async def _watch(connection: Any, lost: asyncio.Event) -> None:
    try:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await connection.fetchval("select 1", timeout=5)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        lost.set()

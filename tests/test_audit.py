"""Ten thousand audit rows in all services: sealed while they are written, and each change by the owner is named."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from devtools.testing.callers import SERVICE_KEY
from devtools.testing.databases import Databases
from devtools.testing.delivery import deliver, events_of
from devtools.testing.fixtures import runtime_on
from estuary.audit import line, show, verified
from estuary.services import SERVICES, create_app
from estuary.settings import EstuarySettings
from services.identity.audit.domain import Verification
from shared.concurrency.tasks import end
from shared.database import audit
from shared.database.session import Database
from shared.events.audit import AuditSealedEvent
from shared.records.clock import SystemClock, machine_now
from shared.records.ids import new_id
from shared.runtime import Runtime
from shared.work.audit_sealing import Sealer
from shared.work.jobs import keep_running
from shared.work.worker import sealing_job

ROWS, WRITERS, SEALERS = 10_000, 3, 2
WITHIN_SECONDS = 5.0
STAFF, ERASED = new_id(), new_id()
CHEAP = {"IDENTITY_ARGON2_TIME_COST": "1", "IDENTITY_ARGON2_MEMORY_KIB": "8", "ESTUARY_SERVICE_KEY": SERVICE_KEY}
TAMPERED = {
    "payments": 'update payments.audit set after = \'{"status": "paid"}\' where number = 700',
    "booking": "delete from booking.audit where number = 701",
    "catalog": "delete from catalog.audit where number > 1440",
    "messaging": """
        update messaging.audit row set before = other.before, after = other.after
        from messaging.audit other where row.number in (702, 1202) and row.number + other.number = 1904
    """,
}
BROKEN_AT = {"payments": 700, "booking": 701, "catalog": 1441, "messaging": 702}


@pytest.fixture
async def url(databases: Databases) -> AsyncIterator[str]:
    found = await databases.clone(*SERVICES)
    yield found
    await databases.drop(found)


@pytest.fixture
async def runtimes(url: str) -> AsyncIterator[dict[str, Runtime]]:
    """Of all services."""
    async with AsyncExitStack() as stack:
        found = {name: runtime_on(url, name, SystemClock(), {}, CHEAP) for name in SERVICES}
        for runtime in found.values():
            stack.push_async_callback(runtime.db.close)
            stack.push_async_callback(runtime.peers.close)
        yield found


async def write(db: Database, count: int) -> None:
    for number in range(count):
        async with db.transaction() as session:
            subject = ERASED if number % 50 == 0 else new_id()
            after = {"number": number, "status": "open"}
            await audit.record(session, STAFF, "thing.change", subject, {"number": number - 1}, after, reason="words")


async def oldest_unsealed(db: Database) -> float:
    """Seconds for which the oldest row waits."""
    table = db.system_tables.audit
    async with db.read() as session:
        moment = await session.scalar(select(func.min(table.c.created_at)).where(table.c.number.is_(None)))
    return 0.0 if moment is None else (machine_now() - moment).total_seconds()


async def longest_wait(runtimes: dict[str, Runtime], done: asyncio.Event) -> float:
    """How long a row waited for its seal at most, until all are written and none waits."""
    longest = 0.0
    while True:
        is_done = done.is_set()
        waiting = max([await oldest_unsealed(runtime.db) for runtime in runtimes.values()])
        longest = max(longest, waiting)
        if is_done and not waiting:
            return longest
        await asyncio.sleep(0.1)


async def write_all(runtimes: dict[str, Runtime]) -> float:
    """Writes the rows in all services while two leaders of each seal them; how long one waited at most."""
    done = asyncio.Event()
    each = ROWS // len(runtimes) // WRITERS + 1
    leaders = [
        asyncio.create_task(keep_running(audit.SEALING, sealing_job(Sealer(runtime.db)), runtime))
        for runtime in runtimes.values()
        for _ in range(SEALERS)
    ]
    watch = asyncio.create_task(longest_wait(runtimes, done))
    try:
        await asyncio.gather(*(write(runtime.db, each) for runtime in runtimes.values() for _ in range(WRITERS)))
        done.set()
        return await watch
    finally:
        await end(watch, *leaders)


async def publish_heads(app: FastAPI, runtimes: dict[str, Runtime]) -> None:
    for runtime in runtimes.values():
        for event in await events_of(runtime):
            if isinstance(event, AuditSealedEvent):
                await deliver(app, event)


async def as_owner(db: Database, statement: str) -> None:
    """The owner of the database, who has disabled the triggers."""
    async with db.transaction() as session:
        connection = await session.connection()
        for one in ("set local role none", "set local session_replication_role = replica", statement):
            await connection.exec_driver_sql(one)


async def verify(url: str) -> dict[str, Verification]:
    return {service: await verified(url, service) for service in SERVICES}


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_each_change_by_the_owner_is_named_and_an_erasure_is_none(
    url: str, runtimes: dict[str, Runtime], capsys: pytest.CaptureFixture[str]
) -> None:
    identity = create_app("identity", runtimes["identity"])
    assert await write_all(runtimes) < WITHIN_SECONDS
    for runtime in runtimes.values():
        async with runtime.db.transaction() as session:
            await audit.erase(session, ERASED, [ERASED])
        await Sealer(runtime.db).run_once()
        await write(runtime.db, 20)
        await Sealer(runtime.db).run_once()
    await publish_heads(identity, runtimes)
    before = await verify(url)
    assert sum(found.rows for found in before.values()) >= ROWS
    assert {(found.broken_at, found.redacted > 0) for found in before.values()} == {(None, True)}
    for service, statement in TAMPERED.items():
        await as_owner(runtimes[service].db, statement)
    after = await verify(url)
    assert {service: found.broken_at for service, found in after.items() if found.broken_at} == BROKEN_AT
    assert not await show(EstuarySettings.of({"DATABASE_URL": url}))
    assert "catalog: broken at row 1441: the rows from here to the end are missing" in capsys.readouterr().out
    assert line(after["booking"]).startswith("booking: broken at row 701: the row is missing")
    assert line(after["streams"]).startswith(f"streams: intact, {before['streams'].rows} rows (")

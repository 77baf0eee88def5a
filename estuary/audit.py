"""`estuary audit verify`: whether every audit log is as it was sealed, on the database itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from estuary.run.postgres import open_database
from estuary.services import SERVICES
from estuary.settings import EstuarySettings
from services.identity.audit.domain import Verification
from services.identity.audit.repository import AuditHeads
from services.identity.audit.verification import verify
from shared.database.audit_chain import Position, Walked, walk
from shared.database.migrate import role_of
from shared.database.session import Database
from shared.records.clock import SystemClock


async def show(settings: EstuarySettings) -> bool:
    """Prints a line for each service; whether all logs are intact."""
    async with open_database(settings, lambda _: None) as url:
        found = [await verified(url, service) for service in SERVICES]
    for one in found:
        print(line(one))
    return all(one.broken_at is None for one in found)


async def verified(url: str, service: str) -> Verification:
    """What there is of that service's log in the database, compared with the heads that identity has."""
    heads = await _heads(url, service)
    async with _database(url, service) as db:

        async def stretch(after: Position, limit: int) -> Walked:
            async with db.read() as session:
                return await walk(session, service, after, limit)

        return await verify(service, heads, stretch)


def line(found: Verification) -> str:
    """One service in words: `payments: intact, 12 rows (1 redacted), head 3f0a...`."""
    counted = f"{found.rows} rows ({found.redacted} redacted), head {found.head or '-'}"
    if found.broken_at is None:
        return f"{found.service}: intact, {counted}"
    return f"{found.service}: broken at row {found.broken_at}: {found.fault}; before it {counted}"


async def _heads(url: str, service: str) -> list[Position]:
    async with _database(url, "identity") as db, db.read() as session:
        return list(await AuditHeads(session).list(service))


@asynccontextmanager
async def _database(url: str, schema: str) -> AsyncIterator[Database]:
    db = Database(url, schema=schema, clock=SystemClock(), role=role_of(schema), pool_size=1)
    try:
        yield db
    finally:
        await db.close()

"""What must always be true, within each service and across them: a line each, with its number of violations."""

from collections.abc import Callable, Mapping

from sqlalchemy import text

from estuary.database import open_database, schemas
from estuary.services import SERVICES, invariants
from estuary.settings import EstuarySettings
from shared.clock import SystemClock
from shared.db import Database
from shared.migrate import role_of

Facts = Mapping[str, set[str]]
# Rows of the last minute are judged only when final: two services learn of one thing one after the other.
SETTLED = "interval '60 seconds'"
FACTS: Mapping[str, tuple[str, str]] = {
    "confirmed": (
        "booking",
        f"""select order_id::text from booking.bookings where order_id is not null
            and status in ('confirmed', 'in_progress', 'completed', 'no_show') and settled_at < now() - {SETTLED}""",
    ),
}
ACROSS: Mapping[str, Callable[[Facts], set[str]]] = {}


async def check(settings: EstuarySettings, env: Mapping[str, str]) -> int:
    """Prints every invariant's name and number of violations; returns the sum."""
    total = 0
    async with open_database(settings, lambda _: None) as url:
        databases = {name: _database(url, name) for name in schemas(settings)}
        try:
            for service in SERVICES:
                for name, sql in invariants(service).items():
                    total += await _one(databases[service], f"{service}: {name}", sql)
        finally:
            for db in databases.values():
                await db.close()
    print(f"{total} violations")
    return total


def _database(url: str, name: str) -> Database:
    return Database(url, schema=name, clock=SystemClock(), role=role_of(name), pool_size=1)


async def _one(db: Database, name: str, sql: str) -> int:
    async with db.read() as session:
        rows = (await session.execute(text(sql))).mappings().all()
    print(f"{len(rows):>6}  {name}")
    for row in rows[:5]:
        print(f"        {dict(row)}")
    return len(rows)

"""Parked events and Stripe's dead webhooks: list them, and ask for their replay.

The running worker of the service does it within seconds.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, Table, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from estuary.run.postgres import open_migrated, schemas
from estuary.settings import EstuarySettings
from services.payments.webhooks.domain import EventState
from services.payments.webhooks.models import StripeEvent
from shared.database.connections import engine_of
from shared.database.system_tables import system_tables
from shared.settings import SettingsError

WEBHOOK_KEY = "evt_"
DEAD = StripeEvent.state == EventState.DEAD
DEAD_WEBHOOKS = (
    select(StripeEvent.id, StripeEvent.type, StripeEvent.object_id, StripeEvent.tries, StripeEvent.last_error)
    .add_columns(StripeEvent.received_at)
    .where(DEAD)
    .order_by(StripeEvent.received_at)
)
REVIVE = (
    update(StripeEvent)
    .where(DEAD)
    .values(state=EventState.PENDING, tries=0, next_try_at=func.now())
    .returning(StripeEvent.id)
)


async def show(settings: EstuarySettings) -> None:
    """Prints a line for each parked event of every schema."""
    rows = await _everywhere(settings, _parked)
    for row in rows:
        state = "replaying" if row["replay"] else "parked"
        print(
            f"{row['parked_at']:%Y-%m-%d %H:%M:%S}  {row['consumer']:<14} {row['type']:<24} key {row['key']}  {state}"
        )
        print(f"    {row['error']}")
    dead = await _of_stripe(settings, DEAD_WEBHOOKS)
    for webhook in dead:
        print(
            f"{webhook.received_at:%Y-%m-%d %H:%M:%S}  {'payments':<14} {webhook.type:<24} key {webhook.id}"
            f"  dead after {webhook.tries} tries"
        )
        print(f"    {webhook.object_id}: {webhook.last_error}")
    print(f"{len(rows)} parked events, {len(dead)} dead webhooks")


async def replay(settings: EstuarySettings, consumer: str, key: str | None) -> None:
    """Marks that consumer's parked events for replay; raises SettingsError for an unknown consumer or a bad key.

    Webhooks belong to payments, and their key is Stripe's event id.
    """
    if consumer not in (*schemas(settings), "all"):
        raise SettingsError(f"there is no consumer {consumer}; there are {', '.join(schemas(settings))} and all")
    webhooks = await _replay_webhooks(settings, key) if consumer in ("payments", "all") else 0
    if key is not None and key.startswith(WEBHOOK_KEY):
        print(f"{webhooks} webhooks will be handled again by the running workers")
        return
    wanted = _uuid(key) if key else None

    async def mark(connection: AsyncConnection, parked: Table) -> Sequence[Any]:
        statement = update(parked).values(replay=True).returning(parked.c.seq)
        statement = statement.where(parked.c.consumer == consumer) if consumer != "all" else statement
        statement = statement.where(parked.c.key == wanted) if wanted else statement
        return list(await connection.execute(statement))

    events = len(await _everywhere(settings, mark))
    print(f"{events} events and {webhooks} webhooks will be handled again by the running workers")


async def _replay_webhooks(settings: EstuarySettings, key: str | None) -> int:
    """Makes dead webhooks pending again, all of them or the one with that id; answers how many."""
    if key is not None and not key.startswith(WEBHOOK_KEY):
        return 0
    again = REVIVE if key is None else REVIVE.where(StripeEvent.id == key)
    return len(await _of_stripe(settings, again))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise SettingsError(f"{text} is not an id") from None


async def _parked(connection: AsyncConnection, parked: Table) -> Sequence[Any]:
    return (await connection.execute(select(parked).order_by(parked.c.seq))).mappings().all()


async def _of_stripe(settings: EstuarySettings, statement: Executable) -> Sequence[Any]:
    async with open_migrated(settings, schemas(settings)) as url:
        engine = engine_of(url)
        async with engine.begin() as connection:
            rows = (await connection.execute(statement)).all()
        await engine.dispose()
    return rows


async def _everywhere(settings: EstuarySettings, ask: Any) -> list[Any]:
    found: list[Any] = []
    async with open_migrated(settings, schemas(settings)) as url:
        engine = engine_of(url)
        async with engine.begin() as connection:
            for schema in schemas(settings):
                found += await ask(connection, system_tables(schema).parked)
        await engine.dispose()
    return found

"""The currency is chosen at the first start and stays."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.payments.install.models import Install
from shared.database.session import Database
from shared.records.clock import machine_now
from shared.settings import SettingsError

ONLY = 1


async def keep_currency(db: Database, currency: str) -> None:
    """Stores the currency at the first start; raises SettingsError where it was another one then."""
    row = {"id": ONLY, "currency": currency, "started_at": machine_now()}
    async with db.transaction() as session:
        await session.execute(insert(Install).values(row).on_conflict_do_nothing())
        first = await session.scalar(select(Install.currency).where(Install.id == ONLY))
    if first != currency:
        raise SettingsError(f"ESTUARY_CURRENCY: this install trades in {first} since its first start, not {currency}")

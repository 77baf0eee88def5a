"""SQL of the install."""

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from services.payments.install.models import Install
from shared.database.repository import Repository
from shared.records.clock import machine_now

ONLY = 1


class Installs(Repository):
    """The one row of the install."""

    async def start(self, currency: str) -> str:
        """Stores the currency at the first start; answers the one of the first start."""
        row = {"id": ONLY, "currency": currency, "started_at": machine_now()}
        await self.session.execute(insert(Install).values(row).on_conflict_do_nothing())
        return (await self.session.scalars(select(Install.currency).where(Install.id == ONLY))).one()

    async def stripe_platform(self) -> str | None:
        """The Stripe account, with its mode, that everything here belongs to; None while it is not known."""
        return await self.session.scalar(select(Install.stripe_platform).where(Install.id == ONLY))

    async def keep_stripe_platform(self, platform: str) -> None:
        """Stores it, unless one is known."""
        unknown = update(Install).where(Install.id == ONLY, Install.stripe_platform.is_(None))
        await self.session.execute(unknown.values(stripe_platform=platform))

"""SQL of what Stripe's lists said."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.payments.install.models import Install
from services.payments.reconciliation.domain import Listed
from services.payments.reconciliation.models import StripeListRead, StripeRecord
from services.payments.stripe.objects import StripeListed
from shared.database.repository import Repository

CHANGES = ("amount", "returned", "status", "refers_to", "our_id", "seen_at")


class ListReads(Repository):
    """One row per list; the jobs' leader alone changes it."""

    async def get(self, kind: Listed) -> StripeListRead:
        """The row of that list, made where it is missing."""
        row = {"kind": kind, "due_at": self.session.now()}
        await self.session.execute(insert(StripeListRead).values(row).on_conflict_do_nothing())
        return (
            await self.session.scalars(select(StripeListRead).where(StripeListRead.kind == kind).with_for_update())
        ).one()

    async def started_at(self) -> datetime | None:
        """The install's first start, or None before it."""
        return await self.session.scalar(select(Install.started_at))


class Records(Repository):
    """Transfers and refunds at Stripe, by Stripe's id."""

    async def put(self, kind: Listed, listed: Sequence[StripeListed], asked_at: datetime) -> None:
        """Stores what a page says; what was known changes to that."""
        if not listed:
            return
        rows = [asdict(each) | {"kind": kind, "found_at": asked_at, "seen_at": asked_at} for each in listed]
        statement = insert(StripeRecord).values(rows)
        change = {name: statement.excluded[name] for name in CHANGES}
        await self.session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=change))

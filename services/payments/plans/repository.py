"""SQL of plans."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from services.payments.plans.domain import Interval, PlanKind
from services.payments.plans.errors import CodeTaken
from services.payments.plans.models import Plan, PlanPrice
from shared.database.listing import Found, ListOf, Page, given
from shared.database.repository import Repository, found
from shared.records.money import Money

LIST = ListOf(
    Plan,
    {"level": Plan.level, "name": Plan.name, "created_at": Plan.created_at},
    default="level",
    last=(Plan.kind, Plan.id),
)


class Plans(Repository):
    """Plans, each with its prices."""

    async def get(self, plan_id: UUID, *, lock: bool = False) -> Plan:
        """The plan, listed or not; raises NotFound."""
        query = select(Plan).where(Plan.id == plan_id)
        return found(await self.session.scalar(query.with_for_update(key_share=True) if lock else query), "plan")

    async def keep(self, plan_id: UUID) -> Plan:
        """As `get`, and it stays so until this is written. It is locked before subscriptions, as by who changes it."""
        kept = select(Plan).where(Plan.id == plan_id).with_for_update(read=True)
        return found(await self.session.scalar(kept), "plan")

    async def list(self, page: Page, kind: PlanKind | None, stream_id: UUID | None) -> Found[Plan]:
        """Those that can be subscribed to, by level unless asked otherwise."""
        wanted = given({Plan.kind: kind, Plan.stream_id: stream_id})
        return await LIST.page(self.session, select(Plan).where(Plan.is_active, *wanted), page)

    async def add(self, plan_id: UUID, columns: Mapping[str, Any], prices: Mapping[Interval, Money]) -> bool:
        """Writes a plan, of version 1 if not given, with its prices; False where its id or its code is taken."""
        now = self.session.now()
        row = {"id": plan_id, "version": 1, "created_at": now, "updated_at": now, **columns}
        made = insert(Plan).values(row).on_conflict_do_nothing().returning(Plan.id)
        if await self.session.scalar(made) is None:
            return False
        await self.session.execute(insert(PlanPrice), [_row(plan_id, *price) for price in prices.items()])
        return True

    async def change(self, plan: Plan, columns: Mapping[str, Any], prices: Mapping[Interval, Money]) -> None:
        """Writes the next version of the locked plan, or the one that is given; raises CodeTaken."""
        for name, value in {"version": plan.version + 1, **columns}.items():
            setattr(plan, name, value)
        plan.prices = [PlanPrice(**_row(plan.id, *price)) for price in prices.items()]
        plan.updated_at = self.session.now()
        try:
            await self.session.flush()
        except IntegrityError as error:
            raise CodeTaken from error


def _row(plan_id: UUID, interval: Interval, price: Money) -> dict[str, Any]:
    return {"plan_id": plan_id, "interval": interval, "currency": price.currency, "amount": price.amount}

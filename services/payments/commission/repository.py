"""SQL of commission."""

from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Numeric, bindparam, cast, select

from services.payments.commission.models import CommissionTerms
from services.payments.plans.domain import PlanKind
from services.payments.subscriptions.models import Subscription
from shared.database.repository import Repository
from shared.database.session import table_of
from shared.database.statements import CompiledStatement


class Rates(NamedTuple):
    """The rate that was agreed with a practitioner, and that of the plan which they have access to."""

    own: Decimal | None
    by_plan: Decimal | None


class Terms(Repository):
    """What was agreed with practitioners, one by one or by plan."""

    async def rates(self, practitioner_id: UUID) -> Rates:
        """The practitioner's rates now."""
        asked = {"practitioner_id": practitioner_id, "now": self.session.now()}
        (rates,) = await self.session.run(RATES, asked)
        return Rates(rates.own, rates.by_plan)


TERMS, SUBSCRIPTION = table_of(CommissionTerms), table_of(Subscription)
OWN = select(TERMS.c.rate).where(TERMS.c.practitioner_id == bindparam("practitioner_id"))
BY_PLAN = (
    select(cast(SUBSCRIPTION.c.plan["features"]["commission_rate"].astext, Numeric(5, 4)))
    .where(
        SUBSCRIPTION.c.practitioner_id == bindparam("practitioner_id"),
        SUBSCRIPTION.c.kind == PlanKind.PLATFORM,
        SUBSCRIPTION.c.access_until > bindparam("now"),
    )
    .order_by(SUBSCRIPTION.c.access_until.desc())
    .limit(1)
)
# Runs in every checkout: compiled for benchmarks/checkouts.py.
RATES = CompiledStatement(select(OWN.scalar_subquery().label("own"), BY_PLAN.scalar_subquery().label("by_plan")))

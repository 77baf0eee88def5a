"""Use cases of plans."""

from typing import Any
from uuid import UUID

from services.payments.plans.domain import SEEDED, Interval, PlanKind, SeededPlan, seeded_unit
from services.payments.plans.errors import CodeTaken, KindFixed, PriceBelowMinimum, StalePlan
from services.payments.plans.models import Plan
from services.payments.plans.repository import Plans
from services.payments.plans.schemas import NewPlan, PlanChange, PlanView
from shared.auth.verification import Caller
from shared.database import audit
from shared.database.session import Database, Session
from shared.internal.subscriptions import TierPlan
from shared.records.currencies import minimum_charge
from shared.records.ids import derived_id, new_id
from shared.records.money import Money, check_amount

NAMESPACE = UUID("c0a2f8a4-6a1e-5b0e-9a51-1f3f0a6f7d10")


async def seed_plans(db: Database, currency: str) -> None:
    """Writes the plans that every install begins with, where they are not there yet."""
    async with db.transaction() as session:
        for plan in SEEDED:
            await _seed(session, plan, currency)


async def _seed(session: Session, plan: SeededPlan, currency: str) -> None:
    columns = {
        "kind": plan.kind,
        "code": plan.code,
        "name": plan.name,
        "level": plan.level,
        "trial_days": plan.trial_days,
        "features": dict(plan.features),
        "is_active": True,
    }
    prices = {interval: Money(major * seeded_unit(currency), currency) for interval, major in plan.prices.items()}
    await Plans(session).add(derived_id(NAMESPACE, plan.code), columns, prices)


async def make(session: Session, caller: Caller, given: NewPlan, currency: str) -> Plan:
    """A new plan; raises CodeTaken, PriceBelowMinimum, and Invalid for another currency than the install's."""
    _check_amounts(given, currency)
    plan_id = new_id()
    if not await Plans(session).add(plan_id, given.columns(), given.amounts()):
        raise CodeTaken
    plan = await Plans(session).get(plan_id)
    await audit.record(session, caller.user_id, "plan.create", plan.id, {}, _shown(plan))
    return plan


async def change(session: Session, caller: Caller, plan_id: UUID, given: PlanChange, currency: str) -> Plan:
    """The plan as given, for those who subscribe from now on; raises NotFound, StalePlan, KindFixed, CodeTaken."""
    plan = await Plans(session).get(plan_id, lock=True)
    if given.version not in (None, plan.version):
        raise StalePlan
    if given.kind is not plan.kind:
        raise KindFixed
    _check_amounts(given, currency)
    before = _shown(plan)
    await Plans(session).change(plan, given.columns(), given.amounts())
    await audit.record(session, caller.user_id, "plan.change", plan.id, before, _shown(plan))
    return plan


async def put_tier(session: Session, plan_id: UUID, given: TierPlan, currency: str) -> Plan:
    """The plan of a stream's tier as given, or in a newer version that is known; raises PriceBelowMinimum, Invalid."""
    _check_price(given.price, currency, "price")
    prices, columns = {Interval.MONTH: given.price}, _columns_of(given)
    added = await Plans(session).add(plan_id, columns, prices)
    plan = await Plans(session).get(plan_id, lock=True)
    if not added and plan.version < given.version:
        await Plans(session).change(plan, columns, prices)
    return plan


def _columns_of(tier: TierPlan) -> dict[str, Any]:
    code = f"{tier.stream_id.hex}-{tier.level}"
    always = {"kind": PlanKind.STREAM_TIER, "code": code, "trial_days": 0, "features": dict[str, Any]()}
    return always | tier.model_dump(exclude={"price", "is_gone"})


def _check_amounts(given: NewPlan, currency: str) -> None:
    for number, each in enumerate(given.prices):
        _check_price(each.price, currency, f"prices.{number}.price")
    for field, amount in given.feature_amounts().items():
        check_amount(amount, currency, field)


def _check_price(price: Money, currency: str, field: str) -> None:
    if 0 < check_amount(price, currency, field).amount < minimum_charge(currency):
        raise PriceBelowMinimum(field=field)


def _shown(plan: Plan) -> dict[str, object]:
    return PlanView.of(plan).model_dump(mode="json", exclude={"id"})

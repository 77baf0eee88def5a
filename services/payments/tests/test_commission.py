"""Which rate an order line is frozen at."""

from datetime import timedelta
from decimal import Decimal

from services.payments.commission.domain import Plan
from services.payments.commission.models import CommissionTerms
from services.payments.commission.service import rate_for
from services.payments.runtime import PaymentsRuntime
from services.payments.tests.scenes import Market
from shared.records.ids import new_id


async def rate(runtime: PaymentsRuntime, practitioner_id: object) -> Decimal:
    async with runtime.db.read() as session:
        return await rate_for(session, practitioner_id)  # type: ignore[arg-type]


async def agree(market: Market, plan: Plan, own: str | None = None) -> None:
    terms = CommissionTerms(
        practitioner_id=market.practitioner_id,
        plan=plan,
        rate=Decimal(own) if own else None,
        updated_at=market.clock.now(),
    )
    async with market.runtime.db.transaction() as session:
        session.add(terms)


class TestRateFor:
    async def test_free_is_the_default(self, runtime: PaymentsRuntime) -> None:
        assert await rate(runtime, new_id()) == Decimal("0.2000")

    async def test_the_plan_counts(self, market: Market) -> None:
        await agree(market, Plan.PREMIUM)
        assert await rate(market.runtime, market.practitioner_id) == Decimal("0.1000")

    async def test_the_practitioners_own_rate_wins(self, market: Market) -> None:
        await agree(market, Plan.PREMIUM, "0.0750")
        assert await rate(market.runtime, market.practitioner_id) == Decimal("0.0750")

    async def test_the_volume_rule_counts_this_months_paid_orders_where_it_is_on(self, market: Market) -> None:
        await market.sale(600_000)
        market.runtime.db.info["settings"] = market.runtime.settings.model_copy(update={"volume_commission": True})
        assert await rate(market.runtime, market.practitioner_id) == Decimal("0.0400")
        market.clock.advance(timedelta(days=31))
        assert await rate(market.runtime, market.practitioner_id) == Decimal("0.0500")

    async def test_the_volume_rule_counts_money_kept_not_refunded_sales(self, market: Market) -> None:
        market.runtime.db.info["settings"] = market.runtime.settings.model_copy(update={"volume_commission": True})
        sale = await market.sale(600_000)
        assert await rate(market.runtime, market.practitioner_id) == Decimal("0.0400")
        await market.refunded(sale, 100_000)
        assert await rate(market.runtime, market.practitioner_id) == Decimal("0.0500")
        await market.refunded(sale)
        assert await rate(market.runtime, market.practitioner_id) == Decimal("0.0500")

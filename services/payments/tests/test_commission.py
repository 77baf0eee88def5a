"""Which rate an order line is frozen at."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from services.payments.commission.models import CommissionTerms
from services.payments.orders.rates import rate_of_sale
from services.payments.runtime import PaymentsRuntime
from services.payments.tests.disputes import Disputes
from services.payments.tests.sales import line, paid, usd
from services.payments.tests.scenes import Market
from services.payments.tests.subscribers import Subscriber
from shared.records.ids import new_id


async def rate(runtime: PaymentsRuntime, practitioner_id: UUID, *, by_volume: bool = False) -> Decimal:
    settings = runtime.settings.model_copy(update={"volume_commission": by_volume})
    async with runtime.db.read() as session:
        return await rate_of_sale(session, settings, practitioner_id)


async def agree(market: Market, own: str) -> None:
    terms = CommissionTerms(practitioner_id=market.practitioner_id, rate=Decimal(own), updated_at=market.clock.now())
    async with market.runtime.db.transaction() as session:
        session.add(terms)


class TestRateFor:
    async def test_free_is_the_default(self, runtime: PaymentsRuntime) -> None:
        assert await rate(runtime, new_id()) == Decimal("0.2000")

    @pytest.mark.parametrize(("code", "expected"), [("entry", "0.1500"), ("premium", "0.1000")])
    async def test_the_plan_counts_while_it_gives_access(
        self, market: Market, subscriber: Subscriber, code: str, expected: str
    ) -> None:
        made = await subscriber.subscribe(code)
        assert await rate(market.runtime, market.practitioner_id) == Decimal("0.2000")
        await subscriber.pay(made["payment"])
        assert await rate(market.runtime, market.practitioner_id) == Decimal(expected)
        await market.sale(10_000)
        assert (await market.entries())[0]["commission_rate"] == expected
        await subscriber.change(made["id"], "cancel")
        end = datetime.fromisoformat((await subscriber.show(made["id"]))["access_until"])
        market.clock.advance(end - market.clock.now() - timedelta(seconds=1))
        assert await rate(market.runtime, market.practitioner_id) == Decimal(expected)
        market.clock.advance(timedelta(seconds=1))
        assert await rate(market.runtime, market.practitioner_id) == Decimal("0.2000")

    async def test_the_practitioners_own_rate_wins(self, market: Market, subscriber: Subscriber) -> None:
        await subscriber.active(code="premium")
        await agree(market, "0.0750")
        assert await rate(market.runtime, market.practitioner_id) == Decimal("0.0750")

    async def test_the_volume_rule_counts_this_months_paid_orders_where_it_is_on(self, market: Market) -> None:
        await market.sale(600_000)
        assert await rate(market.runtime, market.practitioner_id, by_volume=True) == Decimal("0.0400")
        market.clock.advance(timedelta(days=31))
        assert await rate(market.runtime, market.practitioner_id, by_volume=True) == Decimal("0.0500")

    async def test_the_volume_rule_sums_the_lines_of_the_practitioner(self, market: Market) -> None:
        mine, other = line(300_000, market.practitioner_id), line(400_000, new_id())
        sale = await paid(market, [mine, other, line(300_000, market.practitioner_id)])
        assert await rate(market.runtime, market.practitioner_id, by_volume=True) == Decimal("0.0400")
        await market.refunded(sale, lines=[{"line_id": mine["id"], "amount": usd(200_000)}])
        assert await rate(market.runtime, market.practitioner_id, by_volume=True) == Decimal("0.0500")

    async def test_the_volume_rule_counts_money_kept_not_refunded_sales(self, market: Market) -> None:
        sale = await market.sale(600_000)
        assert await rate(market.runtime, market.practitioner_id, by_volume=True) == Decimal("0.0400")
        await market.refunded(sale, 100_000)
        assert await rate(market.runtime, market.practitioner_id, by_volume=True) == Decimal("0.0500")
        await market.refunded(sale)
        assert await rate(market.runtime, market.practitioner_id, by_volume=True) == Decimal("0.0500")

    async def test_the_volume_rule_counts_no_subscriptions(self, market: Market) -> None:
        await paid(market, [line(600_000, market.practitioner_id)], "subscription")
        assert await rate(market.runtime, market.practitioner_id, by_volume=True) == Decimal("0.0500")

    @pytest.mark.parametrize(("how", "expected"), [("won", "0.0400"), ("lost", "0.0500")])
    async def test_the_volume_rule_counts_no_money_that_a_bank_took_back(
        self, market: Market, how: str, expected: str
    ) -> None:
        disputes = Disputes(market)
        sale = await disputes.sale(600_000)
        assert await rate(market.runtime, market.practitioner_id, by_volume=True) == Decimal("0.0400")
        await disputes.heard(sale)
        assert await rate(market.runtime, market.practitioner_id, by_volume=True) == Decimal("0.0500")
        await disputes.ended(sale, how)
        assert await rate(market.runtime, market.practitioner_id, by_volume=True) == Decimal(expected)

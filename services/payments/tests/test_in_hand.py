"""A refund uses the money still in hand before anything becomes debt, to the unit."""

import asyncio
from datetime import timedelta

from devtools.testing.delivery import events_of
from services.payments.tests.scenes import Market
from services.payments.tests.test_invariants import broken
from shared.events.payments import PayoutRejected

HOUR = timedelta(hours=1)


class TestOrder:
    async def test_refunded_in_full_its_payout_is_rejected_and_never_approved(self, market: Market) -> None:
        await market.account()
        sale = await market.earned()
        payout_id = await market.payout()
        await market.refunded(sale)
        shown = await market.show(payout_id)
        assert (shown["status"], shown["reason"]) == ("rejected", "refunded")
        assert (await market.approve(payout_id)).status_code == 409
        assert await market.summary() == {"reversed": 8000}
        assert [entry["status"] for entry in await market.entries()] == ["reversed"]
        assert len([e for e in await events_of(market.runtime) if isinstance(e, PayoutRejected)]) == 1
        assert await broken(market) == {}

    async def test_the_practitioners_other_available_money_comes_before_debt(self, market: Market) -> None:
        await market.account()
        paid = await market.earned()
        await market.paid_out()
        await market.earned(20_000)
        await market.refunded(paid)
        assert await market.summary() == {"paid": 8000, "reversed": 8000, "available": 8000}
        assert await broken(market) == {}

    async def test_what_is_due_and_not_released_yet_counts_as_available(self, market: Market) -> None:
        await market.account()
        paid = await market.earned()
        await market.paid_out()
        other = await market.sale()
        await market.complete(other, market.clock.now() - market.runtime.settings.hold_hours * HOUR)
        await market.refunded(paid, 5000)
        assert await market.summary() == {"paid": 8000, "reversed": 4000, "available": 4000}

    async def test_pending_money_of_other_sales_is_left_alone(self, market: Market) -> None:
        await market.account()
        paid = await market.earned()
        await market.paid_out()
        await market.sale()
        await market.refunded(paid)
        assert await market.summary() == {"paid": 8000, "reversed": 8000, "pending": 8000, "debt": 8000}

    async def test_waiting_payouts_shrink_newest_first(self, market: Market) -> None:
        await market.account()
        paid = await market.earned(10_000)
        await market.paid_out()
        await market.earned(30_000)
        older, newer = await market.payout(12_000), await market.payout(12_000)
        await market.refunded(paid, 7500)
        assert [(await market.show(each))["amount"]["amount"] for each in (older, newer)] == [12_000, 6000]
        assert await market.summary() == {"paid": 8000, "reversed": 6000, "in_payout": 18_000}
        assert await broken(market) == {}

    async def test_below_the_minimum_the_rest_is_available_and_the_next_one_gives_nothing(self, market: Market) -> None:
        await market.account()
        paid = await market.earned(10_000)
        await market.paid_out()
        await market.earned(30_000)
        older, newer = await market.payout(12_000), await market.payout(12_000)
        await market.refunded(paid)
        assert (await market.show(newer))["status"] == "rejected"
        assert (await market.show(older))["amount"]["amount"] == 12_000
        assert await market.summary() == {"paid": 8000, "reversed": 8000, "in_payout": 12_000, "available": 4000}
        assert await broken(market) == {}

    async def test_a_payout_may_shrink_more_than_once_and_is_paid_as_it_is(self, market: Market) -> None:
        account = await market.account()
        first, second = await market.earned(), await market.earned()
        payout_id = await market.payout()
        await market.refunded(first, 2500)
        await market.refunded(second, 2500)
        assert (await market.show(payout_id))["amount"]["amount"] == 12_000
        await market.approve(payout_id)
        await market.until(payout_id, "paid")
        assert [transfer["amount"] for transfer in await market.transfers(account)] == [12_000]
        assert await market.summary() == {"paid": 12_000, "reversed": 4000}
        assert await broken(market) == {}

    async def test_refunds_requests_and_approvals_at_once_leave_no_debt_beside_money(self, market: Market) -> None:
        await market.account()
        sales = [await market.earned() for _ in range(3)]
        payout_id = await market.payout(16_000)
        steps = [market.refund(sale) for sale in sales]
        await asyncio.gather(*steps, market.approve(payout_id), market.ask())
        await market.work()
        summary = await market.summary()
        assert not (summary.get("debt") and summary.get("available"))
        assert summary["reversed"] == 24_000
        assert summary.get("debt", 0) == summary.get("in_payout", 0) + summary.get("paid", 0)
        assert await broken(market) == {}

"""A refund uses the money still in hand before anything becomes debt, to the unit."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import events_of
from services.payments.tests.scenes import Market, Sale
from services.payments.tests.test_chargebacks import Disputes
from services.payments.tests.test_invariants import broken
from services.payments.tests.test_webhooks import event_of, signed
from shared.events.payments import PayoutRejected

Buy = Callable[[int], Awaitable[str]]
MOMENTS = ["before completion", "available", "eligible", "transferred", "paid"]
TENDERS = {"card": 0, "credits": 10_001, "both": 4000}
HOUR = timedelta(hours=1)
PARTS = [None, 2500]


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


class TestTable:
    """Refund x when x tender x how much: client, practitioner and platform hold what they should."""

    @pytest.mark.parametrize(("moment", "tender", "part"), list(product(MOMENTS, TENDERS, PARTS)))
    async def test_cell(self, market: Market, buy_credits: Buy, moment: str, tender: str, part: int | None) -> None:
        account = await market.account()
        credits = TENDERS[tender]
        if credits:
            await buy_credits(credits)
        sale = await self.at(market, moment, "max" if credits else None)
        card_back, credits_back = await market.refunded(sale, part)
        await self.settled(market)
        back = part or 10_001
        assert card_back + credits_back == back
        assert abs(credits_back * 10_001 - credits * back) <= 10_001
        assert await self.spendable(market) == credits_back
        # 20 % of what stands, half a unit upwards: 2000 of 10,001, 1500 of 7501.
        revenue, net = (1500, 6001) if part else (0, 0)
        assert await self.revenue(market) == revenue
        assert await market.summary() == self.expected(moment, net)
        assert await self.refunded_at_stripe(market, sale) == card_back
        assert await self.at_stripe(market, account) == self.expected_at_stripe(moment, net)
        assert await broken(market) == {}

    @pytest.mark.parametrize(("moment", "tender"), list(product(MOMENTS, ["card", "both"])))
    async def test_refunded_at_stripe(self, market: Market, buy_credits: Buy, moment: str, tender: str) -> None:
        account = await market.account()
        if credits := TENDERS[tender]:
            await buy_credits(credits)
        sale = await self.at(market, moment, "max" if credits else None)
        await self.refund_there(market, sale)
        await self.settled(market)
        # The card's part alone is back: 4000 of credits stand, of which 800 are the platform's.
        revenue, net = (800, 3200) if credits else (0, 0)
        assert await self.spendable(market) == 0
        assert await self.revenue(market) == revenue
        assert await market.summary() == self.expected_above_minimum(market, moment, net)
        assert await self.refunded_at_stripe(market, sale) == 10_001 - credits
        assert await self.at_stripe(market, account) == self.expected_at_stripe(moment, net)
        assert await broken(market) == {}

    @pytest.mark.parametrize(("moment", "tender"), list(product(MOMENTS, TENDERS)))
    async def test_the_refund_fails_later(self, market: Market, buy_credits: Buy, moment: str, tender: str) -> None:
        account = await market.account()
        credits = TENDERS[tender]
        if credits:
            await buy_credits(credits)
        sale = await self.at(market, moment, "max" if credits else None, Returned(market))
        assert await market.refunded(sale) == (10_001 - credits, credits)
        await self.fails(market, sale)
        await self.settled(market)
        # The credits are back; what the card did not take is owed to the client, by the platform alone.
        assert await self.spendable(market) == credits
        assert await self.balance(market, "refunds_owed") == 10_001 - credits
        assert await self.revenue(market) == 0
        assert await market.summary() == self.expected(moment, 0)
        assert await self.refunded_at_stripe(market, sale) == 0
        assert await self.at_stripe(market, account) == self.expected_at_stripe(moment, 0)
        assert await broken(market) == {}

    @pytest.mark.parametrize(("moment", "tender"), list(product(MOMENTS, ["card", "both"])))
    async def test_disputed(self, market: Market, buy_credits: Buy, moment: str, tender: str) -> None:
        account = await market.account()
        if credits := TENDERS[tender]:
            await buy_credits(credits)
        disputes = Disputes(market)
        sale = await self.at(market, moment, "max" if credits else None, disputes)
        await disputes.heard(sale)
        market.clock.advance(25 * HOUR)
        await self.settled(market)
        assert (await market.refund(sale)).json()["code"] == "payment_disputed"
        # What is on its way to the bank goes on.
        assert await market.summary() == {"paid" if moment in ("transferred", "paid") else "held": 8001}
        assert await self.spendable(market) == 0
        assert await self.revenue(market) == 2000
        assert await self.refunded_at_stripe(market, sale) == 0
        assert await self.at_stripe(market, account) == self.expected_at_stripe(moment, 8001)
        assert await broken(market) == {}

    async def settled(self, market: Market) -> None:
        """Runs the jobs until no payout is on its way."""
        async with asyncio.timeout(20):
            await market.work()
            while await market.sql("select id from payments.payouts where status = 'processing'"):
                await asyncio.sleep(0.05)
                await market.work()

    async def fails(self, market: Market, sale: Sale) -> None:
        """The card's bank returns the refund, if there is one; the webhook arrives twice."""
        async with asyncio.timeout(5):
            while any(refund["status"] != "failed" for refund in await self.refunds(market, sale)):
                await market.work()
        for refund in await self.refunds(market, sale):
            await self.heard(market, "refund.failed", refund["id"])

    async def heard(self, market: Market, kind: str, object_id: str) -> None:
        """The webhook arrives twice and is acted on."""
        for _ in range(2):
            payload = event_of(kind, object_id)
            answer = await market.api.post("/api/v1/webhooks/stripe/", content=payload, headers=signed(payload))
            assert answer.status_code == 200
            await market.work()

    async def refund_there(self, market: Market, sale: Sale) -> None:
        """Refunds the card in Stripe's dashboard; the webhook arrives twice."""
        ((intent,),) = await market.sql("select intent_id from payments.orders where id = :id", id=sale.order_id)
        made = await market.stripe_api.post("/refunds", data={"payment_intent": intent})
        await self.heard(market, "refund.created", made.json()["id"])

    def expected_above_minimum(self, market: Market, moment: str, net: int) -> dict[str, int]:
        """As `expected`; a payout that waits and would fall below the minimum is rejected, its rest available."""
        rejected = moment == "eligible" and net < market.runtime.settings.payout_minimum
        return self.expected("available" if rejected else moment, net)

    async def at(self, market: Market, moment: str, credits: str | None, seller: Disputes | None = None) -> Sale:
        """The sale, brought to that moment."""
        if moment == "before completion":
            return await (seller or market).sale(10_001, credits)
        sale = await (seller or market).earned(10_001, credits)
        if moment == "eligible":
            await market.payout()
        elif moment == "transferred":
            assert (await market.approve(await market.payout())).json()["stripe_transfer_id"]
        elif moment == "paid":
            await market.paid_out()
        return sale

    def expected(self, moment: str, net: int) -> dict[str, int]:
        """The seller's summary afterwards: 8001 was earned, `net` of it stands."""
        where = {"before completion": "pending", "available": "available", "eligible": "in_payout"}
        where |= {"transferred": "paid"}
        if moment == "paid":
            return {"paid": 8001, "reversed": 8001 - net, "debt": 8001 - net}
        sums = {where[moment]: net, "reversed": 8001 - net}
        return {name: amount for name, amount in sums.items() if amount}

    async def spendable(self, market: Market) -> int:
        """The client's credits."""
        answer = await market.api.get("/api/v1/credits/balance/", headers=headers_for(market.client_id))
        amount: int = answer.json()["balance"]["amount"]
        return amount

    async def revenue(self, market: Market) -> int:
        """The platform's commission in the ledger."""
        return await self.balance(market, "platform_revenue")

    async def balance(self, market: Market, kind: str) -> int:
        """What the ledger's accounts of that kind hold."""
        rows = await market.sql(
            "select coalesce(sum(case when a.id = t.credit_id then t.amount else -t.amount end), 0)"
            " from payments.ledger_transfers t join payments.ledger_accounts a on a.id in (t.debit_id, t.credit_id)"
            " where a.kind = :kind",
            kind=kind,
        )
        return int(rows[0][0])

    def expected_at_stripe(self, moment: str, net: int) -> tuple[int, int]:
        """What the practitioner's account was given and kept, and what went to their bank."""
        sent = {"transferred": net, "paid": 8001}.get(moment, 0)
        return sent, sent

    async def at_stripe(self, market: Market, account: dict[str, Any]) -> tuple[int, int]:
        """What Stripe says of it."""
        headers = {"Stripe-Account": account["stripe_account_id"]}
        sent = (await market.stripe_api.get("/payouts", headers=headers)).json()["data"]
        given = sum(made["amount"] - made["amount_reversed"] for made in await market.transfers(account))
        return given, sum(payout["amount"] for payout in sent)

    async def refunded_at_stripe(self, market: Market, sale: Sale) -> int:
        """What Stripe gave back to the card."""
        return sum(each["amount"] for each in await self.refunds(market, sale) if each["status"] != "failed")

    async def refunds(self, market: Market, sale: Sale) -> list[dict[str, Any]]:
        """The sale's refunds at Stripe."""
        ((intent,),) = await market.sql("select intent_id from payments.orders where id = :id", id=sale.order_id)
        if intent is None:
            return []
        listed: list[dict[str, Any]] = (
            await market.stripe_api.get("/refunds", params={"payment_intent": intent})
        ).json()["data"]
        return listed


class Returned(Disputes):
    """Sales by a card whose refunds succeed, and fail afterwards."""

    async def paid_order(self, total: int = 10_000, credits: object = None, card: str = "") -> Sale:
        """An order paid by that card."""
        return await super().paid_order(total, credits, "pm_card_refundFail")

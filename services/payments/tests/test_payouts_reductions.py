"""Refunds take back a part of a transfer whose bank payout has not been asked for; only the rest is debt."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from services.payments.tests.disputes import Disputes
from services.payments.tests.faults import AWAY, IDEMPOTENCY_ERROR, LOST, NOT_ENOUGH, SERVER_ERROR, Answer, Connection
from services.payments.tests.scenes import Market, Sale
from services.payments.tests.test_invariants import broken

Lines = Callable[[], Awaitable[list[tuple[str, str, int]]]]


async def transferred(market: Market, amount: int | None = None) -> str:
    """A payout whose money lies in the connected account."""
    payout_id = await market.payout(amount)
    assert (await market.approve(payout_id)).json()["stripe_transfer_id"]
    return payout_id


async def reduced(market: Market) -> tuple[dict[str, Any], str]:
    """The account, and a payout to it of 8000 of which a refund has taken 2000 since."""
    account = await market.account()
    sale = await market.earned()
    payout_id = await transferred(market)
    await market.refunded(sale, 2500)
    return account, payout_id


async def at_stripe(market: Market, account: dict[str, Any]) -> tuple[list[tuple[int, int]], list[int]]:
    """Amount and reversed amount of each transfer, oldest first, and what went to the bank."""
    headers = {"Stripe-Account": account["stripe_account_id"]}
    sent = (await market.stripe_api.get("/payouts", headers=headers)).json()["data"]
    moved = [(made["amount"], made["amount_reversed"]) for made in await market.transfers(account)]
    return moved[::-1], [payout["amount"] for payout in sent][::-1]


async def one_paid_out_one_earned(market: Market, earned: int) -> tuple[dict[str, Any], Sale]:
    """The account, and the sale whose money its bank has; that of another was earned since."""
    account = await market.account()
    paid = await market.earned(20_000)
    await market.paid_out()
    await market.earned(earned)
    return account, paid


class TestReductions:
    async def test_the_payout_shrinks_and_the_rest_is_paid(self, market: Market, ledger_lines: Lines) -> None:
        account, payout_id = await reduced(market)
        assert await broken(market) == {}
        assert (await market.until(payout_id, "paid"))["amount"]["amount"] == 6000
        assert await market.summary() == {"paid": 6000, "reversed": 2000}
        assert await at_stripe(market, account) == ([(8000, 2000)], [6000])
        assert ("stripe_clearing", "connected_clearing", 2000) in await ledger_lines()
        assert await broken(market) == {}

    async def test_of_which_nothing_is_left_it_has_failed(self, market: Market) -> None:
        account = await market.account()
        sale = await market.earned()
        payout_id = await transferred(market)
        await market.refunded(sale)
        shown = await market.until(payout_id, "failed")
        assert shown["reason"] == "refunded"
        assert await market.summary() == {"reversed": 8000}
        assert await at_stripe(market, account) == ([(8000, 8000)], [])
        assert await broken(market) == {}

    async def test_newest_first_and_below_the_minimum_too(self, market: Market) -> None:
        account, paid = await one_paid_out_one_earned(market, 20_000)
        older, newer = await transferred(market, 8000), await transferred(market, 8000)
        await market.refunded(paid, 8750)
        assert [(await market.until(each, "paid"))["amount"]["amount"] for each in (older, newer)] == [8000, 1000]
        assert await market.summary() == {"paid": 25_000, "reversed": 7000}
        assert (await at_stripe(market, account))[0] == [(16_000, 0), (8000, 0), (8000, 7000)]
        assert await broken(market) == {}

    async def test_what_waits_for_approval_comes_first_and_more_is_debt(self, market: Market) -> None:
        account, paid = await one_paid_out_one_earned(market, 14_000)
        first = await transferred(market, 5600)
        waiting = await market.payout()
        await market.refunded(paid)
        assert (await market.show(waiting))["status"] == "rejected"
        await market.until(first, "failed")
        assert await market.summary() == {"paid": 16_000, "reversed": 16_000, "debt": 4800}
        assert (await at_stripe(market, account))[0] == [(16_000, 0), (5600, 5600)]
        assert await broken(market) == {}

    async def test_several_refunds_never_plan_more_than_there_is(self, market: Market) -> None:
        account = await market.account()
        first, second = await market.earned(), await market.earned()
        payout_id = await transferred(market)
        for sale, amount in ((first, 2500), (second, 2500), (first, 7500), (second, 6500)):
            await market.refunded(sale, amount)
        assert (await market.until(payout_id, "paid"))["amount"]["amount"] == 800
        assert await market.summary() == {"paid": 800, "reversed": 15_200}
        assert await at_stripe(market, account) == ([(16_000, 15_200)], [800])
        assert await broken(market) == {}

    async def test_an_approved_payout_is_transferred_first(self, market: Market) -> None:
        account = await market.account()
        sale = await market.earned()
        payout_id = await market.approved()
        await market.refunded(sale, 2500)
        await market.owner_sql("update payments.payouts set next_try_at = now()")
        assert (await market.until(payout_id, "paid"))["amount"]["amount"] == 6000
        assert await at_stripe(market, account) == ([(8000, 2000)], [6000])

    async def test_a_bank_payout_that_was_asked_for_goes_on(self, market: Market, connection: Connection) -> None:
        faults, away = connection
        account = await market.account()
        sale = await market.earned()
        payout_id = await transferred(market)
        faults.path, faults.answer = "/v1/payouts", LOST
        await market.advance(away)
        await market.refunded(sale, 2500)
        await market.advance()
        await market.until(payout_id, "paid")
        assert await market.summary() == {"paid": 8000, "reversed": 2000, "debt": 2000}
        assert await at_stripe(market, account) == ([(8000, 0)], [8000])
        assert await broken(market) == {}

    async def test_what_a_dispute_holds_is_not_taken(self, market: Market) -> None:
        account = await market.account()
        disputes = Disputes(market)
        paid = await market.earned()
        await market.paid_out()
        disputed = await disputes.earned()
        payout_id = await transferred(market)
        await disputes.heard(disputed)
        await market.refunded(paid)
        await market.until(payout_id, "paid")
        assert await market.summary() == {"paid": 16_000, "reversed": 8000, "debt": 8000}
        assert (await at_stripe(market, account))[0] == [(8000, 0), (8000, 0)]
        assert await broken(market) == {}


class TestFailures:
    async def test_refused_by_stripe_it_is_debt(self, market: Market, connection: Connection) -> None:
        faults, away = connection
        account, payout_id = await reduced(market)
        faults.path, faults.answer = "/reversals", NOT_ENOUGH
        await market.advance(away)
        await market.until(payout_id, "paid")
        assert await market.summary() == {"paid": 8000, "reversed": 2000, "debt": 2000}
        assert await at_stripe(market, account) == ([(8000, 0)], [8000])
        assert await broken(market) == {}

    @pytest.mark.parametrize("answer", [IDEMPOTENCY_ERROR, SERVER_ERROR, LOST])
    async def test_a_part_whose_answer_was_lost_is_taken_once(
        self, market: Market, connection: Connection, answer: Answer
    ) -> None:
        faults, away = connection
        account, payout_id = await reduced(market)
        faults.path, faults.answer, faults.takes_effect = "/reversals", answer, True
        await market.advance(away)
        assert (await market.show(payout_id))["amount"]["amount"] == 8000
        faults.answer, faults.forgotten = None, 1
        await market.owner_sql("update payments.provider_calls set first_sent_at = now() - interval '24 hours'")
        await market.advance(away)
        await market.advance(away)
        await market.until(payout_id, "paid")
        assert await at_stripe(market, account) == ([(8000, 2000)], [6000])
        assert await broken(market) == {}

    async def test_nothing_goes_to_the_bank_before(self, market: Market, connection: Connection) -> None:
        faults, away = connection
        account, payout_id = await reduced(market)
        faults.path, faults.answer = "/reversals", AWAY
        for _ in range(3):
            await market.advance(away)
        assert await at_stripe(market, account) == ([(8000, 0)], [])
        market.clock.advance(timedelta(days=1))
        await market.advance(away)
        assert (await market.show(payout_id))["status"] == "needs_attention"

    async def test_a_bank_that_fails_returns_what_was_left(self, market: Market) -> None:
        account = await market.account()
        await market.bank(account, "btok_us_verified_noAccount")
        sale = await market.earned()
        payout_id = await transferred(market)
        await market.refunded(sale, 2500)
        await market.until(payout_id, "failed")
        assert await market.summary() == {"available": 6000, "reversed": 2000}
        assert await at_stripe(market, account) == ([(8000, 8000)], [6000])
        assert await broken(market) == {}

    async def test_at_once_with_the_bank_payout_only_one_of_them_wins(self, market: Market) -> None:
        account = await market.account()
        sales = [await market.earned() for _ in range(4)]
        for _ in range(4):
            await transferred(market, 8000)
        await asyncio.gather(*(market.refund(sale, 2500) for sale in sales), market.advance())
        async with asyncio.timeout(20):
            while await market.sql("select id from payments.payouts where status = 'processing'"):
                await market.work()
        summary = await market.summary()
        moved, sent = await at_stripe(market, account)
        assert sum(amount - back for amount, back in moved) == sum(sent) == summary["paid"]
        assert summary["paid"] == 24_000 + summary.get("debt", 0)
        assert await broken(market) == {}


class TestStaff:
    async def stuck(self, market: Market, connection: Connection) -> str:
        """A payout that needs attention, of which a refund wants a part."""
        faults, away = connection
        await market.account()
        sale = await market.earned()
        payout_id = await transferred(market)
        await market.refunded(sale, 2500)
        faults.path, faults.answer = "/reversals", AWAY
        await market.advance(away)
        market.clock.advance(timedelta(days=1))
        await market.advance(away)
        faults.answer = None
        assert (await market.show(payout_id))["status"] == "needs_attention"
        await market.owner_sql("update payments.provider_calls set last_sent_at = now() - interval '61 seconds'")
        return payout_id

    async def decide(self, market: Market, payout_id: str, verb: str, **body: str) -> Any:
        url = f"/api/v1/admin/payouts/{payout_id}/{verb}/"
        return await market.api.post(url, json=body or None, headers=market.staff)

    async def test_retry_takes_it_then_pays(self, market: Market, connection: Connection) -> None:
        payout_id = await self.stuck(market, connection)
        assert (await self.decide(market, payout_id, "retry")).status_code == 200
        assert (await market.until(payout_id, "paid"))["amount"]["amount"] == 6000
        assert await broken(market) == {}

    async def test_fail_takes_both(self, market: Market, connection: Connection) -> None:
        payout_id = await self.stuck(market, connection)
        assert (await self.decide(market, payout_id, "fail")).json()["status"] == "failed"
        assert await market.summary() == {"available": 6000, "reversed": 2000}
        assert await broken(market) == {}

    async def test_paid_in_another_way_it_stays_debt(self, market: Market, connection: Connection) -> None:
        payout_id = await self.stuck(market, connection)
        answer = await self.decide(market, payout_id, "mark-paid", reference="by hand")
        assert (answer.status_code, answer.json()["status"]) == (200, "paid")
        assert await market.summary() == {"paid": 8000, "reversed": 2000, "debt": 2000}
        assert await broken(market) == {}

    async def test_a_refusal_that_was_not_acted_on_yet_bars_no_decision(
        self, market: Market, connection: Connection
    ) -> None:
        payout_id = await self.stuck(market, connection)
        # The process has ended between Stripe's refusal and the end of the reduction.
        await market.owner_sql(
            "update payments.provider_calls set outcome = 'refused', in_flight = 0, detail = 'Not enough.'"
            " where purpose = 'reduction'"
        )
        answer = await self.decide(market, payout_id, "mark-paid", reference="by hand")
        assert (answer.status_code, answer.json()["status"]) == (200, "paid")
        assert await market.sql("select ended_at is null from payments.payout_reductions") == [(False,)]
        assert await market.summary() == {"paid": 8000, "reversed": 2000, "debt": 2000}
        assert await broken(market) == {}

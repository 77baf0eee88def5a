"""Money moves once, whatever Stripe answers, and however late our next try is."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from services.payments.refunds.jobs import finish_refunds
from services.payments.refunds.sync import sync_refund
from services.payments.stripe import provider_calls
from services.payments.stripe.domain import Purpose
from services.payments.stripe.errors import StripeRefused, StripeUnavailable
from services.payments.stripe.objects import StripeTransfer
from services.payments.tests.faults import AWAY, IDEMPOTENCY_ERROR, LOST, SERVER_ERROR, Answer, Connection
from services.payments.tests.scenes import Market, Sale
from shared.records.ids import new_id

REFUSED = (400, {"error": {"type": "invalid_request_error", "message": "No such destination."}})
OLD = "update payments.provider_calls set first_sent_at = now() - interval '25 hours', last_sent_at = first_sent_at"


async def after_first_call(
    market: Market, connection: Connection, path: str, answer: Answer, *, takes_effect: bool = False
) -> tuple[dict[str, Any], str]:
    """A practitioner's account, and a payout to it after a first step, where calls to `path` are answered so."""
    faults, away = connection
    account = await market.account()
    await market.earned()
    payout_id = await market.approved()
    faults.path, faults.answer, faults.takes_effect = path, answer, takes_effect
    await market.advance(away)
    return account, payout_id


async def until_failed(market: Market, stripe_refund_id: str) -> None:
    """Waits until the refund has failed at Stripe."""
    for _ in range(100):
        if (await market.stripe_api.get(f"/refunds/{stripe_refund_id}")).json()["status"] == "failed":
            return
        await asyncio.sleep(0.1)
    pytest.fail(f"{stripe_refund_id} has not failed")


async def calls_of(market: Market, purpose: str) -> list[tuple[int, str]]:
    query = "select attempt, outcome from payments.provider_calls where purpose = :purpose order by attempt"
    return [(row[0], row[1]) for row in await market.sql(query, purpose=purpose)]


async def bank_payouts(market: Market, account: dict[str, Any]) -> list[dict[str, Any]]:
    headers = {"Stripe-Account": account["stripe_account_id"]}
    listed: list[dict[str, Any]] = (await market.stripe_api.get("/payouts", headers=headers)).json()["data"]
    return listed


class TestTransfer:
    @pytest.mark.parametrize("answer", [IDEMPOTENCY_ERROR, SERVER_ERROR])
    async def test_an_error_after_the_effect_is_no_refusal(self, market, connection, answer):
        faults, away = connection
        account, payout_id = await after_first_call(market, connection, "/v1/transfers", answer, takes_effect=True)
        assert (await market.show(payout_id))["status"] == "processing"
        sent = len(faults.keys)
        await market.advance(away)
        assert len(faults.keys) == sent, "a look at the transfers is enough"
        await market.until(payout_id, "paid")
        assert [transfer["amount"] for transfer in await market.transfers(account)] == [8000]
        assert await calls_of(market, "transfer") == [(1, "done")]

    @pytest.mark.parametrize("answer", [IDEMPOTENCY_ERROR, SERVER_ERROR])
    async def test_what_was_not_made_gets_a_new_key(self, market, connection, answer):
        faults, away = connection
        account, payout_id = await after_first_call(market, connection, "/v1/transfers", answer)
        faults.answer = None
        await market.advance(away)
        assert len(await market.transfers(account)) == 1
        assert sorted(set(faults.keys)) == [f"transfer:{payout_id}:1", f"transfer:{payout_id}:2"]
        assert await calls_of(market, "transfer") == [(1, "refused"), (2, "done")]

    async def test_a_key_that_stripe_has_forgotten_is_not_sent_again(self, market, connection):
        faults, away = connection
        # The answer is lost: the transfer is made, and the call stays unknown.
        account, payout_id = await after_first_call(market, connection, "/v1/transfers", LOST, takes_effect=True)
        assert await calls_of(market, "transfer") == [(1, "unknown")]
        faults.answer, faults.forgotten = None, 1
        await market.owner_sql(OLD)
        await market.advance(away)
        assert len(await market.transfers(account)) == 1
        await market.until(payout_id, "paid")

    async def test_a_request_that_may_still_take_effect_is_waited_for(self, market, connection):
        faults, away = connection
        account, _ = await after_first_call(market, connection, "/v1/transfers", AWAY)
        faults.answer = None
        await market.advance(away)
        assert await calls_of(market, "transfer") == [(1, "unknown")]
        await market.owner_sql("update payments.provider_calls set last_sent_at = now() - interval '61 seconds'")
        await market.advance(away)
        assert len(await market.transfers(account)) == 1

    async def test_a_refused_repeat_says_nothing_about_the_request_before_it(self, market, connection):
        faults, away = connection
        account, payout_id = await after_first_call(market, connection, "/v1/transfers", LOST, takes_effect=True)
        faults.answer, faults.takes_effect = REFUSED, False
        await market.advance(away)
        assert (await market.show(payout_id))["status"] == "processing"
        await market.until(payout_id, "paid")
        assert [transfer["amount"] for transfer in await market.transfers(account)] == [8000]
        assert await calls_of(market, "transfer") == [(1, "done")]

    async def test_a_refused_repeat_of_what_was_not_made_is_asked_for_anew(self, market, connection):
        faults, away = connection
        account, payout_id = await after_first_call(market, connection, "/v1/transfers", LOST)
        faults.answer = REFUSED
        await market.advance(away)
        await market.owner_sql("update payments.provider_calls set last_sent_at = now() - interval '61 seconds'")
        await market.advance(away)
        assert (await market.show(payout_id))["status"] == "failed"
        assert await market.transfers(account) == []
        assert await calls_of(market, "transfer") == [(1, "refused"), (2, "refused")]

    async def test_a_refusal_says_nothing_about_a_request_that_began_after_it(self, market):
        second_sent, first_ended = asyncio.Event(), asyncio.Event()
        requests = []

        async def send(number: int) -> StripeTransfer:
            requests.append(number)
            if len(requests) == 1:
                await second_sent.wait()
                raise StripeRefused("No such destination.")
            second_sent.set()
            await first_ended.wait()
            return StripeTransfer("tr_1", 8000, 0)

        async def find(since: datetime) -> StripeTransfer | None:
            return None

        call = provider_calls.Call(Purpose.TRANSFER, new_id(), StripeTransfer, send, find)
        first = asyncio.create_task(provider_calls.make(market.runtime, call))
        while not requests:  # noqa: ASYNC110  # the sandbox has no event for it
            await asyncio.sleep(0.01)
        second = asyncio.create_task(provider_calls.make(market.runtime, call))
        with pytest.raises(StripeUnavailable):
            await first
        first_ended.set()
        assert (await second).id == "tr_1"
        assert await calls_of(market, "transfer") == [(1, "done")]
        assert requests == [1, 1]


class TestBankPayout:
    @pytest.mark.parametrize("answer", [IDEMPOTENCY_ERROR, SERVER_ERROR])
    async def test_an_error_after_the_effect_sends_the_money_once(self, market, connection, answer):
        _, away = connection
        account, payout_id = await after_first_call(market, connection, "/v1/payouts", answer, takes_effect=True)
        await market.advance(away)
        assert (await market.show(payout_id))["status"] == "processing"
        await market.advance(away)
        await market.until(payout_id, "paid")
        assert [payout["amount"] for payout in await bank_payouts(market, account)] == [8000]
        assert await market.summary() == {"paid": 8000}

    async def test_a_key_that_stripe_has_forgotten_is_not_sent_again(self, market, connection):
        faults, away = connection
        account, payout_id = await after_first_call(market, connection, "/v1/payouts", LOST, takes_effect=True)
        await market.advance(away)
        faults.answer, faults.forgotten = None, 1
        await market.owner_sql(OLD)
        await market.advance(away)
        await market.until(payout_id, "paid")
        assert len(await bank_payouts(market, account)) == 1


class TestRefund:
    @pytest.mark.parametrize("answer", [IDEMPOTENCY_ERROR, SERVER_ERROR, LOST])
    async def test_a_part_is_returned_once_though_its_key_is_forgotten(self, market, connection, answer, intent_of):
        faults, away = connection
        sale = await market.sale()
        faults.path, faults.answer, faults.takes_effect = "/v1/refunds", answer, True
        market.app.state.runtime = away
        assert await market.refunded(sale, 3_000) == (3_000, 0)
        faults.answer, faults.forgotten = None, 1
        await market.owner_sql(OLD)
        await market.hurry("refunds")
        await finish_refunds(away)
        params = {"payment_intent": await intent_of(str(sale.order_id))}
        made = (await market.stripe_api.get("/refunds", params=params)).json()["data"]
        assert [refund["amount"] for refund in made] == [3_000]
        assert await market.sql("select status from payments.refunds") == [("succeeded",)]

    async def lost(self, market, connection, card: str) -> str:
        """A refund that Stripe has made, and whose answer was lost; Stripe's id of it."""
        faults, away = connection
        order = await market.open_order()
        await market.pay(order["order_id"], card)
        faults.path, faults.answer, faults.takes_effect = "/v1/refunds", LOST, True
        market.app.state.runtime, good = away, market.runtime
        assert await market.refunded(Sale(UUID(order["order_id"]), market.snapshot(new_id(), order)), 3_000) == (
            3_000,
            0,
        )
        market.app.state.runtime, faults.answer = good, None
        await market.owner_sql("update payments.refunds set next_try_at = now() + interval '1 hour'")
        ((intent,),) = await market.sql("select intent_id from payments.orders")
        (made,) = (await market.stripe_api.get("/refunds", params={"payment_intent": intent})).json()["data"]
        assert await calls_of(market, "refund") == [(1, "unknown")]
        return str(made["id"])

    async def test_a_webhook_that_is_faster_than_the_answer_ends_the_call_too(self, market, connection):
        await sync_refund(market.runtime, await self.lost(market, connection, "pm_card_visa"))
        assert await market.sql("select status from payments.refunds") == [("succeeded",)]
        assert await calls_of(market, "refund") == [(1, "done")]

    async def test_a_repeated_first_answer_does_not_hide_that_it_has_failed_since(self, market, connection):
        stripe_refund_id = await self.lost(market, connection, "pm_card_refundFail")
        await until_failed(market, stripe_refund_id)
        await market.hurry("refunds")
        await finish_refunds(connection[1])
        query = "select status, stripe_refund_id, attempt, last_error from payments.refunds"
        assert await market.sql(query) == [("failed", stripe_refund_id, 1, "Stripe says failed")]
        assert await calls_of(market, "refund") == [(1, "done")]

    async def test_a_failure_that_is_heard_of_before_the_answer_ends_the_call_and_the_refund(self, market, connection):
        stripe_refund_id = await self.lost(market, connection, "pm_card_refundFail")
        await until_failed(market, stripe_refund_id)
        await sync_refund(market.runtime, stripe_refund_id)
        await market.hurry("refunds")
        await finish_refunds(connection[1])
        query = "select status, stripe_refund_id, attempt from payments.refunds"
        assert await market.sql(query) == [("failed", stripe_refund_id, 1)]
        assert await calls_of(market, "refund") == [(1, "done")]

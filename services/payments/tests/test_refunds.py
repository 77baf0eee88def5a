"""Refunds: the split, exactly once, at Stripe too."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import httpx2
import pytest

from devtools.testing.callers import headers_for, service_headers
from devtools.testing.delivery import events_of
from services.payments.install.service import keep_currency
from services.payments.refunds import service
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe.gateway import StripeGateway
from services.payments.tests.faults import Answer, Faults
from services.payments.tests.scenes import Json, Market, Sale
from shared.events.payments import OrderRefunded, OrderRefundFailed
from shared.internal.payments import RefundRequest
from shared.records.ids import new_id

MISSING: Answer = (
    404,
    {"error": {"type": "invalid_request_error", "code": "resource_missing", "message": "No such payment_intent."}},
)


Buy = Callable[[int], Awaitable[str]]


async def at_stripe(market: Market, sale: Sale) -> list[Json]:
    """Stripe's refunds of the sale's intent."""
    rows = await market.sql("select intent_id from payments.orders where id = :id", id=sale.order_id)
    answer = await market.stripe_api.get("/refunds", params={"payment_intent": rows[0][0]})
    data: list[Json] = answer.json()["data"]
    return data


async def balance(market: Market) -> int:
    answer = await market.api.get("/api/v1/credits/balance/", headers=headers_for(market.client_id))
    amount: int = answer.json()["balance"]["amount"]
    return amount


async def preview(market: Market, sale: Sale, amount: int | None = None) -> tuple[int, int]:
    query = "" if amount is None else f"?amount={amount}"
    url = f"/internal/orders/{sale.order_id}/refund-preview/{query}"
    parts = (await market.api.get(url, headers=service_headers())).json()["refund"]
    return parts["card"]["amount"], parts["credits"]["amount"]


class TestRefund:
    async def test_everything_goes_back_to_the_card(self, market: Market) -> None:
        sale = await market.sale()
        assert await market.refunded(sale) == (10_000, 0)
        assert [refund["amount"] for refund in await at_stripe(market, sale)] == [10_000]

    async def test_rule_09_a_partial_refund_is_split_by_the_tenders(self, market: Market, buy_credits: Buy) -> None:
        await buy_credits(3000)
        sale = await market.sale(10_000, "max")
        assert await market.refunded(sale, 5000) == (3500, 1500)
        assert await balance(market) == 1500
        assert await market.refunded(sale) == (3500, 1500)
        assert await balance(market) == 3000
        assert sum(refund["amount"] for refund in await at_stripe(market, sale)) == 7000

    async def test_rule_09_promotional_credit_returns_with_its_old_expiry(
        self, market: Market, buy_credits: Buy
    ) -> None:
        await buy_credits(3000)
        await market.owner_sql(
            "update payments.credit_grants set source = 'promotion', expires_at = timestamptz '2027-01-01 00:00Z'"
        )
        sale = await market.sale(10_000, "max")
        await market.refunded(sale)
        rows = await market.sql("select remaining, source, expires_at::date::text from payments.credit_grants")
        assert [tuple(row) for row in rows] == [(3000, "promotion", "2027-01-01")]

    async def test_credits_alone_never_reach_stripe(self, market: Market, buy_credits: Buy) -> None:
        await buy_credits(10_000)
        sale = await market.sale(10_000, "max")
        assert await market.refunded(sale) == (0, 10_000)
        assert await balance(market) == 10_000

    async def test_a_second_time_there_is_nothing_to_refund(self, market: Market) -> None:
        sale = await market.sale()
        await market.refunded(sale)
        for amount in (None, 1):
            answer = await market.refund(sale, amount)
            assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_refund")

    async def test_an_unpaid_order_has_nothing_to_refund(self, market: Market) -> None:
        order = await market.open_order()
        sale = Sale(UUID(order["order_id"]), market.snapshot(new_id(), order))
        assert (await market.refund(sale)).status_code == 409

    async def test_a_refund_of_nothing_is_nothing(self, market: Market) -> None:
        sale = await market.sale()
        assert await market.refunded(sale, 0) == (0, 0)
        assert await at_stripe(market, sale) == []

    async def test_more_than_is_left_is_refused_unless_a_policy_asks(self, market: Market) -> None:
        sale = await market.sale()
        await market.refunded(sale, 6000)
        answer = await market.refund(sale, 4001)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "amount")
        assert await market.refunded(sale, 4001, cancels=True) == (4000, 0)

    async def test_another_currency_is_refused(self, market: Market) -> None:
        sale = await market.sale()
        body = {"refund_id": str(new_id()), "amount": {"amount": 1, "currency": "EUR"}}
        url = f"/internal/orders/{sale.order_id}/refunds/"
        answer = await market.api.post(url, json=body, headers=service_headers())
        assert answer.json()["code"] == "unsupported_currency"

    async def test_the_same_refund_again_answers_the_same(self, market: Market) -> None:
        sale, refund_id = await market.sale(), new_id()
        for _ in range(3):
            assert await market.refunded(sale, 4000, refund_id=refund_id) == (4000, 0)
        assert len(await at_stripe(market, sale)) == 1

    async def test_the_same_id_for_another_order_is_not_found(self, market: Market) -> None:
        first, second, refund_id = await market.sale(), await market.sale(), new_id()
        await market.refunded(first, refund_id=refund_id)
        assert (await market.refund(second, refund_id=refund_id)).status_code == 404

    async def test_rivals_never_refund_more_than_was_paid(self, market: Market) -> None:
        sale = await market.sale()
        answers = await asyncio.gather(*(market.refund(sale, 3000) for _ in range(6)))
        assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 422, 422, 422]
        assert sum(refund["amount"] for refund in await at_stripe(market, sale)) == 9000

    async def test_the_event_tells_of_it_once(self, market: Market) -> None:
        sale, refund_id = await market.sale(), new_id()
        for _ in range(2):
            await market.refunded(sale, 4000, refund_id=refund_id)
        (event,) = [each for each in await events_of(market.runtime) if isinstance(each, OrderRefunded)]
        assert (event.refund_id, event.booking_id) == (refund_id, sale.booking.id)
        assert (event.card.amount, event.credits.amount, event.reason) == (4000, 0, "asked for")

    async def test_the_client_sees_it_on_the_order(self, market: Market) -> None:
        sale = await market.sale()
        await market.refunded(sale, 4000)
        url = f"/api/v1/payments/orders/{sale.order_id}/"
        (shown,) = (await market.api.get(url, headers=headers_for(market.client_id))).json()["refunds"]
        assert (shown["card"]["amount"], shown["credits"]["amount"]) == (4000, 0)
        assert shown["created_at"].endswith("Z")


class TestPreview:
    async def test_it_says_what_the_refund_would_be(self, market: Market, buy_credits: Buy) -> None:
        await buy_credits(3000)
        sale = await market.sale(10_000, "max")
        assert await preview(market, sale) == (7000, 3000)
        assert await preview(market, sale, 3333) == await market.refunded(sale, 3333)
        assert await preview(market, sale, 99_999_999) == await market.refunded(sale)
        assert await preview(market, sale) == (0, 0)


class TestStripeAway:
    """What is booked is carried out later, exactly once."""

    @pytest.fixture
    def unreachable(self) -> StripeGateway:
        return StripeGateway("sk_test_estuary", api_base="http://127.0.0.1:1")

    async def book(self, market: Market, sale: Sale, gateway: StripeGateway, refund_id: UUID) -> None:
        away = PaymentsRuntime.of(market.runtime, stripe=gateway, settings=market.runtime.settings)
        answer = await service.refund(away, sale.order_id, RefundRequest(refund_id=refund_id))
        assert answer.refund.card.amount == 10_000
        await gateway.close()

    async def test_rule_08_the_job_finishes_what_stripe_missed(
        self, market: Market, unreachable: StripeGateway
    ) -> None:
        sale = await market.sale()
        await self.book(market, sale, unreachable, new_id())
        assert await at_stripe(market, sale) == []
        assert await market.summary() == {"reversed": 8000}
        await market.owner_sql("update payments.refunds set next_try_at = now()")
        await market.work()
        await market.work()
        assert [refund["amount"] for refund in await at_stripe(market, sale)] == [10_000]
        assert len([e for e in await events_of(market.runtime) if isinstance(e, OrderRefunded)]) == 1

    async def test_rule_08_a_repeat_goes_on_where_it_stopped(self, market: Market, unreachable: StripeGateway) -> None:
        sale, refund_id = await market.sale(), new_id()
        await self.book(market, sale, unreachable, refund_id)
        assert await market.refunded(sale, refund_id=refund_id) == (10_000, 0)
        assert len(await at_stripe(market, sale)) == 1

    async def test_rule_08_a_refund_whose_answer_was_lost_is_found_by_our_id(
        self, market: Market, unreachable: StripeGateway
    ) -> None:
        sale, refund_id = await market.sale(), new_id()
        await self.book(market, sale, unreachable, refund_id)
        (row,) = await market.sql("select intent_id from payments.orders where id = :id", id=sale.order_id)
        await market.stripe_api.post(
            "/refunds",
            data={"payment_intent": row[0], "amount": "10000", "metadata[refund_id]": str(refund_id)},
        )
        # The repeat is refused, which says nothing of the first request; then Stripe's list is asked.
        for _ in range(2):
            await market.owner_sql("update payments.refunds set next_try_at = now() where status = 'pending'")
            await market.work()
        (stored,) = await market.sql("select status, stripe_refund_id from payments.refunds")
        assert (stored[0], stored[1]) == ("succeeded", (await at_stripe(market, sale))[0]["id"])

    async def test_a_refusal_is_tried_again_as_a_new_request(self, market: Market, unreachable: StripeGateway) -> None:
        sale = await market.sale()
        await self.book(market, sale, unreachable, new_id())
        await market.owner_sql("update payments.orders set intent_id = 'pi_unknown'")
        # The repeat is refused, which says nothing of the first request while that may be under way.
        for _ in range(2):
            await market.owner_sql("update payments.refunds set next_try_at = now()")
            await market.work()
            await market.owner_sql("update payments.provider_calls set last_sent_at = now() - interval '2 minutes'")
        (stored,) = await market.sql("select status, attempt, last_error, next_try_at > now() from payments.refunds")
        assert (stored[0], stored[1], stored[3]) == ("pending", 2, True)
        assert "pi_unknown" in stored[2]
        # A day later it has failed, whenever its next try would have been.
        market.clock.advance(timedelta(days=1))
        await market.work()
        (stored,) = await market.sql("select status, next_try_at, failing_since from payments.refunds")
        assert tuple(stored) == ("failed", None, None)
        (event,) = [each for each in await events_of(market.runtime) if isinstance(each, OrderRefundFailed)]
        assert (event.card.amount, event.replaced) == (10_000, False)

    async def test_with_a_key_of_another_stripe_account_it_waits_and_does_not_fail(
        self, market: Market, connection: tuple[Faults, PaymentsRuntime]
    ) -> None:
        await keep_currency(market.runtime.db, "USD")
        await market.account()
        sale = await market.sale()
        faults, market.app.state.runtime = connection
        faults.path, faults.answer = "/refunds", MISSING
        faults.others["GET", "/v1/account"] = (200, {"id": "acct_another", "object": "account"})
        await market.refunded(sale)
        for _ in range(2):
            stored = await market.sql("select status, failing_since from payments.refunds")
            assert stored == [("pending", None)]
            market.clock.advance(timedelta(days=1))
            await market.owner_sql("update payments.refunds set next_try_at = now()")
            await market.work()
        faults.answer = None
        faults.others.clear()
        await market.owner_sql("update payments.refunds set next_try_at = now()")
        await market.work()
        assert [refund["amount"] for refund in await at_stripe(market, sale)] == [10_000]


class TestRoutes:
    async def test_anonymous_and_people_are_401(self, market: Market) -> None:
        sale = await market.sale()
        url = f"/internal/orders/{sale.order_id}/refunds/"
        body = {"refund_id": str(new_id())}
        for headers in ({}, headers_for(market.client_id), market.staff):
            assert (await market.api.post(url, json=body, headers=headers)).status_code == 401

    async def test_an_unknown_order_is_404(self, api: httpx2.AsyncClient) -> None:
        url = f"/internal/orders/{new_id()}/refunds/"
        answer = await api.post(url, json={"refund_id": str(new_id())}, headers=service_headers())
        assert answer.status_code == 404

"""Credits: purchases, holds, refunds, expiry, history."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from devtools.testing.callers import headers_for, service_headers
from devtools.testing.delivery import events_of, run_jobs
from services.payments.credits import service
from services.payments.credits.domain import NotEnoughCredits
from services.payments.ledger.domain import Leg, client_credits, order_escrow
from services.payments.ledger.service import balance_of, post
from shared.events.payments import PaymentSucceeded
from shared.records.ids import new_id

BALANCE = "/api/v1/credits/balance/"
PURCHASE = "/api/v1/credits/purchase/"


def usd(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "USD"}


@pytest.fixture
def remaining(runtime):
    async def of(grant_id: UUID) -> int:
        query = text("select remaining from credit_grants where id = :id")
        async with runtime.db.read() as session:
            return int(await session.scalar(query, {"id": grant_id}) or 0)

    return of


@pytest.fixture
def refund(runtime, client_id):
    """What a refund in credits does: grants and ledger."""

    async def back(order_id: str, amount: int, refund_id: UUID) -> None:
        async with runtime.db.transaction() as session:
            await service.restore(session, UUID(order_id), refund_id, amount)
            leg = Leg(order_escrow("USD"), client_credits(client_id, "USD"), amount)
            await post(session, refund_id, "refund", [leg], {})

    return back


async def ledger_balance(runtime, client_id) -> int:
    async with runtime.db.read() as session:
        return await balance_of(session, client_credits(client_id, "USD"))


class TestAccess:
    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("GET", BALANCE, None),
            ("GET", "/api/v1/credits/history/", None),
            ("POST", PURCHASE, {"amount": usd(1_000)}),
            ("POST", "/api/v1/credits/transfer/", {"recipient_id": str(new_id()), "amount": usd(1_000)}),
        ],
    )
    async def test_anonymous_gets_401(self, api, method, path, body):
        assert (await api.request(method, path, json=body)).status_code == 401

    async def test_a_stranger_sees_nothing_of_anothers_credits(self, api, give, balance):
        await give(500)
        assert await balance(new_id()) == (0, 0)
        history = await api.get("/api/v1/credits/history/", headers=headers_for())
        assert history.json()["results"] == []


class TestPurchase:
    @pytest.mark.parametrize(
        ("amount", "code"),
        [
            (usd(0), "greater_than_equal"),
            (usd(100_000_000), "less_than_equal"),
            (usd(49), "amount_too_small"),
            ({"amount": 1_000, "currency": "EUR"}, "unsupported_currency"),
        ],
    )
    async def test_refuses_what_cannot_be_bought(self, api, amount, code):
        answer = await api.post(PURCHASE, json={"amount": amount}, headers=headers_for())
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["code"] == code

    @pytest.mark.parametrize(("credits", "named"), [(None, False), (10, True)])
    async def test_a_refusal_names_credits_only_where_some_were_sent(self, give, open_order, credits, named):
        await give(500)
        with pytest.raises(AssertionError, match="amount_too_small") as refused:
            await open_order(40, credits=credits)
        assert ('"field":"credits"' in str(refused.value)) == named

    async def test_rule_08_the_same_key_is_the_same_order(self, api, client_id):
        headers, body = headers_for(client_id, idempotency_key="buy-1"), {"amount": usd(1_000)}
        first = await api.post(PURCHASE, json=body, headers=headers)
        again = await api.post(PURCHASE, json=body, headers=headers)
        assert first.status_code == again.status_code == 201
        assert again.content == first.content
        assert first.json()["amount_due"] == usd(1_000)
        assert first.json()["client_secret"]

    async def test_rule_08_an_interrupted_purchase_goes_on_where_it_stopped(self, api, client_id, runtime):
        headers, body = headers_for(client_id, idempotency_key="buy-2"), {"amount": usd(1_000)}
        first = await api.post(PURCHASE, json=body, headers=headers)
        async with runtime.db.transaction() as session:
            await session.execute(text("update idempotency set status = null, body = null, locked_until = created_at"))
        again = await api.post(PURCHASE, json=body, headers=headers)
        assert again.json() == first.json()


class TestSpend:
    async def test_max_holds_what_is_there_and_captures_it_with_the_payment(
        self, buy_credits, open_order, pay, balance, runtime, client_id
    ):
        await buy_credits(3_000)
        order = await open_order(10_000, credits="max")
        assert (order["credits_applied"], order["amount_due"]) == (usd(3_000), usd(7_000))
        assert await balance() == (0, 3_000)
        await pay(order["order_id"])
        assert await balance() == (0, 0)
        paid = [event for event in await events_of(runtime) if isinstance(event, PaymentSucceeded)][-1]
        assert (paid.amount.amount, paid.credits.amount) == (7_000, 3_000)
        assert await ledger_balance(runtime, client_id) == 0

    async def test_credits_alone_pay_at_once(self, buy_credits, open_order, balance):
        await buy_credits(12_000)
        order = await open_order(10_000, credits="max")
        assert (order["status"], order["client_secret"], order["amount_due"]) == ("paid", None, usd(0))
        assert await balance() == (2_000, 0)

    async def test_a_remainder_below_the_minimum_charge_uses_fewer_credits(self, buy_credits, open_order, balance):
        await buy_credits(9_990)
        order = await open_order(10_000, credits=9_990)
        assert (order["credits_applied"], order["amount_due"]) == (usd(9_950), usd(50))
        assert await balance() == (40, 9_950)

    @pytest.mark.parametrize("wish", [3_001, 10_001])
    async def test_more_than_balance_or_price_is_refused(self, buy_credits, open_order, wish, balance):
        await buy_credits(3_000)
        with pytest.raises(AssertionError, match="insufficient_credits"):
            await open_order(10_000, credits=wish)
        assert await balance() == (3_000, 0)

    async def test_rule_08_opening_again_holds_once(self, buy_credits, open_order, balance):
        await buy_credits(3_000)
        order = await open_order(10_000, credits=2_000)
        await open_order(10_000, credits=2_000, order_id=order["order_id"])
        assert await balance() == (1_000, 2_000)

    async def test_rule_14_what_expires_first_is_spent_first(self, give, buy_credits, open_order, remaining, clock):
        await buy_credits(1_000)
        late = await give(100, clock.now() + timedelta(days=30))
        soon = await give(100, clock.now() + timedelta(days=2))
        await open_order(10_000, credits=150)
        assert (await remaining(soon), await remaining(late)) == (0, 50)

    async def test_many_spends_at_once_never_exceed_the_balance(self, buy_credits, open_order, balance):
        await buy_credits(3_000)
        results = await asyncio.gather(*(open_order(10_000, credits=1_000) for _ in range(5)), return_exceptions=True)
        assert sum(isinstance(result, dict) for result in results) == 3
        assert await balance() == (0, 3_000)


class TestRestore:
    async def test_rule_09_promotional_credit_comes_back_with_its_old_expiry(
        self, give, buy_credits, open_order, refund, remaining, balance, clock, app
    ):
        await buy_credits(1_000)
        promotion = await give(500, clock.now() + timedelta(days=2))
        order = await open_order(1_500, credits="max")
        refund_id = new_id()
        await refund(order["order_id"], 1_200, refund_id)
        await refund(order["order_id"], 1_200, refund_id)
        assert (await remaining(promotion), await balance()) == (200, (1_200, 0))
        clock.advance(timedelta(days=2))
        assert await balance() == (1_000, 0)
        await run_jobs(app)
        assert await remaining(promotion) == 0

    async def test_never_more_than_was_spent(self, buy_credits, open_order, refund):
        await buy_credits(1_000)
        order = await open_order(1_000, credits="max")
        await refund(order["order_id"], 600, new_id())
        with pytest.raises(NotEnoughCredits):
            await refund(order["order_id"], 401, new_id())


class TestExpire:
    async def test_rule_14_expiry_posts_an_entry(self, give, balance, clock, app, runtime, client_id, api):
        await give(500, clock.now() + timedelta(hours=1))
        assert await balance() == (500, 0)
        clock.advance(timedelta(hours=1))
        assert await balance() == (0, 0)
        await run_jobs(app)
        await run_jobs(app)
        assert await ledger_balance(runtime, client_id) == 0
        lines = (await api.get("/api/v1/credits/history/", headers=headers_for(client_id))).json()["results"]
        assert [(line["kind"], line["amount"]["amount"]) for line in lines] == [("expired", -500)]
        url = "/api/v1/credits/history/?ordering="
        assert (await api.get(f"{url}created_at", headers=headers_for(client_id))).json()["results"] == lines
        assert (await api.get(f"{url}nonsense", headers=headers_for(client_id))).status_code == 422

    async def test_rule_14_an_expired_grant_cannot_be_spent(self, give, open_order, clock):
        await give(500, clock.now() + timedelta(hours=1))
        clock.advance(timedelta(hours=1))
        order = await open_order(1_000, credits="max")
        assert order["credits_applied"] == usd(0)


class TestHistory:
    async def test_the_lines_sum_to_balance_and_held(self, api, buy_credits, give, open_order, pay, client_id, balance):
        await buy_credits(2_000)
        order = await open_order(10_000, credits=500)
        await pay(order["order_id"])
        await open_order(10_000, credits=700)
        lines = (await api.get("/api/v1/credits/history/", headers=headers_for(client_id))).json()["results"]
        assert sum(line["amount"]["amount"] for line in lines) == sum(await balance())
        assert {line["kind"] for line in lines} == {"purchased", "spent"}

    async def test_a_closed_order_leaves_no_line(self, api, buy_credits, open_order, client_id):
        await buy_credits(2_000)
        order = await open_order(10_000, credits=500)
        path = f"/internal/orders/{order['order_id']}/close/"
        await api.post(path, json={"reason": "expired"}, headers=service_headers())
        lines = (await api.get("/api/v1/credits/history/", headers=headers_for(client_id))).json()["results"]
        assert [line["kind"] for line in lines] == ["purchased"]

"""How orders end: closed, paid too late, found by the reconcile job, or after an outage."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from devtools.testing.callers import headers_for, service_headers
from devtools.testing.delivery import events_of
from services.payments.orders import service
from services.payments.orders.domain import OrderStatus
from services.payments.orders.jobs import reconcile_intents
from services.payments.orders.repository import Orders
from services.payments.orders.settlement import move
from services.payments.stripe.errors import StripeRefused
from shared.events.payments import PaymentSucceeded
from shared.records.clock import machine_now
from shared.records.ids import new_id

CONFIRM = "/api/v1/payments/confirm/"
CANCELLED = {"status": "cancelled", "paid_at": None}
PAID_AT = "2026-12-01T08:00:00Z"
PAID_AFTER_A_PURCHASE_AT = "2026-12-01T08:00:00.001000Z"


def usd(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "USD"}


class TestClose:
    async def test_rule_05_cancels_the_intent_and_gives_held_credits_back(
        self, intent_of, close_order, api, open_order, buy_credits, stripe_api, runtime, client_id
    ):
        await buy_credits(3_000)
        order = await open_order(credits="max")
        assert await close_order(order["order_id"]) == CANCELLED
        assert await close_order(order["order_id"]) == CANCELLED
        intent = (await stripe_api.get(f"/payment_intents/{await intent_of(order['order_id'])}")).json()
        assert intent["status"] == "canceled"
        balance = (await api.get("/api/v1/credits/balance/", headers=headers_for(client_id))).json()
        assert balance == {"balance": usd(3_000), "held": usd(0)}

    async def test_rule_05_a_payment_that_was_faster_is_applied(
        self, open_order, runtime, stripe_api, close_order, intent_of
    ):
        order = await open_order()
        intent_id = await intent_of(order["order_id"])
        await stripe_api.post(f"/payment_intents/{intent_id}/confirm", data={"payment_method": "pm_card_visa"})
        assert await close_order(order["order_id"]) == {"status": "paid", "paid_at": PAID_AT}
        assert [type(event) for event in await events_of(runtime)] == [PaymentSucceeded]

    async def test_a_payment_that_is_heard_of_late_counts_from_its_charge(
        self, open_order, stripe_api, close_order, intent_of, clock
    ):
        clock.set(machine_now() - timedelta(minutes=10))
        order = await open_order()
        path = f"/payment_intents/{await intent_of(order['order_id'])}/confirm"
        paid = await stripe_api.post(path, data={"payment_method": "pm_card_visa"})
        charge = (await stripe_api.get(f"/charges/{paid.json()['latest_charge']}")).json()
        clock.advance(timedelta(minutes=20))
        outcome = await close_order(order["order_id"])
        assert datetime.fromisoformat(outcome["paid_at"]) == datetime.fromtimestamp(charge["created"], UTC)

    async def test_closing_what_never_opened_refuses_it_for_ever(self, api, open_order, client_id, close_order):
        order_id = new_id()
        assert await close_order(order_id) == CANCELLED
        with pytest.raises(AssertionError, match="order_closed"):
            await open_order(order_id=order_id)
        assert (await api.get("/api/v1/payments/history/", headers=headers_for(client_id))).json()["total"] == 0

    async def test_a_payment_that_cannot_be_cancelled_leaves_the_order_cancelled_and_watched(
        self, open_order, pay, close_order, runtime
    ):
        order = await open_order()
        assert (await pay(order["order_id"], "pm_usBankAccount_processing"))["status"] == "processing"
        assert await close_order(order["order_id"]) == CANCELLED
        await _a_minute_later(runtime)
        async with runtime.db.read() as session:
            assert [str(row.id) for row in await Orders(session).due_for_reconciliation(10)] == [order["order_id"]]
        assert await reconcile_intents(runtime) == 1
        assert await reconcile_intents(runtime) == 0

    async def test_paying_and_closing_at_once_agree(self, api, open_order, client_id, close_order, ledger_lines):
        order = await open_order()
        body = {"order_id": order["order_id"], "payment_method": "pm_card_visa"}
        paid, closed = await asyncio.gather(
            api.post(CONFIRM, json=body, headers=headers_for(client_id)), close_order(order["order_id"])
        )
        if closed["status"] == "paid":
            assert paid.json()["status"] == "succeeded"
            assert len(await ledger_lines()) == 1
        else:
            assert paid.json()["code"] == "order_closed"
            assert await ledger_lines() == []


class TestLatePayment:
    @pytest.fixture
    async def late(self, open_order, buy_credits, runtime, stripe_api, intent_of):
        """An order of 10,000, with 3,000 of credits: given up while the intent could not be cancelled, then paid."""
        await buy_credits(3_000)
        order = await open_order(credits="max")
        async with runtime.db.transaction() as session:
            row = await Orders(session).get(UUID(order["order_id"]), lock=True)
            await move(session, row, OrderStatus.CANCELLED)
        path = f"/payment_intents/{await intent_of(order['order_id'])}/confirm"
        await stripe_api.post(path, data={"payment_method": "pm_card_visa"})
        await service.sync_intent(runtime, await intent_of(order["order_id"]))
        return order

    @pytest.fixture
    def retake(self, api):
        async def again(order_id):
            return await api.post(f"/internal/orders/{order_id}/retake/", json={}, headers=service_headers())

        return again

    async def test_rule_05_late_payment_is_booked_and_announced(
        self, late, runtime, api, client_id, close_order, ledger_lines
    ):
        succeeded = [event for event in await events_of(runtime) if isinstance(event, PaymentSucceeded)][-1]
        assert (str(succeeded.order_id), succeeded.amount.amount, succeeded.credits.amount) == (
            late["order_id"],
            7_000,
            0,
        )
        assert ("stripe_clearing", "order_escrow", 7_000) in await ledger_lines()
        answer = await api.get(f"/api/v1/payments/orders/{late['order_id']}/", headers=headers_for(client_id))
        assert answer.json()["status"] == "paid_late"
        assert await close_order(late["order_id"]) == {"status": "paid", "paid_at": PAID_AFTER_A_PURCHASE_AT}

    async def test_rule_05_late_payment_retakes_the_credits(self, retake, late, api, client_id, ledger_lines):
        assert (await retake(late["order_id"])).json() == {"status": "paid", "paid_at": PAID_AFTER_A_PURCHASE_AT}
        assert (await retake(late["order_id"])).json() == {"status": "paid", "paid_at": PAID_AFTER_A_PURCHASE_AT}
        balance = (await api.get("/api/v1/credits/balance/", headers=headers_for(client_id))).json()
        assert balance == {"balance": usd(0), "held": usd(0)}
        assert ("client_credits", "order_escrow", 3_000) in await ledger_lines()

    async def test_rule_05_late_payment_cannot_retake_credits_that_are_gone(self, retake, late, open_order):
        await open_order(credits="max")
        answer = await retake(late["order_id"])
        assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_credits")

    async def test_rule_05_late_payment_that_went_back_cannot_be_retaken(self, late, api, retake):
        body = {"refund_id": str(new_id()), "amount": None, "reason": "slot gone", "by": "system", "cancels": True}
        refund = await api.post(f"/internal/orders/{late['order_id']}/refunds/", json=body, headers=service_headers())
        assert refund.json()["refund"] == {"card": usd(7_000), "credits": usd(0)}
        assert (await retake(late["order_id"])).json()["code"] == "order_closed"

    async def test_an_order_without_money_cannot_be_retaken(self, retake, open_order):
        order = await open_order()
        assert (await retake(order["order_id"])).json()["code"] == "order_closed"


class TestReconcile:
    async def test_a_lost_webhook_loses_no_money(self, open_order, runtime, stripe_api, intent_of):
        order = await open_order()
        intent_id = await intent_of(order["order_id"])
        await stripe_api.post(f"/payment_intents/{intent_id}/confirm", data={"payment_method": "pm_card_visa"})
        assert await reconcile_intents(runtime) == 0
        await _a_minute_later(runtime)
        assert await reconcile_intents(runtime) == 1
        assert [type(event) for event in await events_of(runtime)] == [PaymentSucceeded]
        await _a_minute_later(runtime)
        assert await reconcile_intents(runtime) == 0

    async def test_an_interrupted_closing_is_finished(self, open_order, runtime, api, stripe_api, client_id, intent_of):
        order = await open_order()
        async with runtime.db.transaction() as session:
            await session.execute(text("update orders set closing_at = created_at"))
        body = {"order_id": order["order_id"], "payment_method": "pm_card_visa"}
        assert (await api.post(CONFIRM, json=body, headers=headers_for(client_id))).status_code == 409
        await _a_minute_later(runtime)
        assert await reconcile_intents(runtime) == 1
        intent = (await stripe_api.get(f"/payment_intents/{await intent_of(order['order_id'])}")).json()
        assert intent["status"] == "canceled"


async def _a_minute_later(runtime) -> None:
    async with runtime.db.transaction() as session:
        await session.execute(text("update orders set check_at = check_at - interval '10 minutes'"))


async def _refused(*args, **kwargs):
    raise StripeRefused("No valid payment method types.", reason="payment_intent_invalid_parameter")

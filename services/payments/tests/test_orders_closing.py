"""How orders end: closed, paid too late, found by the reconcile job, or after an outage."""

import asyncio
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from devtools.testing.callers import headers_for, service_headers
from devtools.testing.delivery import events_of
from services.payments.errors import StripeRefused, StripeUnavailable
from services.payments.orders import service
from services.payments.orders.domain import OrderKind, OrderStatus, Outcome
from services.payments.orders.jobs import close_expired_orders, reconcile_intents
from services.payments.orders.repository import Orders, Terms
from services.payments.orders.settlement import move
from services.payments.stripe_gateway import StripeGateway
from services.payments.tests.faults import SERVER_ERROR
from shared.auth.verification import Who
from shared.database.idempotency import Operation
from shared.events.payments import PaymentSucceeded
from shared.records.clock import machine_now
from shared.records.ids import new_id
from shared.records.money import Money

CONFIRM = "/api/v1/payments/confirm/"
CANCELLED = {"status": "cancelled", "paid_at": None}
PAID_AT = "2026-12-01T08:00:00Z"


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
        fate = await close_order(order["order_id"])
        assert datetime.fromisoformat(fate["paid_at"]) == datetime.fromtimestamp(charge["created"], UTC)

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

    async def test_rule_05_late_payment_is_booked_and_announced(self, late, runtime, api, close_order, ledger_lines):
        succeeded = [event for event in await events_of(runtime) if isinstance(event, PaymentSucceeded)][-1]
        assert (str(succeeded.order_id), succeeded.amount.amount, succeeded.credits.amount) == (
            late["order_id"],
            7_000,
            0,
        )
        assert ("stripe_clearing", "order_escrow", 7_000) in await ledger_lines()
        answer = await api.get(f"/internal/orders/{late['order_id']}/", headers=service_headers())
        assert answer.json()["status"] == "paid_late"
        assert await close_order(late["order_id"]) == {"status": "paid", "paid_at": PAID_AT}

    async def test_rule_05_late_payment_retakes_the_credits(self, retake, late, api, client_id, ledger_lines):
        assert (await retake(late["order_id"])).json() == {"status": "paid", "paid_at": PAID_AT}
        assert (await retake(late["order_id"])).json() == {"status": "paid", "paid_at": PAID_AT}
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


class TestOutage:
    @pytest.fixture
    async def nobody(self):
        """A Stripe that does not answer, on the same database."""
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        gateway = StripeGateway("sk_test_estuary", api_base=address)
        yield gateway
        await gateway.close()

    async def test_rule_08_an_order_without_answer_is_opened_by_the_repeat(
        self, runtime, nobody, client_id, clock, stripe_api
    ):
        terms = Terms(OrderKind.BOOKING, client_id, "Yoga", Money(5_000, "USD"), clock.now() + timedelta(minutes=15))
        order_id = new_id()
        with pytest.raises(StripeUnavailable):
            await service.open_order(replace(runtime, stripe=nobody), order_id, terms, None)
        order = await service.open_order(runtime, order_id, terms, None)
        assert (order.status, order.client_secret is not None) == (OrderStatus.OPEN, True)

    async def test_closing_without_answer_stays_closed_for_payers_and_is_finished_later(
        self, close_order, runtime, nobody, open_order, api, client_id
    ):
        order = await open_order()
        with pytest.raises(StripeUnavailable):
            await service.close_order(replace(runtime, stripe=nobody), UUID(order["order_id"]), "expired")
        body = {"order_id": order["order_id"], "payment_method": "pm_card_visa"}
        assert (await api.post(CONFIRM, json=body, headers=headers_for(client_id))).json()["code"] == "order_closed"
        assert await close_order(order["order_id"]) == CANCELLED

    async def test_rule_08_a_try_without_answer_may_be_repeated_under_its_key(
        self, runtime, nobody, open_order, client_id, ledger_lines
    ):
        order_id = UUID((await open_order())["order_id"])
        who = Who(client_id, frozenset({"user"}), None, new_id())
        once = Operation(client_id, "pay-1", b"hash")
        with pytest.raises(StripeUnavailable):
            await service.confirm(replace(runtime, stripe=nobody), who, once, order_id, "pm_card_visa")
        await once.settle(runtime.db, refused=False)
        again = Operation(client_id, "pay-1", b"hash")
        assert await again.look(runtime.db) is None
        assert again.id == once.id
        answer = await service.confirm(runtime, who, again, order_id, "pm_card_visa")
        assert answer.status is Outcome.SUCCEEDED
        assert len(await ledger_lines()) == 1


class TestRefusedIntent:
    async def test_closes_the_order_and_returns_its_credits_in_that_call(
        self, buy_credits, monkeypatch, open_order, api, client_id, runtime
    ):
        await buy_credits(3_000)
        monkeypatch.setattr(runtime.stripe, "create_intent", _refused)
        order_id = new_id()
        with pytest.raises(AssertionError, match="stripe_refused"):
            await open_order(order_id=order_id, credits="max")
        balance = (await api.get("/api/v1/credits/balance/", headers=headers_for(client_id))).json()
        assert balance == {"balance": usd(3_000), "held": usd(0)}
        answer = await api.get(f"/internal/orders/{order_id}/", headers=service_headers())
        assert answer.json()["status"] == "cancelled"

    async def test_cannot_be_paid_afterwards(self, monkeypatch, open_order, api, client_id, runtime):
        order_id = new_id()
        monkeypatch.setattr(runtime.stripe, "create_intent", _refused)
        with pytest.raises(AssertionError, match="stripe_refused"):
            await open_order(order_id=order_id)
        monkeypatch.undo()
        body = {"order_id": str(order_id), "payment_method": "pm_card_visa"}
        answer = await api.post(CONFIRM, json=body, headers=headers_for(client_id))
        assert (answer.status_code, answer.json()["code"]) == (409, "order_closed")

    async def test_a_key_that_met_a_server_error_is_followed_by_another(self, connection, app, open_order):
        faults, app.state.runtime = connection
        faults.path, faults.answer, order_id = "/v1/payment_intents", SERVER_ERROR, new_id()
        with pytest.raises(AssertionError, match="stripe_unavailable"):
            await open_order(order_id=order_id)
        first, second = sorted(set(faults.keys))
        assert (first, second.startswith(f"{first}:")) == (f"order:{order_id}", True)
        faults.answer = None
        assert (await open_order(order_id=order_id))["client_secret"]

    async def test_a_try_whose_key_met_a_server_error_succeeds_with_another(
        self, connection, app, open_order, api, client_id, ledger_lines
    ):
        order = await open_order()
        faults, app.state.runtime = connection
        faults.path, faults.answer = "/confirm", SERVER_ERROR
        body, who = {"order_id": order["order_id"], "payment_method": "pm_card_visa"}, headers_for(client_id)
        headers = who | {"Idempotency-Key": "pay-1"}
        assert (await api.post(CONFIRM, json=body, headers=headers)).json()["code"] == "stripe_unavailable"
        # Stripe repeats its error for every key that met it.
        faults.answer, faults.spent = None, set(faults.keys)
        assert (await api.post(CONFIRM, json=body, headers=headers)).json()["status"] == "succeeded"
        assert len(await ledger_lines()) == 1

    @pytest.mark.parametrize("canceled", [False, True])
    async def test_an_intent_that_was_lost_is_cancelled_when_it_shows(
        self, open_order, runtime, stripe_api, api, client_id, canceled
    ):
        order_id = (await open_order())["order_id"]
        named = {"metadata[order_id]": order_id, "transfer_group": f"order_{order_id}"}
        lost = (await stripe_api.post("/payment_intents", data={"amount": "10000", "currency": "usd"} | named)).json()
        if canceled:
            await stripe_api.post(f"/payment_intents/{lost['id']}/cancel")
        assert await service.sync_intent(runtime, lost["id"])
        assert (await stripe_api.get(f"/payment_intents/{lost['id']}")).json()["status"] == "canceled"
        body = {"order_id": order_id, "payment_method": "pm_card_visa"}
        answer = await api.post(CONFIRM, json=body, headers=headers_for(client_id))
        assert answer.json()["status"] == "succeeded"


async def _refused(*args, **kwargs):
    raise StripeRefused("No valid payment method types.", reason="payment_intent_invalid_parameter")


class TestForgottenOrder:
    async def test_is_closed_a_minute_after_its_expiry(self, open_order, runtime, clock, api, buy_credits, client_id):
        await buy_credits(3_000)
        order = await open_order(credits="max")
        clock.advance(timedelta(minutes=15, seconds=59))
        assert await close_expired_orders(runtime) == 0
        clock.advance(timedelta(seconds=1))
        assert await close_expired_orders(runtime) == 1
        answer = await api.get(f"/internal/orders/{order['order_id']}/", headers=service_headers())
        assert answer.json()["status"] == "cancelled"
        balance = (await api.get("/api/v1/credits/balance/", headers=headers_for(client_id))).json()
        assert balance == {"balance": usd(3_000), "held": usd(0)}

    async def test_an_error_in_one_order_stops_no_other(self, open_order, runtime, clock, monkeypatch):
        first, second = (await open_order())["order_id"], (await open_order())["order_id"]
        real = runtime.stripe.cancel_intent

        async def broken(intent_id, order_id, number):
            if str(order_id) == first:
                raise TypeError("an answer that nobody expected")
            return await real(intent_id, order_id, number)

        monkeypatch.setattr(runtime.stripe, "cancel_intent", broken)
        clock.advance(timedelta(minutes=17))
        assert await close_expired_orders(runtime) == 1
        async with runtime.db.read() as session:
            assert (await Orders(session).get(UUID(first))).status is OrderStatus.OPEN
            assert (await Orders(session).get(UUID(second))).status is OrderStatus.CANCELLED
            assert [str(found) for found in await Orders(session).overdue(10)] == [first]

"""Orders while Stripe does not answer, refuses an intent, or nobody closes them."""

import socket
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from devtools.testing.callers import headers_for
from services.payments.orders import service
from services.payments.orders.domain import LineTerms, OrderKind, OrderStatus, Outcome, Terms
from services.payments.orders.jobs import close_expired_orders
from services.payments.orders.paying import confirm
from services.payments.orders.repository import Orders
from services.payments.orders.schemas import ConfirmPayment
from services.payments.stripe.errors import StripeUnavailable
from services.payments.stripe.gateway import StripeGateway
from services.payments.tests.faults import SERVER_ERROR
from services.payments.tests.test_orders_closing import CANCELLED, CONFIRM, _refused, usd
from shared.auth.verification import Caller
from shared.database.idempotency import IdempotentOperation
from shared.records.clock import machine_now
from shared.records.ids import new_id

PURCHASE = "/api/v1/credits/purchase/"


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
        line = LineTerms(new_id(), "Yoga", 5_000)
        terms = Terms(OrderKind.BOOKING, client_id, "Yoga", "USD", [line], clock.now() + timedelta(minutes=15))
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
        wanted = ConfirmPayment(order_id=order_id, payment_method="pm_card_visa")
        who = Caller(client_id, frozenset({"user"}), None, new_id())
        once = IdempotentOperation(client_id, "pay-1", b"hash")
        with pytest.raises(StripeUnavailable):
            await confirm(replace(runtime, stripe=nobody), who, once, wanted)
        await once.settle(runtime.db, refused=False)
        again = IdempotentOperation(client_id, "pay-1", b"hash")
        assert await again.look(runtime.db) is None
        assert again.id == once.id
        answer = await confirm(runtime, who, again, wanted)
        assert answer.status is Outcome.SUCCEEDED
        assert len(await ledger_lines()) == 1

    async def test_a_purchase_that_is_repeated_under_its_key_after_its_hours_is_closed(
        self, connection, app, runtime, clock, api, client_id
    ):
        body, who = {"amount": usd(5_000)}, headers_for(client_id) | {"Idempotency-Key": "buy-1"}
        faults, app.state.runtime = connection
        faults.path, faults.answer = "/v1/payment_intents", SERVER_ERROR
        assert (await api.post(PURCHASE, json=body, headers=who)).json()["code"] == "stripe_unavailable"
        app.state.runtime = runtime
        clock.advance(timedelta(hours=24))
        assert await close_expired_orders(runtime) == 1
        answer = await api.post(PURCHASE, json=body, headers=who)
        assert (answer.status_code, answer.json()["code"]) == (409, "order_closed")
        # A refusal is not stored: the next one is a purchase of its own.
        assert (await api.post(PURCHASE, json=body, headers=who)).json()["status"] == "open"


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
        answer = await api.get(f"/api/v1/payments/orders/{order_id}/", headers=headers_for(client_id))
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
        # Booking may not have heard the refusal.
        with pytest.raises(AssertionError, match="order_closed"):
            await open_order(order_id=order_id)

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


class TestForgottenOrder:
    async def test_is_closed_a_minute_after_its_expiry(self, open_order, runtime, clock, api, buy_credits, client_id):
        await buy_credits(3_000)
        order = await open_order(credits="max")
        clock.advance(timedelta(minutes=15, seconds=59))
        assert await close_expired_orders(runtime) == 0
        clock.advance(timedelta(seconds=1))
        assert await close_expired_orders(runtime) == 1
        answer = await api.get(f"/api/v1/payments/orders/{order['order_id']}/", headers=headers_for(client_id))
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
            assert await Orders(session).overdue(10) == []

    async def test_a_closing_that_fails_waits_ever_longer_and_says_why_until_it_gets_on(
        self, open_order, runtime, clock, monkeypatch
    ):
        order_id, pauses = UUID((await open_order())["order_id"]), []
        clock.advance(timedelta(minutes=17))
        with monkeypatch.context() as broken:
            broken.setattr(runtime.stripe, "cancel_intent", _refused)
            for _ in range(3):
                assert await close_expired_orders(runtime) == 0
                pauses.append(await self._waits(runtime, order_id))
                assert await close_expired_orders(runtime) == 0
                await self._pause_is_over(runtime)
        assert [round(pause / 5.0) for pause in pauses] == [1, 2, 4]
        assert await close_expired_orders(runtime) == 1
        async with runtime.db.read() as session:
            order = await Orders(session).get(order_id)
        assert order.status is OrderStatus.CANCELLED
        assert (order.tries, order.next_try_at, order.last_error) == (0, None, None)

    async def _waits(self, runtime: Any, order_id: UUID) -> float:
        async with runtime.db.read() as session:
            order = await Orders(session).get(order_id)
        assert order.last_error == "No valid payment method types."
        assert order.next_try_at is not None
        return (order.next_try_at - machine_now()).total_seconds()

    async def _pause_is_over(self, runtime: Any) -> None:
        async with runtime.db.autocommit() as session:
            await session.execute(text("update orders set next_try_at = now() - interval '1 second'"))

    async def test_is_what_a_purchase_of_credits_is_refused_with(self, monkeypatch, api, client_id, runtime):
        monkeypatch.setattr(runtime.stripe, "create_intent", _refused)
        answer = await api.post(PURCHASE, json={"amount": usd(5_000)}, headers=headers_for(client_id))
        assert (answer.status_code, answer.json()["code"]) == (409, "stripe_refused")

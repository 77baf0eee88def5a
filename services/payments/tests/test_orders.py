"""Orders from opening to their end, against the Stripe sandbox."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from devtools.testing.callers import headers_for, service_headers
from devtools.testing.delivery import events_of, run_jobs
from devtools.testing.observation import statements
from services.payments.orders import service
from shared.events.payments import CreditsPurchased, PaymentFailed, PaymentSucceeded
from shared.records.ids import new_id

CONFIRM = "/api/v1/payments/confirm/"
UNKNOWN = UUID(int=7)


def usd(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "USD"}


class TestAccess:
    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("POST", "/api/v1/payments/confirm/", {"order_id": str(UNKNOWN), "payment_method": "pm_card_visa"}),
            ("POST", "/api/v1/payments/create-intent/", {"order_id": str(UNKNOWN)}),
            ("GET", f"/api/v1/payments/orders/{UNKNOWN}/", None),
            ("GET", "/api/v1/payments/history/", None),
            ("PUT", f"/internal/orders/{UNKNOWN}/", {}),
            ("POST", f"/internal/orders/{UNKNOWN}/close/", {"reason": "expired"}),
            ("POST", f"/internal/orders/{UNKNOWN}/retake/", {}),
        ],
    )
    async def test_anonymous_gets_401(self, api, method, path, body):
        assert (await api.request(method, path, json=body)).status_code == 401

    async def test_a_user_cannot_call_internal_routes(self, api, client_id):
        path = f"/internal/orders/{new_id()}/close/"
        answer = await api.post(path, json={"reason": "expired"}, headers=headers_for(client_id))
        assert answer.status_code == 401

    async def test_a_stranger_gets_404(self, api, open_order):
        order_id = (await open_order())["order_id"]
        stranger = headers_for()
        body = {"order_id": order_id, "payment_method": "pm_card_visa"}
        assert (await api.post(CONFIRM, json=body, headers=stranger)).status_code == 404
        answer = await api.post("/api/v1/payments/create-intent/", json={"order_id": order_id}, headers=stranger)
        assert answer.status_code == 404
        assert (await api.get(f"/api/v1/payments/orders/{order_id}/", headers=stranger)).status_code == 404
        assert (await api.get("/api/v1/payments/history/", headers=stranger)).json()["total"] == 0

    async def test_an_unknown_order_gets_404(self, api):
        body = {"order_id": str(new_id()), "payment_method": "pm_card_visa"}
        assert (await api.post(CONFIRM, json=body, headers=headers_for())).status_code == 404


class TestOpen:
    async def test_opens_with_an_intent_of_the_amount_due(self, open_order, stripe_api, intent_of):
        order = await open_order(12_500)
        assert order["status"] == "open"
        assert order["amount_due"] == usd(12_500)
        intent = (await stripe_api.get(f"/payment_intents/{await intent_of(order['order_id'])}")).json()
        assert (intent["amount"], intent["currency"]) == (12_500, "usd")
        assert intent["client_secret"] == order["client_secret"]

    async def test_rule_08_the_same_id_again_is_the_same_order(self, open_order):
        first = await open_order()
        again = await open_order(order_id=first["order_id"])
        assert again == first

    async def test_rule_10_the_commission_rate_is_frozen_on_the_line(self, api, open_order, client_id):
        order = await open_order()
        path = f"/api/v1/payments/orders/{order['order_id']}/"
        body = (await api.get(path, headers=headers_for(client_id))).json()
        assert body["lines"][0]["commission_rate"] == "0.2000"
        assert body["refunds"] == []
        assert body["amount_due"] == usd(10_000)

    async def test_what_is_free_is_paid_at_once(self, open_order, runtime):
        order = await open_order(0)
        assert (order["status"], order["client_secret"]) == ("paid", None)
        [event] = await events_of(runtime)
        assert isinstance(event, PaymentSucceeded)

    async def test_another_currency_is_refused(self, api, client_id, clock):
        body = {
            "booking_id": str(new_id()),
            "client_id": str(client_id),
            "practitioner_id": str(new_id()),
            "title": "Yoga",
            "total": {"amount": 100, "currency": "EUR"},
            "expires_at": clock.now().isoformat(),
        }
        answer = await api.put(f"/internal/orders/{new_id()}/", json=body, headers=service_headers())
        assert (answer.status_code, answer.json()["code"]) == (422, "unsupported_currency")


class TestConfirm:
    async def test_success_pays_the_order_posts_it_and_says_so_once(self, open_order, pay, runtime, ledger_lines):
        order = await open_order()
        assert await pay(order["order_id"]) == {
            "order_id": order["order_id"],
            "status": "succeeded",
            "error": None,
            "next_action_url": None,
        }
        assert (await pay(order["order_id"]))["status"] == "succeeded"
        assert [type(event) for event in await events_of(runtime)] == [PaymentSucceeded]
        assert await ledger_lines() == [("stripe_clearing", "order_escrow", 10_000)]

    async def test_a_declined_card_leaves_the_order_open_for_another(self, open_order, pay, runtime):
        order = await open_order()
        refused = await pay(order["order_id"], "pm_card_chargeDeclinedInsufficientFunds")
        assert refused["status"] == "failed"
        assert refused["error"]["code"] == "card_declined"
        assert refused["error"]["decline_code"] == "insufficient_funds"
        assert (await pay(order["order_id"]))["status"] == "succeeded"
        assert [type(event) for event in await events_of(runtime)] == [PaymentFailed, PaymentSucceeded]

    async def test_a_bank_check_is_asked_for_and_completes_the_payment(
        self, intent_of, open_order, pay, runtime, stripe_api, api, client_id
    ):
        order = await open_order()
        asked = await pay(order["order_id"], "pm_card_authenticationRequired")
        assert asked["status"] == "requires_action"
        await stripe_api.get(asked["next_action_url"])
        await service.sync_intent(runtime, await intent_of(order["order_id"]))
        path = f"/api/v1/payments/orders/{order['order_id']}/"
        assert (await api.get(path, headers=headers_for(client_id))).json()["status"] == "paid"

    async def test_an_unknown_card_is_a_bad_field(self, api, open_order, client_id):
        order = await open_order()
        body = {"order_id": order["order_id"], "payment_method": "pm_nothing_like_it"}
        answer = await api.post(CONFIRM, json=body, headers=headers_for(client_id))
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "payment_method"

    async def test_an_expired_order_is_closed(self, api, open_order, client_id, clock):
        order = await open_order()
        clock.advance(timedelta(minutes=15))
        body = {"order_id": order["order_id"], "payment_method": "pm_card_visa"}
        answer = await api.post(CONFIRM, json=body, headers=headers_for(client_id))
        assert (answer.status_code, answer.json()["code"]) == (409, "order_closed")

    async def test_an_expired_order_that_was_charged_at_stripe_does_not_say_otherwise(
        self, api, open_order, client_id, clock, stripe_api, intent_of
    ):
        order = await open_order()
        path = f"/payment_intents/{await intent_of(order['order_id'])}/confirm"
        await stripe_api.post(path, data={"payment_method": "pm_card_visa"})
        clock.advance(timedelta(minutes=16))
        body = {"order_id": order["order_id"], "payment_method": "pm_card_visa"}
        answer = await api.post(CONFIRM, json=body, headers=headers_for(client_id))
        assert (answer.status_code, answer.json()["code"]) == (409, "order_closed")
        assert "charged" not in answer.json()["detail"]

    async def test_a_cancelled_order_is_closed(self, api, open_order, client_id, close_order):
        order = await open_order()
        await close_order(order["order_id"])
        body = {"order_id": order["order_id"], "payment_method": "pm_card_visa"}
        answer = await api.post(CONFIRM, json=body, headers=headers_for(client_id))
        assert (answer.status_code, answer.json()["code"]) == (409, "order_closed")

    async def test_rule_08_the_same_key_gets_the_same_answer_and_charges_once(
        self, api, open_order, client_id, stripe_api, runtime
    ):
        order = await open_order()
        body = {"order_id": order["order_id"], "payment_method": "pm_card_chargeDeclined"}
        headers = headers_for(client_id, idempotency_key="pay-1")
        first = await api.post(CONFIRM, json=body, headers=headers)
        again = await api.post(CONFIRM, json=body, headers=headers)
        assert again.content == first.content
        assert again.headers["idempotent-replayed"] == "true"
        other = await api.post(CONFIRM, json=body | {"payment_method": "pm_card_visa"}, headers=headers)
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")

    async def test_two_at_once_charge_once(self, open_order, pay, runtime, ledger_lines):
        order = await open_order()
        answers = await asyncio.gather(*(pay(order["order_id"]) for _ in range(4)))
        assert {answer["status"] for answer in answers} == {"succeeded"}
        assert [type(event) for event in await events_of(runtime)] == [PaymentSucceeded]
        assert len(await ledger_lines()) == 1

    async def test_a_payment_in_the_browser_leads_to_the_same(self, open_order, runtime, stripe_api, intent_of):
        order = await open_order()
        intent_id = await intent_of(order["order_id"])
        await stripe_api.post(f"/payment_intents/{intent_id}/confirm", data={"payment_method": "pm_card_visa"})
        assert await service.sync_intent(runtime, intent_id)
        assert not await service.sync_intent(runtime, intent_id)
        assert [type(event) for event in await events_of(runtime)] == [PaymentSucceeded]


class TestCreateIntent:
    async def test_answers_the_secret_of_the_open_order(self, api, open_order, client_id):
        order = await open_order()
        path = "/api/v1/payments/create-intent/"
        answer = await api.post(path, json={"order_id": order["order_id"]}, headers=headers_for(client_id))
        assert answer.json() == order

    async def test_a_paid_order_has_none(self, api, open_order, client_id, pay):
        order = await open_order()
        await pay(order["order_id"])
        path = "/api/v1/payments/create-intent/"
        answer = await api.post(path, json={"order_id": order["order_id"]}, headers=headers_for(client_id))
        assert answer.json()["code"] == "order_closed"


class TestPurchase:
    async def test_a_purchase_that_nobody_pays_closes_after_a_day(self, api, app, client_id, clock, runtime):
        body = {"amount": usd(2_000)}
        bought = await api.post("/api/v1/credits/purchase/", json=body, headers=headers_for(client_id))
        clock.advance(timedelta(hours=24))
        await run_jobs(app)
        path = f"/api/v1/payments/orders/{bought.json()['order_id']}/"
        assert (await api.get(path, headers=headers_for(client_id))).json()["status"] == "cancelled"
        assert await events_of(runtime) == []

    async def test_a_paid_purchase_is_credits(self, buy_credits, runtime, api, client_id, ledger_lines):
        await buy_credits(2_000)
        assert [type(event) for event in await events_of(runtime)] == [CreditsPurchased, PaymentSucceeded]
        assert await ledger_lines() == [("stripe_clearing", "client_credits", 2_000)]
        balance = (await api.get("/api/v1/credits/balance/", headers=headers_for(client_id))).json()
        assert balance == {"balance": usd(2_000), "held": usd(0)}


class TestHistory:
    async def test_lists_the_clients_orders_newest_first(self, api, open_order, buy_credits, client_id, clock):
        await buy_credits(1_000)
        clock.advance(timedelta(minutes=1))
        order = await open_order()
        body = (await api.get("/api/v1/payments/history/", headers=headers_for(client_id))).json()
        assert [row["kind"] for row in body["results"]] == ["booking", "credits"]
        assert body["results"][0]["id"] == order["order_id"]
        none = await api.get("/api/v1/payments/history/?search=nothing%25", headers=headers_for(client_id))
        assert none.json()["total"] == 0
        others = await api.get("/api/v1/payments/history/?search=-nothing", headers=headers_for(client_id))
        assert others.json()["total"] == 2
        paid = await api.get("/api/v1/payments/history/?status=paid", headers=headers_for(client_id))
        assert paid.json()["total"] == 1
        oldest = await api.get("/api/v1/payments/history/?ordering=created_at", headers=headers_for(client_id))
        assert oldest.json()["results"] == body["results"][::-1]
        unknown = await api.get("/api/v1/payments/history/?ordering=status", headers=headers_for(client_id))
        assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_ordering")


class TestEffort:
    async def test_a_checkout_takes_few_statements(self, open_order, pay, runtime):
        await runtime.db.ping()  # a connection is open
        with statements(runtime.db) as opening:
            order = await open_order()
        with statements(runtime.db) as paying:
            await pay(order["order_id"])
        assert (len(opening), len(paying)) == (4, 7)

    async def test_a_list_takes_two_statements(self, open_order, api, client_id, runtime):
        for _ in range(3):
            await open_order()
        with statements(runtime.db) as listing:
            await api.get("/api/v1/payments/history/", headers=headers_for(client_id))
        assert len(listing) == 2

"""Paying with saved cards, saving the card that pays, and charging while the client is away."""

from datetime import timedelta
from typing import Any

import pytest

from devtools.testing.callers import headers_for, service_headers
from devtools.testing.delivery import events_of
from devtools.testing.observation import statements
from services.payments.orders.domain import Saving
from services.payments.orders.service import sync_intent
from services.payments.tests.faults import LOST
from services.payments.tests.vaults import Wallet
from shared.events.payments import PaymentSucceeded
from shared.records.ids import new_id

CONFIRM = "/api/v1/payments/confirm/"
ON_SETUP = "pm_card_authenticationRequiredOnSetup"
ALWAYS_ASKED = "pm_card_authenticationRequired"
Json = dict[str, Any]


class TestConfirm:
    async def test_a_saved_card_pays(self, wallet: Wallet, open_order):
        card, order = await wallet.save(), await open_order()
        answer = await wallet.confirm(order["order_id"], payment_method_id=card["id"])
        assert (answer.status_code, answer.json()["status"]) == (200, "succeeded")
        assert [type(event) for event in await events_of(wallet.runtime)] == [PaymentSucceeded]
        assert len(await wallet.charges()) == 1

    async def test_mn_4_its_bank_may_want_to_see_the_client(self, wallet: Wallet, open_order):
        card, order = await wallet.save(ALWAYS_ASKED), await open_order()
        answer = (await wallet.confirm(order["order_id"], payment_method_id=card["id"])).json()
        assert answer["status"] == "requires_action"
        await wallet.authenticate(answer["next_action_url"])
        assert (await wallet.confirm(order["order_id"], payment_method_id=card["id"])).json()["status"] == "succeeded"
        assert len(await wallet.charges()) == 1

    async def test_a_saved_card_may_be_declined_and_another_pays(self, wallet: Wallet, open_order):
        bad, good, order = await wallet.save("pm_card_chargeCustomerFail"), await wallet.save(), await open_order()
        refused = (await wallet.confirm(order["order_id"], payment_method_id=bad["id"])).json()
        assert (refused["status"], refused["error"]["decline_code"]) == ("failed", "generic_decline")
        assert (await wallet.confirm(order["order_id"], payment_method_id=good["id"])).json()["status"] == "succeeded"

    @pytest.mark.parametrize("cards", [{}, {"payment_method": "pm_card_visa", "payment_method_id": str(new_id())}])
    async def test_both_or_none_is_refused(self, wallet: Wallet, open_order, cards):
        answer = await wallet.confirm((await open_order())["order_id"], **cards)
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["field"], error["code"]) == (422, "payment_method", "one_needed")

    @pytest.mark.parametrize("save", ["yes", 1])
    async def test_save_is_yes_or_no(self, wallet: Wallet, open_order, save):
        answer = await wallet.confirm((await open_order())["order_id"], payment_method="pm_card_visa", save=save)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "save")

    async def test_anothers_card_is_not_found_and_nothing_changed(self, wallet: Wallet, open_order):
        order, mine = await open_order(), wallet.client_id
        wallet.client_id = new_id()
        theirs = await wallet.save()
        wallet.client_id = mine
        for card in (theirs["id"], str(new_id())):
            answer = await wallet.confirm(order["order_id"], payment_method_id=card)
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (404, "payment_method_id")
        assert await wallet.sql("select attempts from payments.orders") == [(0,)]

    async def test_a_card_that_is_gone_at_stripe_is_declined(self, wallet: Wallet, open_order):
        card, order = await wallet.save(), await open_order()
        [(stripe_id,)] = await wallet.sql("select stripe_id from payments.payment_methods")
        await wallet.stripe_api.post(f"/payment_methods/{stripe_id}/detach")
        answer = (await wallet.confirm(order["order_id"], payment_method_id=card["id"])).json()
        assert (answer["status"], answer["error"]["code"]) == ("failed", "invalid_payment_method")

    async def test_nothing_new_costs_no_statement_more(self, wallet: Wallet, open_order):
        order = await open_order()
        with statements(wallet.runtime.db) as seen:
            await wallet.confirm(order["order_id"], payment_method="pm_card_visa")
        assert not [one for one in seen if "customers" in one or "payment_methods" in one or "setups" in one]


class TestSave:
    async def test_the_card_is_saved_with_its_payment(self, wallet: Wallet, open_order):
        bills = wallet.bills()
        order = await open_order()
        answer = await wallet.confirm(order["order_id"], payment_method="pm_card_visa", save=True)
        assert answer.json()["status"] == "succeeded"
        [card] = await wallet.cards()
        assert (card["last4"], card["is_default"]) == ("4242", True)
        assert [str(method) for _, method in bills.offered] == [card["id"]]

    async def test_without_save_it_is_not(self, wallet: Wallet, open_order):
        await wallet.confirm((await open_order())["order_id"], payment_method="pm_card_visa")
        assert await wallet.cards() == []

    async def test_after_3d_secure_the_webhook_saves_it(self, wallet: Wallet, open_order, intent_of):
        order = await open_order()
        answer = (await wallet.confirm(order["order_id"], payment_method=ON_SETUP, save=True)).json()
        assert await wallet.cards() == []
        await wallet.authenticate(answer["next_action_url"])
        for _ in range(2):
            await sync_intent(wallet.runtime, await intent_of(order["order_id"]))
        assert [card["last4"] for card in await wallet.cards()] == ["3155"]

    async def test_a_declined_one_is_not_saved_nor_is_the_next_one(self, wallet: Wallet, open_order):
        order = await open_order()
        refused = await wallet.confirm(order["order_id"], payment_method="pm_card_chargeDeclined", save=True)
        assert refused.json()["status"] == "failed"
        paid = await wallet.confirm(order["order_id"], payment_method="pm_card_visa")
        assert paid.json()["status"] == "succeeded"
        assert await wallet.cards() == await wallet.at_stripe() == []

    async def test_a_lost_answer_saves_it_once_the_webhook_comes(
        self, wallet: Wallet, open_order, connection, intent_of
    ):
        order = await open_order()
        faults, wallet.app.state.runtime = connection
        faults.path, faults.answer, faults.takes_effect = "/confirm", LOST, True
        assert (await wallet.confirm(order["order_id"], payment_method="pm_card_visa", save=True)).status_code == 503
        faults.answer = None
        await sync_intent(wallet.runtime, await intent_of(order["order_id"]))
        assert len(await wallet.cards()) == 1

    async def test_what_always_saves_needs_no_wish(self, wallet: Wallet):
        answer = await wallet.confirm(await wallet.bill(Saving.ALWAYS), payment_method="pm_card_visa")
        assert answer.json()["status"] == "succeeded"
        assert len(await wallet.cards()) == 1


class TestWhenOpened:
    async def test_the_named_card_pays_with_the_opening(self, wallet: Wallet, open_order):
        card = await wallet.save()
        order_id = new_id()
        for _ in range(2):
            order = await open_order(order_id=order_id, payment_method_id=card["id"])
            assert order["status"] == "paid"
        assert len(await wallet.charges()) == 1

    async def test_it_takes_two_requests_to_stripe(self, wallet: Wallet, open_order, connection):
        card = await wallet.save()
        faults, wallet.app.state.runtime = connection
        await open_order(payment_method_id=card["id"])
        assert [key.split(":")[0] for key in faults.keys] == ["order", "attempt"]

    async def test_declined_or_to_be_authenticated_it_stays_open(self, wallet: Wallet, open_order):
        bad, asked = await wallet.save("pm_card_chargeCustomerFail"), await wallet.save(ALWAYS_ASKED)
        order_id = new_id()
        for _ in range(2):
            order = await open_order(order_id=order_id, payment_method_id=bad["id"])
            assert (order["status"], order["payment"]["status"]) == ("open", "failed")
            assert order["payment"]["error"]["decline_code"] == "generic_decline"
        order = await open_order(payment_method_id=asked["id"])
        assert (order["status"], order["payment"]["status"]) == ("open", "requires_action")
        assert order["payment"]["next_action_url"].startswith("http")

    async def test_anothers_card_opens_nothing(self, wallet: Wallet, api, clock):
        body = {
            "booking_id": str(new_id()),
            "client_id": str(wallet.client_id),
            "practitioner_id": str(new_id()),
            "title": "Yoga",
            "total": {"amount": 5_000, "currency": "USD"},
            "payment_method_id": str(new_id()),
            "expires_at": (clock.now() + timedelta(minutes=15)).isoformat(),
        }
        answer = await api.put(f"/internal/orders/{new_id()}/", json=body, headers=service_headers())
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (404, "payment_method_id")
        assert await wallet.sql("select id from payments.orders") == []

    async def test_a_card_that_went_meanwhile_is_no_reason_to_refuse_a_repeat(self, wallet: Wallet, open_order):
        card, order_id = await wallet.save("pm_card_chargeCustomerFail"), new_id()
        await open_order(order_id=order_id, payment_method_id=card["id"])
        assert (await wallet.change("DELETE", f"{card['id']}/")).status_code == 204
        order = await open_order(order_id=order_id, payment_method_id=card["id"])
        assert (order["status"], order["payment"]) == ("open", None)

    async def test_what_credits_pay_needs_no_card(self, wallet: Wallet, open_order, buy_credits):
        await buy_credits(10_000)
        card = await wallet.save()
        order = await open_order(credits="max", payment_method_id=card["id"])
        assert (order["status"], order["payment"]) == ("paid", None)


async def test_a_stranger_cannot_pay_with_their_card(wallet: Wallet, open_order, api):
    card, order = await wallet.save(), await open_order(client_id=str(new_id()))
    body = {"order_id": order["order_id"], "payment_method_id": card["id"]}
    assert (await api.post(CONFIRM, json=body, headers=headers_for(wallet.client_id))).status_code == 404


async def test_a_first_bill_takes_three_requests_to_stripe(wallet: Wallet, connection):
    faults, runtime = connection
    wallet.use(stripe=runtime.stripe)
    bill = await wallet.bill(Saving.ALWAYS)
    assert (await wallet.confirm(bill, payment_method="pm_card_visa")).json()["status"] == "succeeded"
    assert [key.split(":")[0] for key in faults.keys] == ["customer", "order", "attempt"]
    assert len(await wallet.cards()) == 1


async def test_what_always_saves_does_so_too_where_the_browser_pays(wallet: Wallet):
    """With Stripe.js and the bill's client secret, which is what a subscriber's app does."""
    bill = await wallet.bill(Saving.ALWAYS)
    [(intent_id, secret)] = await wallet.sql("select intent_id, client_secret from payments.orders")
    method = {"type": "card", "card": {"number": "4242424242424242", "exp_month": 1, "exp_year": 2040, "cvc": "123"}}
    path = f"/payment_intents/{intent_id}/confirm"
    paid = await wallet.in_browser(path, client_secret=secret, payment_method_data=method)
    assert paid["status"] == "succeeded"
    for _ in range(2):
        await sync_intent(wallet.runtime, intent_id)
    assert await wallet.sql(f"select status from payments.orders where id = '{bill}'") == [("paid",)]
    assert [card["last4"] for card in await wallet.cards()] == ["4242"]
    assert len(await wallet.at_stripe()) == 1

"""Customers, their saved payment methods, and payments with these, through the official SDK."""

import asyncio
from typing import Any

from estuary.sandbox.tests.conftest import refused


class TestCustomers:
    async def test_a_key_makes_one_customer_however_often(self, sandbox):
        params, options = {"metadata": {"user_id": "7"}}, {"idempotency_key": "customer:7"}
        tries = [sandbox.v1.customers.create_async(params, options) for _ in range(4)]
        made: list[Any] = await asyncio.gather(*tries, return_exceptions=True)
        assert len({one.id for one in made if not isinstance(one, Exception)}) == 1
        assert len((await sandbox.v1.customers.list_async()).data) == 1

    async def test_a_customer_changes(self, sandbox, customer):
        changed = await sandbox.v1.customers.update_async(customer, {"name": "Ada", "metadata": {"a": "b"}})
        assert (changed.name, changed.email, changed.metadata.to_dict()) == ("Ada", "ada@example.org", {"a": "b"})
        found = await sandbox.v1.customers.list_async({"email": "ada@example.org"})
        assert [one.id for one in found.data] == [customer]

    async def test_the_default_is_one_of_its_own(self, sandbox, customer, save):
        method = await save("pm_card_visa")
        settings = {"invoice_settings": {"default_payment_method": method}}
        changed = await sandbox.v1.customers.update_async(customer, settings)
        assert changed.invoice_settings.default_payment_method == method
        other = await sandbox.v1.customers.create_async({})
        assert (await refused(sandbox.v1.customers.update_async(other.id, settings))).param == "payment_method"
        await sandbox.v1.payment_methods.detach_async(method)
        assert (await sandbox.v1.customers.retrieve_async(customer)).invoice_settings.default_payment_method is None

    async def test_of_a_deleted_one_nothing_is_left(self, sandbox, customer, save):
        method = await save("pm_card_visa")
        gone = await sandbox.v1.customers.delete_async(customer)
        assert gone.to_dict() == {"id": customer, "object": "customer", "deleted": True}
        assert (await sandbox.v1.customers.retrieve_async(customer)).to_dict() == gone.to_dict()
        (event,) = await sandbox.hooks.wait_for("customer.deleted")
        assert event.data.object.id == customer
        assert (await sandbox.v1.customers.list_async()).data == []
        assert (await refused(sandbox.v1.customers.delete_async(customer))).http_status == 404
        assert (await refused(sandbox.v1.setup_intents.create_async({"customer": customer}))).param == "customer"
        assert "may not be used again" in str(await refused(sandbox.paid(card=method)))


class TestAttach:
    async def test_attached_listed_detached(self, sandbox, customer):
        for card in ("pm_card_visa", "pm_card_mastercard"):
            method = await sandbox.v1.payment_methods.attach_async(card, {"customer": customer})
            assert method.customer == customer
        listed = await sandbox.v1.customers.payment_methods.list_async(customer, {"type": "card"})
        assert [(one.card.brand, one.card.last4) for one in listed.data] == [("mastercard", "4444"), ("visa", "4242")]
        first = listed.data[0].id
        assert (await sandbox.v1.customers.payment_methods.retrieve_async(customer, first)).id == first
        assert (await sandbox.v1.payment_methods.detach_async(first)).customer is None
        (event,) = await sandbox.hooks.wait_for("payment_method.detached")
        assert event.data.object.id == first
        assert len(await sandbox.hooks.wait_for("payment_method.attached", 2)) == 2
        assert len((await sandbox.v1.payment_methods.list_async({"customer": customer})).data) == 1
        again = await refused(sandbox.v1.payment_methods.attach_async(first, {"customer": customer}))
        assert "detached from a Customer" in str(again)
        assert "detachment is impossible" in str(await refused(sandbox.v1.payment_methods.detach_async(first)))

    async def test_one_card_number_has_one_fingerprint(self, sandbox):
        card = {"number": "4242 4242 4242 4242", "exp_month": 7, "exp_year": 2031, "cvc": "123"}
        typed = await sandbox.v1.payment_methods.create_async({"type": "card", "card": card})
        token = await sandbox.v1.payment_methods.create_async({"type": "card", "card": {"token": "tok_visa"}})
        other = await sandbox.v1.payment_methods.create_async({"type": "card", "card": {"token": "tok_mastercard"}})
        assert (typed.card.exp_month, typed.card.exp_year) == (7, 2031)
        assert typed.card.fingerprint == token.card.fingerprint != other.card.fingerprint

    async def test_a_declined_card_cannot_be_saved(self, sandbox, customer):
        error = await refused(
            sandbox.v1.payment_methods.attach_async("pm_card_chargeDeclinedLostCard", {"customer": customer})
        )
        assert (error.http_status, error.error.decline_code) == (402, "lost_card")
        assert error.error.advice_code == "do_not_try_again"
        assert (await sandbox.v1.payment_methods.list_async({"customer": customer})).data == []

    async def test_a_saved_one_belongs_to_its_customer(self, sandbox, customer, save):
        method = await save("pm_card_visa")
        other = (await sandbox.v1.customers.create_async({})).id
        taken = await refused(sandbox.v1.payment_methods.attach_async(method, {"customer": other}))
        assert "already been attached" in str(taken)
        assert "belongs to a Customer" in str(await refused(sandbox.paid(card=method)))
        theirs = await refused(sandbox.paid(card=method, customer=other))
        assert "does not have a payment method" in str(theirs)
        assert (await sandbox.paid(card=method, customer=customer)).status == "succeeded"

    async def test_what_is_known_of_a_card_changes(self, sandbox, customer, save, happens_to):
        method = await save("pm_card_visa")
        before = await sandbox.v1.payment_methods.retrieve_async(method)
        changed = await sandbox.v1.payment_methods.update_async(method, {"card": {"exp_month": 3, "exp_year": 2033}})
        assert (changed.card.exp_month, changed.card.exp_year) == (3, 2033)
        assert len(await sandbox.hooks.wait_for("payment_method.updated")) == 1
        await happens_to(method, exp_month=4, exp_year=2044, last4="1881")
        (event,) = await sandbox.hooks.wait_for("payment_method.automatically_updated")
        card = event.data.object.card
        assert (card.exp_month, card.exp_year, card.last4) == (4, 2044, "1881")
        assert card.fingerprint != before.card.fingerprint


class TestSetup:
    async def test_a_good_card_is_saved(self, sandbox, customer):
        made = await sandbox.v1.setup_intents.create_async(
            {"customer": customer, "automatic_payment_methods": {"enabled": True}, "metadata": {"setup_id": "7"}}
        )
        assert (made.status, made.usage) == ("requires_payment_method", "off_session")
        done = await sandbox.v1.setup_intents.confirm_async(made.id, {"payment_method": "pm_card_visa"})
        assert done.status == "succeeded"
        assert made.latest_attempt is None
        assert done.latest_attempt.startswith("setatt_")
        assert (await sandbox.v1.payment_methods.retrieve_async(done.payment_method)).customer == customer
        (event,) = await sandbox.hooks.wait_for("setup_intent.succeeded")
        assert event.data.object.metadata.to_dict() == {"setup_id": "7"}
        for call in (sandbox.v1.setup_intents.confirm_async, sandbox.v1.setup_intents.cancel_async):
            error = await refused(call(made.id))
            assert (error.code, error.error.setup_intent.status) == ("setup_intent_unexpected_state", "succeeded")

    async def test_the_bank_wants_to_see_its_owner(self, sandbox, customer):
        params = {"customer": customer, "payment_method": "pm_card_authenticationRequired", "confirm": True}
        made = await sandbox.v1.setup_intents.create_async(params | {"return_url": "https://example.org/back"})
        assert made.status == "requires_action"
        await sandbox.hooks.wait_for("setup_intent.requires_action")
        assert (await sandbox.v1.payment_methods.list_async({"customer": customer})).data == []
        url = made.next_action.redirect_to_url.url
        for _ in range(2):
            status, _, text = await sandbox.get(url)
            assert status == 200
            assert f"setup_intent={made.id}" in text
        assert (await sandbox.v1.setup_intents.retrieve_async(made.id)).status == "succeeded"
        assert len(await sandbox.hooks.wait_for("payment_method.attached")) == 1

    async def test_the_owner_is_not_recognised(self, sandbox, customer):
        params = {"customer": customer, "payment_method": "pm_card_authenticationRequired", "confirm": True}
        made = await sandbox.v1.setup_intents.create_async(params)
        await sandbox.get(made.next_action.redirect_to_url.url + "?result=fail")
        (event,) = await sandbox.hooks.wait_for("setup_intent.setup_failed")
        error = event.data.object.last_setup_error
        assert (event.data.object.status, error.code) == (
            "requires_payment_method",
            "setup_intent_authentication_failure",
        )
        assert (await sandbox.v1.payment_methods.list_async({"customer": customer})).data == []

    async def test_a_declined_card_leaves_it_open(self, sandbox, customer):
        made = await sandbox.v1.setup_intents.create_async({"customer": customer})
        error = await refused(
            sandbox.v1.setup_intents.confirm_async(made.id, {"payment_method": "pm_card_chargeDeclined"})
        )
        assert (error.http_status, error.code, error.error.setup_intent.id) == (402, "card_declined", made.id)
        done = await sandbox.v1.setup_intents.confirm_async(made.id, {"payment_method": "pm_card_visa"})
        assert (done.status, done.last_setup_error) == ("succeeded", None)

    async def test_a_cancelled_one_stays_cancelled(self, sandbox):
        made = await sandbox.v1.setup_intents.create_async({})
        gone = await sandbox.v1.setup_intents.cancel_async(made.id, {"cancellation_reason": "abandoned"})
        assert (gone.status, gone.cancellation_reason) == ("canceled", "abandoned")
        params = {"payment_method": "pm_card_visa"}
        assert (await refused(sandbox.v1.setup_intents.confirm_async(made.id, params))).http_status == 400

    async def test_a_browser_confirms_with_the_publishable_key(self, sandbox, customer):
        made = await sandbox.v1.setup_intents.create_async({"customer": customer})
        browser, secret = {"api_key": "pk_test_estuary"}, {"client_secret": made.client_secret}
        card = {"type": "card", "card": {"number": "4242424242424242", "exp_month": 1, "exp_year": 2040, "cvc": "1"}}
        done = await sandbox.v1.setup_intents.confirm_async(made.id, secret | {"payment_method_data": card}, browser)
        assert done.status == "succeeded"
        assert "customer" not in done
        guess = sandbox.v1.setup_intents.retrieve_async(made.id, {"client_secret": "guess"}, browser)
        assert (await refused(guess)).http_status == 404

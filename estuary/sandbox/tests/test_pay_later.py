"""Payments with saved payment methods, as Stripe documents its test cards, through the official SDK."""

import pytest

from estuary.sandbox.tests.conftest import refused


class TestPayLater:
    """Payments with a saved card: the payer is there, or away (`off_session`)."""

    @pytest.mark.parametrize(
        ("card", "outcome"),
        [
            ("pm_card_visa", "succeeded"),
            ("pm_card_chargeCustomerFail", "generic_decline"),
            ("pm_card_authenticationRequired", "authentication_required"),
            ("pm_card_authenticationRequiredOnSetup", "succeeded"),
            ("pm_card_authenticationRequiredSetupForOffSession", "succeeded"),
            ("pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", "insufficient_funds"),
        ],
    )
    async def test_away(self, sandbox, customer, save, card, outcome):
        method = await save(card)
        pay = sandbox.paid(card=method, customer=customer, off_session=True)
        if outcome == "succeeded":
            assert (await pay).status == outcome
        else:
            error = await refused(pay)
            assert (error.http_status, error.error.decline_code) == (402, outcome)
            assert error.error.payment_method.id == method
        assert (await sandbox.v1.payment_methods.retrieve_async(method)).customer == customer

    @pytest.mark.parametrize(
        ("card", "outcome"),
        [
            ("pm_card_visa", "succeeded"),
            ("pm_card_chargeCustomerFail", "generic_decline"),
            ("pm_card_authenticationRequired", "requires_action"),
            ("pm_card_authenticationRequiredOnSetup", "requires_action"),
            ("pm_card_authenticationRequiredSetupForOffSession", "requires_action"),
            ("pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", "requires_action"),
        ],
    )
    async def test_there(self, sandbox, customer, save, card, outcome):
        pay = sandbox.paid(card=await save(card), customer=customer)
        if outcome == "generic_decline":
            assert (await refused(pay)).error.decline_code == outcome
        else:
            assert (await pay).status == outcome

    async def test_attached_without_a_setup_it_must_authenticate(self, sandbox, customer):
        method = await sandbox.v1.payment_methods.attach_async(
            "pm_card_authenticationRequiredOnSetup", {"customer": customer}
        )
        error = await refused(sandbox.paid(card=method.id, customer=customer, off_session=True))
        assert error.code == "authentication_required"
        retried = await sandbox.v1.payment_intents.confirm_async(
            error.error.payment_intent.id, {"payment_method": method.id}
        )
        assert retried.status == "requires_action"

    async def test_a_payment_saves_its_card(self, sandbox, customer):
        card = "pm_card_authenticationRequiredOnSetup"
        asked = await sandbox.paid(card=card, customer=customer, setup_future_usage="off_session")
        assert asked.status == "requires_action"
        await sandbox.get(asked.next_action.redirect_to_url.url)
        (saved,) = (await sandbox.v1.payment_methods.list_async({"customer": customer})).data
        assert (await sandbox.paid(card=saved.id, customer=customer, off_session=True)).status == "succeeded"
        assert (await sandbox.paid(card=saved.id, customer=customer)).status == "requires_action"

    async def test_a_declined_payment_saves_nothing(self, sandbox, customer):
        more = {"customer": customer, "setup_future_usage": "off_session"}
        assert (await refused(sandbox.paid(card="pm_card_chargeDeclined", **more))).code == "card_declined"
        assert (await sandbox.v1.payment_methods.list_async({"customer": customer})).data == []

    async def test_a_payer_who_is_away_saves_no_card(self, sandbox, customer):
        error = await refused(sandbox.paid(customer=customer, setup_future_usage="off_session", off_session=True))
        assert (error.http_status, error.param) == (400, "off_session")
        assert "you cannot set up future usages" in str(error)
        made = await sandbox.v1.payment_intents.create_async(
            {"amount": 5000, "currency": "usd", "customer": customer, "setup_future_usage": "on_session"}
        )
        params = {"payment_method": "pm_card_visa", "off_session": True}
        assert (await refused(sandbox.v1.payment_intents.confirm_async(made.id, params))).param == "off_session"
        unset = params | {"setup_future_usage": ""}
        assert (await sandbox.v1.payment_intents.confirm_async(made.id, unset)).status == "succeeded"

    async def test_a_card_that_is_not_saved_is_used_once(self, sandbox, customer):
        card = {"type": "card", "card": {"token": "tok_visa"}}
        method = (await sandbox.v1.payment_methods.create_async(card)).id
        assert (await sandbox.paid(card=method, customer=customer)).status == "succeeded"
        assert "may not be used again" in str(await refused(sandbox.paid(card=method, customer=customer)))
        attach = sandbox.v1.payment_methods.attach_async(method, {"customer": customer})
        assert "may not be used again" in str(await refused(attach))

    async def test_a_card_is_revoked(self, sandbox, customer, save, happens_to):
        method = await save("pm_card_visa")
        await happens_to(method, declined="revocation_of_authorization", advice_code="do_not_try_again")
        error = await refused(sandbox.paid(card=method, customer=customer, off_session=True))
        assert (error.error.decline_code, error.error.advice_code) == (
            "revocation_of_authorization",
            "do_not_try_again",
        )
        shown = (await sandbox.v1.payment_intents.list_async({"customer": customer})).data[0].last_payment_error
        assert shown.advice_code == "do_not_try_again"
        await happens_to(method, becomes="pm_card_visa")
        assert (await sandbox.paid(card=method, customer=customer, off_session=True)).status == "succeeded"

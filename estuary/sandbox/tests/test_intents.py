"""Payment intents through the official SDK, over TCP."""

import asyncio
from typing import Any

import pytest
import stripe


class TestPay:
    async def test_a_good_card_succeeds_and_leaves_a_charge(self, sandbox):
        made = await sandbox.v1.payment_intents.create_async(
            {
                "amount": 12_500,
                "currency": "usd",
                "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
                "metadata": {"order_id": "7"},
                "transfer_group": "booking",
            }
        )
        assert made.status == "requires_payment_method"
        assert made.client_secret.startswith(f"{made.id}_secret_")
        paid = await sandbox.v1.payment_intents.confirm_async(
            made.id, {"payment_method": "pm_card_visa", "expand": ["latest_charge.balance_transaction"]}
        )
        assert (paid.status, paid.amount_received) == ("succeeded", 12_500)
        charge = paid.latest_charge
        assert (charge.amount, charge.paid, charge.payment_intent) == (12_500, True, made.id)
        assert charge.balance_transaction.fee == 393
        assert charge.metadata.to_dict() == {"order_id": "7"}
        again = await sandbox.v1.payment_intents.retrieve_async(made.id)
        assert again.status == "succeeded"
        assert again.latest_charge == charge.id

    async def test_webhooks_tell_and_verify(self, sandbox):
        paid = await sandbox.paid()
        (event,) = await sandbox.hooks.wait_for("payment_intent.succeeded")
        assert event.data.object.id == paid.id
        assert event.api_version == "2026-10-28.endive"
        listed = await sandbox.v1.events.list_async({"limit": 50})
        kinds = [entry.type for entry in listed.data]
        assert kinds == ["payment_intent.succeeded", "charge.succeeded", "payment_intent.created"]
        assert (await sandbox.v1.events.retrieve_async(event.id)).type == "payment_intent.succeeded"

    @pytest.mark.parametrize(
        ("card", "code", "decline_code"),
        [
            ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
            ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
            ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
            ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
            ("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
            ("pm_card_chargeDeclinedStolenCard", "card_declined", "stolen_card"),
            ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
            ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
            ("pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error"),
            ("pm_card_radarBlock", "card_declined", "fraudulent"),
        ],
    )
    async def test_a_declined_card_leaves_the_intent_payable(self, sandbox, card, code, decline_code):
        made = await sandbox.v1.payment_intents.create_async({"amount": 5000, "currency": "usd"})
        with pytest.raises(stripe.CardError) as caught:
            await sandbox.v1.payment_intents.confirm_async(made.id, {"payment_method": card})
        error: Any = caught.value
        assert (error.http_status, error.code, error.error.decline_code) == (402, code, decline_code)
        assert error.error.payment_intent.id == made.id
        after = await sandbox.v1.payment_intents.retrieve_async(made.id)
        assert (after.status, after.payment_method) == ("requires_payment_method", None)
        assert after.last_payment_error.code == code
        (failed,) = await sandbox.hooks.wait_for("payment_intent.payment_failed")
        assert failed.data.object.id == made.id
        paid = await sandbox.v1.payment_intents.confirm_async(made.id, {"payment_method": "pm_card_mastercard"})
        assert (paid.status, paid.last_payment_error) == ("succeeded", None)

    @pytest.mark.parametrize("card", ["pm_card_authenticationRequired", "pm_card_threeDSecure2Required"])
    async def test_three_d_secure_is_completed_by_opening_the_page(self, sandbox, card):
        asked = await sandbox.paid(card=card, return_url="https://example.org/back")
        assert asked.status == "requires_action"
        url = asked.next_action.redirect_to_url.url
        assert url.startswith(f"{sandbox.address}/sandbox/stripe/")
        await sandbox.hooks.wait_for("payment_intent.requires_action")
        for _ in range(2):
            status, _, text = await sandbox.get(url)
            assert status == 200
            assert "redirect_status=succeeded" in text
        done = await sandbox.v1.payment_intents.retrieve_async(asked.id)
        assert (done.status, done.next_action) == ("succeeded", None)
        assert len((await sandbox.v1.charges.list_async({"payment_intent": asked.id})).data) == 1

    async def test_three_d_secure_can_fail(self, sandbox):
        asked = await sandbox.paid(card="pm_card_authenticationRequired")
        await sandbox.get(asked.next_action.redirect_to_url.url + "?result=fail")
        after = await sandbox.v1.payment_intents.retrieve_async(asked.id)
        assert after.status == "requires_payment_method"
        assert after.last_payment_error.code == "payment_intent_authentication_failure"

    async def test_a_wrong_token_completes_nothing(self, sandbox):
        asked = await sandbox.paid(card="pm_card_authenticationRequired")
        status, _, _ = await sandbox.get(f"{sandbox.address}/sandbox/stripe/authenticate/{asked.id}/guess/")
        assert status == 404
        assert (await sandbox.v1.payment_intents.retrieve_async(asked.id)).status == "requires_action"

    async def test_off_session_authentication_is_a_decline(self, sandbox):
        with pytest.raises(stripe.CardError) as caught:
            await sandbox.paid(card="pm_card_authenticationRequired", off_session=True)
        assert caught.value.code == "authentication_required"

    async def test_a_bank_payment_is_processing_first(self, sandbox):
        paid = await sandbox.paid(card="pm_usBankAccount_success")
        assert paid.status == "processing"
        await sandbox.hooks.wait_for("payment_intent.succeeded")
        assert (await sandbox.v1.payment_intents.retrieve_async(paid.id)).status == "succeeded"

    async def test_a_browser_confirms_with_the_publishable_key(self, sandbox):
        made = await sandbox.v1.payment_intents.create_async(
            {"amount": 5000, "currency": "usd", "metadata": {"a": "b"}}
        )
        browser = {"api_key": "pk_test_estuary"}
        secret = {"client_secret": made.client_secret}
        seen = await sandbox.v1.payment_intents.retrieve_async(made.id, secret, browser)
        assert "metadata" not in seen
        card = {"type": "card", "card": {"number": "4242424242424242", "exp_month": 1, "exp_year": 2040, "cvc": "123"}}
        paid = await sandbox.v1.payment_intents.confirm_async(made.id, secret | {"payment_method_data": card}, browser)
        assert paid.status == "succeeded"
        with pytest.raises(stripe.PermissionError):
            await sandbox.v1.payment_intents.list_async({}, browser)
        with pytest.raises(stripe.InvalidRequestError):
            await sandbox.v1.payment_intents.retrieve_async(made.id, {"client_secret": "guess"}, browser)


class TestRefusals:
    @pytest.mark.parametrize(
        ("params", "code", "param"),
        [
            ({"currency": "usd"}, "parameter_missing", "amount"),
            ({"amount": 100}, "parameter_missing", "currency"),
            ({"amount": 49, "currency": "usd"}, "amount_too_small", "amount"),
            ({"amount": 100_000_000, "currency": "usd"}, "amount_too_large", "amount"),
            ({"amount": "ten", "currency": "usd"}, "parameter_invalid_integer", "amount"),
            ({"amount": 500, "currency": "zzz"}, None, "currency"),
            ({"amount": 500, "currency": "usd", "payment_method": "pm_unknown"}, "resource_missing", "payment_method"),
        ],
    )
    async def test_bad_parameters_are_named(self, sandbox, params, code, param):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await sandbox.v1.payment_intents.create_async(params)
        assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, code, param)

    async def test_an_unknown_intent_is_missing(self, sandbox):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await sandbox.v1.payment_intents.retrieve_async("pi_none")
        assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")

    async def test_other_keys_are_refused(self, sandbox):
        with pytest.raises(stripe.AuthenticationError):
            await sandbox.v1.payment_intents.list_async({}, {"api_key": "sk_test_other"})

    async def test_a_paid_intent_is_neither_confirmed_nor_cancelled_again(self, sandbox):
        paid = await sandbox.paid()
        for call in (sandbox.v1.payment_intents.confirm_async, sandbox.v1.payment_intents.cancel_async):
            with pytest.raises(stripe.InvalidRequestError) as caught:
                await call(paid.id)
            error: Any = caught.value
            assert error.code == "payment_intent_unexpected_state"
            assert error.error.payment_intent.status == "succeeded"

    async def test_a_cancelled_intent_stays_cancelled(self, sandbox):
        made = await sandbox.v1.payment_intents.create_async({"amount": 5000, "currency": "usd"})
        gone = await sandbox.v1.payment_intents.cancel_async(made.id, {"cancellation_reason": "abandoned"})
        assert (gone.status, gone.cancellation_reason) == ("canceled", "abandoned")
        await sandbox.hooks.wait_for("payment_intent.canceled")
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await sandbox.v1.payment_intents.confirm_async(made.id, {"payment_method": "pm_card_visa"})
        assert caught.value.code == "payment_intent_unexpected_state"

    async def test_of_confirm_and_cancel_at_once_one_wins(self, sandbox):
        for _ in range(5):
            made = await sandbox.v1.payment_intents.create_async({"amount": 5000, "currency": "usd"})
            results = await asyncio.gather(
                *(sandbox.v1.payment_intents.confirm_async(made.id, {"payment_method": "pm_card_visa"}) for _ in "ab"),
                sandbox.v1.payment_intents.cancel_async(made.id),
                return_exceptions=True,
            )
            refused: list[Any] = [result for result in results if isinstance(result, Exception)]
            assert len(refused) == 2
            assert all(error.code == "payment_intent_unexpected_state" for error in refused)
            charges = await sandbox.v1.charges.list_async({"payment_intent": made.id})
            after = await sandbox.v1.payment_intents.retrieve_async(made.id)
            assert len(charges.data) == (after.status == "succeeded")


class TestChangeAndList:
    async def test_update_merges_metadata_and_checks_the_amount(self, sandbox):
        made = await sandbox.v1.payment_intents.create_async(
            {"amount": 5000, "currency": "usd", "metadata": {"keep": "1", "drop": "2"}}
        )
        changed = await sandbox.v1.payment_intents.update_async(
            made.id, {"amount": 6000, "metadata": {"drop": "", "new": "3"}, "description": "Yoga"}
        )
        assert (changed.amount, changed.description) == (6000, "Yoga")
        assert changed.metadata.to_dict() == {"keep": "1", "new": "3"}

    async def test_lists_page_both_ways(self, sandbox):
        made = [(await sandbox.paid(500 + n)).id for n in range(5)]
        first = await sandbox.v1.payment_intents.list_async({"limit": 2})
        assert ([entry.id for entry in first.data], first.has_more) == (made[:2:-1], True)
        walked = [entry.id async for entry in first.auto_paging_iter()]
        assert walked == made[::-1]
        before = await sandbox.v1.payment_intents.list_async({"ending_before": made[1], "limit": 2})
        assert [entry.id for entry in before.data] == [made[3], made[2]]

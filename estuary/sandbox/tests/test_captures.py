"""Manual capture: what is authorised is captured once, given back, or lost after seven days of the sandbox's clock."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import stripe

from estuary.sandbox.clock import move

WEEK = 7 * 24 * 3600


@pytest.fixture
async def held(sandbox):
    """A payment intent whose 100.00 are authorised."""
    return await sandbox.paid(capture_method="manual", expand=["latest_charge"])


async def available(sandbox):
    return (await sandbox.v1.balance.retrieve_async()).available[0].amount


class TestAuthorize:
    async def test_the_bank_holds_the_money_for_seven_days(self, sandbox, held):
        assert (held.status, held.amount_capturable, held.amount_received) == ("requires_capture", 10_000, 0)
        charge = held.latest_charge
        assert (charge.paid, charge.captured, charge.balance_transaction) == (True, False, None)
        assert charge.payment_method_details.card.capture_before == charge.created + WEEK
        (event,) = await sandbox.hooks.wait_for("payment_intent.amount_capturable_updated")
        assert event.data.object.id == held.id
        with pytest.raises(stripe.InvalidRequestError):
            await sandbox.v1.refunds.create_async({"payment_intent": held.id})
        with pytest.raises(stripe.InvalidRequestError):
            await sandbox.v1.refunds.create_async({"charge": charge.id})

    async def test_three_d_secure_comes_first(self, sandbox):
        asked = await sandbox.paid(card="pm_card_authenticationRequired", capture_method="manual")
        await sandbox.get(asked.next_action.redirect_to_url.url)
        assert (await sandbox.v1.payment_intents.retrieve_async(asked.id)).status == "requires_capture"


class TestCapture:
    async def test_it_is_captured_once(self, sandbox, held):
        before = await available(sandbox)
        tries = [sandbox.v1.payment_intents.capture_async(held.id) for _ in range(3)]
        done: list[Any] = await asyncio.gather(*tries, return_exceptions=True)
        (paid,) = (one for one in done if not isinstance(one, Exception))
        assert (paid.status, paid.amount_received, paid.amount_capturable) == ("succeeded", 10_000, 0)
        refused: list[Any] = [one for one in done if isinstance(one, Exception)]
        assert {error.code for error in refused} == {"payment_intent_unexpected_state"}
        assert await available(sandbox) == before + 9680
        await sandbox.hooks.wait_for("payment_intent.succeeded")
        made = await sandbox.v1.refunds.create_async({"payment_intent": held.id})
        assert (made.amount, made.status) == (10_000, "succeeded")

    async def test_what_is_not_captured_is_free_again(self, sandbox, held):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await sandbox.v1.payment_intents.capture_async(held.id, {"amount_to_capture": 10_001})
        assert caught.value.code == "amount_too_large"
        paid = await sandbox.v1.payment_intents.capture_async(held.id, {"amount_to_capture": 4000})
        charge = await sandbox.v1.charges.retrieve_async(paid.latest_charge)
        assert (paid.amount_received, charge.amount_captured, charge.amount_refunded) == (4000, 4000, 6000)
        [released] = (await sandbox.v1.refunds.list_async({"payment_intent": held.id})).data
        assert (released.amount, released.status, released.balance_transaction) == (6000, "succeeded", None)
        assert (await sandbox.v1.refunds.create_async({"payment_intent": held.id})).amount == 4000

    async def test_an_unpaid_intent_has_nothing_to_capture(self, sandbox):
        made = await sandbox.v1.payment_intents.create_async({"amount": 5000, "currency": "usd"})
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await sandbox.v1.payment_intents.capture_async(made.id)
        assert caught.value.code == "payment_intent_unexpected_state"


class TestGiveBack:
    async def test_a_cancelled_one_costs_nothing(self, sandbox, held):
        before = await available(sandbox)
        gone = await sandbox.v1.payment_intents.cancel_async(held.id)
        assert (gone.status, gone.amount_capturable) == ("canceled", 0)
        charge = await sandbox.v1.charges.retrieve_async(held.latest_charge.id)
        assert (charge.captured, charge.refunded) == (False, True)
        (refund,) = (await sandbox.v1.refunds.list_async({"payment_intent": held.id})).data
        assert (refund.amount, refund.balance_transaction, await available(sandbox)) == (10_000, None, before)
        with pytest.raises(stripe.InvalidRequestError):
            await sandbox.v1.payment_intents.capture_async(held.id)

    async def test_after_seven_days_it_is_too_late(self, sandbox, held):
        other = await sandbox.paid(capture_method="manual")
        await sandbox.v1.payment_intents.capture_async(other.id)
        move(sandbox.runtime.clock, timedelta(seconds=WEEK + 1))
        (event,) = await sandbox.hooks.wait_for("payment_intent.canceled")
        assert (event.data.object.id, event.data.object.cancellation_reason) == (held.id, "automatic")
        (refund,) = (await sandbox.v1.refunds.list_async({"payment_intent": held.id})).data
        assert refund.reason == "expired_uncaptured_charge"
        assert (await sandbox.v1.payment_intents.retrieve_async(other.id)).status == "succeeded"

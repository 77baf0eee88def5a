"""A bank payout that staff end before it has left Stripe."""

from datetime import timedelta

import pytest

from services.payments.payouts.jobs import advance_payouts
from services.payments.tests.faults import SERVER_ERROR, Connection
from services.payments.tests.scenes import Market
from services.payments.tests.test_payouts_attention import at_the_bank, broken, decide, reversed_amounts


@pytest.mark.parametrize("after_an_error", [False, True])
async def test_what_has_not_left_stripe_is_called_off(
    market: Market, connection: Connection, after_an_error: bool
) -> None:
    payout_id = await at_the_bank(market, connection)
    faults, away = connection
    ((stripe_id, account),) = await market.sql("select bank_payout_id, stripe_account_id from payments.payouts")
    pending = {"id": stripe_id, "object": "payout", "status": "pending", "amount": 8000}
    faults.answer = (200, pending)
    market.clock.advance(timedelta(days=10))
    await advance_payouts(away)
    called_off = (200, pending | {"status": "canceled"})
    faults.others["POST", "/cancel"] = called_off
    # What was called off lies in the account again: here by a transfer of the test's own.
    given = {"amount": "8000", "currency": "usd", "destination": account}
    await market.stripe_api.post("/transfers", data=given)
    market.app.state.runtime = away
    if after_an_error:
        faults.others["POST", "/cancel"], sent = SERVER_ERROR, len(faults.keys)
        assert (await decide(market, payout_id, "fail")).json()["code"] == "stripe_unavailable"
        # Stripe repeats its error for every key that met it.
        faults.others["POST", "/cancel"], faults.spent = called_off, set(faults.keys[sent:])
        await market.advance(away)
        assert (await market.show(payout_id))["status"] == "failed"
        return
    assert (await decide(market, payout_id, "fail")).json()["status"] == "failed"
    assert await market.summary() == {"available": 8000}
    assert await reversed_amounts(market) == [0, 8000]
    assert not (await market.sql("select needs_details from payments.payout_accounts"))[0][0]
    assert await broken(market) == []

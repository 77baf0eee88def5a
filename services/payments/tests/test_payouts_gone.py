"""Payouts to accounts that Stripe no longer shows us, and money that comes back after staff had marked it paid."""

from datetime import timedelta
from typing import Any

import pytest

from services.payments.install.service import keep_currency
from services.payments.payouts.domain import BankState
from services.payments.payouts.jobs import advance_payouts
from services.payments.tests.faults import SERVER_ERROR, Answer, Connection
from services.payments.tests.scenes import Market
from services.payments.tests.test_payouts_attention import at_the_bank, bank_says, broken, decide, reversed_amounts
from services.payments.tests.test_webhooks import event_of, signed

NO_ACCESS = "The provided key does not have access to account 'acct_1'. Application access may have been revoked."
GONE: Answer = (403, {"error": {"type": "invalid_request_error", "code": "account_invalid", "message": NO_ACCESS}})


async def transferred(market: Market, connection: Connection) -> str:
    """A payout whose next step is its bank payout."""
    await market.account()
    await market.earned()
    payout_id = await market.approved()
    await market.advance(connection[1])
    return payout_id


async def gone_for_a_day(market: Market, connection: Connection, path: str) -> None:
    """Stripe refuses all that concerns the account, until staff are asked."""
    faults, away = connection
    faults.method, faults.path, faults.answer, faults.takes_effect = "any", path, GONE, False
    market.app.state.runtime = away
    for _ in range(2):
        await market.advance(away)
    market.clock.advance(timedelta(days=1))
    await market.owner_sql("update payments.provider_calls set last_sent_at = last_sent_at - interval '2 minutes'")
    await advance_payouts(away)


async def shown(market: Market, payout_id: str) -> tuple[str, Any]:
    payout = await market.show(payout_id)
    return payout["status"], payout["reason"]


class TestAccountGone:
    async def test_setting_it_up_again_says_what_stripe_says(self, market: Market, connection: Connection) -> None:
        stripe_id = (await market.account())["stripe_account_id"]
        faults, market.app.state.runtime = connection
        faults.method, faults.path, faults.answer, faults.takes_effect = "any", f"/{stripe_id}", GONE, False
        answer = await market.api.post("/api/v1/practitioner/payouts/account/", headers=market.practitioner)
        assert (answer.status_code, answer.json()["code"]) == (409, "stripe_refused")

    async def test_what_was_never_sent_is_fetched_back(self, market: Market, connection: Connection) -> None:
        payout_id = await transferred(market, connection)
        await gone_for_a_day(market, connection, "/v1/payouts")
        assert await shown(market, payout_id) == ("needs_attention", NO_ACCESS)
        assert (await decide(market, payout_id, "fail")).json()["status"] == "failed"
        assert await reversed_amounts(market) == [8000]
        assert await market.summary() == {"available": 8000}
        assert await broken(market) == []

    @pytest.mark.parametrize("lost", [False, True])
    async def test_what_was_sent_staff_can_mark_as_paid(
        self, market: Market, connection: Connection, lost: bool
    ) -> None:
        faults, path = connection[0], "/v1/payouts"
        if lost:
            payout_id = await transferred(market, connection)
            faults.path, faults.answer, faults.takes_effect = path, SERVER_ERROR, True
            await market.advance(connection[1])
        else:
            payout_id = await at_the_bank(market, connection)
            path = faults.path
        await gone_for_a_day(market, connection, path)
        assert (await shown(market, payout_id))[0] == "needs_attention"
        answer = await decide(market, payout_id, "fail")
        assert (answer.status_code, answer.json()["code"]) == (409, "not_reversible")
        assert (await shown(market, payout_id))[0] == "needs_attention"
        answer = await decide(market, payout_id, "mark-paid", reference="statement of June")
        assert (answer.status_code, answer.json()["status"]) == (200, "paid")
        assert await market.summary() == {"paid": 8000}

    async def test_it_is_not_paid_out(self, market: Market, connection: Connection) -> None:
        account = await market.account()
        await market.earned()
        payout_id = await market.payout()
        faults, market.app.state.runtime = connection
        faults.method, faults.path, faults.answer = "GET", account["stripe_account_id"], GONE
        payload = event_of("account.updated", account["stripe_account_id"])
        await market.api.post("/api/v1/webhooks/stripe/", content=payload, headers=signed(payload))
        await market.work()
        assert await market.sql("select state from payments.stripe_events") == [("done",)]
        answer = await market.approve(payout_id)
        assert (answer.status_code, answer.json()["code"]) == (409, "payouts_not_enabled")
        assert await shown(market, payout_id) == ("eligible", None)

    async def test_with_a_key_of_another_stripe_account_nothing_is_learned(
        self, market: Market, connection: Connection
    ) -> None:
        await keep_currency(market.runtime.db, "USD")
        account = await market.account()
        await market.earned()
        payout_id = await market.payout()
        faults, market.app.state.runtime = connection
        faults.method, faults.path, faults.answer = "GET", account["stripe_account_id"], GONE
        faults.others["GET", "/v1/account"] = (200, {"id": "acct_another", "object": "account"})
        payload = event_of("account.updated", account["stripe_account_id"])
        await market.api.post("/api/v1/webhooks/stripe/", content=payload, headers=signed(payload))
        await market.work()
        assert await market.sql("select payouts_enabled from payments.payout_accounts") == [(True,)]
        assert await market.sql("select state, tries from payments.stripe_events") == [("pending", 0)]
        assert (await market.approve(payout_id)).status_code == 503
        faults.answer = None
        faults.others.clear()
        assert (await market.approve(payout_id)).status_code == 200

    async def test_an_invalid_key_of_ours_is_no_closed_account(self, market: Market, connection: Connection) -> None:
        account = await market.account()
        faults, market.app.state.runtime = connection
        faults.method, faults.path, faults.answer = "GET", account["stripe_account_id"], (401, GONE[1])
        payload = event_of("account.updated", account["stripe_account_id"])
        await market.api.post("/api/v1/webhooks/stripe/", content=payload, headers=signed(payload))
        await market.work()
        assert await market.sql("select payouts_enabled from payments.payout_accounts") == [(True,)]


class TestComesBackAfterMarkedPaid:
    @pytest.mark.parametrize(
        ("verb", "body", "left"),
        [("fail", {}, {"available": 8000}), ("mark-paid", {"reference": "as before"}, {"paid": 8000})],
    )
    async def test_staff_say_whose_it_is(
        self, market: Market, connection: Connection, verb: str, body: dict[str, str], left: dict[str, int]
    ) -> None:
        await market.bank(await market.account(), "btok_us_verified_noAccount")
        payout_id = await at_the_bank(market, connection)
        market.clock.advance(timedelta(days=10))
        await advance_payouts(connection[1])
        market.app.state.runtime = connection[1]
        assert (await decide(market, payout_id, "mark-paid", reference="by hand")).json()["status"] == "paid"
        await bank_says(market, payout_id, BankState.FAILED)
        await market.work()
        assert (await shown(market, payout_id))[0] == "needs_attention"
        assert await market.summary() == {"paid": 8000}
        assert await broken(market) == []
        assert (await decide(market, payout_id, verb, **body)).status_code == 200
        assert await market.summary() == left
        assert await broken(market) == []

"""Payouts at Stripe: failing banks, crashes in between, and webhooks."""

import asyncio
from datetime import timedelta
from uuid import UUID

from devtools.testing.delivery import events_of
from services.payments.payouts import progress, service
from services.payments.payouts.domain import BankState
from services.payments.payouts.jobs import advance_payouts
from services.payments.payouts.repository import Payouts
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe.gateway import StripeGateway
from services.payments.tests.scenes import Market
from shared.events.payments import (
    PayoutApproved,
    PayoutEvent,
    PayoutFailed,
    PayoutPaid,
    PayoutRequested,
)

BAD_BANK = "btok_us_verified_noAccount"
GOOD_BANK = "btok_us_verified"


async def published(market: Market) -> list[type[PayoutEvent]]:
    return [type(event) for event in await events_of(market.runtime) if isinstance(event, PayoutEvent)]


class TestBankFailure:
    async def test_rule_17_failed_money_returns_to_available_and_can_be_paid_again(self, market: Market) -> None:
        account = await market.account()
        await market.bank(account, BAD_BANK)
        await market.earned()
        payout_id = await market.payout()
        assert (await market.approve(payout_id)).status_code == 200
        shown = await market.until(payout_id, "failed")
        assert "account could not be located" in shown["reason"]
        assert await market.summary() == {"available": 8000}
        (transfer,) = await market.transfers(account)
        assert transfer["amount_reversed"] == 8000
        assert await published(market) == [PayoutRequested, PayoutApproved, PayoutFailed]
        await market.bank(account, GOOD_BANK)
        await market.paid_out()
        assert await market.summary() == {"paid": 8000}
        assert sum(t["amount"] - t["amount_reversed"] for t in await market.transfers(account)) == 8000

    async def test_rule_17_the_weekly_batch_waits_for_new_details(self, market: Market) -> None:
        account = await market.account("weekly")
        await market.bank(account, BAD_BANK)
        await market.earned()
        payout_id = await market.payout()
        await market.approve(payout_id)
        await market.until(payout_id, "failed")
        market.clock.advance(timedelta(days=7))
        await market.work()
        assert await market.summary() == {"available": 8000}
        await market.bank(account, "btok_us_verified")
        await service.account_changed(market.runtime, account["stripe_account_id"])
        market.clock.advance(timedelta(days=7))
        await market.work()
        assert await market.summary() == {"in_payout": 8000}

    async def test_rule_17_a_bank_that_returns_money_after_paid_is_believed(self, market: Market) -> None:
        account = await market.account()
        await market.earned()
        payout_id = await market.paid_out()
        async with market.runtime.db.transaction() as session:
            await progress.note(session, UUID(payout_id), BankState.FAILED, "Returned.")
        # Stripe puts what the bank returned back into the account's balance: here by a transfer of the test's own.
        given = {"amount": "8000", "currency": "usd", "destination": account["stripe_account_id"]}
        await market.stripe_api.post("/transfers", data=given)
        await market.until(payout_id, "failed")
        assert await market.summary() == {"available": 8000}

    async def test_rule_11_debt_is_repaid_by_what_returns(self, market: Market) -> None:
        account = await market.account()
        await market.bank(account, BAD_BANK)
        sale = await market.earned()
        payout_id = await market.payout()
        await market.approve(payout_id)
        await advance_payouts(market.runtime)
        await market.refunded(sale)
        assert (await market.summary())["debt"] == 8000
        await market.until(payout_id, "failed")
        assert await market.summary() == {"reversed": 8000}


class TestCrashes:
    """Each step may be lost after Stripe has done it; the job goes on from what is recorded."""

    async def test_rule_17_the_job_makes_the_transfer_that_was_never_made(self, market: Market) -> None:
        account = await market.account()
        await market.earned()
        payout_id = await market.approved()
        assert await advance_payouts(market.runtime) == 0, "the approval's own request has its turn first"
        await market.hurry()
        await market.until(payout_id, "paid")
        assert len(await market.transfers(account)) == 1

    async def test_rule_17_a_transfer_whose_answer_was_lost_is_not_made_twice(self, market: Market) -> None:
        account = await market.account()
        await market.earned()
        payout_id = await market.approved()
        async with market.runtime.db.read() as session:
            payout = await Payouts(session).get(UUID(payout_id))
        await market.runtime.stripe.transfer(payout.money, account["stripe_account_id"], payout.id, 1)
        await market.hurry()
        await market.until(payout_id, "paid")
        assert len(await market.transfers(account)) == 1

    async def test_rule_17_a_bank_payout_whose_answer_was_lost_is_not_made_twice(self, market: Market) -> None:
        account = await market.account()
        await market.earned()
        payout_id = await market.payout()
        await market.approve(payout_id)
        async with market.runtime.db.read() as session:
            payout = await Payouts(session).get(UUID(payout_id))
        await market.runtime.stripe.payout(payout.money, account["stripe_account_id"], payout.id, 1)
        await market.until(payout_id, "paid")
        headers = {"Stripe-Account": account["stripe_account_id"]}
        assert len((await market.stripe_api.get("/payouts", headers=headers)).json()["data"]) == 1

    async def test_an_unreachable_stripe_fails_nothing(self, market: Market) -> None:
        await market.account()
        await market.earned()
        gateway = StripeGateway("sk_test_estuary", api_base="http://127.0.0.1:1")
        payout_id = await market.approved()
        await market.hurry()
        away = PaymentsRuntime.of(market.runtime, stripe=gateway, settings=market.runtime.settings)
        assert await advance_payouts(away) == 0
        await gateway.close()
        assert (await market.show(payout_id))["status"] == "processing"
        await market.hurry()
        await market.until(payout_id, "paid")

    async def test_a_transfer_that_stripe_refuses_for_good_fails_the_payout(self, market: Market) -> None:
        await market.account()
        await market.earned()
        payout_id = await market.payout()
        await market.owner_sql("update payments.payout_accounts set stripe_account_id = 'acct_gone'")
        answer = await market.approve(payout_id)
        assert (answer.status_code, answer.json()["code"]) == (409, "transfer_refused")
        assert (await market.show(payout_id))["status"] == "failed"
        assert await market.summary() == {"available": 8000}

    async def test_money_that_stripe_does_not_have_yet_is_waited_for(self, market: Market) -> None:
        account = await market.account()
        await market.earned()
        payout_id = await market.payout()
        balance = (await market.stripe_api.get("/balance")).json()["available"]
        (available,) = (part["amount"] for part in balance if part["currency"] == "usd")
        elsewhere = {"currency": "usd", "destination": account["stripe_account_id"]}
        first = (available - 7999) // 2
        moved = [
            (await market.stripe_api.post("/transfers", data=elsewhere | {"amount": str(amount)})).json()
            for amount in (first, available - 7999 - first)
        ]
        answer = await market.approve(payout_id)
        assert (answer.status_code, answer.json()["status"]) == (200, "processing")
        assert answer.json()["stripe_transfer_id"] is None
        for transfer in moved:
            await market.stripe_api.post(f"/transfers/{transfer['id']}/reversals")
        await market.hurry()
        await market.until(payout_id, "paid")


class TestWebhooks:
    async def test_rule_07_the_payout_is_fetched_again(self, market: Market) -> None:
        account = await market.account()
        await market.earned()
        payout_id = await market.payout()
        await market.approve(payout_id)
        await advance_payouts(market.runtime)
        await asyncio.sleep(0.5)
        (row,) = await market.sql("select bank_payout_id from payments.payouts")
        for _ in range(2):
            await service.apply_bank_payout(market.runtime, row[0], account["stripe_account_id"])
        assert (await market.show(payout_id))["status"] == "paid"
        assert (await published(market)).count(PayoutPaid) == 1

    async def test_a_stranger_changes_nothing(self, market: Market) -> None:
        await service.apply_bank_payout(market.runtime, "po_unknown", "acct_unknown")
        await service.account_changed(market.runtime, "acct_unknown")

    async def test_rule_07_an_old_answer_never_takes_a_payout_back(self, market: Market) -> None:
        await market.account()
        await market.earned()
        payout_id = await market.paid_out()
        for state in (BankState.PENDING, BankState.IN_TRANSIT, BankState.PAID):
            async with market.runtime.db.transaction() as session:
                await progress.note(session, UUID(payout_id), state, None)
        assert (await market.show(payout_id))["status"] == "paid"

    async def test_an_account_that_was_onboarded_is_noticed(self, market: Market) -> None:
        account = await market.account(onboard=False)
        await market.stripe_api.get(account["onboarding_url"])
        await service.account_changed(market.runtime, account["stripe_account_id"])
        assert (await market.sql("select payouts_enabled from payments.payout_accounts"))[0][0]

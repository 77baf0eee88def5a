"""When an account may be paid out, and what ends the wait for new details."""

from datetime import timedelta

import pytest

from services.payments.payouts import service
from services.payments.payouts.details import bank_of, is_payable
from services.payments.tests.scenes import Market


def account(**more):
    return {"payouts_enabled": True, "capabilities": {"transfers": "active"}, "requirements": {}} | more


class TestPayable:
    @pytest.mark.parametrize(
        ("raw", "payable"),
        [
            (account(), True),
            (account(payouts_enabled=False), False),
            (account(capabilities={"transfers": "inactive"}), False),
            (account(requirements={"disabled_reason": "requirements.past_due"}), False),
            (account(requirements={"past_due": ["external_account"]}), False),
        ],
    )
    def test_transfers_nothing_disabled_nothing_past_due(self, raw, payable):
        assert is_payable(raw) is payable

    def test_the_default_bank_account_counts(self):
        banks = [{"id": "ba_1"}, {"id": "ba_2", "fingerprint": "f", "status": "errored", "default_for_currency": True}]
        found = bank_of(account(external_accounts={"data": banks}))
        assert found is not None
        assert (found.identity, found.usable) == ("ba_2/f/errored", False)

    async def test_inactive_transfers_stop_approval(self, market: Market, monkeypatch):
        await market.account()
        await market.earned()
        payout_id = await market.payout()
        monkeypatch.setattr("services.payments.stripe_objects.is_payable", lambda raw: False)
        answer = await market.approve(payout_id)
        assert (answer.status_code, answer.json()["code"]) == (409, "payouts_not_enabled")
        assert (await market.show(payout_id))["status"] == "eligible"

    async def test_inactive_transfers_stop_the_weekly_batch(self, market: Market):
        made = (await market.account("weekly"))["stripe_account_id"]
        await market.earned()
        await market.stripe_api.post(f"/accounts/{made}", data={"capabilities[transfers][requested]": "false"})
        await service.account_changed(market.runtime, made)
        for _ in range(3):
            market.clock.advance(timedelta(days=7))
            await market.work()
        assert await market.sql("select status from payouts") == []
        assert await market.summary() == {"available": 8000}


class TestNeedsDetails:
    async def test_ends_only_with_another_bank_account(self, market: Market):
        made = await market.account("weekly")
        await market.bank(made, "btok_us_verified_noAccount")
        await market.earned()
        payout_id = await market.payout()
        await market.approve(payout_id)
        await market.until(payout_id, "failed")
        stripe_id = made["stripe_account_id"]
        await market.stripe_api.post(f"/accounts/{stripe_id}", data={"metadata[note]": "hello"})
        await service.account_changed(market.runtime, stripe_id)
        assert (await market.sql("select needs_details from payout_accounts"))[0][0] is True
        await market.bank(made, "btok_us_verified")
        await service.account_changed(market.runtime, stripe_id)
        assert (await market.sql("select needs_details from payout_accounts"))[0][0] is False

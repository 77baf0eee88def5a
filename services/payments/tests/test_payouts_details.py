"""When an account may be paid out, and what ends the wait for new details."""

from datetime import timedelta

import pytest

from services.payments.payouts import service
from services.payments.stripe.bank_accounts import bank_of, is_payable
from services.payments.tests.faults import SERVER_ERROR
from services.payments.tests.scenes import Market
from services.payments.tests.test_webhooks import event_of, signed


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
        monkeypatch.setattr("services.payments.stripe.objects.is_payable", lambda raw: False)
        answer = await market.approve(payout_id)
        assert (answer.status_code, answer.json()["code"]) == (409, "payouts_not_enabled")
        assert (await market.show(payout_id))["status"] == "eligible"

    async def test_a_lost_capability_is_kept_when_it_is_heard_of(self, market: Market):
        account = (await market.account())["stripe_account_id"]
        url = f"{str(market.stripe_api.base_url).split('/sandbox/')[0]}/api/v1/sandbox/stripe/happen/"
        lost = {"what": "account", "id": account, "capabilities": {"transfers": "inactive"}}
        assert (await market.stripe_api.post(url, json=lost, headers=market.staff)).status_code == 200
        payload = event_of("capability.updated", "transfers", account=account)
        await market.api.post("/api/v1/webhooks/stripe/", content=payload, headers=signed(payload))
        await market.work()
        assert await market.sql("select payouts_enabled from payments.payout_accounts") == [(False,)]

    async def test_one_whose_key_met_a_server_error_is_opened_with_another(self, market: Market, connection):
        faults, market.app.state.runtime = connection
        faults.path, faults.answer = "/v1/accounts", SERVER_ERROR
        url = "/api/v1/practitioner/payouts/account/"
        assert (await market.api.post(url, headers=market.practitioner)).json()["code"] == "stripe_unavailable"
        # Stripe repeats its error for every key that met it.
        faults.answer, faults.spent = None, set(faults.keys)
        assert (await market.api.post(url, headers=market.practitioner)).json()["stripe_account_id"]

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

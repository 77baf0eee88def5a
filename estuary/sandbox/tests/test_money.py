"""Refunds, accounts, transfers, payouts and disputes through the official SDK."""

import asyncio
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

import pytest
import stripe

from estuary.sandbox.clock import move
from estuary.sandbox.stripe.balance import settles_on


class TestRefund:
    async def test_parts_add_up_to_the_charge_and_never_to_more(self, sandbox):
        paid = await sandbox.paid(10_000)
        first = await sandbox.v1.refunds.create_async(
            {"payment_intent": paid.id, "amount": 4000, "metadata": {"refund_id": "1"}}
        )
        assert (first.status, first.amount, first.charge) == ("succeeded", 4000, paid.latest_charge)
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await sandbox.v1.refunds.create_async({"payment_intent": paid.id, "amount": 6001})
        assert caught.value.param == "amount"
        rest = await sandbox.v1.refunds.create_async({"charge": paid.latest_charge})
        assert rest.amount == 6000
        charge = await sandbox.v1.charges.retrieve_async(paid.latest_charge)
        assert (charge.amount_refunded, charge.refunded) == (10_000, True)
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await sandbox.v1.refunds.create_async({"payment_intent": paid.id})
        assert caught.value.code == "charge_already_refunded"
        listed = await sandbox.v1.refunds.list_async({"payment_intent": paid.id})
        assert [entry.id for entry in listed.data] == [rest.id, first.id]
        assert len(await sandbox.hooks.wait_for("charge.refunded", 2)) == 2

    async def test_of_many_at_once_only_what_is_there_goes_back(self, sandbox):
        paid = await sandbox.paid(10_000)
        params = {"payment_intent": paid.id, "amount": 3000}
        tries = [sandbox.v1.refunds.create_async(params) for _ in range(6)]
        done = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(not isinstance(result, Exception) for result in done) == 3

    async def test_an_unpaid_intent_has_nothing_to_refund(self, sandbox):
        made = await sandbox.v1.payment_intents.create_async({"amount": 5000, "currency": "usd"})
        with pytest.raises(stripe.InvalidRequestError):
            await sandbox.v1.refunds.create_async({"payment_intent": made.id})

    async def test_a_slow_refund_arrives(self, sandbox):
        paid = await sandbox.paid(card="pm_card_pendingRefund")
        made = await sandbox.v1.refunds.create_async({"payment_intent": paid.id})
        assert made.status == "pending"
        (event,) = await sandbox.hooks.wait_for("refund.updated")
        assert event.data.object.status == "succeeded"

    async def test_a_refund_that_the_bank_sends_back_fails(self, sandbox):
        paid = await sandbox.paid(card="pm_card_refundFail")
        made = await sandbox.v1.refunds.create_async({"payment_intent": paid.id})
        assert made.status == "succeeded"
        await sandbox.hooks.wait_for("refund.failed")
        assert (await sandbox.v1.refunds.retrieve_async(made.id)).status == "failed"
        charge = await sandbox.v1.charges.retrieve_async(paid.latest_charge)
        assert (charge.amount_refunded, charge.refunded) == (0, False)


class TestConnect:
    async def test_opening_the_link_completes_onboarding(self, sandbox):
        made = await sandbox.v1.accounts.create_async(
            {
                "type": "express",
                "email": "p@example.org",
                "capabilities": {"transfers": {"requested": True}},
                "settings": {"payouts": {"schedule": {"interval": "manual"}}},
            }
        )
        assert (made.charges_enabled, made.payouts_enabled, made.details_submitted) == (False, False, False)
        assert made.settings.payouts.schedule.interval == "manual"
        link = await sandbox.v1.account_links.create_async(
            {
                "account": made.id,
                "type": "account_onboarding",
                "refresh_url": "https://example.org/a",
                "return_url": "https://example.org/b?x=1&y=<2>",
            }
        )
        assert link.url.startswith(f"{sandbox.address}/sandbox/stripe/onboarding/")
        status, headers, text = await sandbox.get(link.url)
        assert status == 200
        assert "<2>" not in text
        assert headers["content-security-policy"].startswith("default-src 'none'")
        after = await sandbox.v1.accounts.retrieve_async(made.id)
        assert (after.charges_enabled, after.payouts_enabled, after.details_submitted) == (True, True, True)
        assert after.capabilities.transfers == "active"
        (event,) = await sandbox.hooks.wait_for("account.updated")
        assert event.account == made.id

    async def test_an_account_can_change(self, sandbox):
        account = await sandbox.onboarded()
        changed = await sandbox.v1.accounts.update_async(
            account.id,
            {
                "settings": {"payouts": {"schedule": {"interval": "weekly", "weekly_anchor": "monday"}}},
                "metadata": {"a": "b"},
                "business_profile": {"name": "Yoga"},
            },
        )
        assert changed.settings.payouts.schedule.weekly_anchor == "monday"
        assert changed.business_profile.name == "Yoga"
        assert changed.charges_enabled

    async def test_money_goes_to_the_account_and_to_its_bank(self, sandbox):
        account = await sandbox.onboarded()
        transfer = await sandbox.v1.transfers.create_async(
            {"amount": 8000, "currency": "usd", "destination": account.id, "transfer_group": "g"}
        )
        assert transfer.destination_payment.startswith("py_")
        theirs = {"stripe_account": account.id}
        assert (await sandbox.v1.balance.retrieve_async({}, theirs)).available[0].amount == 8000
        payout = await sandbox.v1.payouts.create_async({"amount": 5000, "currency": "usd"}, theirs)
        assert payout.status == "pending"
        (event,) = await sandbox.hooks.wait_for("payout.paid")
        assert (event.account, event.data.object.id) == (account.id, payout.id)
        assert (await sandbox.v1.payouts.retrieve_async(payout.id, {}, theirs)).status == "paid"
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await sandbox.v1.payouts.create_async({"amount": 3001, "currency": "usd"}, theirs)
        assert caught.value.code == "balance_insufficient"
        for filters in ({"destination": account.id}, {"transfer_group": "g"}):
            assert [t.id for t in (await sandbox.v1.transfers.list_async(filters)).data] == [transfer.id]
        assert (await sandbox.v1.payouts.list_async({})).data == []

    async def test_payouts_at_once_never_exceed_the_balance(self, sandbox):
        account = await sandbox.onboarded()
        await sandbox.v1.transfers.create_async({"amount": 8000, "currency": "usd", "destination": account.id})
        params, theirs = {"amount": 3000, "currency": "usd"}, {"stripe_account": account.id}
        tries = [sandbox.v1.payouts.create_async(params, theirs) for _ in range(6)]
        done = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(not isinstance(result, Exception) for result in done) == 2

    async def test_reversals_take_back_what_is_there(self, sandbox):
        account = await sandbox.onboarded()
        transfer = await sandbox.v1.transfers.create_async(
            {"amount": 8000, "currency": "usd", "destination": account.id}
        )
        reversal = await sandbox.v1.transfers.reversals.create_async(transfer.id, {"amount": 3000})
        assert reversal.transfer == transfer.id
        after = await sandbox.v1.transfers.retrieve_async(transfer.id)
        assert (after.amount_reversed, after.reversed) == (3000, False)
        await sandbox.v1.payouts.create_async({"amount": 4000, "currency": "usd"}, {"stripe_account": account.id})
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await sandbox.v1.transfers.reversals.create_async(transfer.id)
        assert caught.value.code == "balance_insufficient"
        listed = await sandbox.v1.transfers.reversals.list_async(transfer.id)
        assert [entry.id for entry in listed.data] == [reversal.id]

    async def test_an_account_that_is_not_onboarded_receives_nothing(self, sandbox):
        made = await sandbox.v1.accounts.create_async({"type": "express"})
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await sandbox.v1.transfers.create_async({"amount": 8000, "currency": "usd", "destination": made.id})
        assert caught.value.code == "insufficient_capabilities_for_transfer"
        with pytest.raises(stripe.PermissionError):
            await sandbox.v1.payouts.list_async({}, {"stripe_account": "acct_none"})

    async def test_a_bad_bank_account_fails_the_payout_and_the_money_returns(self, sandbox):
        account = await sandbox.onboarded()
        await sandbox.v1.accounts.update_async(account.id, {"external_account": "btok_us_verified_noAccount"})
        await sandbox.v1.transfers.create_async({"amount": 8000, "currency": "usd", "destination": account.id})
        theirs = {"stripe_account": account.id}
        payout = await sandbox.v1.payouts.create_async({"amount": 5000, "currency": "usd"}, theirs)
        (event,) = await sandbox.hooks.wait_for("payout.failed")
        assert (event.data.object.id, event.data.object.failure_code) == (payout.id, "no_account")
        assert (await sandbox.v1.balance.retrieve_async({}, theirs)).available[0].amount == 8000

    async def test_the_platform_cannot_transfer_what_it_has_not(self, start):
        async with AsyncExitStack() as stack:
            sandbox = await start(stack, SANDBOX_OPENING_BALANCE="5000")
            account = await sandbox.onboarded()
            params = {"amount": 5001, "currency": "usd", "destination": account.id}
            with pytest.raises(stripe.InvalidRequestError) as caught:
                await sandbox.v1.transfers.create_async(params)
            assert caught.value.code == "balance_insufficient"
            paid = await sandbox.paid(10_000)
            moved = await sandbox.v1.transfers.create_async({**params, "source_transaction": paid.latest_charge})
            assert moved.source_transaction == paid.latest_charge


class TestBalance:
    async def test_entries_add_up_to_the_balance(self, sandbox):
        paid = await sandbox.paid(10_000)
        await sandbox.v1.refunds.create_async({"payment_intent": paid.id, "amount": 2500})
        entries = await sandbox.v1.balance_transactions.list_async({"limit": 100})
        balance = await sandbox.v1.balance.retrieve_async()
        assert sum(entry.net for entry in entries.data) == balance.available[0].amount
        assert [(entry.type, entry.net) for entry in entries.data[:2]] == [("refund", -2500), ("charge", 9680)]


class TestSettling:
    @pytest.mark.parametrize(
        ("now", "days", "then"),
        [
            ("2026-11-25T15:30:00+00:00", 0, "2026-11-25T15:30:00+00:00"),
            ("2026-11-25T15:30:00+00:00", 2, "2026-11-27T00:00:00+00:00"),
            ("2026-11-27T15:30:00+00:00", 1, "2026-11-30T00:00:00+00:00"),
            ("2026-11-28T23:30:00+00:00", 2, "2026-12-01T00:00:00+00:00"),
        ],
    )
    def test_only_business_days_count(self, now, days, then):
        moment = int(datetime.fromisoformat(now).timestamp())
        assert settles_on(moment, days) == datetime.fromisoformat(then).timestamp()

    async def test_takings_and_what_is_passed_on_of_them_come_later(self, start):
        async with AsyncExitStack() as stack:
            sandbox = await start(stack, SANDBOX_OPENING_BALANCE="5000", SANDBOX_SETTLE_DAYS="2")
            account = await sandbox.onboarded()
            paid = await sandbox.paid(10_000)
            params = {"amount": 5001, "currency": "usd", "destination": account.id}
            with pytest.raises(stripe.InvalidRequestError):
                await sandbox.v1.transfers.create_async(params)
            await sandbox.v1.transfers.create_async({**params, "source_transaction": paid.latest_charge})
            assert await _balances(sandbox) == (5000, 9680 - 5001)
            assert await _balances(sandbox, stripe_account=account.id) == (0, 5001)
            move(sandbox.runtime.clock, timedelta(days=6))
            assert await _balances(sandbox) == (5000 + 9680 - 5001, 0)
            assert await _balances(sandbox, stripe_account=account.id) == (5001, 0)
            assert {entry.status for entry in (await sandbox.v1.balance_transactions.list_async()).data} == {
                "available"
            }


async def _balances(sandbox, **options):
    balance = await sandbox.v1.balance.retrieve_async({}, options)
    return balance.available[0].amount, balance.pending[0].amount


class TestDispute:
    async def test_a_chargeback_takes_the_money_until_it_is_won(self, sandbox):
        paid = await sandbox.paid(card="pm_card_createDispute")
        (event,) = await sandbox.hooks.wait_for("charge.dispute.created")
        dispute = event.data.object
        assert (dispute.charge, dispute.status) == (paid.latest_charge, "needs_response")
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await sandbox.v1.refunds.create_async({"payment_intent": paid.id})
        assert caught.value.code == "charge_disputed"
        won = await sandbox.v1.disputes.update_async(
            dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}}
        )
        assert won.status == "won"
        await sandbox.hooks.wait_for("charge.dispute.closed")
        assert (await sandbox.v1.refunds.create_async({"payment_intent": paid.id})).status == "succeeded"

    async def test_an_inquiry_takes_nothing(self, sandbox):
        paid = await sandbox.paid(card="pm_card_createDisputeInquiry")
        await sandbox.hooks.wait_for("charge.dispute.created")
        assert not (await sandbox.v1.charges.retrieve_async(paid.latest_charge)).disputed

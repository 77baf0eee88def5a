"""Payouts: accounts, requests, decisions, the weekly batch."""

import asyncio
from datetime import timedelta

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import events_of
from services.payments.tests.scenes import CONFIRM, Market
from shared.events.payments import (
    PayoutApproved,
    PayoutEvent,
    PayoutPaid,
    PayoutRejected,
    PayoutRequested,
)

ACCOUNT = "/api/v1/practitioner/payouts/account/"


async def published(market: Market) -> list[type[PayoutEvent]]:
    return [type(event) for event in await events_of(market.runtime) if isinstance(event, PayoutEvent)]


class TestAccount:
    async def test_who_has_none_gets_404(self, market: Market) -> None:
        answer = await market.api.get(ACCOUNT, headers=market.practitioner)
        assert (answer.status_code, answer.json()["code"]) == (404, "payout_account_missing")

    async def test_a_new_account_has_to_be_onboarded(self, market: Market) -> None:
        account = await market.account(onboard=False)
        assert account["stripe_account_id"].startswith("acct_")
        assert (account["charges_enabled"], account["payouts_enabled"]) == (False, False)
        assert account["payout_schedule"] == "manual"
        assert "/sandbox/stripe/" in account["onboarding_url"]

    async def test_onboarding_enables_it(self, market: Market) -> None:
        account = await market.account()
        assert (account["charges_enabled"], account["payouts_enabled"]) == (True, True)

    async def test_the_same_account_again_and_the_schedule_changes_alone(self, market: Market) -> None:
        first, second = await market.account(), await market.account("weekly")
        assert first["stripe_account_id"] == second["stripe_account_id"]
        assert second["payout_schedule"] == "weekly"
        third = (await market.api.post(ACCOUNT, headers=market.practitioner)).json()
        assert (third["payout_schedule"], third["payouts_enabled"]) == ("weekly", True)

    async def test_rivals_create_one_account(self, market: Market) -> None:
        answers = await asyncio.gather(*(market.account(onboard=False) for _ in range(3)))
        assert len({account["stripe_account_id"] for account in answers}) == 1

    async def test_the_platform_decides_when_the_bank_is_paid(self, market: Market) -> None:
        account = await market.account()
        shown = (await market.stripe_api.get(f"/accounts/{account['stripe_account_id']}")).json()
        assert shown["settings"]["payouts"]["schedule"]["interval"] == "manual"

    async def test_an_unknown_schedule_is_422(self, market: Market) -> None:
        answer = await market.api.post(ACCOUNT, json={"payout_schedule": "hourly"}, headers=market.practitioner)
        assert answer.status_code == 422


class TestRequest:
    async def test_without_amount_all_that_is_available(self, market: Market) -> None:
        await market.account()
        await market.earned()
        answer = await market.ask()
        assert answer.status_code == 201
        assert answer.json()["amount"] == {"amount": 8000, "currency": "USD"}
        assert answer.json()["status"] == "eligible"
        assert await market.summary() == {"in_payout": 8000}

    async def test_no_account_is_409_before_anything_about_money(self, market: Market) -> None:
        for amount in (None, 6000):
            answer = await market.ask(amount)
            assert (answer.status_code, answer.json()["code"]) == (409, "payout_account_missing")

    @pytest.mark.parametrize("amount", [4999, None])
    async def test_below_fifty_is_422(self, market: Market, amount: int | None) -> None:
        await market.account()
        await market.earned(6000)
        answer = await market.ask(amount)
        assert (answer.status_code, answer.json()["code"]) == (422, "below_minimum")

    async def test_more_than_available_is_422(self, market: Market) -> None:
        await market.account()
        await market.earned()
        await market.sale()
        answer = await market.ask(8001)
        assert (answer.status_code, answer.json()["code"]) == (422, "insufficient_funds")
        assert answer.json()["errors"][0]["field"] == "amount"

    async def test_another_currency_is_422(self, market: Market) -> None:
        body = {"amount": {"amount": 9000, "currency": "EUR"}}
        practitioner = market.practitioner | {"Idempotency-Key": "one"}
        answer = await market.api.post("/api/v1/practitioner/payouts/request/", json=body, headers=practitioner)
        assert answer.json()["code"] == "unsupported_currency"

    async def test_oldest_first_and_the_last_one_is_split(self, market: Market) -> None:
        await market.account()
        sales = [await market.earned(total) for total in (5000, 10_000, 7500)]
        await market.payout(7000)
        entries = [(e["booking_id"], e["status"], e["net_amount"]["amount"]) for e in await market.entries()]
        bookings = [str(sale.booking.id) for sale in sales]
        assert sorted(entries) == sorted(
            [
                (bookings[0], "in_payout", 4000),
                (bookings[1], "in_payout", 3000),
                (bookings[1], "available", 5000),
                (bookings[2], "available", 6000),
            ]
        )
        assert await market.summary() == {"in_payout": 7000, "available": 11_000}
        gross = sum(e["gross_amount"]["amount"] for e in await market.entries())
        assert gross == 22_500

    async def test_what_has_become_due_just_now_counts(self, market: Market) -> None:
        await market.account()
        sale = await market.sale()
        await market.complete(sale)
        market.clock.advance(timedelta(hours=24))
        assert (await market.ask(8000)).status_code == 201

    async def test_rule_17_rivals_never_take_the_same_money(self, market: Market) -> None:
        await market.account()
        await market.earned(20_000)
        answers = await asyncio.gather(*(market.ask(6000) for _ in range(5)))
        assert sorted(answer.status_code for answer in answers) == [201, 201, 422, 422, 422]
        assert await market.summary() == {"in_payout": 12_000, "available": 4000}

    async def test_rule_08_the_same_key_is_the_same_payout(self, market: Market) -> None:
        await market.account()
        await market.earned(20_000)
        practitioner = market.practitioner | {"Idempotency-Key": "one"}
        body = {"amount": {"amount": 6000, "currency": "USD"}}
        url = "/api/v1/practitioner/payouts/request/"
        first, second = [await market.api.post(url, json=body, headers=practitioner) for _ in range(2)]
        assert first.json() == second.json()
        assert second.headers["Idempotent-Replayed"] == "true"
        assert await market.summary() == {"in_payout": 6000, "available": 10_000}

    async def test_without_a_key_it_is_428_and_moves_nothing(self, market: Market) -> None:
        await market.account()
        await market.earned(20_000)
        answer = await market.api.post("/api/v1/practitioner/payouts/request/", json={}, headers=market.practitioner)
        assert (answer.status_code, answer.json()["code"]) == (428, "idempotency_key_required")
        assert await market.summary() == {"available": 16_000}


class TestApprove:
    async def test_transfer_then_bank_then_paid(self, market: Market) -> None:
        account = await market.account()
        await market.earned()
        payout_id = await market.payout()
        answer = await market.approve(payout_id)
        assert answer.status_code == 200
        body = answer.json()
        assert (body["id"], body["amount"]["amount"], body["status"]) == (payout_id, 8000, "processing")
        (transfer,) = await market.transfers(account)
        assert (body["stripe_transfer_id"], transfer["amount"]) == (transfer["id"], 8000)
        shown = await market.until(payout_id, "paid")
        assert shown["paid_at"] is not None
        assert await market.summary() == {"paid": 8000}
        headers = {"Stripe-Account": account["stripe_account_id"]}
        (paid,) = (await market.stripe_api.get("/payouts", headers=headers)).json()["data"]
        assert (paid["amount"], paid["status"]) == (8000, "paid")
        assert await published(market) == [PayoutRequested, PayoutApproved, PayoutPaid]

    async def test_it_needs_the_confirmation_header(self, market: Market) -> None:
        await market.account()
        await market.earned()
        payout_id = await market.payout()
        for verb in ("approve", "reject"):
            url = f"/api/v1/admin/payouts/{payout_id}/{verb}/"
            answer = await market.api.post(url, headers=headers_for(roles=("staff",)))
            assert (answer.status_code, answer.json()["code"]) == (428, "confirmation_required")

    async def test_staff_do_not_decide_on_their_own(self, market: Market) -> None:
        account = await market.account()
        await market.earned()
        payout_id = await market.payout()
        own = headers_for(market.user_id, roles=("user", "staff", "superuser")) | CONFIRM
        for verb in ("approve", "reject", "retry", "fail", "mark-paid"):
            url = f"/api/v1/admin/payouts/{payout_id}/{verb}/"
            body = {"reference": "cash"} if verb == "mark-paid" else None
            answer = await market.api.post(url, json=body, headers=own)
            assert (answer.status_code, answer.json()["code"]) == (403, "conflict_of_interest"), verb
        assert (await market.show(payout_id))["status"] == "eligible"
        assert await market.transfers(account) == []

    async def test_twice_is_409_that_names_both_states(self, market: Market) -> None:
        await market.account()
        await market.earned()
        payout_id = await market.payout()
        assert (await market.approve(payout_id)).status_code == 200
        again = await market.approve(payout_id)
        assert again.status_code == 409
        assert again.json()["detail"].count("processing") == 2

    async def test_rule_08_the_same_key_answers_the_same(self, market: Market) -> None:
        account = await market.account()
        await market.earned()
        payout_id = await market.payout()
        first = await market.approve(payout_id, **{"Idempotency-Key": "one"})
        second = await market.approve(payout_id, **{"Idempotency-Key": "one"})
        assert first.json() == second.json()
        assert len(await market.transfers(account)) == 1

    async def test_rivals_make_one_transfer(self, market: Market) -> None:
        account = await market.account()
        await market.earned()
        payout_id = await market.payout()
        answers = await asyncio.gather(*(market.approve(payout_id) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
        assert len(await market.transfers(account)) == 1

    async def test_rule_17_without_capability_no_attempt_is_made(self, market: Market) -> None:
        account = await market.account(onboard=False)
        await market.earned()
        payout_id = await market.payout()
        answer = await market.approve(payout_id)
        assert (answer.status_code, answer.json()["code"]) == (409, "payouts_not_enabled")
        assert (await market.show(payout_id))["status"] == "eligible"
        await market.stripe_api.get(account["onboarding_url"])
        assert (await market.approve(payout_id)).status_code == 200

    async def test_it_is_on_the_audit_trail(self, market: Market) -> None:
        await market.account()
        await market.earned(20_000)
        approved, rejected = await market.payout(6000), await market.payout(6000)
        await market.approve(approved)
        await market.api.post(f"/api/v1/admin/payouts/{rejected}/reject/", headers=market.staff)
        rows = await market.sql("select action, subject_id, before, after, actor_id from payments.audit order by id")
        assert [(row[0], str(row[1]), row[2]["status"], row[3]["status"]) for row in rows] == [
            ("payout.approve", approved, "eligible", "processing"),
            ("payout.reject", rejected, "eligible", "rejected"),
        ]
        assert {row[4] for row in rows} == {market.staff_id}


class TestReject:
    async def test_the_money_is_available_again(self, market: Market) -> None:
        await market.account()
        await market.earned()
        payout_id = await market.payout()
        url = f"/api/v1/admin/payouts/{payout_id}/reject/"
        answer = await market.api.post(url, json={"reason": "Call us first."}, headers=market.staff)
        assert (answer.status_code, answer.json()["status"]) == (200, "rejected")
        assert (await market.show(payout_id))["reason"] == "Call us first."
        assert await market.summary() == {"available": 8000}
        assert await published(market) == [PayoutRequested, PayoutRejected]
        assert (await market.approve(payout_id)).status_code == 409
        await market.paid_out()
        assert await market.summary() == {"paid": 8000}

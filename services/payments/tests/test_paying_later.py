"""Bills that may be charged while their client is away: the card is saved before, and tried by a job."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from devtools.testing.callers import service_headers
from devtools.testing.delivery import run_jobs
from services.payments.orders.domain import Outcome
from services.payments.orders.errors import OrderClosed
from services.payments.tests.faults import LOST
from services.payments.tests.test_paying import ALWAYS_ASKED, CONFIRM, ON_SETUP
from services.payments.tests.vaults import Wallet
from shared.errors import NotFound, PaymentMethodRequired
from shared.records.ids import new_id


class TestSaveBefore:
    async def test_mn_4_the_card_is_attached_before_and_the_intent_saves_nothing(self, wallet: Wallet, intent_of):
        bills = wallet.bills()
        order_id = await wallet.bill()
        answer = await wallet.confirm(order_id, payment_method="pm_card_visa", save=True)
        assert answer.json()["status"] == "succeeded"
        [card] = await wallet.cards()
        assert [str(method) for _, method in bills.offered] == [card["id"]]
        intent = (await wallet.stripe_api.get(f"/payment_intents/{await intent_of(str(order_id))}")).json()
        assert intent["setup_future_usage"] is None
        assert len(await wallet.at_stripe()) == 1

    async def test_mn_4_without_save_the_card_is_used_once(self, wallet: Wallet):
        assert (await wallet.confirm(await wallet.bill(), payment_method="pm_card_visa")).json()[
            "status"
        ] == "succeeded"
        assert await wallet.cards() == []

    async def test_a_card_that_cannot_be_saved_is_declined(self, wallet: Wallet, intent_of):
        order_id = await wallet.bill()
        answer = (await wallet.confirm(order_id, payment_method="pm_card_chargeDeclined", save=True)).json()
        assert (answer["status"], answer["error"]["decline_code"]) == ("failed", "generic_decline")
        assert await wallet.cards() == []
        assert (await wallet.confirm(order_id, payment_method="pm_card_visa")).json()["status"] == "succeeded"

    async def test_mn_4_after_a_declined_payment_it_can_be_charged_while_the_client_is_away(self, wallet: Wallet):
        bills = wallet.bills()
        order_id = await wallet.bill()
        answer = await wallet.confirm(order_id, payment_method="pm_card_chargeCustomerFail", save=True)
        assert answer.json()["status"] == "failed"
        assert [card["last4"] for card in await wallet.cards()] == ["0341"]
        assert bills.offered == []
        good = await wallet.save()
        assert (await wallet.tried_away(order_id, card=good["id"])).outcome is Outcome.SUCCEEDED

    async def test_a_lost_answer_is_found_by_the_repeat(self, wallet: Wallet, connection):
        order_id = await wallet.bill()
        faults, wallet.app.state.runtime = connection
        faults.path, faults.answer, faults.takes_effect = "/attach", LOST, True
        body = {"order_id": str(order_id), "payment_method": "pm_card_visa", "save": True}
        headers = wallet.headers | {"Idempotency-Key": "k"}
        assert (await wallet.api.post(CONFIRM, json=body, headers=headers)).status_code == 503
        faults.answer = None
        assert (await wallet.api.post(CONFIRM, json=body, headers=headers)).json()["status"] == "succeeded"
        assert len(await wallet.cards()) == len(await wallet.at_stripe()) == len(await wallet.charges()) == 1


class TestAway:
    async def test_the_default_card_pays_once_however_often_it_is_tried(self, wallet: Wallet):
        await wallet.save()
        order_id, attempt_id = await wallet.bill(), new_id()
        for _ in range(2):
            tried = await wallet.tried_away(order_id, attempt_id)
            assert (tried.outcome, tried.failure) == (Outcome.SUCCEEDED, None)
        assert len(await wallet.charges()) == 1

    async def test_a_card_that_was_set_up_passes_without_3d_secure(self, wallet: Wallet):
        await wallet.save(ON_SETUP)
        assert (await wallet.tried_away(await wallet.bill())).outcome is Outcome.SUCCEEDED

    async def test_mn_4_a_demand_for_authentication_leaves_it_to_the_client(self, wallet: Wallet):
        card, order_id = await wallet.save(ALWAYS_ASKED), await wallet.bill()
        tried = await wallet.tried_away(order_id)
        assert tried.outcome is Outcome.FAILED
        assert tried.failure is not None
        assert tried.failure.code == "authentication_required"
        answer = (await wallet.confirm(order_id, payment_method_id=card["id"])).json()
        assert answer["status"] == "requires_action"
        await wallet.authenticate(answer["next_action_url"])
        assert (await wallet.confirm(order_id, payment_method_id=card["id"])).json()["status"] == "succeeded"
        assert len(await wallet.charges()) == 1

    @pytest.mark.parametrize(
        ("declined", "advice"), [("insufficient_funds", "try_again_later"), ("lost_card", "do_not_try_again")]
    )
    async def test_mn_3_it_says_why_and_what_the_bank_advises(self, wallet: Wallet, declined, advice):
        await wallet.save()
        [(stripe_id,)] = await wallet.sql("select stripe_id from payments.payment_methods")
        await wallet.happen("card", stripe_id, declined=declined, advice_code=advice)
        order_id, attempt_id = await wallet.bill(), new_id()
        for _ in range(2):
            tried = await wallet.tried_away(order_id, attempt_id)
            assert tried.failure is not None
            assert (tried.outcome, tried.failure.decline_code, tried.failure.advice_code) == (
                Outcome.FAILED,
                declined,
                advice,
            )
        assert await wallet.sql("select outcome, code from payments.payment_attempts") == [("failed", "card_declined")]

    async def test_without_a_card_and_with_anothers_nothing_is_tried(self, wallet: Wallet):
        order_id = await wallet.bill()
        with pytest.raises(PaymentMethodRequired):
            await wallet.tried_away(order_id)
        with pytest.raises(NotFound):
            await wallet.tried_away(order_id, card=str(new_id()))
        assert await wallet.sql("select attempts from payments.orders") == [(0,)]

    async def test_a_closed_order_is_closed(self, wallet: Wallet, close_order):
        await wallet.save()
        order_id = await wallet.bill()
        await close_order(order_id)
        with pytest.raises(OrderClosed):
            await wallet.tried_away(order_id)

    async def test_mn_1_fifty_times_a_client_pays_while_it_is_tried(self, wallet: Wallet):
        card = await wallet.save()
        for count in range(1, 51):
            order_id = await wallet.bill()
            body = {"payment_method": "pm_card_visa"} if count % 2 else {"payment_method_id": card["id"]}
            tried, answer = await asyncio.gather(wallet.tried_away(order_id), wallet.confirm(order_id, **body))
            assert (tried.outcome.value, answer.json()["status"]) == ("succeeded", "succeeded")
        await run_jobs(wallet.app)
        assert await wallet.sql("select status, count(*) from payments.orders group by status") == [("paid", 50)]
        paid = await wallet.sql("select count(*) from payments.ledger_transfers where reason = 'order_paid'")
        assert paid == [(50,)]


class TestFees:
    @pytest.mark.parametrize(
        ("card", "status", "code", "earned"),
        [
            ("pm_card_visa", "paid", None, [("pending", "fee", 400)]),
            (ALWAYS_ASKED, "open", "authentication_required", []),
        ],
    )
    async def test_are_charged_while_the_client_is_away_and_earned_at_once(
        self, wallet: Wallet, card, status, code, earned
    ):
        """However often it is asked for: an order of kind `fee` names a saved card."""
        saved, order_id, practitioner = await wallet.save(card), new_id(), new_id()
        line: dict[str, Any] = {"id": str(new_id()), "practitioner_id": str(practitioner), "subject_id": str(new_id())}
        line |= {"description": "Missed: Yoga", "gross_amount": {"amount": 500, "currency": "USD"}}
        body = {"kind": "fee", "client_id": str(wallet.client_id), "title": "Missed: Yoga", "lines": [line]}
        body |= {"payment_method_id": saved["id"], "expires_at": (wallet.clock.now() + timedelta(days=1)).isoformat()}
        for _ in range(2):
            answer = await wallet.api.put(f"/internal/orders/{order_id}/", json=body, headers=service_headers())
            assert answer.status_code == 200, answer.text
        await run_jobs(wallet.app)
        opened = answer.json()
        assert (opened["status"], (opened["payment"] or {}).get("error", {}).get("code")) == (status, code)
        assert len(await wallet.charges()) == len(earned)
        assert [tuple(row) for row in await wallet.sql("select status, kind, net from payments.earnings")] == earned

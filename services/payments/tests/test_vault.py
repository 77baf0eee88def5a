"""Saving cards, against the Stripe sandbox."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import run_jobs
from devtools.testing.observation import statements
from services.payments.tests.faults import LOST, SERVER_ERROR
from services.payments.tests.vaults import METHODS, Wallet
from services.payments.vault import setups
from services.payments.vault.domain import SetupStatus, status_of_card, status_of_setup
from services.payments.vault.jobs import look_at_setups
from shared.records.ids import new_id

AUTHENTICATED = "pm_card_authenticationRequiredOnSetup"
VISA = {"brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2040, "is_default": True, "status": "valid"}


class TestAccess:
    @pytest.mark.parametrize(
        ("method", "path"),
        [("POST", METHODS), ("GET", METHODS), ("POST", f"{METHODS}x/default/"), ("DELETE", f"{METHODS}x/")],
    )
    async def test_anonymous_gets_401(self, api, method, path):
        assert (await api.request(method, path)).status_code == 401

    async def test_a_stranger_gets_404_and_sees_none(self, wallet: Wallet, api):
        card = await wallet.save()
        stranger = headers_for()
        assert (await api.post(f"{METHODS}{card['id']}/default/", headers=stranger)).status_code == 404
        assert (await api.delete(f"{METHODS}{card['id']}/", headers=stranger)).status_code == 404
        assert (await api.get(METHODS, headers=stranger)).json()["total"] == 0
        assert len(await wallet.cards()) == 1


class TestSave:
    async def test_the_first_card_is_the_default(self, wallet: Wallet):
        made = await wallet.setup()
        assert (made["status"], made["error"], made["next_action_url"]) == ("succeeded", None, None)
        assert made["method"] == VISA | {"id": made["method"]["id"]}
        second = await wallet.save("pm_card_mastercard")
        assert [card["is_default"] for card in (made["method"], second)] == [True, False]
        assert [card["last4"] for card in await wallet.cards()] == ["4444", "4242"]

    async def test_saved_again_it_keeps_its_id_and_stripe_has_it_once(self, wallet: Wallet):
        first, again = await wallet.save(), await wallet.save()
        assert again == first
        await run_jobs(wallet.app)
        [(stripe_id,)] = await wallet.sql("select stripe_id from payments.payment_methods")
        assert [card["id"] for card in await wallet.at_stripe()] == [stripe_id]

    async def test_without_a_card_the_setup_waits_for_the_browser(self, wallet: Wallet, stripe_api):
        made = await wallet.setup(None)
        assert (made["status"], made["method"], made["publishable_key"]) == (
            "requires_payment_method",
            None,
            "pk_test_estuary",
        )
        [(setup_id,)] = await wallet.sql("select stripe_setup_id from payments.setups")
        confirmed = {"payment_method": "pm_card_visa", "client_secret": made["client_secret"]}
        assert (await stripe_api.post(f"/setup_intents/{setup_id}/confirm", data=confirmed)).is_success
        assert await wallet.cards() == []
        await wallet.hear_of_setups()
        assert [card["last4"] for card in await wallet.cards()] == ["4242"]

    async def test_mn_4_it_is_saved_once_the_bank_has_seen_the_client(self, wallet: Wallet):
        made = await wallet.setup(AUTHENTICATED)
        assert (made["status"], made["method"], made["error"]) == ("requires_action", None, None)
        assert await wallet.cards() == []
        await wallet.authenticate(made["next_action_url"])
        await wallet.hear_of_setups()
        assert [card["last4"] for card in await wallet.cards()] == ["3155"]

    async def test_the_bank_may_not_know_the_client(self, wallet: Wallet):
        made = await wallet.setup(AUTHENTICATED)
        await wallet.authenticate(made["next_action_url"], passed=False)
        await wallet.hear_of_setups()
        assert await wallet.cards() == []
        assert await wallet.sql("select status from payments.setups") == [("failed",)]

    async def test_a_declined_card_is_an_answer(self, wallet: Wallet):
        made = await wallet.setup("pm_card_chargeDeclined")
        assert (made["status"], made["method"]) == ("failed", None)
        assert made["error"]["decline_code"] == "generic_decline"
        assert await wallet.cards() == []

    async def test_one_that_declines_later_is_saved(self, wallet: Wallet):
        assert (await wallet.setup("pm_card_chargeCustomerFail"))["status"] == "succeeded"

    @pytest.mark.parametrize("payment_method", ["pm_unknown", "pm_usBankAccount_success"])
    async def test_what_is_no_card_is_the_clients_mistake(self, wallet: Wallet, payment_method):
        answer = await wallet.try_to_save(payment_method)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_payment_method")
        assert answer.json()["errors"][0]["field"] == "payment_method"
        assert await wallet.sql("select id from payments.setups") == []

    async def test_rule_08_the_same_key_is_the_same_setup(self, wallet: Wallet):
        first, again = await wallet.setup(key="k"), await wallet.setup(key="k")
        assert again == first

    async def test_saving_offers_the_card_for_what_is_overdue(self, wallet: Wallet):
        bills = wallet.bills()
        card = await wallet.save()
        assert [(who, str(method)) for who, method in bills.offered] == [(wallet.client_id, card["id"])]

    async def test_the_list_is_two_statements_however_many_cards(self, wallet: Wallet):
        for token in ("pm_card_visa", "pm_card_mastercard", "pm_card_amex"):
            await wallet.save(token)
        with statements(wallet.runtime.db) as seen:
            assert len(await wallet.cards()) == 3
        assert len(seen) == 2


class TestExpired:
    @pytest.mark.parametrize(
        ("now", "status"),
        [
            (datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC), "valid"),
            (datetime(2028, 3, 1, tzinfo=UTC), "expired"),
            (datetime(2027, 12, 31, tzinfo=UTC), "valid"),
            (datetime(2029, 1, 1, tzinfo=UTC), "expired"),
        ],
    )
    def test_a_card_is_valid_until_the_end_of_its_month(self, now, status):
        assert status_of_card(2028, 2, now).value == status

    async def test_it_is_shown(self, wallet: Wallet, clock):
        await wallet.save()
        clock.advance(timedelta(days=366 * 15))
        assert [card["status"] for card in await wallet.cards()] == ["expired"]


class TestOutage:
    async def test_a_lost_answer_is_found_by_the_repeat(self, wallet: Wallet, connection):
        faults, wallet.app.state.runtime = connection
        faults.path, faults.answer, faults.takes_effect = "/v1/setup_intents", LOST, True
        answer = await wallet.try_to_save(key="k")
        assert (answer.status_code, answer.json()["code"]) == (503, "stripe_unavailable")
        faults.answer = None
        assert (await wallet.setup(key="k"))["status"] == "succeeded"
        assert len(await wallet.cards()) == len(await wallet.at_stripe()) == 1

    async def test_a_lost_answer_is_found_by_the_job(self, wallet: Wallet, connection):
        faults, wallet.app.state.runtime = connection
        faults.path, faults.answer, faults.takes_effect = "/v1/setup_intents", LOST, True
        assert (await wallet.try_to_save()).status_code == 503
        faults.answer = None
        await wallet.due("setups")
        assert await look_at_setups(wallet.runtime) == 1
        assert len(await wallet.cards()) == len(await wallet.at_stripe()) == 1

    async def test_a_key_that_met_a_server_error_is_followed_by_another(self, wallet: Wallet, connection):
        faults, wallet.app.state.runtime = connection
        await wallet.save("pm_card_mastercard")
        faults.path, faults.answer = "/v1/setup_intents", SERVER_ERROR
        assert (await wallet.try_to_save(key="k")).status_code == 503
        faults.spent, faults.answer = {key for key in faults.keys if key.startswith("setup:")}, None
        assert (await wallet.setup(key="k"))["status"] == "succeeded"

    async def test_the_job_hears_what_no_webhook_told(self, wallet: Wallet):
        made = await wallet.setup(AUTHENTICATED)
        await wallet.authenticate(made["next_action_url"])
        await wallet.due("setups")
        assert await look_at_setups(wallet.runtime) == 1
        assert len(await wallet.cards()) == 1
        await wallet.due("setups")
        assert await look_at_setups(wallet.runtime) == 0

    async def test_so_many_are_open_at_most_however_many_ask_at_once(self, wallet: Wallet, monkeypatch):
        monkeypatch.setattr(setups, "MOST_OPEN", 5)
        answers = await asyncio.gather(*(wallet.try_to_save(None, key=str(n)) for n in range(12)))
        assert sorted(answer.status_code for answer in answers) == [201] * 5 + [409] * 7
        assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"limit_reached"}
        assert (await wallet.sql("select count(*) from payments.setups")) == [(5,)]
        wallet.clock.advance(timedelta(hours=24))
        await wallet.due("setups")
        assert await look_at_setups(wallet.runtime) == 5
        assert [(await wallet.try_to_save()).status_code for _ in range(6)] == [201] * 6

    async def test_looked_at_ever_more_rarely(self, wallet: Wallet):
        await wallet.setup(None)
        for _ in range(12):
            await wallet.due("setups")
            assert await look_at_setups(wallet.runtime) == 1
        [(hours,)] = await wallet.sql("select extract(epoch from next_try_at - now()) / 3600 from payments.setups")
        assert 3 < hours <= 4

    async def test_a_day_later_it_is_ended(self, wallet: Wallet, clock, stripe_api):
        made = await wallet.setup(AUTHENTICATED)
        [(setup_id,)] = await wallet.sql("select stripe_setup_id from payments.setups")
        clock.advance(timedelta(hours=24))
        await wallet.due("setups")
        assert await look_at_setups(wallet.runtime) == 1
        assert (await stripe_api.get(f"/setup_intents/{setup_id}")).json()["status"] == "canceled"
        assert await wallet.sql("select status, next_try_at from payments.setups") == [("failed", None)]
        assert made["setup_id"]
        clock.advance(timedelta(days=30))
        await run_jobs(wallet.app)
        assert await wallet.sql("select id from payments.setups") == []


class TestDomain:
    @pytest.mark.parametrize(
        ("at_stripe", "refused", "status"),
        [
            ("requires_payment_method", False, SetupStatus.REQUIRES_PAYMENT_METHOD),
            ("requires_payment_method", True, SetupStatus.FAILED),
            ("requires_confirmation", False, SetupStatus.REQUIRES_PAYMENT_METHOD),
            ("requires_action", True, SetupStatus.REQUIRES_ACTION),
            ("succeeded", True, SetupStatus.SUCCEEDED),
            ("canceled", False, SetupStatus.FAILED),
        ],
    )
    def test_states(self, at_stripe, refused, status):
        assert status_of_setup(at_stripe, refused=refused) is status


class TestCustomer:
    async def test_fifty_at_once_make_one_customer_at_stripe(self, wallet: Wallet, stripe_api):
        before = await _customers(stripe_api)
        answers = await asyncio.gather(*(wallet.try_to_save() for _ in range(50)))
        assert {answer.status_code for answer in answers} == {201}
        assert len(await _customers(stripe_api) - before) == 1

    async def test_two_clients_have_one_each_and_the_same_card_twice(self, wallet: Wallet):
        first = await wallet.save()
        wallet.client_id = new_id()
        second = await wallet.save()
        assert first["id"] != second["id"]
        assert len(await wallet.sql("select user_id from payments.customers")) == 2

    async def test_a_key_that_met_a_server_error_is_followed_by_another(self, wallet: Wallet, connection):
        faults, wallet.app.state.runtime = connection
        faults.path, faults.answer = "/v1/customers", SERVER_ERROR
        assert (await wallet.try_to_save()).status_code == 503
        faults.spent, faults.answer = set(faults.keys), None
        assert (await wallet.setup())["status"] == "succeeded"

    async def test_a_lost_answer_is_found_by_the_job(self, wallet: Wallet, connection, stripe_api):
        before = await _customers(stripe_api)
        faults, wallet.app.state.runtime = connection
        faults.path, faults.answer, faults.takes_effect = "/v1/customers", LOST, True
        assert (await wallet.try_to_save()).status_code == 503
        faults.answer = None
        await wallet.due("customers")
        await run_jobs(wallet.app)
        assert await _customers(stripe_api) - before == {await wallet.customer_id()}


async def _customers(stripe_api) -> set[str]:
    listed = (await stripe_api.get("/customers", params={"limit": 100})).json()["data"]
    return {customer["id"] for customer in listed}

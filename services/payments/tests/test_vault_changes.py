"""Cards that are chosen, removed, replaced by their banks, and erased with their owner."""

import asyncio
from datetime import timedelta

import pytest

from devtools.testing.delivery import erase, run_jobs
from services.payments.privacy import PRIVACY
from services.payments.tests.faults import AWAY
from services.payments.tests.test_webhooks import event_of, signed
from services.payments.tests.vaults import Wallet
from shared.database.erasure import Person
from shared.database.person_export import Position, page_of_person
from shared.records.ids import new_id

WEBHOOK = "/api/v1/webhooks/stripe/"


async def hear(wallet: Wallet, kind: str, stripe_id: str) -> None:
    """Stripe says twice that something became of the card, and it is acted on."""
    for _ in range(2):
        payload = event_of(kind, stripe_id)
        assert (await wallet.api.post(WEBHOOK, content=payload, headers=signed(payload))).status_code == 200
        await run_jobs(wallet.app)


async def newest_at_stripe(wallet: Wallet) -> str:
    found = await wallet.sql("select stripe_id from payments.payment_methods order by created_at desc, id desc")
    return str(found[0][0])


async def defaults(wallet: Wallet) -> dict[str, bool]:
    return {card["last4"]: card["is_default"] for card in await wallet.cards()}


class TestDefault:
    async def test_another_is_the_default_and_is_offered_for_what_is_overdue(self, wallet: Wallet):
        bills = wallet.bills()
        await wallet.save()
        second = await wallet.save("pm_card_mastercard")
        bills.offered.clear()
        for _ in range(2):
            answer = await wallet.change("POST", f"{second['id']}/default/")
            assert (answer.status_code, answer.json()) == (200, second | {"is_default": True})
        assert await defaults(wallet) == {"4242": False, "4444": True}
        assert {str(method) for _, method in bills.offered} == {second["id"]}

    @pytest.mark.parametrize("method_id", [str(new_id()), "x"], ids=["an id", "no id"])
    async def test_an_unknown_one_is_not_found(self, wallet: Wallet, method_id):
        await wallet.save()
        assert (await wallet.change("POST", f"{method_id}/default/")).status_code == 404
        assert await defaults(wallet) == {"4242": True}


class TestDelete:
    async def test_it_is_gone_here_and_at_stripe(self, wallet: Wallet):
        card = await wallet.save()
        assert (await wallet.change("DELETE", f"{card['id']}/")).status_code == 204
        assert await wallet.cards() == []
        await run_jobs(wallet.app)
        assert await wallet.at_stripe() == []
        assert (await wallet.change("DELETE", f"{card['id']}/")).status_code == 404

    async def test_the_newest_valid_one_is_the_default_then(self, wallet: Wallet, clock):
        first = await wallet.save()
        await wallet.save("pm_card_mastercard")
        clock.advance(timedelta(seconds=1))
        await wallet.save("pm_card_amex")
        assert (await wallet.change("DELETE", f"{first['id']}/")).status_code == 204
        assert await defaults(wallet) == {"8431": True, "4444": False}

    async def test_a_late_event_does_not_bring_it_back(self, wallet: Wallet):
        card = await wallet.save()
        stripe_id = await newest_at_stripe(wallet)
        await wallet.change("DELETE", f"{card['id']}/")
        await wallet.hear_of_setups()
        await hear(wallet, "payment_method.updated", stripe_id)
        assert await wallet.cards() == []

    async def test_while_stripe_is_away_it_is_gone_here_and_later_there(self, wallet: Wallet, connection):
        card = await wallet.save()
        faults, wallet.app.state.runtime = connection
        faults.path, faults.answer = "/detach", AWAY
        assert (await wallet.change("DELETE", f"{card['id']}/")).status_code == 204
        await run_jobs(wallet.app)
        assert len(await wallet.at_stripe()) == 1
        faults.answer = None
        await wallet.due("detachments")
        await run_jobs(wallet.app)
        assert await wallet.at_stripe() == []

    async def test_what_is_no_longer_needed_to_know_is_forgotten(self, wallet: Wallet, clock):
        await wallet.change("DELETE", f"{(await wallet.save())['id']}/")
        await run_jobs(wallet.app)
        assert len(await wallet.sql("select stripe_id from payments.detachments")) == 1
        clock.advance(timedelta(days=31))
        await run_jobs(wallet.app)
        assert await wallet.sql("select stripe_id from payments.detachments") == []


class TestInUse:
    async def test_the_last_valid_one_that_is_needed_stays(self, wallet: Wallet):
        bills = wallet.bills()
        card = await wallet.save()
        bills.needs = True
        answer = await wallet.change("DELETE", f"{card['id']}/")
        assert (answer.status_code, answer.json()["code"]) == (409, "method_in_use")
        assert len(await wallet.cards()) == 1

    async def test_with_another_valid_one_it_goes(self, wallet: Wallet):
        bills = wallet.bills()
        card = await wallet.save()
        await wallet.save("pm_card_mastercard")
        bills.needs = True
        assert (await wallet.change("DELETE", f"{card['id']}/")).status_code == 204

    async def test_an_expired_one_goes_and_does_not_count(self, wallet: Wallet):
        bills = wallet.bills()
        old, new = await wallet.save(), await wallet.save("pm_card_mastercard")
        [(stripe_id,)] = await wallet.sql("select stripe_id from payments.payment_methods where last4 = '4242'")
        await wallet.happen("card", stripe_id, exp_year=2020)
        await hear(wallet, "payment_method.automatically_updated", stripe_id)
        bills.needs = True
        assert (await wallet.change("DELETE", f"{new['id']}/")).json()["code"] == "method_in_use"
        assert (await wallet.change("DELETE", f"{old['id']}/")).status_code == 204


class TestAtOnce:
    async def test_fifty_times_the_same_card_is_one_card(self, wallet: Wallet):
        answers = await asyncio.gather(*(wallet.try_to_save() for _ in range(50)))
        assert {answer.status_code for answer in answers} == {201}
        assert len(await wallet.cards()) == 1
        await run_jobs(wallet.app)
        assert len(await wallet.at_stripe()) == 1

    async def test_of_two_last_cards_that_are_needed_one_stays(self, wallet: Wallet):
        bills = wallet.bills()
        bills.needs = True
        cards = [await wallet.save(), await wallet.save("pm_card_mastercard")]
        gone = await asyncio.gather(*(wallet.change("DELETE", f"{card['id']}/") for card in cards * 25))
        assert sum(answer.status_code == 204 for answer in gone) == 1
        assert [card["is_default"] for card in await wallet.cards()] == [True]

    async def test_of_fifty_choices_one_is_the_default(self, wallet: Wallet):
        cards = [await wallet.save(), await wallet.save("pm_card_mastercard")]
        chosen = await asyncio.gather(*(wallet.change("POST", f"{card['id']}/default/") for card in cards * 25))
        assert {answer.status_code for answer in chosen} == {200}
        assert sum((await defaults(wallet)).values()) == 1


class TestBanks:
    async def test_new_details_arrive_and_the_id_stays(self, wallet: Wallet):
        card = await wallet.save()
        stripe_id = await newest_at_stripe(wallet)
        await wallet.happen("card", stripe_id, exp_month=3, exp_year=2044, last4="1881")
        await hear(wallet, "payment_method.automatically_updated", stripe_id)
        assert await wallet.cards() == [card | {"exp_month": 3, "exp_year": 2044, "last4": "1881"}]

    async def test_a_card_that_becomes_another_one_is_there_once(self, wallet: Wallet):
        await wallet.save("pm_card_visa")
        second = await wallet.save("pm_card_riskLevelElevated")
        stripe_id = await newest_at_stripe(wallet)
        await wallet.happen("card", stripe_id, last4="4242")
        await hear(wallet, "payment_method.automatically_updated", stripe_id)
        assert [card["id"] for card in await wallet.cards()] == [second["id"]]
        assert await defaults(wallet) == {"4242": True}

    async def test_one_that_was_detached_at_stripe_is_gone(self, wallet: Wallet):
        await wallet.save()
        await wallet.save("pm_card_mastercard")
        [(stripe_id,)] = await wallet.sql("select stripe_id from payments.payment_methods where is_default")
        assert (await wallet.stripe_api.post(f"/payment_methods/{stripe_id}/detach")).is_success
        await hear(wallet, "payment_method.detached", stripe_id)
        assert await defaults(wallet) == {"4444": True}

    async def test_a_strangers_card_and_setup_are_none_of_ours(self, wallet: Wallet, stripe_api):
        method = (await stripe_api.post("/payment_methods", data={"type": "card", "card[token]": "tok_visa"})).json()
        setup = (await stripe_api.post("/setup_intents", data={"metadata[setup_id]": "7"})).json()
        await hear(wallet, "payment_method.updated", method["id"])
        await hear(wallet, "setup_intent.canceled", setup["id"])
        assert await wallet.sql("select state from payments.stripe_events group by state") == [("done",)]


class TestPrivacy:
    async def test_the_export_lists_the_cards(self, wallet: Wallet):
        await wallet.save()
        async with wallet.runtime.db.read() as session:
            person = Person(wallet.client_id)
            rows, _ = await page_of_person(session, "payments", PRIVACY.register, person, Position(), 100)
        [card] = [row for table, row in rows if table == "payment_methods"]
        assert (card["brand"], card["last4"], card["exp_year"]) == ("visa", "4242", 2040)

    async def test_an_erasure_takes_the_cards_and_stripes_customer(self, wallet: Wallet, stripe_api):
        await wallet.setup("pm_card_authenticationRequiredOnSetup")
        card = await wallet.save()
        await wallet.save("pm_card_mastercard")
        await wallet.change("DELETE", f"{card['id']}/")
        customer_id = await wallet.customer_id()
        await erase(wallet.app, wallet.client_id)
        await run_jobs(wallet.app)
        for table in ("payment_methods", "setups", "detachments", "customers"):
            assert await wallet.sql(f"select user_id from payments.{table}") == []
        assert (await stripe_api.get(f"/customers/{customer_id}")).json()["deleted"] is True
        assert (await wallet.try_to_save()).status_code == 404

    async def test_another_clients_cards_stay(self, wallet: Wallet):
        await wallet.save()
        await erase(wallet.app, new_id())
        await run_jobs(wallet.app)
        assert len(await wallet.cards()) == len(await wallet.at_stripe()) == 1

    async def test_a_customer_whose_id_was_lost_is_deleted_too(self, wallet: Wallet, stripe_api):
        await wallet.save()
        customer_id = await wallet.customer_id()
        await wallet.run("update payments.customers set stripe_customer_id = null")
        await erase(wallet.app, wallet.client_id)
        await run_jobs(wallet.app)
        assert await wallet.sql("select user_id from payments.customers") == []
        assert (await stripe_api.get(f"/customers/{customer_id}")).json()["deleted"] is True

    async def test_while_stripe_is_away_the_customer_is_deleted_later(self, wallet: Wallet, connection):
        await wallet.save()
        faults, wallet.app.state.runtime = connection
        faults.path, faults.answer, faults.method = await wallet.customer_id(), AWAY, "DELETE"
        await erase(wallet.app, wallet.client_id)
        await run_jobs(wallet.app)
        assert len(await wallet.sql("select user_id from payments.customers where leaving")) == 1
        faults.answer = None
        await wallet.due("customers")
        await run_jobs(wallet.app)
        assert await wallet.sql("select user_id from payments.customers") == []


class TestTwins:
    async def test_a_card_that_got_the_number_of_another_is_saved_again_before_its_news_come(self, wallet: Wallet):
        first = await wallet.save("pm_card_visa")
        stripe_id = await newest_at_stripe(wallet)
        await wallet.save("pm_card_chargeCustomerFail")
        await wallet.happen("card", stripe_id, last4="0341")
        assert (await wallet.save(stripe_id))["id"] == first["id"]
        assert await defaults(wallet) == {"0341": True}
        await run_jobs(wallet.app)
        assert [card["id"] for card in await wallet.at_stripe()] == [stripe_id]


class TestServerErrors:
    """A key that met a server error gets that answer for a day: the next try carries another one."""

    async def test_a_card_is_detached_all_the_same(self, wallet: Wallet, connection):
        card = await wallet.save()
        assert (await wallet.change("DELETE", f"{card['id']}/")).status_code == 204
        faults, runtime = connection
        wallet.use(stripe=runtime.stripe)
        [(stripe_id,)] = await wallet.sql("select stripe_id from payments.detachments")
        faults.spent.add(f"detach:{stripe_id}")
        await run_jobs(wallet.app)
        assert await wallet.at_stripe() == []

    async def test_a_setup_is_ended_all_the_same(self, wallet: Wallet, clock, stripe_api, connection):
        await wallet.setup(None)
        [(setup_id, stripe_id)] = await wallet.sql("select id, stripe_setup_id from payments.setups")
        faults, runtime = connection
        wallet.use(stripe=runtime.stripe)
        faults.spent.add(f"cancel_setup:{setup_id}")
        clock.advance(timedelta(days=1))
        await wallet.due("setups")
        await run_jobs(wallet.app)
        assert (await stripe_api.get(f"/setup_intents/{stripe_id}")).json()["status"] == "canceled"

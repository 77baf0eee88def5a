"""Somebody else's cards, cards that are gone, and erasure in the middle of everything."""

import asyncio

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import erase, run_jobs
from services.payments.orders.domain import Saving
from services.payments.tests.conftest import OpenOrder
from services.payments.tests.faults import AWAY, Connection
from services.payments.tests.subscribers import Subscriber
from services.payments.tests.vaults import METHODS, Wallet
from shared.records.ids import new_id

CUSTOMERS = "select count(*) from payments.customers"


def of_another(wallet: Wallet) -> Wallet:
    """The wallet of another client."""
    return Wallet(wallet.app, wallet.api, wallet.stripe_api, wallet.clock, new_id())


async def stripe_id_of(wallet: Wallet) -> str:
    """Stripe's id of the client's only card."""
    [(found,)] = await wallet.sql(
        f"select stripe_id from payments.payment_methods where user_id = '{wallet.client_id}'"
    )
    return str(found)


class TestAnothersCard:
    async def test_by_stripes_id_it_can_be_neither_saved_nor_paid_with(
        self, wallet: Wallet, open_order: OpenOrder
    ) -> None:
        victim = of_another(wallet)
        await victim.save()
        theirs = await stripe_id_of(victim)
        await wallet.save("pm_card_mastercard")
        assert (await wallet.try_to_save(theirs)).status_code == 422
        for save in (False, True):
            order = await open_order(9_999)
            answer = await wallet.confirm(order["order_id"], payment_method=theirs, save=save)
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "payment_method"), answer.text
            bill = await wallet.bill(Saving.BEFORE)
            assert (await wallet.confirm(bill, payment_method=theirs, save=save)).status_code == 422
        assert [card["last4"] for card in await wallet.cards()] == ["4444"]
        assert [card["last4"] for card in await victim.cards()] == ["4242"]
        assert await victim.charges() == []

    async def test_by_our_id_it_subscribes_to_nothing(self, subscriber: Subscriber) -> None:
        theirs = await of_another(subscriber.wallet).save()
        await subscriber.wallet.save("pm_card_mastercard")
        answer = await subscriber.ask(payment_method_id=theirs["id"])
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (404, "payment_method_id")
        assert (await subscriber.wallet.sql("select count(*) from payments.subscriptions"))[0][0] == 0


class TestGone:
    async def test_a_detached_one_is_unknown_here_and_no_good_at_stripe(
        self, wallet: Wallet, open_order: OpenOrder
    ) -> None:
        card, order = await wallet.save(), await open_order(9_999)
        stripe_id = await stripe_id_of(wallet)
        await wallet.change("DELETE", f"{card['id']}/")
        await run_jobs(wallet.app)
        answer = await wallet.confirm(order["order_id"], payment_method_id=card["id"])
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (404, "payment_method_id")
        assert (await wallet.confirm(order["order_id"], payment_method=stripe_id)).status_code == 422
        assert (await wallet.try_to_save(stripe_id)).status_code == 422
        assert await wallet.cards() == []


class TestKeys:
    async def test_one_key_is_one_card_and_refuses_another(self, wallet: Wallet) -> None:
        made = await wallet.setup("pm_card_visa", "one-key")
        other = await wallet.try_to_save("pm_card_mastercard", "one-key")
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
        assert (await wallet.setup("pm_card_visa", "one-key"))["setup_id"] == made["setup_id"]
        assert len(await wallet.at_stripe()) == 1

    async def test_ten_at_once_with_one_key_are_one_setup(self, wallet: Wallet) -> None:
        answers = await asyncio.gather(*(wallet.try_to_save("pm_card_visa", "at-once") for _ in range(10)))
        assert {answer.status_code for answer in answers} <= {201, 409}
        assert (await wallet.sql("select count(*) from payments.setups"))[0][0] == 1


class TestPages:
    async def test_every_card_is_on_one_page(self, wallet: Wallet) -> None:
        for card in ("visa", "mastercard", "amex", "discover", "jcb", "diners", "unionpay"):
            await wallet.save(f"pm_card_{card}")
        found = list[str]()
        for offset in range(0, 8, 2):
            page = await wallet.api.get(f"{METHODS}?limit=2&offset={offset}", headers=wallet.headers)
            assert page.json()["total"] == 7
            found += [card["last4"] for card in page.json()["results"]]
        assert found == [card["last4"] for card in await wallet.cards()]
        assert len(set(found)) == 7


class TestErased:
    @pytest.mark.parametrize("times", [5, pytest.param(40, marks=pytest.mark.slow)])
    async def test_in_the_moment_in_which_the_customer_is_made(self, wallet: Wallet, times: int) -> None:
        for _ in range(times):
            one = of_another(wallet)
            saving, _ = await asyncio.gather(one.try_to_save(), erase(wallet.app, one.client_id))
            assert saving.status_code in (201, 404, 409), saving.text
        await wallet.due("customers")
        await run_jobs(wallet.app)
        assert (await wallet.sql(CUSTOMERS))[0][0] == 0
        assert (await wallet.sql("select count(*) from payments.payment_methods"))[0][0] == 0
        listed = (await wallet.stripe_api.get("/customers", params={"limit": 100})).json()["data"]
        gone = {row[0] for row in await wallet.sql("select id from payments.erased")}
        assert [one["id"] for one in listed if one["metadata"].get("user_id") in map(str, gone)] == []

    async def test_while_they_are_on_their_banks_page(self, wallet: Wallet) -> None:
        one = of_another(wallet)
        made = await one.setup("pm_card_authenticationRequiredOnSetup")
        await erase(wallet.app, one.client_id)
        await run_jobs(wallet.app)
        await one.authenticate(made["next_action_url"])
        await one.hear_of_setups()
        await run_jobs(wallet.app)
        assert (await wallet.sql("select count(*) from payments.payment_methods"))[0][0] == 0
        assert (await wallet.sql("select count(*) from payments.setups"))[0][0] == 0
        assert (await wallet.sql(CUSTOMERS))[0][0] == 0

    async def test_before_they_had_one_and_while_stripe_is_away(self, wallet: Wallet, connection: Connection) -> None:
        faults, runtime = connection
        one = of_another(wallet)
        faults.path, faults.answer = "/customers", AWAY
        wallet.use(stripe=runtime.stripe)
        assert (await one.try_to_save()).status_code == 503
        await erase(wallet.app, one.client_id)
        await run_jobs(wallet.app)
        assert (await wallet.sql(CUSTOMERS))[0][0] == 1
        faults.answer = None
        await wallet.due("customers")
        await run_jobs(wallet.app)
        assert (await wallet.sql(CUSTOMERS))[0][0] == 0

    async def test_a_late_request_of_theirs_makes_none(self, wallet: Wallet) -> None:
        one = of_another(wallet)
        await erase(wallet.app, one.client_id)
        assert (await one.try_to_save()).status_code == 404
        answer = await wallet.api.get(METHODS, headers=headers_for(one.client_id))
        assert answer.json()["results"] == []
        assert (await wallet.sql(CUSTOMERS))[0][0] == 0

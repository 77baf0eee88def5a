"""What users of similar products reported of cards and subscriptions, tried here; each with where it was reported."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.payments.billing.jobs import refund_late_bills
from services.payments.orders.domain import OrderStatus
from services.payments.orders.repository import Orders
from services.payments.orders.service import sync_intent
from services.payments.orders.settlement import move
from services.payments.plans.domain import Interval
from services.payments.subscriptions.domain import boundary
from services.payments.tests.conftest import OpenOrder
from services.payments.tests.subscribers import Json, Subscriber
from services.payments.vault.service import sync_card

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DATES = [
    # getlago/lago-api#1840: from 30 January the second period was 30 January to 28 February again
    (datetime(2024, 1, 30, tzinfo=UTC), ["02-29", "03-30", "04-30"]),
    # polarsource/polar#10664: 31 became 29 for ever
    (datetime(2024, 1, 31, tzinfo=UTC), ["02-29", "03-31", "04-30"]),
    # latitude-dev/latitude-llm#2071: 31 February was 3 March
    (datetime(2023, 1, 31, 23, 59, 59, tzinfo=UTC), ["02-28", "03-31", "04-30"]),
]


async def stripe_id_of(subscriber: Subscriber) -> str:
    """Stripe's id of the newest card."""
    found = await subscriber.wallet.sql(
        "select stripe_id from payments.payment_methods order by created_at desc, id desc"
    )
    return str(found[0][0])


async def tries(subscriber: Subscriber) -> list[str]:
    """With which of Stripe's cards somebody tried to pay, in order."""
    return [
        row[0]
        for row in await subscriber.wallet.sql(
            "select payment_method from payments.payment_attempts order by created_at"
        )
    ]


class TestPeriods:
    @pytest.mark.parametrize(("anchor", "ends"), DATES)
    def test_the_day_comes_back_after_a_short_month(self, anchor: datetime, ends: list[str]) -> None:
        found = [boundary(anchor, number, Interval.MONTH) for number in (1, 2, 3)]
        assert [f"{moment:%m-%d}" for moment in found] == ends
        assert {moment.timetz() for moment in found} == {anchor.timetz()}


class TestTrials:
    async def test_another_plan_of_the_kind_has_no_second_one(self, subscriber: Subscriber) -> None:
        """better-auth/better-auth#4539"""
        await subscriber.wallet.save()
        made = await subscriber.subscribe("organizer")
        await subscriber.change(made["id"], "cancel", at="now")
        again = await subscriber.subscribe("organizer", "year")
        assert (again["status"], again["trial_until"]) == ("incomplete", None)

    async def test_cancelled_in_its_last_second_nothing_is_charged(self, subscriber: Subscriber) -> None:
        """Mermaid-Chart/issue-tracker#132"""
        await subscriber.wallet.save()
        made = await subscriber.subscribe("organizer")
        end = datetime.fromisoformat(made["trial_until"])
        await subscriber.at(end - timedelta(seconds=1))
        await subscriber.change(made["id"], "cancel")
        await subscriber.at(end + 40 * DAY)
        assert (await subscriber.show(made["id"]))["access_until"] == made["trial_until"]
        assert await subscriber.paid() == []

    async def test_taken_up_again_it_goes_on_and_is_not_charged(self, subscriber: Subscriber) -> None:
        """laravel/cashier-stripe#462, calcom/cal.diy#28558"""
        await subscriber.wallet.save()
        made = await subscriber.subscribe("organizer")
        await subscriber.change(made["id"], "cancel")
        again = (await subscriber.change(made["id"], "reactivate")).json()
        assert (again["status"], again["trial_until"]) == ("trialing", made["trial_until"])
        assert await subscriber.paid() == []
        await subscriber.at(made["trial_until"])
        assert await subscriber.paid() == [4900]


class TestFirstBill:
    async def test_a_bank_that_asks_for_the_client_leaves_it_to_them(self, subscriber: Subscriber) -> None:
        """getlago/lago-api#6114: it was over within seconds"""
        card = await subscriber.wallet.save("pm_card_authenticationRequired")
        made = await subscriber.subscribe(payment_method_id=card["id"])
        assert (made["status"], made["payment"]["status"]) == ("incomplete", "requires_action")
        await subscriber.later(hours=23)
        await subscriber.wallet.authenticate(made["payment"]["next_action_url"])
        assert await subscriber.pay(made["payment"]) == "succeeded"
        assert (await subscriber.show(made["id"]))["status"] == "active"
        assert await subscriber.paid() == [2900]


class TestCards:
    async def test_the_default_of_that_moment_is_charged(self, subscriber: Subscriber) -> None:
        """woocommerce/woocommerce-gateway-stripe#149, Kikobeats/tom#256"""
        made = await subscriber.active()
        other = await subscriber.wallet.save("pm_card_mastercard")
        await subscriber.wallet.change("POST", f"{other['id']}/default/")
        await subscriber.at(made["current_period_end"])
        assert (await tries(subscriber))[-1] == await stripe_id_of(subscriber)
        assert len(await subscriber.paid()) == 2

    async def test_one_that_paid_once_is_no_default(self, subscriber: Subscriber, open_order: OpenOrder) -> None:
        """openfoodfoundation/openfoodnetwork#3727"""
        order = await open_order(9_999)
        assert (await subscriber.wallet.confirm(order["order_id"], payment_method="pm_card_visa")).is_success
        assert await subscriber.wallet.cards() == []
        assert (await subscriber.ask("organizer")).json()["code"] == "payment_method_required"

    async def test_the_same_number_is_one_card(self, subscriber: Subscriber) -> None:
        """stripe-archive/stripe-payments-demo#45"""
        made = await subscriber.active()
        again = await subscriber.wallet.save()
        assert [card["id"] for card in await subscriber.wallet.cards()] == [again["id"]]
        await subscriber.at(made["current_period_end"])
        assert len(await subscriber.paid()) == 2

    @pytest.mark.parametrize("declined", ["expired_card", "lost_card"])
    async def test_its_bank_replaces_it_and_it_pays_what_is_overdue(
        self, subscriber: Subscriber, declined: str
    ) -> None:
        """openfoodfoundation/openfoodnetwork#7785"""
        made, stripe_id = await subscriber.active(), await stripe_id_of(subscriber)
        await subscriber.wallet.happen("card", stripe_id, declined=declined)
        await subscriber.at(made["current_period_end"])
        assert (await subscriber.show(made["id"]))["status"] == "past_due"
        await subscriber.wallet.happen("card", stripe_id, becomes="pm_card_visa", exp_year=2044, last4="1881")
        for _ in range(2):
            await sync_card(subscriber.wallet.runtime, stripe_id)
        await subscriber.work()
        assert (await subscriber.show(made["id"]))["status"] == "active"
        assert await subscriber.paid() == [2900, 2900]


class TestCancelled:
    async def overdue(self, subscriber: Subscriber) -> Json:
        made = await subscriber.active()
        await subscriber.wallet.happen("card", await stripe_id_of(subscriber), declined="insufficient_funds")
        await subscriber.at(made["current_period_end"])
        return await subscriber.show(made["id"])

    async def test_no_retry_comes_after_it(self, subscriber: Subscriber) -> None:
        """polarsource/polar#13077, askthecode/documentation#20"""
        shown = await self.overdue(subscriber)
        before = await tries(subscriber)
        await subscriber.change(shown["id"], "cancel")
        await subscriber.later(days=40)
        assert await tries(subscriber) == before

    async def test_what_is_cancelled_has_no_grace(self, subscriber: Subscriber) -> None:
        """lucasdotvin/laravel-soulbscription#88"""
        made = await subscriber.active()
        now = (await subscriber.change(made["id"], "cancel")).json()
        assert now["access_until"] == made["current_period_end"]
        await subscriber.later(days=40)
        assert (await subscriber.show(made["id"]))["access_until"] == made["current_period_end"]


class TestFreePlans:
    async def test_they_renew_without_a_card(self, subscriber: Subscriber) -> None:
        """getlago/lago-api: invoices of nothing waited for a payment"""
        await subscriber.plan("entry")
        await subscriber.wallet.run("update payments.plan_prices set amount = 0 where interval = 'month'")
        made = await subscriber.subscribe()
        await subscriber.later(days=95)
        assert (await subscriber.show(made["id"]))["status"] == "active"
        assert [period["status"] for period in await subscriber.periods(made["id"])] == ["paid"] * 4


class TestLateMoney:
    async def test_for_an_upgrade_that_was_given_up_goes_back(self, subscriber: Subscriber) -> None:
        """hackerai-tech/hackerai#1303: the client was charged and had nothing of it"""
        made, stripe_id = await subscriber.active(), await stripe_id_of(subscriber)
        await subscriber.wallet.happen("card", stripe_id, declined="insufficient_funds")
        premium = await subscriber.plan("premium")
        body = {"plan_id": premium["id"], "interval": "month"}
        asked = (await subscriber.change(made["id"], "change", **body)).json()
        assert (asked["plan"]["code"], asked["payment"]["status"]) == ("entry", "failed")
        order_id = asked["payment"]["order_id"]
        where = f"where id = '{order_id}'"
        [(intent_id, due)] = await subscriber.wallet.sql(f"select intent_id, amount_due from payments.orders {where}")
        await subscriber.wallet.happen("card", stripe_id, becomes="pm_card_visa")
        paid = {"payment_method": stripe_id, "off_session": "true"}
        answer = await subscriber.wallet.stripe_api.post(f"/payment_intents/{intent_id}/confirm", data=paid)
        assert answer.json()["status"] == "succeeded", answer.text
        async with subscriber.wallet.runtime.db.transaction() as session:
            await move(session, await Orders(session).get(UUID(order_id), lock=True), OrderStatus.CANCELLED)
        await sync_intent(subscriber.wallet.runtime, intent_id)
        for _ in range(2):
            await refund_late_bills(subscriber.wallet.runtime)
        path = f"/refunds?payment_intent={intent_id}"
        refunds = (await subscriber.wallet.stripe_api.get(path)).json()["data"]
        assert [refund["amount"] for refund in refunds] == [due]
        undone = (await subscriber.change(made["id"], "reactivate")).json()
        assert (undone["status"], undone["plan"]["code"], undone["pending_change"]) == ("active", "entry", None)

"""Renewals: each period that began is billed once, on its day, whatever the clock does."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest

from services.payments.billing.jobs import refund_late_bills
from services.payments.orders.domain import OrderStatus
from services.payments.orders.repository import Orders
from services.payments.orders.service import sync_intent
from services.payments.orders.settlement import move
from services.payments.plans.domain import Interval
from services.payments.subscriptions.domain import boundary
from services.payments.tests.subscribers import Json, Subscriber

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SUMS = """
    select a.kind, coalesce(sum(case when t.credit_id = a.id then t.amount else -t.amount end), 0)
    from payments.ledger_accounts a join payments.ledger_transfers t on a.id in (t.debit_id, t.credit_id)
    group by a.kind order by a.kind
"""


def times(periods: list[Json]) -> list[tuple[str, str]]:
    return [(period["start"], period["end"]) for period in periods]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


class TestRenew:
    async def test_at_the_period_s_end_with_the_default_card(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        newer = await subscriber.wallet.save("pm_card_mastercard")
        await subscriber.wallet.change("POST", f"{newer['id']}/default/")
        await subscriber.at(moment(made["current_period_end"]) - timedelta(microseconds=1))
        assert await subscriber.paid() == [2900]
        await subscriber.at(made["current_period_end"])
        shown = await subscriber.show(made["id"])
        assert (shown["status"], shown["current_period_start"]) == ("active", made["current_period_end"])
        assert moment(shown["access_until"]) == moment(shown["current_period_end"]) + HOUR
        known = dict(await subscriber.wallet.sql("select stripe_id, last4 from payments.payment_methods"))
        assert [known[one["payment_method"]] for one in await subscriber.wallet.charges()] == ["4444", "4242"]
        assert await subscriber.published() == ["Activated", "Renewed"]

    async def test_the_platform_earns_it_at_payment(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await subscriber.at(made["current_period_end"])
        sums = dict(await subscriber.wallet.sql(SUMS))
        assert sums == {"stripe_clearing": -5800, "order_escrow": 0, "subscription_revenue": 5800}

    async def test_a_late_payment_moves_nothing(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await subscriber.wallet.run("delete from payments.payment_methods")
        end = moment(made["current_period_end"])
        await subscriber.at(end)
        late = await subscriber.show(made["id"])
        assert (late["status"], late["retry_at"]) == ("past_due", (end + DAY).isoformat().replace("+00:00", "Z"))
        await subscriber.at(end + 2 * DAY)
        assert await subscriber.pay(late["payment"]) == "succeeded"
        shown = await subscriber.show(made["id"])
        anchor = moment(made["current_period_start"])
        assert moment(shown["current_period_start"]) == end
        assert moment(shown["current_period_end"]) == boundary(anchor, 2, Interval.MONTH)

    @pytest.mark.parametrize(
        "anchor",
        [
            datetime(2027, 1, 31, 10, tzinfo=UTC),
            *(pytest.param(datetime(2027, 1, day, 10, tzinfo=UTC), marks=pytest.mark.slow) for day in (28, 29, 30)),
            pytest.param(datetime(2028, 2, 29, 10, tzinfo=UTC), marks=pytest.mark.slow),
        ],
    )
    async def test_four_years_on_the_right_days(self, subscriber: Subscriber, anchor: datetime) -> None:
        subscriber.wallet.clock.advance(anchor - subscriber.wallet.clock.now())
        made = await subscriber.active("pm_card_visa")
        began = moment(made["current_period_start"])
        await subscriber.at(boundary(began, 48, Interval.MONTH) - timedelta(seconds=1))
        periods = await subscriber.periods(made["id"])
        days = [moment(period["start"]).day for period in periods]
        assert len(periods) == len(await subscriber.paid()) == 48
        assert [period["status"] for period in periods] == ["paid"] * 48
        assert [moment(one["end"]) for one in periods] == [boundary(began, n, Interval.MONTH) for n in range(1, 49)]
        assert max(days) == anchor.day
        assert all(one["end"] == two["start"] for one, two in pairwise(periods))


class TestClockJumps:
    async def test_rule_mn_7_one_jump_of_400_days_is_as_400_of_one_day(self, subscriber: Subscriber) -> None:
        made, now = await subscriber.active(), subscriber.wallet.clock.now()
        await subscriber.at(now + 400 * DAY)
        jumped = await subscriber.periods(made["id"])
        sums = dict(await subscriber.wallet.sql(SUMS))
        await subscriber.change(made["id"], "cancel")
        await subscriber.later(days=40)

        again, began = await subscriber.active(), subscriber.wallet.clock.now()
        before = dict(await subscriber.wallet.sql(SUMS))
        for day in range(1, 401):
            await subscriber.at(began + day * DAY)
        walked = await subscriber.periods(again["id"])
        lengths = [Counter(period["status"] for period in periods) for periods in (jumped, walked)]
        assert lengths[0] == lengths[1] == {"paid": 14}
        first = {"amount": 2900, "currency": "USD"}
        assert [period["amount"] for period in jumped] == [period["amount"] for period in walked] == [first] * 14
        for periods, of in ((jumped, made), (walked, again)):
            anchor = moment(of["current_period_start"])
            assert [moment(one["end"]) for one in periods] == [
                boundary(anchor, n, Interval.MONTH) for n in range(1, 15)
            ]
        after = dict(await subscriber.wallet.sql(SUMS))
        assert {kind: after[kind] - before[kind] for kind in after} == {
            kind: amount - amount // 14 for kind, amount in sums.items()
        }

    async def test_what_ended_in_between_bills_nothing(self, subscriber: Subscriber) -> None:
        made = await subscriber.active("pm_card_visa")
        await subscriber.wallet.run("delete from payments.payment_methods")
        await subscriber.later(days=400)
        shown, periods = await subscriber.show(made["id"]), await subscriber.periods(made["id"])
        assert (shown["status"], shown["end_reason"]) == ("ended", "payment_failed")
        assert moment(shown["access_until"]) == moment(made["current_period_end"]) + 7 * DAY
        assert [period["status"] for period in periods] == ["paid", "closed"]
        assert await subscriber.paid() == [2900]

    async def test_missed_retries_are_one_and_it_goes_on(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await subscriber.wallet.run("update payments.payment_methods set is_default = false")
        await subscriber.at(made["current_period_end"])
        await subscriber.wallet.run("update payments.payment_methods set is_default = true")
        await subscriber.later(days=100)
        shown = await subscriber.show(made["id"])
        assert shown["status"] == "active"
        assert len(await subscriber.paid()) == len(await subscriber.periods(made["id"])) == 5


class TestLateMoney:
    async def charged_at_stripe(self, subscriber: Subscriber, made: Json) -> str:
        """The bill's card is charged, and nobody here has heard of it; answers the intent's id."""
        where = f"id = '{made['payment']['order_id']}'"
        [(intent_id,)] = await subscriber.wallet.sql(f"select intent_id from payments.orders where {where}")
        path = f"/payment_intents/{intent_id}/confirm"
        paid = await subscriber.wallet.stripe_api.post(path, data={"payment_method": "pm_card_visa"})
        assert paid.json()["status"] == "succeeded"
        return str(intent_id)

    async def test_a_payment_that_was_faster_than_a_cancellation_counts(self, subscriber: Subscriber) -> None:
        made = await subscriber.subscribe()
        await self.charged_at_stripe(subscriber, made)
        shown = (await subscriber.change(made["id"], "cancel")).json()
        assert (shown["status"], shown["cancel_at"]) == ("active", shown["current_period_end"])
        assert shown["access_until"] == shown["current_period_end"]

    async def test_rule_05_what_comes_for_a_bill_that_was_given_up_goes_back(self, subscriber: Subscriber) -> None:
        made = await subscriber.subscribe()
        async with subscriber.wallet.runtime.db.transaction() as session:
            order = await Orders(session).get(UUID(made["payment"]["order_id"]), lock=True)
            await move(session, order, OrderStatus.CANCELLED)
        await subscriber.change(made["id"], "cancel")
        intent_id = await self.charged_at_stripe(subscriber, made)
        await sync_intent(subscriber.wallet.runtime, intent_id)
        for _ in range(2):
            await refund_late_bills(subscriber.wallet.runtime)
        refunds = (await subscriber.wallet.stripe_api.get(f"/refunds?payment_intent={intent_id}")).json()["data"]
        assert [refund["amount"] for refund in refunds] == [2900]
        assert (await subscriber.show(made["id"]))["status"] == "ended"


class TestReminders:
    async def test_three_days_before_a_trial_ends_once(self, subscriber: Subscriber) -> None:
        await subscriber.wallet.save()
        made = await subscriber.subscribe("organizer")
        end = moment(made["trial_until"])
        await subscriber.at(end - 3 * DAY - timedelta(seconds=1))
        await subscriber.remind()
        assert await subscriber.published() == ["Activated"]
        for _ in range(2):
            await subscriber.at(max(end - 3 * DAY, subscriber.wallet.clock.now()))
            await subscriber.remind()
        assert await subscriber.published() == ["Activated", "ChargeAnnounced"]

    async def test_seven_days_before_another_year_and_not_before_a_month(self, subscriber: Subscriber) -> None:
        made = await subscriber.active(interval="year")
        end = moment(made["current_period_end"])
        await subscriber.at(end - 7 * DAY)
        await subscriber.remind()
        assert await subscriber.published() == ["Activated", "ChargeAnnounced"]
        await subscriber.at(end)
        await subscriber.remind()
        assert await subscriber.published() == ["Activated", "ChargeAnnounced", "Renewed"]

    async def test_not_of_a_month_nor_of_what_was_cancelled(self, subscriber: Subscriber) -> None:
        await subscriber.wallet.save()
        made = await subscriber.subscribe("organizer")
        monthly = await subscriber.active()
        await subscriber.change(made["id"], "cancel")
        await subscriber.at(moment(made["trial_until"]) - DAY)
        await subscriber.remind()
        await subscriber.at(moment(monthly["current_period_end"]) - DAY)
        await subscriber.remind()
        assert "ChargeAnnounced" not in await subscriber.published()

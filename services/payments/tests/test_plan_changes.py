"""Changing a subscription's plan: in force now, once the difference is paid, or at the period's end."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from services.payments.orders.rates import rate_of_sale
from services.payments.plans.domain import Interval
from services.payments.subscriptions.domain import boundary
from services.payments.tests.subscribers import Subscriber, moment, terms, usd
from shared.events.subscriptions import SubscriptionChargeAnnounced
from shared.records.money import Money

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REVENUE = """
    select coalesce(sum(case when t.credit_id = a.id then t.amount else -t.amount end), 0)
    from payments.ledger_accounts a join payments.ledger_transfers t on a.id in (t.debit_id, t.credit_id)
    where a.kind = 'subscription_revenue'
"""


class TestDearer:
    async def test_the_difference_is_charged_and_the_plan_is_in_force(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await subscriber.half(made)
        changed = await subscriber.change_to(made["id"], "premium")
        assert terms(changed) == ("premium", "month", 7900, None)
        assert (changed["payment"], await subscriber.paid()) == (None, [2900, 2500])
        assert changed["current_period_end"] == made["current_period_end"]
        assert await subscriber.lines() == [(3950, 0), (-1450, 0)]
        assert await subscriber.wallet.sql(REVENUE) == [(5400,)]
        snapshot = (await subscriber.events())[-1].subscription
        assert await subscriber.published() == ["Activated", "Changed"]
        assert (snapshot.plan_code, snapshot.features["service_limit"], snapshot.version) == ("premium", None, 2)
        await subscriber.at(made["current_period_end"])
        assert await subscriber.paid() == [2900, 2500, 7900]

    async def test_commission_follows(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        runtime, rates = subscriber.wallet.runtime, []
        for code in ("entry", "premium"):
            await subscriber.ask_to_change(made["id"], code)
            async with runtime.db.read() as session:
                rates.append(await rate_of_sale(session, runtime.settings, subscriber.practitioner_id))
        assert rates == [Decimal("0.15"), Decimal("0.10")]

    async def test_by_the_figures_of_the_preview(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await subscriber.half(made)
        preview = await subscriber.preview(made["id"], "premium")
        await subscriber.later(minutes=10)
        now = subscriber.wallet.clock.now()
        for wrong in (now + timedelta(microseconds=1), now - timedelta(minutes=10, microseconds=1), now - 40 * DAY):
            answer = await subscriber.ask_to_change(made["id"], "premium", prorate_at=wrong.isoformat())
            assert (answer.status_code, answer.json()["code"]) == (422, "preview_expired")
            assert answer.json()["errors"][0]["field"] == "prorate_at"
        assert await subscriber.show(made["id"]) == made
        await subscriber.change_to(made["id"], "premium", prorate_at=preview["prorate_at"])
        assert await subscriber.paid() == [2900, preview["due"]["amount"]]

    async def test_not_by_figures_of_before_another_change(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await subscriber.make_plan("studio", 9900)
        await subscriber.half(made)
        early = subscriber.wallet.clock.now()
        await subscriber.later(minutes=5)
        await subscriber.change_to(made["id"], "premium")
        answer = await subscriber.ask_to_change(made["id"], "studio", prorate_at=early.isoformat())
        assert (answer.status_code, answer.json()["code"]) == (422, "preview_expired")

    async def test_not_by_figures_of_before_the_plan_was_changed(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await subscriber.make_plan("studio", 9900)
        await subscriber.half(made)
        preview = await subscriber.preview(made["id"], "studio")
        await subscriber.later(seconds=2)
        await subscriber.put_plan("studio", 99_900)
        at = preview["prorate_at"]
        answer = await subscriber.ask_to_change(made["id"], "studio", prorate_at=at)
        assert (answer.status_code, answer.json()["code"]) == (422, "preview_expired")
        again = await subscriber.preview(made["id"], "studio")
        await subscriber.change_to(made["id"], "studio", prorate_at=again["prorate_at"])
        assert await subscriber.paid() == [2900, again["due"]["amount"]]

    async def test_what_was_free_in_small_steps_is_charged_together(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        for step in range(1, 5):
            await subscriber.make_plan(f"step{step}", 2900 + 49 * step)
            await subscriber.change_to(made["id"], f"step{step}")
        assert await subscriber.paid() == [2900, 98, 98]

    async def test_too_little_for_a_card_is_free(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await subscriber.at(moment(made["current_period_end"]) - HOUR)
        changed = await subscriber.change_to(made["id"], "premium")
        assert (terms(changed)[0], await subscriber.paid()) == ("premium", [2900])

    async def test_a_repeat_with_the_same_key_is_one_change(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        first, second = [await subscriber.change_to(made["id"], "premium", key="again") for _ in range(2)]
        assert first == second
        assert await subscriber.paid() == [2900, 5000]

    @pytest.mark.parametrize("seed", range(3))
    async def test_rule_mn_5_no_way_up_and_down_costs_less_than_what_it_gives(
        self, subscriber: Subscriber, seed: int
    ) -> None:
        random, prices = Random(seed), {"entry": 2900, "premium": 7900, "studio": 9900}
        await subscriber.make_plan("studio", 9900)
        made, worth = await subscriber.active(), Fraction(0)
        end = moment(made["current_period_end"])
        whole = end - moment(made["current_period_start"])
        while (now := subscriber.wallet.clock.now()) < end:
            answer = await subscriber.ask_to_change(made["id"], random.choice(list(prices)))
            assert answer.status_code in (200, 422), answer.text
            at = min(now + timedelta(seconds=random.randrange(1, 8 * 86_400)), end)
            price = (await subscriber.show(made["id"]))["price"]["amount"]
            worth += price * Fraction((at - now) // timedelta(microseconds=1), whole // timedelta(microseconds=1))
            subscriber.wallet.clock.set(at)
        charges = await subscriber.paid()
        assert abs(sum(charges) - worth) <= 3 * len(charges) + 50  # what is below the minimum charge, at the very end


class TestCheaper:
    async def test_it_waits_for_the_period_s_end(self, subscriber: Subscriber) -> None:
        made = await subscriber.active(code="premium")
        await subscriber.half(made)
        changed = await subscriber.change_to(made["id"], "entry")
        entry = (await subscriber.plan("entry"))["id"]
        pending = {"plan_id": entry, "interval": "month", "at": made["current_period_end"]}
        assert terms(changed) == ("premium", "month", 7900, pending)
        assert (changed["payment"], await subscriber.published()) == (None, ["Activated"])
        await subscriber.at(moment(made["current_period_end"]) - timedelta(microseconds=1))
        assert terms(await subscriber.show(made["id"]))[0] == "premium"
        await subscriber.at(made["current_period_end"])
        assert terms(await subscriber.show(made["id"])) == ("entry", "month", 2900, None)
        assert (await subscriber.published(), await subscriber.paid()) == (
            ["Activated", "Changed", "Renewed"],
            [7900, 2900],
        )

    async def test_it_is_so_where_the_first_bill_is_not_paid(self, subscriber: Subscriber) -> None:
        made = await subscriber.active(code="premium")
        await subscriber.change_to(made["id"], "entry")
        await subscriber.wallet.run("delete from payments.payment_methods")
        await subscriber.at(made["current_period_end"])
        shown = await subscriber.show(made["id"])
        assert (shown["status"], terms(shown)[0]) == ("past_due", "entry")
        assert shown["payment"]["amount_due"] == usd(2900)
        assert (await subscriber.ask_to_change(made["id"], "premium")).json()["code"] == "payment_due"

    async def test_a_second_change_replaces_it(self, subscriber: Subscriber) -> None:
        await subscriber.make_plan("studio", 9900)
        made = await subscriber.active(code="premium")
        await subscriber.change_to(made["id"], "entry")
        assert terms(await subscriber.change_to(made["id"], "studio")) == ("studio", "month", 9900, None)
        await subscriber.at(made["current_period_end"])
        assert await subscriber.paid() == [7900, 2000, 9900]

    async def test_a_refused_one_does_not(self, subscriber: Subscriber) -> None:
        made = await subscriber.active(code="premium")
        pending = (await subscriber.change_to(made["id"], "entry"))["pending_change"]
        assert (await subscriber.ask_to_change(made["id"], "organizer")).status_code == 422
        assert (await subscriber.ask_to_change(made["id"], "premium")).json()["code"] == "same_plan"
        assert (await subscriber.show(made["id"]))["pending_change"] == pending

    async def test_reactivate_undoes_it(self, subscriber: Subscriber) -> None:
        made = await subscriber.active(code="premium")
        await subscriber.change_to(made["id"], "entry")
        assert (await subscriber.change(made["id"], "reactivate")).json()["pending_change"] is None
        assert (await subscriber.change(made["id"], "reactivate")).status_code == 409
        await subscriber.at(made["current_period_end"])
        assert await subscriber.paid() == [7900, 7900]

    async def test_cancelling_drops_it(self, subscriber: Subscriber) -> None:
        made = await subscriber.active(code="premium")
        await subscriber.change_to(made["id"], "entry")
        cancelled = (await subscriber.change(made["id"], "cancel")).json()
        assert (cancelled["pending_change"], cancelled["cancel_at"]) == (None, made["current_period_end"])
        answer = await subscriber.ask_to_change(made["id"], "entry")
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
        assert terms((await subscriber.change(made["id"], "reactivate")).json()) == ("premium", "month", 7900, None)


class TestInterval:
    async def test_a_year_begins_at_once_with_a_new_anchor(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await subscriber.half(made)
        now = subscriber.wallet.clock.now()
        changed = await subscriber.change_to(made["id"], "premium", "year")
        assert terms(changed) == ("premium", "year", 79_000, None)
        assert moment(changed["current_period_start"]) == now
        assert moment(changed["current_period_end"]) == boundary(now, 1, Interval.YEAR)
        assert await subscriber.paid() == [2900, 77_550]
        assert await subscriber.lines() == [(79_000, 0), (-1450, 0)]
        periods = await subscriber.periods(made["id"])
        assert [(one["number"], one["amount"]["amount"], one["status"]) for one in periods] == [
            (1, 2900, "paid"),
            (2, 77_550, "paid"),
        ]
        assert moment(periods[0]["end"]) == moment(periods[1]["start"]) == now
        await subscriber.at(boundary(now, 1, Interval.YEAR))
        assert await subscriber.paid() == [2900, 77_550, 79_000]

    async def test_at_once_after_subscribing(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        changed = await subscriber.change_to(made["id"], "entry", "year")
        assert (changed["interval"], await subscriber.paid()) == ("year", [2900, 26_100])

    async def test_a_month_after_a_year_keeps_the_anchor_s_day(self, subscriber: Subscriber) -> None:
        began = datetime(2028, 2, 29, 10, tzinfo=UTC)
        subscriber.wallet.clock.set(began)
        made = await subscriber.active(interval="year")
        changed = await subscriber.change_to(made["id"], "premium")
        assert changed["pending_change"]["at"] == made["current_period_end"] == "2029-02-28T10:00:00Z"
        await subscriber.at(began + 480 * DAY)
        ends = [period["end"][:10] for period in await subscriber.periods(made["id"])]
        assert ends == ["2029-02-28", "2029-03-29", "2029-04-29", "2029-05-29", "2029-06-29"]
        assert await subscriber.paid() == [29_000, *[7900] * 4]

    async def test_nobody_is_reminded_of_a_year_that_does_not_come(self, subscriber: Subscriber) -> None:
        made = await subscriber.active(interval="year")
        await subscriber.change_to(made["id"], "entry")
        await subscriber.at(moment(made["current_period_end"]) - 7 * DAY)
        await subscriber.remind()
        assert await subscriber.published() == ["Activated"]

    async def test_of_a_cheaper_year_users_are_reminded_with_its_price(self, subscriber: Subscriber) -> None:
        made = await subscriber.active(code="premium", interval="year")
        await subscriber.change_to(made["id"], "entry", "year")
        await subscriber.at(moment(made["current_period_end"]) - 7 * DAY)
        await subscriber.remind()
        event = (await subscriber.events())[-1]
        assert isinstance(event, SubscriptionChargeAnnounced)
        assert (event.plan_name, event.amount) == ("Entry", Money(29_000, "USD"))
        assert event.subscription.plan_code == "premium"

    async def test_below_zero_it_waits(self, subscriber: Subscriber) -> None:
        cheap = [{"interval": "month", "price": usd(9900)}, {"interval": "year", "price": usd(5000)}]
        await subscriber.make_plan("deal", 0, prices=cheap)
        made = await subscriber.active(code="deal")
        changed = await subscriber.change_to(made["id"], "deal", "year")
        assert changed["pending_change"]["at"] == made["current_period_end"]
        await subscriber.at(made["current_period_end"])
        shown = await subscriber.show(made["id"])
        end = boundary(moment(made["current_period_end"]), 1, Interval.YEAR)
        assert (terms(shown)[1], moment(shown["current_period_end"])) == ("year", end)
        assert await subscriber.paid() == [9900, 5000]

    async def test_a_year_for_nothing(self, subscriber: Subscriber) -> None:
        prices = [{"interval": "month", "price": usd(9900)}, {"interval": "year", "price": usd(9900)}]
        await subscriber.make_plan("deal", 0, prices=prices)
        made = await subscriber.active(code="deal")
        changed = await subscriber.change_to(made["id"], "deal", "year")
        assert (terms(changed)[1], await subscriber.paid()) == ("year", [9900])
        assert [one["amount"]["amount"] for one in await subscriber.periods(made["id"])] == [9900, 0]

    async def test_in_trial_it_is_free_and_the_trial_goes_on(self, subscriber: Subscriber) -> None:
        await subscriber.wallet.save()
        made = await subscriber.subscribe("organizer")
        changed = await subscriber.change_to(made["id"], "organizer", "year")
        assert (terms(changed), changed["status"]) == (("organizer", "year", 49_000, None), "trialing")
        assert changed["trial_until"] == made["trial_until"]
        await subscriber.at(made["trial_until"])
        assert (await subscriber.published(), await subscriber.paid()) == (
            ["Activated", "Changed", "Renewed"],
            [49_000],
        )

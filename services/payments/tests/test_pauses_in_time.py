"""Pauses and the calendar: short months, jumps of the clock, and reminders."""

from datetime import UTC, datetime, timedelta

import pytest

from services.payments.plans.domain import Interval
from services.payments.subscriptions.domain import boundary
from services.payments.tests.subscribers import Subscriber
from services.payments.tests.subscriptions_in_states import active, paused, trialing
from services.payments.tests.test_dunning import card_is
from services.payments.tests.test_renewals import SUMS, moment

DAY = timedelta(days=1)


class TestTime:
    @pytest.mark.parametrize(
        "began",
        [
            datetime(2027, 1, 31, 10, tzinfo=UTC),
            *(pytest.param(datetime(2027, 1, day, 10, tzinfo=UTC), marks=pytest.mark.slow) for day in (28, 29, 30)),
            pytest.param(datetime(2028, 2, 29, 10, tzinfo=UTC), marks=pytest.mark.slow),
        ],
    )
    async def test_pauses_to_short_months_and_back(self, subscriber: Subscriber, began: datetime) -> None:
        subscriber.wallet.clock.advance(began - subscriber.wallet.clock.now())
        made = await active(subscriber)
        end, anchor = moment(made["current_period_end"]), moment(made["current_period_start"])
        assert end == boundary(anchor, 1, Interval.MONTH)
        until = (end + timedelta(days=70)).replace(day=30)
        await subscriber.change(made["id"], "pause", until=until.isoformat())
        await subscriber.at(boundary(until, 12, Interval.MONTH) - timedelta(seconds=1))
        starts = [moment(period["start"]) for period in await subscriber.periods(made["id"])]
        assert starts == [anchor, *(boundary(until, number, Interval.MONTH) for number in range(12))]

    async def test_rule_mn_7_one_jump_of_400_days_is_as_400_of_one_day(self, subscriber: Subscriber) -> None:
        """Over the end of the period, the pause, its end, and renewals after it."""
        spans, sums = [], []
        for steps in (1, 400):
            made, before = await active(subscriber), dict(await subscriber.wallet.sql(SUMS))
            began, anchor = subscriber.wallet.clock.now(), moment(made["current_period_start"])
            until = moment(made["current_period_end"]) + 100 * DAY
            await subscriber.change(made["id"], "pause", until=until.isoformat())
            for step in range(1, steps + 1):
                await subscriber.at(began + step * 400 * DAY / steps)
            periods = await subscriber.periods(made["id"])
            assert [moment(period["start"]) for period in periods] == [
                anchor,
                *(boundary(until, number, Interval.MONTH) for number in range(len(periods) - 1)),
            ]
            after = dict(await subscriber.wallet.sql(SUMS))
            spans.append([(period["status"], period["amount"]) for period in periods])
            sums.append({kind: after[kind] - before.get(kind, 0) for kind in after})
            await subscriber.change(made["id"], "cancel")
            await subscriber.later(days=40)
        assert len(spans[0]) in (9, 10)
        assert (spans[0], sums[0]) == (spans[1], sums[1])
        assert await subscriber.broken() == []

    async def test_one_jump_over_a_resumption_that_fails_ends_it_at_its_moment(self, subscriber: Subscriber) -> None:
        made = await paused(subscriber)
        await card_is(subscriber, declined="insufficient_funds")
        await subscriber.later(days=400)
        now = await subscriber.show(made["id"])
        assert (now["status"], now["end_reason"]) == ("ended", "unpaid")
        [(ended_at,)] = await subscriber.wallet.sql(
            f"select ended_at from payments.subscriptions where id = '{now['id']}'"
        )
        assert ended_at == moment(made["paused_until"]) + DAY
        assert await subscriber.broken() == []


class TestReminders:
    async def test_not_of_a_renewal_that_a_pause_stops_and_seven_days_before_it_resumes(
        self, subscriber: Subscriber
    ) -> None:
        made = await active(subscriber, interval="year")
        end = moment(made["current_period_end"])
        await subscriber.change(made["id"], "pause", until=(end + 30 * DAY).isoformat())
        for at in (end - 7 * DAY, end, end + 23 * DAY - timedelta(seconds=1)):
            await subscriber.at(at)
            await subscriber.remind()
        assert "ChargeAnnounced" not in await subscriber.published()
        for _ in range(2):
            await subscriber.at(max(end + 23 * DAY, subscriber.wallet.clock.now()))
            await subscriber.remind()
        assert (await subscriber.published())[-1] == "ChargeAnnounced"
        assert (await subscriber.published()).count("ChargeAnnounced") == 1

    async def test_again_once_the_pause_is_taken_back(self, subscriber: Subscriber) -> None:
        made = await active(subscriber, interval="year")
        await subscriber.change(made["id"], "pause")
        await subscriber.at(moment(made["current_period_end"]) - 6 * DAY)
        await subscriber.remind()
        await subscriber.change(made["id"], "resume")
        await subscriber.remind()
        assert (await subscriber.published())[-2:] == ["Changed", "ChargeAnnounced"]

    async def test_not_of_a_trial_that_is_followed_by_a_pause(self, subscriber: Subscriber) -> None:
        made = await trialing(subscriber)
        await subscriber.change(made["id"], "pause")
        await subscriber.at(moment(made["trial_until"]) - DAY)
        await subscriber.remind()
        assert "ChargeAnnounced" not in await subscriber.published()

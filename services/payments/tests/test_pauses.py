"""Pauses: from the end of what is paid, without bill and access, and a new anchor afterwards."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from services.payments.plans.domain import Interval
from services.payments.subscriptions.domain import boundary
from services.payments.tests.subscribers import Json, Subscriber
from services.payments.tests.subscriptions_in_states import (
    active,
    cancelled,
    ended,
    incomplete,
    past_due,
    paused,
    planned,
    planned_and_cancelled,
    trialing,
    unpaid_after_pause,
)
from services.payments.tests.test_renewals import moment
from services.payments.tests.vaults import Wallet
from shared.records.ids import new_id

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NO = "illegal_transition"
CALLS = ("pause", "resume", "cancel", "cancel now", "reactivate")
# What each call leads to in each state: the status that it has then, or the code of the refusal.
TABLE: dict[Callable[[Subscriber], Awaitable[Json]], tuple[str, ...]] = {
    incomplete: (NO, NO, "ended", "ended", NO),
    trialing: ("trialing", NO, "trialing", "ended", NO),
    active: ("active", NO, "active", "period_end_only", NO),
    planned: ("active", "active", "active", "period_end_only", NO),
    cancelled: (NO, NO, "active", "period_end_only", "active"),
    planned_and_cancelled: (NO, "active", "active", "period_end_only", "active"),
    past_due: (NO, NO, "ended", "ended", NO),
    paused: (NO, "active", "ended", "ended", NO),
    unpaid_after_pause: (NO, NO, "ended", "ended", NO),
    ended: (NO, NO, NO, NO, NO),
}


class TestTable:
    @pytest.mark.parametrize("state", list(TABLE), ids=lambda state: state.__name__)
    async def test_every_cell(self, subscriber: Subscriber, state: Callable[[Subscriber], Awaitable[Json]]) -> None:
        wallet = subscriber.wallet
        for call, expected in zip(CALLS, TABLE[state], strict=True):
            other = Wallet(wallet.app, wallet.api, wallet.stripe_api, wallet.clock, new_id())
            theirs = Subscriber(other, new_id())
            made = await state(theirs)
            what, _, at = call.partition(" ")
            answer = (await theirs.change(made["id"], what, **({"at": at} if at else {}))).json()
            assert (answer.get("status") if "id" in answer else answer["code"]) == expected, (call, answer)
            if "id" not in answer:
                assert await theirs.show(made["id"]) == made, call
            await wallet.run("delete from payments.card_offers")
        assert await wallet.sql("select 1 from payments.subscriptions") != []


class TestPause:
    async def test_from_the_period_s_end_without_bill_and_access_for_180_days(self, subscriber: Subscriber) -> None:
        made = await active(subscriber)
        end = moment(made["current_period_end"])
        shown = (await subscriber.change(made["id"], "pause")).json()
        assert (shown["status"], moment(shown["access_until"])) == ("active", end)
        assert moment(shown["paused_until"]) == end + 180 * DAY
        await subscriber.at(end + 180 * DAY - timedelta(seconds=1))
        now = await subscriber.show(made["id"])
        assert (now["status"], moment(now["access_until"]), now["payment"]) == ("paused", end, None)
        assert await subscriber.paid() == [4900]
        await subscriber.at(end + 180 * DAY)
        now = await subscriber.show(made["id"])
        assert (now["status"], moment(now["current_period_start"])) == ("active", end + 180 * DAY)
        assert now["paused_until"] is None
        assert await subscriber.paid() == [4900, 4900]
        names = await subscriber.published()
        assert names[2:] == ["Activated", "Changed", "Paused", "Resumed"]
        versions = [event.subscription.version for event in await subscriber.events()][2:]
        assert versions == [1, 2, 3, 4]

    @pytest.mark.parametrize(
        ("days", "code"), [(0, "pause_too_short"), (-1, "pause_too_short"), (181, "pause_too_long")]
    )
    async def test_its_end_is_after_what_is_paid_and_within_180_days(
        self, subscriber: Subscriber, days: int, code: str
    ) -> None:
        made = await active(subscriber)
        until = moment(made["current_period_end"]) + days * DAY
        answer = await subscriber.change(made["id"], "pause", until=until.isoformat())
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["field"], error["code"]) == (422, "until", code)
        assert await subscriber.show(made["id"]) == made

    @pytest.mark.parametrize("until", ["tomorrow", "2027-02-30T00:00:00Z", "2027-02-01T00:00:00", 5])
    async def test_an_end_that_is_no_moment_is_refused(self, subscriber: Subscriber, until: object) -> None:
        made = await active(subscriber)
        answer = await subscriber.change(made["id"], "pause", until=until)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "until")

    async def test_a_plan_of_the_platform_is_not_paused(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        answer = await subscriber.change(made["id"], "pause")
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")

    async def test_a_trial_is_followed_by_the_pause_and_then_by_the_first_bill(self, subscriber: Subscriber) -> None:
        made = await trialing(subscriber)
        end = moment(made["trial_until"])
        shown = (await subscriber.change(made["id"], "pause", until=(end + 10 * DAY).isoformat())).json()
        assert moment(shown["access_until"]) == end
        await subscriber.at(end + 9 * DAY)
        assert ((await subscriber.show(made["id"]))["status"], await subscriber.paid()) == ("paused", [])
        await subscriber.at(end + 10 * DAY)
        now = await subscriber.show(made["id"])
        assert (now["status"], moment(now["current_period_start"])) == ("active", end + 10 * DAY)
        assert await subscriber.published() == ["Activated", "Changed", "Paused", "Resumed"]

    async def test_cancelled_before_it_begins_it_ends_and_taken_back_it_pauses(self, subscriber: Subscriber) -> None:
        made = await planned_and_cancelled(subscriber)
        again = (await subscriber.change(made["id"], "reactivate")).json()
        assert (again["paused_until"], again["access_until"]) == (made["paused_until"], made["current_period_end"])
        await subscriber.change(made["id"], "cancel")
        await subscriber.at(moment(made["current_period_end"]) + 300 * DAY)
        now = await subscriber.show(made["id"])
        assert (now["status"], now["access_until"]) == ("ended", made["current_period_end"])
        assert await subscriber.paid() == [4900]

    async def test_cancelled_while_paused_its_access_has_ended_before(self, subscriber: Subscriber) -> None:
        made = await paused(subscriber)
        await subscriber.later(days=3)
        now = (await subscriber.change(made["id"], "cancel")).json()
        assert (now["status"], now["end_reason"], now["paused_until"]) == ("ended", "cancelled", None)
        assert now["access_until"] == made["access_until"]
        assert await subscriber.broken() == []


class TestResume:
    async def test_before_the_pause_began_it_undoes_it(self, subscriber: Subscriber) -> None:
        made = await active(subscriber)
        await subscriber.change(made["id"], "pause")
        assert (await subscriber.change(made["id"], "resume")).json() == made
        await subscriber.at(made["current_period_end"])
        assert await subscriber.paid() == [4900, 4900]
        assert (await subscriber.show(made["id"]))["current_period_start"] == made["current_period_end"]

    async def test_by_hand_a_new_period_and_anchor_begin_at_once(self, subscriber: Subscriber) -> None:
        made = await paused(subscriber)
        await subscriber.later(days=11)
        now, at = (await subscriber.change(made["id"], "resume")).json(), subscriber.wallet.clock.now()
        assert (now["status"], now["paused_until"], now["payment"]) == ("active", None, None)
        assert moment(now["current_period_end"]) == boundary(moment(now["current_period_start"]), 1, Interval.MONTH)
        assert at - moment(now["current_period_start"]) < timedelta(seconds=1)
        assert moment(now["access_until"]) == moment(now["current_period_end"]) + HOUR
        assert await subscriber.paid() == [4900, 4900]
        assert [period["number"] for period in await subscriber.periods(made["id"])] == [1, 2]

    async def test_a_declined_card_leaves_it_incomplete_and_payment_begins_it(self, subscriber: Subscriber) -> None:
        now = await unpaid_after_pause(subscriber)
        resumed_at = subscriber.wallet.clock.now()
        assert (now["status"], now["payment"]["amount_due"]["amount"]) == ("incomplete", 4900)
        assert moment(now["payment"]["expires_at"]) - resumed_at < DAY + timedelta(seconds=1)
        await subscriber.later(hours=20)
        assert await subscriber.pay(now["payment"]) == "succeeded"
        shown = await subscriber.show(now["id"])
        assert (shown["status"], await subscriber.paid()) == ("active", [4900, 4900])
        assert moment(shown["current_period_start"]) >= resumed_at + timedelta(hours=20) - timedelta(seconds=1)
        assert (await subscriber.published())[-2:] == ["PastDue", "Resumed"]
        await subscriber.at(shown["current_period_end"])
        assert await subscriber.broken() == []

    async def test_unpaid_after_a_day_it_is_over(self, subscriber: Subscriber) -> None:
        now = await unpaid_after_pause(subscriber)
        await subscriber.later(days=5)
        shown = await subscriber.show(now["id"])
        assert (shown["status"], shown["end_reason"], shown["access_until"]) == ("ended", "unpaid", now["access_until"])
        assert [period["status"] for period in await subscriber.periods(now["id"])] == ["paid", "closed"]
        assert await subscriber.paid() == [4900]
        assert await subscriber.broken() == []

    async def test_without_a_card_it_waits_for_one(self, subscriber: Subscriber) -> None:
        made = await paused(subscriber)
        await subscriber.wallet.run("delete from payments.payment_methods")
        now = (await subscriber.change(made["id"], "resume")).json()
        assert (now["status"], now["payment"]["status"]) == ("incomplete", "requires_payment_method")

    async def test_the_card_that_it_is_resumed_with_stays(self, subscriber: Subscriber) -> None:
        made = await paused(subscriber)
        [(method_id,)] = await subscriber.wallet.sql("select id from payments.payment_methods where is_default")
        await subscriber.wallet.run(f"delete from payments.payment_methods where id <> '{method_id}'")
        answer = await subscriber.wallet.change("DELETE", f"{method_id}/")
        assert (answer.status_code, answer.json()["code"]) == (409, "method_in_use")
        await subscriber.change(made["id"], "cancel")
        assert (await subscriber.wallet.change("DELETE", f"{method_id}/")).status_code == 204

    async def test_resumed_in_the_moment_of_its_end_it_is_billed_once(self, subscriber: Subscriber) -> None:
        for turn in range(5):
            made = await paused(subscriber)
            subscriber.wallet.clock.advance(moment(made["paused_until"]) - subscriber.wallet.clock.now())
            await asyncio.gather(subscriber.change(made["id"], "resume"), subscriber.work())
            now = await subscriber.show(made["id"])
            assert (now["status"], len(await subscriber.paid())) == ("active", 2 * (turn + 1))
            assert [period["number"] for period in await subscriber.periods(made["id"])] == [1, 2]
            await subscriber.change(made["id"], "cancel")
            await subscriber.at(now["current_period_end"])

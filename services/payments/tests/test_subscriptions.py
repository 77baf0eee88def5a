"""Subscribing, cancelling, and who may see what."""

import asyncio
from datetime import timedelta

import pytest

from devtools.testing.callers import headers_for
from services.payments.tests.subscribers import SUBSCRIPTIONS, Subscriber
from shared.records.ids import new_id

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def usd(amount: int) -> dict[str, object]:
    return {"amount": amount, "currency": "USD"}


class TestAccess:
    async def test_anonymous_gets_401(self, subscriber: Subscriber) -> None:
        api = subscriber.wallet.api
        calls = [("POST", ""), ("GET", ""), ("GET", "x/"), ("GET", "x/periods/"), ("POST", "x/cancel/")]
        answers = [await api.request(method, f"{SUBSCRIPTIONS}{path}") for method, path in calls]
        assert {answer.status_code for answer in answers} == {401}

    async def test_a_stranger_gets_404_and_staff_see_no_secret(self, subscriber: Subscriber) -> None:
        made, api = await subscriber.subscribe(), subscriber.wallet.api
        path = f"{SUBSCRIPTIONS}{made['id']}/"
        for method, what in (("GET", ""), ("GET", "periods/"), ("POST", "cancel/"), ("POST", "reactivate/")):
            answer = await api.request(method, f"{path}{what}", headers=headers_for())
            assert answer.status_code == 404, what
        seen = await api.get(path, headers=headers_for(roles=("user", "staff")))
        assert seen.json() == made | {"payment": None}
        assert (await api.get(SUBSCRIPTIONS, headers=headers_for())).json()["total"] == 0

    async def test_platform_plans_are_for_practitioners(self, subscriber: Subscriber) -> None:
        answer = await subscriber.ask(headers=headers_for(subscriber.wallet.client_id))
        assert (answer.status_code, answer.json()["code"]) == (403, "practitioner_required")


class TestSubscribe:
    async def test_it_waits_for_its_first_payment(self, subscriber: Subscriber) -> None:
        made, now = await subscriber.subscribe(), subscriber.wallet.clock.now()
        assert (made["status"], made["kind"], made["plan"]["code"]) == ("incomplete", "platform", "entry")
        assert (made["price"], made["access_until"], made["current_period_end"]) == (usd(2900), None, None)
        assert made["payment"]["amount_due"] == usd(2900)
        assert made["payment"]["status"] == "requires_payment_method"
        assert made["payment"]["client_secret"]
        assert made["payment"]["expires_at"] == (now + DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert await subscriber.published() == []

    async def test_it_is_active_when_confirm_says_succeeded(self, subscriber: Subscriber) -> None:
        made = await subscriber.subscribe()
        subscriber.wallet.clock.advance(HOUR)
        assert await subscriber.pay(made["payment"]) == "succeeded"
        shown, paid_at = await subscriber.show(made["id"]), subscriber.wallet.clock.now()
        assert (shown["status"], shown["payment"]) == ("active", None)
        (period,) = await subscriber.periods(made["id"])
        assert (period["number"], period["status"], period["amount"]) == (1, "paid", usd(2900))
        assert (shown["current_period_start"], shown["current_period_end"]) == (period["start"], period["end"])
        assert period["start"] == paid_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        assert shown["access_until"] > shown["current_period_end"]
        assert await subscriber.published() == ["Activated"]

    async def test_the_first_bill_saves_its_card(self, subscriber: Subscriber) -> None:
        made = await subscriber.subscribe()
        await subscriber.pay(made["payment"])
        assert [card["last4"] for card in await subscriber.wallet.cards()] == ["4242"]

    async def test_a_saved_card_is_charged_at_once(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        assert (made["payment"], await subscriber.paid()) == (None, [2900])

    async def test_a_declined_card_leaves_it_incomplete(self, subscriber: Subscriber) -> None:
        card = await subscriber.wallet.save("pm_card_chargeCustomerFail")
        made = await subscriber.subscribe(payment_method_id=card["id"])
        assert (made["status"], made["payment"]["status"]) == ("incomplete", "failed")
        assert made["payment"]["error"]["code"] == "card_declined"
        again = (await subscriber.show(made["id"]))["payment"]
        assert (again["status"], again["error"]) == ("requires_payment_method", made["payment"]["error"])
        assert await subscriber.pay(made["payment"]) == "succeeded"
        assert (await subscriber.show(made["id"]))["status"] == "active"

    async def test_unpaid_after_a_day_it_is_over(self, subscriber: Subscriber) -> None:
        made, began = await subscriber.subscribe(), subscriber.wallet.clock.now()
        await subscriber.at(began + DAY - timedelta(seconds=1))
        assert (await subscriber.show(made["id"]))["status"] == "incomplete"
        await subscriber.at(began + 3 * DAY)
        shown = await subscriber.show(made["id"])
        assert (shown["status"], shown["end_reason"], shown["access_until"]) == ("ended", "unpaid", None)
        assert [period["status"] for period in await subscriber.periods(made["id"])] == ["closed"]
        answer = await subscriber.wallet.confirm(made["payment"]["order_id"], payment_method="pm_card_visa")
        assert answer.json()["code"] == "order_closed"
        assert (await subscriber.subscribe())["status"] == "incomplete"

    async def test_one_of_a_kind(self, subscriber: Subscriber) -> None:
        await subscriber.subscribe()
        answer = await subscriber.ask("premium")
        assert (answer.status_code, answer.json()["code"]) == (409, "already_subscribed")

    async def test_fifty_at_once_make_one(self, subscriber: Subscriber) -> None:
        await subscriber.plan("entry")
        answers = await asyncio.gather(*(subscriber.ask() for _ in range(50)))
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 49
        assert len(await subscriber.wallet.sql("select id from payments.orders")) == 1

    async def test_a_repeat_with_the_same_key_is_the_same_one(self, subscriber: Subscriber) -> None:
        key = {"Idempotency-Key": "again"}
        first, second = [await subscriber.subscribe(headers=key) for _ in range(2)]
        assert first == second

    @pytest.mark.parametrize(
        ("change", "status", "code"),
        [
            ({"plan_id": str(new_id())}, 404, "not_found"),
            ({"plan_id": "entry"}, 422, "invalid"),
            ({"interval": "week"}, 422, "invalid"),
            ({"payment_method_id": str(new_id())}, 404, "not_found"),
            ({"promo_code": "X"}, 422, "invalid"),
        ],
    )
    async def test_bad_input_changes_nothing(
        self, subscriber: Subscriber, change: dict[str, str], status: int, code: str
    ) -> None:
        answer = await subscriber.ask(**change)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert await subscriber.wallet.sql("select id from payments.subscriptions") == []

    async def test_an_inactive_plan_cannot_be_had_and_a_price_must_be_there(self, subscriber: Subscriber) -> None:
        await subscriber.plan("entry")
        await subscriber.wallet.run("update payments.plans set is_active = false where code = 'premium'")
        await subscriber.wallet.run("delete from payments.plan_prices where interval = 'year'")
        plans = await subscriber.wallet.sql("select id from payments.plans where code = 'premium'")
        answer = await subscriber.ask(plan_id=str(plans[0][0]))
        assert (answer.status_code, answer.json()["code"]) == (409, "plan_inactive")
        answer = await subscriber.ask(interval="year")
        assert (answer.status_code, answer.json()["code"]) == (422, "interval_not_offered")

    async def test_a_plan_that_costs_nothing_is_active_at_once(self, subscriber: Subscriber) -> None:
        await subscriber.plan("entry")
        await subscriber.wallet.run("update payments.plan_prices set amount = 0")
        made = await subscriber.subscribe()
        assert (made["status"], made["payment"]) == ("active", None)
        await subscriber.at(made["current_period_end"])
        assert [period["status"] for period in await subscriber.periods(made["id"])] == ["paid", "paid"]

    async def test_subscribers_keep_the_terms_they_agreed_to(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await subscriber.wallet.run("update payments.plan_prices set amount = 9900")
        await subscriber.at(made["current_period_end"])
        assert await subscriber.paid() == [2900, 2900]


class TestTrial:
    async def test_it_needs_a_card(self, subscriber: Subscriber) -> None:
        answer = await subscriber.ask("organizer")
        assert (answer.status_code, answer.json()["code"]) == (409, "payment_method_required")
        assert await subscriber.wallet.sql("select id from payments.subscriptions") == []

    async def test_nothing_is_charged_until_it_ends(self, subscriber: Subscriber) -> None:
        await subscriber.wallet.save()
        made, now = await subscriber.subscribe("organizer"), subscriber.wallet.clock.now()
        assert (made["status"], made["payment"]) == ("trialing", None)
        assert made["trial_until"] == (now + 14 * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert made["access_until"] == (now + 14 * DAY + HOUR).strftime("%Y-%m-%dT%H:%M:%SZ")
        await subscriber.at(now + 14 * DAY)
        shown = await subscriber.show(made["id"])
        assert (shown["status"], shown["current_period_start"]) == ("active", made["trial_until"])
        assert await subscriber.paid() == [4900]
        assert await subscriber.published() == ["Activated", "Renewed"]

    async def test_once_ever(self, subscriber: Subscriber) -> None:
        await subscriber.wallet.save()
        first = await subscriber.subscribe("organizer")
        assert (await subscriber.change(first["id"], "cancel", at="now")).json()["status"] == "ended"
        assert (await subscriber.subscribe("organizer"))["status"] == "incomplete"

    async def test_cancelled_it_ends_with_the_trial(self, subscriber: Subscriber) -> None:
        await subscriber.wallet.save()
        made = await subscriber.subscribe("organizer")
        cancelled = (await subscriber.change(made["id"], "cancel")).json()
        assert (cancelled["status"], cancelled["cancel_at"]) == ("trialing", made["trial_until"])
        assert cancelled["access_until"] == made["trial_until"]
        await subscriber.later(days=20)
        ended = await subscriber.show(made["id"])
        assert (ended["status"], ended["end_reason"]) == ("ended", "cancelled")
        assert ended["access_until"] == made["trial_until"]


class TestCancel:
    async def test_access_lasts_to_the_period_s_end(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        cancelled = (await subscriber.change(made["id"], "cancel")).json()
        assert (cancelled["status"], cancelled["cancel_at"]) == ("active", made["current_period_end"])
        assert cancelled["access_until"] == made["current_period_end"]
        await subscriber.later(days=400)
        ended = await subscriber.show(made["id"])
        assert (ended["status"], ended["end_reason"]) == ("ended", "cancelled")
        assert ended["access_until"] == made["current_period_end"]
        assert await subscriber.paid() == [2900]
        assert await subscriber.published() == ["Activated", "Changed", "Ended"]

    async def test_what_is_paid_does_not_end_now(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        answer = await subscriber.change(made["id"], "cancel", at="now")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "at")

    async def test_undone_it_renews(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await subscriber.change(made["id"], "cancel")
        again = (await subscriber.change(made["id"], "reactivate")).json()
        assert again == made
        await subscriber.at(made["current_period_end"])
        assert await subscriber.paid() == [2900, 2900]
        answer = await subscriber.change(made["id"], "reactivate")
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")

    async def test_what_is_unpaid_ends_now(self, subscriber: Subscriber) -> None:
        made = await subscriber.subscribe()
        ended = (await subscriber.change(made["id"], "cancel")).json()
        assert (ended["status"], ended["end_reason"], ended["payment"]) == ("ended", "cancelled", None)
        answer = await subscriber.wallet.confirm(made["payment"]["order_id"], payment_method="pm_card_visa")
        assert answer.json()["code"] == "order_closed"
        again = await subscriber.change(made["id"], "cancel")
        assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")

    @pytest.mark.parametrize("times", [5, pytest.param(50, marks=pytest.mark.slow)])
    async def test_in_the_moment_of_the_renewal_one_of_both(self, subscriber: Subscriber, times: int) -> None:
        """Either it renews, and ends with what was paid for, or it ends, and nothing is charged."""
        made, wins = await subscriber.active(), {"renewed": 0, "ended": 0}
        for _ in range(times):
            end = (await subscriber.show(made["id"]))["current_period_end"]
            charges = len(await subscriber.paid())
            subscriber.wallet.clock.advance(timedelta())
            await asyncio.gather(subscriber.at(end), subscriber.change(made["id"], "cancel"))
            await subscriber.work()
            shown, now = await subscriber.show(made["id"]), len(await subscriber.paid())
            if shown["status"] == "ended":
                assert (now, shown["access_until"]) == (charges, end)
                wins["ended"] += 1
                made = await subscriber.active()
            else:
                assert (now, shown["status"]) == (charges + 1, "active")
                wins["renewed"] += 1
                if shown["cancel_at"]:
                    assert shown["cancel_at"] == shown["current_period_end"]
                    await subscriber.change(made["id"], "reactivate")
        assert sum(wins.values()) == times


class TestList:
    async def test_newest_first_by_kind_and_status_in_few_queries(self, subscriber: Subscriber) -> None:
        await subscriber.wallet.save()
        platform, organizer = await subscriber.subscribe(), await subscriber.subscribe("organizer")
        api, headers = subscriber.wallet.api, subscriber.headers
        listed = (await api.get(SUBSCRIPTIONS, headers=headers)).json()["results"]
        assert sorted(one["id"] for one in listed) == sorted([platform["id"], organizer["id"]])
        by_kind = (await api.get(f"{SUBSCRIPTIONS}?kind=platform", headers=headers)).json()["results"]
        assert by_kind == [platform]
        by_status = (await api.get(f"{SUBSCRIPTIONS}?status=trialing", headers=headers)).json()["results"]
        assert by_status == [organizer]

"""What another plan would cost, and which cannot be had."""

import pytest

from devtools.testing.callers import headers_for
from services.payments.tests.peers import ON_SALE
from services.payments.tests.subscribers import SUBSCRIPTIONS, Subscriber, moment, usd
from shared.records.ids import new_id


class TestPreview:
    async def test_dearer_now_by_the_seconds_that_are_left(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await subscriber.half(made)
        found = await subscriber.preview(made["id"], "premium")
        now = subscriber.wallet.clock.now().isoformat().replace("+00:00", "Z")
        assert found == {
            "effective": "now",
            "at": now,
            "charge": usd(3950),
            "credit": usd(1450),
            "due": usd(2500),
            "prorate_at": now,
            "services_over_limit": 0,
        }

    async def test_cheaper_at_the_period_s_end(self, subscriber: Subscriber) -> None:
        made = await subscriber.active(code="premium")
        found = await subscriber.preview(made["id"], "entry")
        assert (found["effective"], found["at"]) == ("period_end", made["current_period_end"])
        assert [found[name] for name in ("charge", "credit", "due")] == [usd(0)] * 3
        assert found["services_over_limit"] == ON_SALE - 20

    async def test_a_year_is_charged_whole_and_a_month_after_it_waits(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        found = await subscriber.preview(made["id"], "premium", "year")
        assert [found[name] for name in ("effective", "charge", "credit", "due")] == [
            "now",
            usd(79_000),
            usd(2900),
            usd(76_100),
        ]
        await subscriber.change(made["id"], "cancel")
        await subscriber.at(made["current_period_end"])
        yearly = await subscriber.active(interval="year")
        found = await subscriber.preview(yearly["id"], "premium")
        assert (found["effective"], found["at"], found["due"]) == ("period_end", yearly["current_period_end"], usd(0))

    async def test_in_trial_it_is_now_and_free(self, subscriber: Subscriber) -> None:
        await subscriber.wallet.save()
        made = await subscriber.subscribe("organizer")
        found = await subscriber.preview(made["id"], "organizer", "year")
        assert [found[name] for name in ("effective", "charge", "due")] == ["now", usd(0), usd(0)]
        assert found["services_over_limit"] == 0

    async def test_it_changes_nothing(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await subscriber.preview(made["id"], "premium")
        assert await subscriber.show(made["id"]) == made
        assert (await subscriber.published(), await subscriber.paid()) == (["Activated"], [2900])

    async def test_anonymous_gets_401_and_a_stranger_404(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        path, query = f"{SUBSCRIPTIONS}{made['id']}/preview/", {"plan_id": str(new_id()), "interval": "month"}
        assert (await subscriber.wallet.api.get(path, params=query)).status_code == 401
        assert (await subscriber.wallet.api.get(path, params=query, headers=headers_for())).status_code == 404


class TestRefused:
    """What cannot be changed to cannot be previewed either."""

    @pytest.mark.parametrize(
        ("code", "interval", "status", "refusal", "field"),
        [
            ("entry", "month", 422, "same_plan", "plan_id"),
            ("organizer", "month", 422, "other_kind", "plan_id"),
            ("entry", "week", 422, "invalid", "interval"),
            ("monthly", "year", 422, "interval_not_offered", "interval"),
            ("retired", "month", 409, "plan_inactive", "plan_id"),
        ],
    )
    async def test_plans(
        self, subscriber: Subscriber, code: str, interval: str, status: int, refusal: str, field: str
    ) -> None:
        made = await subscriber.active()
        await subscriber.make_plan("monthly", 9900)
        await subscriber.make_plan("retired", 9900)
        await subscriber.put_plan("retired", 9900, is_active=False)
        answer = await subscriber.ask_preview(made["id"], code, interval)
        assert (answer.status_code, answer.json()["code"]) == (status, refusal)
        assert answer.json()["errors"][0]["field"].endswith(field)

    async def test_an_unknown_plan(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        path, query = f"{SUBSCRIPTIONS}{made['id']}/preview/", {"plan_id": str(new_id()), "interval": "month"}
        answer = await subscriber.wallet.api.get(path, params=query, headers=subscriber.headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")

    async def test_one_s_own_plan_is_another_once_staff_have_changed_it(self, subscriber: Subscriber) -> None:
        await subscriber.make_plan("mine", 9900)
        made = await subscriber.active(code="mine")
        assert (await subscriber.ask_preview(made["id"], "mine")).json()["code"] == "same_plan"
        await subscriber.put_plan("mine", 10_900)
        found = await subscriber.preview(made["id"], "mine")
        assert (found["effective"], found["due"]) == ("now", usd(1000))

    async def test_before_a_bill_is_paid(self, subscriber: Subscriber) -> None:
        made = await subscriber.subscribe()
        assert (await subscriber.ask_preview(made["id"], "premium")).json()["code"] == "payment_due"
        await subscriber.pay(made["payment"], "pm_card_visa")
        made = await subscriber.show(made["id"])
        await subscriber.wallet.run("delete from payments.payment_methods")
        subscriber.wallet.clock.set(moment(made["current_period_end"]))
        assert (await subscriber.ask_preview(made["id"], "premium")).json()["code"] == "payment_due"
        await subscriber.work()
        assert (await subscriber.show(made["id"]))["status"] == "past_due"
        answer = await subscriber.ask_preview(made["id"], "premium")
        assert (answer.status_code, answer.json()["code"]) == (409, "payment_due")

    async def test_what_does_not_go_on(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await subscriber.change(made["id"], "cancel")
        answer = await subscriber.ask_preview(made["id"], "premium")
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
        await subscriber.at(made["current_period_end"])
        answer = await subscriber.ask_preview(made["id"], "premium")
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")

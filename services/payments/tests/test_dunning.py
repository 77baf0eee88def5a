"""Bills that are not paid: tried again on their days, rescued by a saved card, and given up."""

import asyncio
from datetime import datetime, timedelta

import pytest

from services.payments.tests.subscribers import Json, Subscriber

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ATTEMPTS = """
    select count(*) from payments.payment_attempts a join payments.orders o on o.id = a.order_id
    where o.kind = 'subscription'
"""


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def attempts(subscriber: Subscriber) -> int:
    """How often a card was tried for the bills so far."""
    return int((await subscriber.wallet.sql(ATTEMPTS))[0][0])


async def card_is(subscriber: Subscriber, **happens: str) -> None:
    """The saved card's bank answers so from now on."""
    for (stripe_id,) in await subscriber.wallet.sql("select stripe_id from payments.payment_methods"):
        await subscriber.wallet.happen("card", stripe_id, **happens)


async def overdue(subscriber: Subscriber, **happens: str) -> tuple[Json, datetime]:
    """A subscription whose first renewal failed, and when its unpaid period began."""
    made = await subscriber.active()
    await card_is(subscriber, **(happens or {"declined": "insufficient_funds"}))
    start = moment(made["current_period_end"])
    await subscriber.at(start)
    shown = await subscriber.show(made["id"])
    assert shown["status"] == "past_due", shown
    return shown, start


class TestSchedule:
    async def test_tried_after_1_3_5_and_7_days_to_the_second_then_over(self, subscriber: Subscriber) -> None:
        shown, start = await overdue(subscriber)
        assert moment(shown["access_until"]) == start + 7 * DAY
        assert shown["payment"]["amount_due"]["amount"] == 2900
        tried = await attempts(subscriber)
        for day in (1, 3, 5, 7):
            assert moment((await subscriber.show(shown["id"]))["retry_at"]) == start + day * DAY
            await subscriber.at(start + day * DAY - timedelta(seconds=1))
            assert await attempts(subscriber) == tried
            await subscriber.at(start + day * DAY)
            tried += 1
            assert await attempts(subscriber) == tried
        ended = await subscriber.show(shown["id"])
        assert (ended["status"], ended["end_reason"], ended["payment"]) == ("ended", "payment_failed", None)
        assert moment(ended["access_until"]) == start + 7 * DAY
        assert [period["status"] for period in await subscriber.periods(shown["id"])] == ["paid", "closed"]
        assert await subscriber.paid() == [2900]
        assert await subscriber.published() == ["Activated", *["PastDue"] * 4, "Ended"]

    async def test_a_card_that_works_again_pays_and_the_dates_stay(self, subscriber: Subscriber) -> None:
        shown, start = await overdue(subscriber)
        await card_is(subscriber, becomes="pm_card_visa")
        await subscriber.at(start + 2 * DAY)
        now = await subscriber.show(shown["id"])
        assert (now["status"], now["retry_at"], moment(now["current_period_start"])) == ("active", None, start)
        assert moment(now["access_until"]) == moment(now["current_period_end"]) + HOUR

    async def test_the_operator_chooses_the_days(self, subscriber: Subscriber) -> None:
        settings = subscriber.wallet.runtime.settings.model_copy(update={"retry_days": "2"})
        subscriber.wallet.use(settings=settings)
        shown, start = await overdue(subscriber)
        assert moment(shown["retry_at"]) == moment(shown["access_until"]) == start + 2 * DAY
        await subscriber.at(start + 2 * DAY)
        assert (await subscriber.show(shown["id"]))["status"] == "ended"


class TestWhatCannotHeal:
    @pytest.mark.parametrize(
        "happens",
        [
            {"declined": "lost_card"},
            {"declined": "stolen_card"},
            {"declined": "revocation_of_authorization"},
            {"declined": "generic_decline", "advice_code": "do_not_try_again"},
            {"becomes": "pm_card_authenticationRequired"},
        ],
    )
    async def test_rule_mn_3_that_card_is_not_tried_again_and_the_grace_runs(
        self, subscriber: Subscriber, happens: dict[str, str]
    ) -> None:
        shown, start = await overdue(subscriber, **happens)
        tried = await attempts(subscriber)
        for day in (1, 3, 5):
            await subscriber.at(start + day * DAY)
            assert (await subscriber.show(shown["id"]))["status"] == "past_due"
        assert await attempts(subscriber) == tried
        await subscriber.at(start + 7 * DAY)
        ended = await subscriber.show(shown["id"])
        assert (ended["status"], moment(ended["access_until"])) == ("ended", start + 7 * DAY)
        assert await subscriber.published() == ["Activated", "PastDue", "Ended"]

    async def test_rule_mn_3_nor_is_it_when_another_one_is_refused_too(self, subscriber: Subscriber) -> None:
        _, start = await overdue(subscriber, declined="lost_card")
        other = await subscriber.wallet.save("pm_card_mastercard")
        await card_is(subscriber, declined="stolen_card")
        await subscriber.work()
        tried = await attempts(subscriber)
        await subscriber.at(start + DAY)
        await subscriber.wallet.change("POST", f"{other['id']}/default/")
        await subscriber.at(start + 5 * DAY)
        await subscriber.work()
        assert await attempts(subscriber) == tried + 1  # by the owner, who chose it

    async def test_rule_mn_4_the_client_can_confirm_what_the_bank_asks_for(self, subscriber: Subscriber) -> None:
        shown, _ = await overdue(subscriber, becomes="pm_card_authenticationRequired")
        bill = shown["payment"]
        assert (bill["error"]["code"], bill["next_action_url"]) == ("authentication_required", None)
        [(method_id,)] = await subscriber.wallet.sql("select id from payments.payment_methods")
        answer = await subscriber.wallet.confirm(bill["order_id"], payment_method_id=str(method_id))
        assert answer.json()["status"] == "requires_action", answer.text
        waiting = (await subscriber.show(shown["id"]))["payment"]
        assert waiting["status"] == "requires_action"
        assert (waiting["error"], waiting["next_action_url"]) == (None, answer.json()["next_action_url"])
        await subscriber.wallet.authenticate(waiting["next_action_url"])
        again = await subscriber.wallet.confirm(bill["order_id"], payment_method_id=str(method_id))
        assert again.json()["status"] == "succeeded"
        assert (await subscriber.show(shown["id"]))["status"] == "active"


class TestTheClient:
    async def test_a_saved_card_rescues_at_once(self, subscriber: Subscriber) -> None:
        shown, _ = await overdue(subscriber)
        await subscriber.wallet.save("pm_card_mastercard")
        await subscriber.work()
        assert (await subscriber.show(shown["id"]))["status"] == "active"
        assert await subscriber.paid() == [2900, 2900]

    async def test_a_card_that_is_made_the_default_too(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await card_is(subscriber, declined="lost_card")
        newer = await subscriber.wallet.save("pm_card_mastercard")
        await subscriber.at(made["current_period_end"])
        assert (await subscriber.show(made["id"]))["status"] == "past_due"
        await subscriber.wallet.change("POST", f"{newer['id']}/default/")
        await subscriber.work()
        assert (await subscriber.show(made["id"]))["status"] == "active"

    async def test_a_new_card_that_is_declined_does_not_shorten_the_schedule(self, subscriber: Subscriber) -> None:
        shown, start = await overdue(subscriber)
        await subscriber.wallet.save("pm_card_chargeCustomerFail")
        await subscriber.work()
        now = await subscriber.show(shown["id"])
        assert (now["status"], moment(now["retry_at"])) == ("past_due", start + DAY)

    async def test_rule_mn_3_five_failed_tries_of_the_client_count_for_nothing(self, subscriber: Subscriber) -> None:
        shown, start = await overdue(subscriber)
        for _ in range(5):
            assert await subscriber.pay(shown["payment"], "pm_card_chargeDeclined") == "failed"
        await subscriber.work()
        now = await subscriber.show(shown["id"])
        assert (now["status"], moment(now["retry_at"])) == ("past_due", start + DAY)
        await subscriber.at(start + 6 * DAY)
        assert (await subscriber.show(shown["id"]))["status"] == "past_due"

    async def test_cancelled_it_is_over_and_nothing_is_owed(self, subscriber: Subscriber) -> None:
        shown, _ = await overdue(subscriber)
        ended = (await subscriber.change(shown["id"], "cancel")).json()
        assert (ended["status"], ended["end_reason"], ended["payment"]) == ("ended", "cancelled", None)
        assert ended["access_until"] == subscriber.wallet.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        answer = await subscriber.wallet.confirm(shown["payment"]["order_id"], payment_method="pm_card_visa")
        assert answer.json()["code"] == "order_closed"

    @pytest.mark.parametrize("times", [5, pytest.param(50, marks=pytest.mark.slow)])
    async def test_rule_mn_1_paid_in_the_moment_of_the_retry_it_is_charged_once(
        self, subscriber: Subscriber, times: int
    ) -> None:
        shown, _ = await overdue(subscriber)
        for number in range(times):
            assert len(await subscriber.paid()) == 1 + number
            await card_is(subscriber, becomes="pm_card_visa")
            retry = shown["retry_at"]
            await asyncio.gather(subscriber.at(retry), subscriber.pay(shown["payment"]))
            await subscriber.work()
            now = await subscriber.show(shown["id"])
            assert now["status"] == "active"
            assert len(await subscriber.paid()) == 2 + number
            await card_is(subscriber, declined="insufficient_funds")
            await subscriber.at(now["current_period_end"])
            shown = await subscriber.show(shown["id"])


class TestCards:
    async def test_the_last_card_stays_while_it_is_needed(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        [(method_id,)] = await subscriber.wallet.sql("select id from payments.payment_methods")
        answer = await subscriber.wallet.change("DELETE", f"{method_id}/")
        assert (answer.status_code, answer.json()["code"]) == (409, "method_in_use")
        await subscriber.change(made["id"], "cancel")
        assert (await subscriber.wallet.change("DELETE", f"{method_id}/")).status_code == 204

    async def test_without_a_card_the_schedule_runs(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await subscriber.wallet.run("delete from payments.payment_methods")
        await subscriber.at(made["current_period_end"])
        shown = await subscriber.show(made["id"])
        assert (shown["status"], shown["payment"]["status"]) == ("past_due", "requires_payment_method")
        await subscriber.later(days=7)
        assert (await subscriber.show(made["id"]))["end_reason"] == "payment_failed"


class TestAtTheBank:
    """The client pays an overdue bill themselves, on their bank's page, when the job would try it."""

    async def asked(self, subscriber: Subscriber, bill: Json) -> str:
        answer = await subscriber.wallet.confirm(bill["order_id"], payment_method="pm_card_threeDSecure2Required")
        assert answer.json()["status"] == "requires_action", answer.text
        return str(answer.json()["next_action_url"])

    async def look(self, subscriber: Subscriber) -> None:
        """The job's next look, which it takes a few seconds later."""
        await subscriber.wallet.due("subscriptions")
        await subscriber.work()

    async def test_rule_mn_1_a_retry_leaves_the_page_to_them(self, subscriber: Subscriber) -> None:
        shown, start = await overdue(subscriber)
        await subscriber.at(start + DAY - timedelta(minutes=5))
        page, tried = await self.asked(subscriber, shown["payment"]), await attempts(subscriber)
        await subscriber.at(start + DAY)
        await self.look(subscriber)
        assert await attempts(subscriber) == tried
        await subscriber.wallet.authenticate(page)
        await self.look(subscriber)
        now = await subscriber.show(shown["id"])
        assert (now["status"], moment(now["current_period_start"])) == ("active", start)
        assert await subscriber.paid() == [2900, 2900]

    async def test_for_a_quarter_of_an_hour_from_their_last_try(self, subscriber: Subscriber) -> None:
        shown, start = await overdue(subscriber)
        await subscriber.at(start + DAY - timedelta(minutes=10))
        await self.asked(subscriber, shown["payment"])
        await subscriber.later(minutes=8)
        await self.asked(subscriber, shown["payment"])
        tried = await attempts(subscriber)
        await subscriber.later(minutes=14, seconds=59)
        await self.look(subscriber)
        assert await attempts(subscriber) == tried
        await card_is(subscriber, becomes="pm_card_visa")
        await subscriber.later(seconds=1)
        await self.look(subscriber)
        assert await attempts(subscriber) == tried + 1
        assert (await subscriber.show(shown["id"]))["status"] == "active"

    async def test_also_where_their_browser_asks_stripe_itself(self, subscriber: Subscriber) -> None:
        shown, start = await overdue(subscriber)
        bill = shown["payment"]
        intent_id = bill["client_secret"].split("_secret_")[0]
        method = {
            "type": "card",
            "card": {"number": "4000000000003220", "exp_month": 1, "exp_year": 2040, "cvc": "123"},
        }
        asked = await subscriber.wallet.in_browser(
            f"/payment_intents/{intent_id}/confirm", client_secret=bill["client_secret"], payment_method_data=method
        )
        await subscriber.at(start + DAY)
        await self.look(subscriber)
        await subscriber.wallet.authenticate(asked["next_action"]["redirect_to_url"]["url"])
        await self.look(subscriber)
        assert (await subscriber.show(shown["id"]))["status"] == "active"

    async def test_the_last_retry_waits_too_and_the_end_is_where_it_was(self, subscriber: Subscriber) -> None:
        shown, start = await overdue(subscriber)
        await subscriber.at(start + 7 * DAY - timedelta(minutes=1))
        await self.asked(subscriber, shown["payment"])
        await subscriber.at(start + 7 * DAY)
        await self.look(subscriber)
        waiting = await subscriber.show(shown["id"])
        assert (waiting["status"], moment(waiting["access_until"])) == ("past_due", start + 7 * DAY)
        await subscriber.later(minutes=15)
        await self.look(subscriber)
        ended = await subscriber.show(shown["id"])
        assert (ended["status"], moment(ended["access_until"])) == ("ended", start + 7 * DAY)

    async def test_a_card_they_save_meanwhile_is_tried_at_once(self, subscriber: Subscriber) -> None:
        shown, _ = await overdue(subscriber)
        await self.asked(subscriber, shown["payment"])
        await subscriber.wallet.save("pm_card_mastercard")
        await subscriber.work()
        assert (await subscriber.show(shown["id"]))["status"] == "active"
        assert await subscriber.paid() == [2900, 2900]

    async def test_money_that_is_under_way_says_nothing_of_the_default_card(self, subscriber: Subscriber) -> None:
        shown, start = await overdue(subscriber)
        assert await subscriber.pay(shown["payment"], "pm_usBankAccount_processing") == "processing"
        await subscriber.at(start + DAY)
        assert await subscriber.wallet.sql("select refused_methods from payments.subscriptions") == [([],)]

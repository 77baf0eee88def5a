"""Staff end subscriptions and return what was paid; a bank that takes a payment back ends them too."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from devtools.testing.callers import headers_for
from services.payments.chargebacks.service import sync_dispute
from services.payments.refunds.jobs import finish_refunds
from services.payments.tests.disputes import dispute_of
from services.payments.tests.subscribers import SUBSCRIPTIONS, Json, Subscriber
from services.payments.tests.subscriptions_in_states import (
    incomplete,
    past_due,
    paused,
    trialing,
    unpaid_after_pause,
)
from services.payments.tests.test_renewals import SUMS, moment
from shared.records.ids import new_id

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
STAFF = headers_for(roles=("user", "staff")) | {"X-Confirm-Action": "true"}


async def cancel(
    subscriber: Subscriber, made: Json, at: str = "now", refund: str = "unused", **headers: str
) -> httpx2.Response:
    path = f"{SUBSCRIPTIONS.replace('/subscriptions', '/admin/subscriptions')}{made['id']}/cancel/"
    answer = await subscriber.wallet.api.post(path, json={"at": at, "refund": refund}, headers=STAFF | headers)
    await subscriber.work()
    return answer


async def refunded(subscriber: Subscriber) -> list[int]:
    """What Stripe has returned of each bill, newest bill first."""
    bills = "select intent_id from payments.orders where status = 'paid' order by paid_at desc"
    found = []
    for (intent_id,) in await subscriber.wallet.sql(bills):
        answer = await subscriber.wallet.stripe_api.get("/refunds", params={"payment_intent": intent_id})
        found += [refund["amount"] for refund in answer.json()["data"]]
    return found


class TestAccess:
    async def test_of_staff_who_confirm_it(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        path = f"/api/v1/admin/subscriptions/{made['id']}/cancel/"
        body = {"at": "now", "refund": "all"}
        for headers, status in (
            ({}, 401),
            (headers_for(), 403),
            (subscriber.headers, 403),
            (STAFF | {"X-Confirm-Action": ""}, 428),
        ):
            answer = await subscriber.wallet.api.post(path, json=body, headers=headers)
            assert answer.status_code == status, answer.text
        gone = await subscriber.wallet.api.post(path.replace(made["id"], str(new_id())), json=body, headers=STAFF)
        assert gone.status_code == 404
        assert await subscriber.show(made["id"]) == made

    async def test_not_of_their_own(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        own = headers_for(subscriber.wallet.client_id, ("user", "staff")) | {"X-Confirm-Action": "true"}
        answer = await cancel(subscriber, made, **own)
        assert (answer.status_code, answer.json()["code"]) == (403, "conflict_of_interest")
        assert await refunded(subscriber) == []

    @pytest.mark.parametrize(
        "body", [{}, {"at": "now"}, {"at": "tomorrow", "refund": "all"}, {"at": "now", "refund": "half"}]
    )
    async def test_bad_input_changes_nothing(self, subscriber: Subscriber, body: dict[str, Any]) -> None:
        made = await subscriber.active()
        path = f"/api/v1/admin/subscriptions/{made['id']}/cancel/"
        answer = await subscriber.wallet.api.post(path, json=body, headers=STAFF)
        assert answer.status_code == 422
        assert await subscriber.show(made["id"]) == made


class TestRefund:
    async def test_unused_is_the_share_of_the_time_that_is_left_half_up(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        start, end = moment(made["current_period_start"]), moment(made["current_period_end"])
        await subscriber.at(start + 10 * DAY + timedelta(seconds=7))
        now = (await cancel(subscriber, made)).json()
        left, whole = (end - start - 10 * DAY - timedelta(seconds=7)), end - start
        assert (now["status"], now["end_reason"], now["payment"]) == ("ended", "cancelled", None)
        assert moment(now["access_until"]) == subscriber.wallet.clock.now().replace(microsecond=0)
        (amount,) = await refunded(subscriber)
        assert abs(amount - 2900 * left / whole) <= 0.5 + 2900 / whole.total_seconds()
        sums = dict(await subscriber.wallet.sql(SUMS))
        assert (sums["subscription_revenue"], sums["stripe_clearing"]) == (2900 - amount, amount - 2900)
        assert await subscriber.broken() == []

    @pytest.mark.parametrize(("refund", "back"), [("all", [2900]), ("none", [])])
    async def test_all_or_nothing(self, subscriber: Subscriber, refund: str, back: list[int]) -> None:
        made = await subscriber.active()
        await subscriber.later(days=10)
        assert (await cancel(subscriber, made, refund=refund)).json()["status"] == "ended"
        assert await refunded(subscriber) == back
        assert await subscriber.broken() == []

    async def test_at_the_period_s_end_nothing_is_unused(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        now = (await cancel(subscriber, made, at="period_end")).json()
        assert (now["status"], now["cancel_at"]) == ("active", made["current_period_end"])
        assert await refunded(subscriber) == []
        await subscriber.at(made["current_period_end"])
        assert (await subscriber.show(made["id"]))["status"] == "ended"

    async def test_of_an_upgrade_too(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        start, end = moment(made["current_period_start"]), moment(made["current_period_end"])
        await subscriber.at(start + (end - start) / 2)
        premium = await subscriber.plan("premium")
        changed = await subscriber.change(made["id"], "change", plan_id=premium["id"], interval="month")
        assert changed.json()["plan"]["code"] == "premium", changed.text
        paid = await subscriber.paid()
        now = (await cancel(subscriber, made)).json()
        assert now["status"] == "ended"
        back = await refunded(subscriber)
        assert sum(back) == 3950
        assert back[0] == paid[1] == 2500
        assert await subscriber.broken() == []

    async def test_again_with_the_same_key_it_is_refunded_once(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        answers = [await cancel(subscriber, made, refund="all", **{"Idempotency-Key": "once"}) for _ in range(2)]
        assert answers[0].json() == answers[1].json()
        again = await cancel(subscriber, made, refund="all")
        assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")
        assert await refunded(subscriber) == [2900]

    @pytest.mark.parametrize("state", [incomplete, trialing, past_due, paused, unpaid_after_pause])
    async def test_what_is_not_paid_ends_now_and_nothing_is_unused(self, subscriber: Subscriber, state: Any) -> None:
        made = await state(subscriber)
        now = (await cancel(subscriber, made)).json()
        assert (now["status"], now["end_reason"]) == ("ended", "cancelled")
        assert await refunded(subscriber) == []
        assert await subscriber.broken() == []

    async def test_it_is_in_the_audit_log(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await cancel(subscriber, made, refund="all")
        [(action, before, after)] = await subscriber.wallet.sql(
            f"select action, before, after from payments.audit where subject_id = '{made['id']}'"
        )
        assert (action, before["status"], after["refund"]) == ("subscription.cancel", "active", "all")
        assert after["returned"] == {"amount": 2900, "currency": "USD"}


class TestDispute:
    async def disputed(self, subscriber: Subscriber, card: str = "pm_card_createDispute") -> tuple[Json, str]:
        """A subscription whose first bill's payment the client's bank disputes, and Stripe's id of that."""
        made = await subscriber.subscribe()
        await subscriber.pay(made["payment"], card)
        [(intent_id,)] = await subscriber.wallet.sql("select intent_id from payments.orders")
        dispute_id = await dispute_of(subscriber.wallet.stripe_api, intent_id)
        await sync_dispute(subscriber.wallet.runtime, dispute_id)
        return await subscriber.show(made["id"]), dispute_id

    async def ended(self, subscriber: Subscriber, card: str = "pm_card_createDispute") -> tuple[Json, str]:
        """As `disputed`, and the job has done what follows."""
        shown, dispute_id = await self.disputed(subscriber, card)
        await subscriber.work()
        return await subscriber.show(shown["id"]), dispute_id

    async def decided(self, subscriber: Subscriber, dispute_id: str, how: str) -> None:
        text = {"won": "winning_evidence", "lost": "losing_evidence"}[how]
        evidence = {"evidence[uncategorized_text]": text}
        await subscriber.wallet.stripe_api.post(f"/disputes/{dispute_id}", data=evidence)
        for _ in range(2):
            await sync_dispute(subscriber.wallet.runtime, dispute_id)
            await subscriber.work()

    async def test_it_ends_with_its_access_and_is_not_billed(self, subscriber: Subscriber) -> None:
        shown, dispute_id = await self.ended(subscriber)
        assert (shown["status"], shown["end_reason"]) == ("ended", "chargeback")
        assert moment(shown["access_until"]) <= subscriber.wallet.clock.now()
        await self.decided(subscriber, dispute_id, "lost")
        await subscriber.later(days=40)
        assert (await subscriber.show(shown["id"])) == shown
        assert await subscriber.paid() == [2900]
        assert (await subscriber.published()) == ["Activated", "Ended"]
        assert await subscriber.broken() == []

    async def test_won_it_gives_access_to_the_end_of_what_is_paid(self, subscriber: Subscriber) -> None:
        shown, dispute_id = await self.ended(subscriber)
        await self.decided(subscriber, dispute_id, "won")
        now = await subscriber.show(shown["id"])
        assert (now["status"], now["access_until"]) == ("ended", now["current_period_end"])
        assert (await subscriber.published()) == ["Activated", "Ended", "Changed"]
        assert await subscriber.broken() == []

    async def test_an_inquiry_ends_nothing(self, subscriber: Subscriber) -> None:
        shown, _ = await self.ended(subscriber, "pm_card_createDisputeInquiry")
        assert shown["status"] == "active"

    async def test_staff_s_refund_waits_for_the_decision(self, subscriber: Subscriber) -> None:
        shown, dispute_id = await self.disputed(subscriber)
        assert (await cancel(subscriber, shown, refund="all")).json()["end_reason"] == "chargeback"
        assert await refunded(subscriber) == []
        await self.decided(subscriber, dispute_id, "won")
        await finish_refunds(subscriber.wallet.runtime)
        assert await refunded(subscriber) == [2900]

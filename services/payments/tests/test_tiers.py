"""Tiers of streams: offered as plans, subscribed to by fans, earned by who sells them."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import httpx2
import pytest

from devtools.testing.callers import headers_for
from services.payments.tests.scenes import Market
from services.payments.tests.subscribers import SUBSCRIPTIONS, Json, Subscriber
from services.payments.tests.tiers import Tier, usd
from shared.records.ids import new_id

DAY = timedelta(days=1)
AMOUNT = "select sum(t.amount) from payments.ledger_transfers t join payments.ledger_accounts a on a.id = t.credit_id"


@pytest.fixture
async def tier(subscriber: Subscriber) -> Tier:
    found = Tier(subscriber, new_id(), new_id())
    assert (await found.put()).status_code == 200
    return found


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


class TestPutTierPlan:
    async def test_is_for_streams_alone(self, tier: Tier) -> None:
        path = f"/internal/plans/{tier.plan_id}/"
        assert (await tier.subscriber.wallet.api.put(path, json={})).status_code == 401
        assert (await tier.subscriber.wallet.api.put(path, json={}, headers=headers_for())).status_code == 401
        assert (await tier.ask("PUT", path, {}, "booking")).status_code == 403

    async def test_everybody_sees_the_plans_of_a_stream(self, tier: Tier) -> None:
        [plan] = await tier.listed()
        assert (plan["id"], plan["kind"], plan["stream_id"]) == (str(tier.plan_id), "stream_tier", str(tier.stream_id))
        assert (plan["name"], plan["level"], plan["trial_days"], plan["features"]) == ("Friends", 1, 0, {})
        assert plan["prices"] == [{"interval": "month", "price": usd(500)}]

    async def test_an_older_version_changes_nothing_and_the_same_again_neither(self, tier: Tier) -> None:
        assert (await tier.put(name="Pals", version=7)).json() == {"version": 7}
        for version in (6, 7):
            assert (await tier.put(name="Foes", version=version)).json() == {"version": 7}
        assert [(plan["name"], plan["version"]) for plan in await tier.listed()] == [("Pals", 7)]

    async def test_in_any_order_at_once_the_newest_stays(self, tier: Tier) -> None:
        tier.plan_id = new_id()
        calls = [tier.put(name=f"No {version}", version=version, level=2) for version in (3, 9, 1, 8, 2)]
        assert {answer.status_code for answer in await asyncio.gather(*calls)} == {200}
        assert [plan["name"] for plan in await tier.listed() if plan["level"] == 2] == ["No 9"]

    async def test_one_that_is_taken_off_is_neither_listed_nor_sold(self, tier: Tier) -> None:
        await tier.put(is_active=False)
        assert await tier.listed() == []
        assert refusal(await tier.try_to_subscribe()) == (409, "plan_inactive")
        await tier.put()
        assert len(await tier.listed()) == 1

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"price": usd(10)}, "below_minimum_charge"),
            ({"price": {"amount": 500, "currency": "EUR"}}, "unsupported_currency"),
            ({"level": 0}, "greater_than_equal"),
            ({"version": 0}, "greater_than_equal"),
            ({"name": ""}, "too_short"),
        ],
    )
    async def test_what_cannot_be_sold_is_refused(self, tier: Tier, changes: Json, code: str) -> None:
        answer = await tier.put(**changes)
        found = {answer.json()["code"], *(error["code"] for error in answer.json()["errors"])}
        assert (answer.status_code, code in found) == (422, True), answer.text
        assert [(plan["name"], plan["version"]) for plan in await tier.listed()] == [("Friends", 1)]

    async def test_subscribers_keep_their_price_through_a_renewal(self, tier: Tier) -> None:
        made = await tier.active()
        await tier.put(price=usd(900), name="Best friends")
        await tier.subscriber.at(made["shown"]["current_period_end"])
        assert await tier.subscriber.paid() == [500, 500]
        await tier.put(is_active=False)
        await tier.subscriber.at((await tier.subscriber.show(made["shown"]["id"]))["current_period_end"])
        assert await tier.subscriber.paid() == [500, 500, 500]
        assert (await tier.subscriber.show(made["shown"]["id"]))["plan"]["name"] == "Friends"


class TestGone:
    async def test_the_subscriptions_of_a_stream_that_is_gone_end(self, tier: Tier, subscriber: Subscriber) -> None:
        made, unpaid = (await tier.active())["shown"], Tier(subscriber, new_id(), new_id())
        await unpaid.put()
        waiting = (await unpaid.subscribe())["shown"]
        for each in (tier, unpaid, tier):
            assert (await each.put(is_active=False, is_gone=True)).status_code == 200
        await subscriber.work()
        for one in (made, waiting):
            shown = await subscriber.show(one["id"])
            assert (shown["status"], shown["end_reason"]) == ("ended", "cancelled")
            answer = await subscriber.change(one["id"], "reactivate")
            assert answer.status_code == 409
        await subscriber.at(made["current_period_end"])
        assert await subscriber.paid() == [500]

    async def test_an_older_word_of_that_ends_nothing(self, tier: Tier, subscriber: Subscriber) -> None:
        made = (await tier.active())["shown"]
        await tier.put(version=9)
        await tier.put(version=8, is_active=False, is_gone=True)
        await subscriber.work()
        assert (await subscriber.show(made["id"]))["status"] == "active"


class TestSubscribe:
    async def test_not_by_the_plan_itself(self, tier: Tier) -> None:
        body = {"plan_id": str(tier.plan_id), "interval": "month"}
        answer = await tier.subscriber.wallet.api.post(SUBSCRIPTIONS, json=body, headers=tier.subscriber.headers)
        assert refusal(answer) == (422, "sold_by_stream")
        assert answer.json()["errors"][0]["field"] == "plan_id"
        assert await tier.access() == []

    async def test_a_saved_card_is_charged_and_it_is_the_fans_own(self, tier: Tier) -> None:
        made = await tier.active()
        shown = await tier.subscriber.show(made["shown"]["id"])
        assert made["shown"] == shown
        assert (shown["kind"], shown["price"], shown["plan"]["stream_id"]) == (
            "stream_tier",
            usd(500),
            str(tier.stream_id),
        )
        snapshot = made["snapshot"]
        assert (snapshot["practitioner_id"], snapshot["stream_id"], snapshot["level"], snapshot["version"]) == (
            str(tier.subscriber.practitioner_id),
            str(tier.stream_id),
            1,
            1,
        )
        [event] = await tier.subscriber.events()
        assert event.subscription.model_dump(mode="json") == snapshot
        assert await tier.access() == [snapshot]

    async def test_without_a_card_it_waits_for_its_user_to_pay(self, tier: Tier) -> None:
        made = (await tier.subscribe())["shown"]
        assert (made["status"], made["payment"]["amount_due"]) == ("incomplete", usd(500))
        assert made["payment"]["client_secret"]
        assert [(one["status"], one["access_until"], one["version"]) for one in await tier.access()] == [
            ("incomplete", None, 0)
        ]
        assert await tier.subscriber.pay(made["payment"]) == "succeeded"
        assert [(one["status"], one["version"]) for one in await tier.access()] == [("active", 1)]

    async def test_the_same_id_again_is_the_same_subscription(self, tier: Tier) -> None:
        subscription_id, card = new_id(), await tier.subscriber.wallet.save()
        calls = [tier.try_to_subscribe(subscription_id, payment_method_id=card["id"]) for _ in range(5)]
        await asyncio.gather(*calls)
        made = await tier.subscribe(subscription_id, payment_method_id=card["id"])
        assert (made["shown"]["id"], made["shown"]["status"]) == (str(subscription_id), "active")
        assert await tier.subscriber.paid() == [500]
        await tier.put(is_active=False)
        assert (await tier.subscribe(subscription_id))["shown"]["status"] == "active"

    async def test_fifty_at_once_are_one(self, tier: Tier) -> None:
        card = await tier.subscriber.wallet.save()
        answers = await asyncio.gather(*(tier.try_to_subscribe(payment_method_id=card["id"]) for _ in range(50)))
        assert sorted(answer.status_code for answer in answers) == [200] + [409] * 49
        assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"already_subscribed"}
        assert await tier.subscriber.paid() == [500]

    async def test_one_of_each_stream_beside_one_of_the_platform(self, tier: Tier, subscriber: Subscriber) -> None:
        other = Tier(subscriber, new_id(), new_id())
        await other.put()
        await tier.subscribe()
        await other.subscribe()
        await subscriber.subscribe()
        assert refusal(await tier.try_to_subscribe()) == (409, "already_subscribed")
        assert refusal(await subscriber.ask()) == (409, "already_subscribed")
        assert len(await tier.access()) == 2

    async def test_what_cannot_be_is_refused_and_nothing_is_made(self, tier: Tier) -> None:
        unknown = str(new_id())
        assert refusal(await tier.try_to_subscribe(plan_id=unknown)) == (404, "not_found")
        assert refusal(await tier.try_to_subscribe(payment_method_id=unknown)) == (404, "not_found")
        for bad in ({"interval": "year"}, {"interval": None}, {"promo_code": "X"}):
            assert (await tier.try_to_subscribe(**bad)).status_code == 422, bad
        assert await tier.access() == []


class TestMoney:
    async def test_the_practitioner_earns_at_payment_at_their_rate(self, tier: Tier, market: Market) -> None:
        made = await tier.active()
        [entry] = await market.entries()
        assert (entry["kind"], entry["gross_amount"], entry["commission_rate"]) == ("subscription", usd(500), "0.2000")
        assert (entry["net_amount"], entry["status"]) == (usd(400), "pending")
        paid_at = datetime.fromisoformat(made["shown"]["current_period_start"])
        assert datetime.fromisoformat(entry["available_at"]) == paid_at + DAY
        revenue = await market.sql(f"{AMOUNT} where a.kind = 'subscription_revenue'")
        commission = await market.sql(f"{AMOUNT} where a.kind = 'platform_revenue'")
        assert (revenue, commission) == ([(None,)], [(100,)])

    async def test_their_plan_of_the_moment_sets_the_commission_of_each_month(self, tier: Tier, market: Market) -> None:
        made = await tier.active()
        await tier.subscriber.subscribe("premium", payment_method_id=(await tier.subscriber.wallet.cards())[0]["id"])
        await tier.subscriber.at(made["shown"]["current_period_end"])
        rates = [entry["commission_rate"] for entry in await market.entries()]
        assert rates == ["0.2000", "0.1000"]
        assert await market.sql(f"{AMOUNT} where a.kind = 'subscription_revenue'") == [(7900 * 2,)]

    async def test_a_refund_takes_what_was_earned(self, tier: Tier, market: Market) -> None:
        made = await tier.active()
        [period] = await tier.subscriber.periods(made["shown"]["id"])
        body = {"refund_id": str(new_id()), "amount": usd(250), "reason": "asked for", "by": "staff"}
        answer = await tier.ask("POST", f"/internal/orders/{period['order_id']}/refunds/", body, "booking")
        assert answer.status_code == 200, answer.text
        [entry] = await market.entries()
        assert (entry["net_amount"], entry["status"]) == (usd(200), "pending")

    async def test_a_line_that_is_held_from_the_start_earns_as_held(self, tier: Tier, market: Market) -> None:
        made = (await tier.subscribe())["shown"]
        [(line_id,)] = await market.sql("select id from payments.order_lines")
        cause_id = new_id()
        held = {"cause": "moderation", "line_ids": [str(line_id)]}
        assert (await tier.ask("PUT", f"/internal/holds/{cause_id}/", held, "booking")).status_code == 200
        await tier.subscriber.pay(made["payment"])
        assert [entry["status"] for entry in await market.entries()] == ["held"]
        await tier.ask("DELETE", f"/internal/holds/{cause_id}/", None, "booking")
        assert [entry["status"] for entry in await market.entries()] == ["pending"]


class TestAccess:
    async def test_is_for_services_that_ask(self, tier: Tier) -> None:
        path = f"/internal/access/?user_id={tier.subscriber.wallet.client_id}&kind=organizer"
        assert (await tier.subscriber.wallet.api.get(path, headers=headers_for())).status_code == 401
        assert (await tier.ask("GET", path, None, "messaging")).status_code == 403
        assert (await tier.ask("GET", path, None, "booking")).status_code == 200

    @pytest.mark.parametrize("query", ["", "?user_id=x&kind=organizer", "?kind=organizer"])
    async def test_a_question_that_is_none_is_refused(self, tier: Tier, query: str) -> None:
        assert (await tier.ask("GET", f"/internal/access/{query}")).status_code == 422
        unknown = await tier.ask("GET", f"/internal/access/?user_id={new_id()}&kind=nothing")
        assert unknown.status_code == 422

    async def test_an_organizer_has_it_through_the_trial_once_ever(self, tier: Tier) -> None:
        subscriber, now = tier.subscriber, tier.subscriber.wallet.clock.now()
        assert refusal(await subscriber.ask("organizer")) == (409, "payment_method_required")
        await subscriber.wallet.save()
        organizer = headers_for(subscriber.wallet.client_id)
        made = await subscriber.subscribe("organizer", headers=organizer)
        assert (made["status"], datetime.fromisoformat(made["trial_until"])) == ("trialing", now + 14 * DAY)
        [known] = await tier.access("organizer")
        assert (known["kind"], known["status"], known["practitioner_id"]) == ("organizer", "trialing", None)
        assert datetime.fromisoformat(known["access_until"]) == now + 14 * DAY + timedelta(hours=1)
        assert await tier.access("platform") == []
        await subscriber.at(made["trial_until"])
        [known] = await tier.access("organizer")
        assert (known["status"], await subscriber.paid()) == ("active", [4900])
        assert (await subscriber.change(made["id"], "cancel")).status_code == 200
        await subscriber.at(known["current_period_end"])
        again = await subscriber.subscribe("organizer", headers=organizer)
        assert (again["status"], again["trial_until"], again["payment"]["amount_due"]) == (
            "incomplete",
            None,
            usd(4900),
        )
        assert [one["status"] for one in await tier.access("organizer")] == ["incomplete"]


class TestChange:
    async def other(self, tier: Tier, stream_id: UUID, price: int = 1500) -> str:
        """Another tier of the practitioner's."""
        plan_id = new_id()
        answer = await Tier(tier.subscriber, stream_id, plan_id).put(level=2, name="Patrons", price=usd(price))
        assert answer.status_code == 200, answer.text
        return str(plan_id)

    async def test_the_practitioner_earns_the_difference(self, tier: Tier, market: Market) -> None:
        shown = (await tier.active())["shown"]
        better = await self.other(tier, tier.stream_id)
        await tier.subscriber.half(shown)
        body = {"plan_id": better, "interval": "month"}
        path, headers = f"{SUBSCRIPTIONS}{shown['id']}/change/", headers_for(tier.subscriber.wallet.client_id)
        changed = (await tier.subscriber.wallet.api.post(path, json=body, headers=headers)).json()
        assert (changed["plan"]["level"], changed["price"]) == (2, usd(1500))
        assert [entry["gross_amount"] for entry in await market.entries()] == [usd(500), usd(500)]
        assert (await tier.access())[0]["level"] == 2

    async def test_not_to_a_tier_of_another_stream(self, tier: Tier) -> None:
        shown = (await tier.active())["shown"]
        body = {"plan_id": await self.other(tier, new_id()), "interval": "month"}
        path, headers = f"{SUBSCRIPTIONS}{shown['id']}/change/", headers_for(tier.subscriber.wallet.client_id)
        answer = await tier.subscriber.wallet.api.post(path, json=body, headers=headers)
        assert refusal(answer) == (422, "other_kind")

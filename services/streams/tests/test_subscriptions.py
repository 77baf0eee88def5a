"""Paid tiers: subscribed to, and what that opens until when."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from devtools.testing.callers import headers_for, token_for
from devtools.testing.delivery import deliver_again, deliver_twice, erase, run_jobs
from devtools.testing.events import verification
from services.streams.streams.consumers import CHANGES
from services.streams.subscriptions.models import FanSubscription
from services.streams.tests.conftest import STREAM, code, made, published
from services.streams.tests.shop import MONTH
from shared.auth.token_signing import Narrowing
from shared.events.streams import PostAnnounced
from shared.events.subscriptions import (
    SubscriptionActivated,
    SubscriptionEnded,
    SubscriptionPastDue,
    SubscriptionRenewed,
)
from shared.records.ids import new_id

SECOND = timedelta(seconds=1)
CARD = str(new_id())


def usd(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "USD"}


@pytest.fixture
def subscribe(stream):
    """`await subscribe(fan)`: to level 1, with a card."""

    async def act(fan: Any, level: int = 1, **more: Any) -> Any:
        body = {"tier_level": level, "payment_method_id": CARD} | more
        return await fan.post(f"/streams/{stream['id']}/subscribe/", body)

    return act


@pytest.fixture
async def paid_post(maya, stream) -> Any:
    return await maya.writes(stream, tier_level=1, body="For friends.")


async def sees(fan: Any, post: Any) -> bool:
    answer = await fan.get(f"/posts/{post['id']}/")
    assert answer.status_code == 200, answer.text
    return "body" in answer.json()


class TestSubscribe:
    async def test_subscribing_waits_for_no_job(self, stream, shop, somebody, subscribe):
        assert shop.plans == {}
        made(await subscribe(somebody()))
        assert [plan.level for plan in shop.plans.values()] == [1]

    async def test_it_answers_the_subscription_and_opens_the_post_at_once(
        self, stream, shop, somebody, subscribe, paid_post, clock
    ):
        fan = somebody()
        assert not await sees(fan, paid_post)
        answer = made(await subscribe(fan))
        assert (answer["stream_id"], answer["tier_level"]) == (stream["id"], 1)
        shown = answer["subscription"]
        assert (shown["status"], shown["kind"], shown["price"], shown["payment"]) == (
            "active",
            "stream_tier",
            usd(500),
            None,
        )
        assert shown["plan"] == {"name": "Friends"}
        assert await sees(fan, paid_post)
        [row] = (await fan.get("/streams/my-subscriptions/")).json()["results"]
        until = (clock.now() + MONTH).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert row == {
            "stream_id": stream["id"],
            "tier_level": 1,
            "source": "subscription",
            "until": until,
            "subscription_id": shown["id"],
        }
        looked = (await fan.get(f"/streams/{stream['id']}/")).json()
        assert (looked["subscribed_level"], looked["follower_count"]) == (1, 1)

    async def test_the_second_is_over_with_the_second(self, somebody, subscribe, paid_post, clock):
        fan = somebody()
        await subscribe(fan)
        clock.advance(MONTH - SECOND)
        assert await sees(fan, paid_post)
        clock.advance(SECOND)
        assert not await sees(fan, paid_post)
        [row] = (await fan.get("/streams/my-subscriptions/")).json()["results"]
        assert (row["tier_level"], row["source"], row["until"], row["subscription_id"]) == (0, "follow", None, None)
        assert code(await fan.post(f"/posts/{paid_post['id']}/like/")) == (403, "locked")

    async def test_an_unpaid_one_opens_nothing_and_the_first_read_after_paying_does(
        self, stream, shop, somebody, subscribe, paid_post
    ):
        fan = somebody()
        answer = made(await subscribe(fan, payment_method_id=None))["subscription"]
        assert (answer["status"], answer["payment"]["amount_due"]) == ("incomplete", usd(500))
        assert answer["payment"]["client_secret"]
        assert not await sees(fan, paid_post)
        shop.pay(answer["id"])
        assert await sees(fan, paid_post)
        asked = shop.asked
        assert await sees(fan, paid_post)
        assert shop.asked == asked

    async def test_the_first_list_after_paying_shows_it_too(self, stream, shop, somebody, subscribe, paid_post):
        fan = somebody()
        answer = made(await subscribe(fan, payment_method_id=None))["subscription"]
        shop.pay(answer["id"])
        [post] = (await fan.get(f"/streams/{stream['id']}/posts/?search=friends")).json()["results"] or [{}]
        assert post == {}
        [post] = (await fan.get(f"/streams/{stream['id']}/posts/")).json()["results"]
        assert post["body"] == "For friends."
        [found] = (await fan.get(f"/streams/{stream['id']}/posts/?search=friends")).json()["results"]
        assert found["body"] == "For friends."

    async def test_while_payments_is_down_reads_go_on_and_buying_waits(self, shop, somebody, subscribe, paid_post):
        fan, other = somebody(), somebody()
        await subscribe(fan, payment_method_id=None)
        shop.is_down = True
        assert not await sees(fan, paid_post)
        assert (await fan.get("/streams/my-subscriptions/")).status_code == 200
        assert code(await subscribe(other)) == (503, "unavailable")
        shop.is_down = False
        assert (await subscribe(other)).status_code == 201

    async def test_at_another_price_than_was_expected_nothing_is_bought(self, shop, somebody, subscribe):
        fan = somebody()
        refused = await subscribe(fan, expected_price=usd(400))
        assert code(refused) == (409, "price_changed")
        assert (refused.json()["price"], shop.sold) == (usd(500), {})
        assert (await subscribe(fan, expected_price=usd(500))).status_code == 201

    async def test_refusals(self, maya, stream, shop, somebody, nobody, subscribe):
        fan = somebody()
        assert (await subscribe(nobody)).status_code == 401
        assert code(await subscribe(maya)) == (422, "own_stream")
        assert code(await subscribe(fan, level=9)) == (422, "unknown_tier")
        absent = await fan.post(f"/streams/{new_id()}/subscribe/", {"tier_level": 1})
        assert absent.status_code == 404
        for bad in ({"interval": "year"}, {"promo_code": "X"}, {"payment_method_id": "x"}, {"level": True}):
            assert (await subscribe(fan, **bad)).status_code == 422, bad
        assert shop.sold == {}
        assert (await subscribe(fan)).status_code == 201
        assert code(await subscribe(fan, level=2)) == (409, "already_subscribed")

    async def test_who_may_not_sell_takes_no_new_ones(self, app, maya, stream, somebody, subscribe):
        await deliver_twice(app, verification(UUID(stream["practitioner_id"]), maya.user_id, "rejected", 3))
        assert code(await subscribe(somebody())) == (409, "sales_suspended")

    async def test_a_token_that_may_not_pay_charges_nothing_and_sees_no_secret(self, stream, shop, client, subscribe):
        narrowed = token_for(narrowing=Narrowing(["streams.write"], client_id="an app"))
        headers = {"Authorization": f"Bearer {narrowed}"}
        path, body = f"/api/v1/streams/{stream['id']}/subscribe/", {"tier_level": 1}
        refused = await client.post(path, json=body | {"payment_method_id": CARD}, headers=headers)
        assert (refused.status_code, shop.sold) == (403, {})
        answer = (await client.post(path, json=body, headers=headers)).json()
        bill = answer["subscription"]["payment"]
        assert (bill["client_secret"], bill["next_action_url"]) == (None, None)

    async def test_the_same_key_is_one_subscription_with_one_answer(self, stream, shop, client):
        headers = headers_for(new_id()) | {"Idempotency-Key": "fan-1"}
        path, body = f"/api/v1/streams/{stream['id']}/subscribe/", {"tier_level": 1, "payment_method_id": CARD}
        shop.is_down = True
        assert (await client.post(path, json=body, headers=headers)).status_code == 503
        shop.is_down = False
        answers = [await client.post(path, json=body, headers=headers) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].json() == answers[1].json()
        assert len(shop.sold) == 1

    async def test_killed_between_the_services_it_is_repeated_as_the_same(self, stream, shop, client, paid_post):
        headers = headers_for(new_id()) | {"Idempotency-Key": "fan-2"}
        path, body = f"/api/v1/streams/{stream['id']}/subscribe/", {"tier_level": 1, "payment_method_id": CARD}

        async def sold_without_answer(subscription_id, given):
            await shop.sell(subscription_id, given)
            return {"neither": "nor"}

        shop.sells = sold_without_answer
        assert (await client.post(path, json=body, headers=headers)).status_code == 503
        assert len(shop.sold) == 1
        shop.sells = shop.sell
        answer = await client.post(path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["subscription"]["status"]) == (201, "active")
        assert len(shop.sold) == 1

    async def test_fifty_at_once_are_one(self, shop, somebody, subscribe):
        fan = somebody()
        answers = await asyncio.gather(*(subscribe(fan) for _ in range(50)))
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 49
        assert len(shop.sold) == 1


class TestEvents:
    async def test_in_any_order_the_newest_stays(self, app, stream, shop, somebody, subscribe, paid_post):
        fan = somebody()
        answer = made(await subscribe(fan, payment_method_id=None))["subscription"]
        first = shop.pay(answer["id"])
        second = shop.change(answer["id"], access_until=first.access_until + MONTH)
        late = shop.change(answer["id"], status="past_due")
        over = shop.change(answer["id"], status="ended", access_until=first.access_until)
        await deliver_twice(app, SubscriptionEnded(subscription=over))
        for kind, snapshot in (
            (SubscriptionPastDue, late),
            (SubscriptionRenewed, second),
            (SubscriptionActivated, first),
        ):
            await deliver_again(app, kind(subscription=snapshot))
        async with app.state.runtime.db.read() as session:
            [row] = await session.scalars(select(FanSubscription))
        assert (row.status, row.version, row.access_until) == ("ended", over.version, over.access_until)

    async def test_all_that_change_access_are_consumed(self, app, stream, shop, somebody, subscribe, paid_post, clock):
        for kind in (SubscriptionActivated, *CHANGES):
            fan = somebody()
            answer = made(await subscribe(fan))["subscription"]
            shortened = shop.change(answer["id"], access_until=clock.now())
            await deliver_twice(app, kind(subscription=shortened))
            assert not await sees(fan, paid_post), kind

    async def test_activated_follows_although_the_call_was_lost(
        self, app, stream, shop, somebody, subscribe, paid_post, sql
    ):
        fan = somebody()
        answer = made(await subscribe(fan))["subscription"]
        await sql("delete from streams.fan_subscriptions")
        await sql("delete from streams.follows")
        await deliver_twice(app, SubscriptionActivated(subscription=shop.sold[UUID(answer["id"])]))
        assert await sees(fan, paid_post)
        [row] = (await fan.get("/streams/my-subscriptions/")).json()["results"]
        assert row["subscription_id"] == answer["id"]

    async def test_another_kind_and_a_stream_that_is_gone_do_nothing(self, app, stream, shop, somebody, subscribe, sql):
        made(await subscribe(somebody()))
        [snapshot] = shop.sold.values()
        other = snapshot.model_copy(update={"id": new_id(), "kind": "platform", "stream_id": None})
        gone = snapshot.model_copy(update={"id": new_id(), "stream_id": new_id(), "user_id": new_id()})
        await deliver_twice(app, SubscriptionActivated(subscription=other))
        await deliver_twice(app, SubscriptionActivated(subscription=gone))
        assert await sql("select count(*) from streams.fan_subscriptions") == [(2,)]
        assert await sql("select count(*) from streams.follows") == [(1,)]

    async def test_new_posts_are_announced_to_who_may_see_them_now(self, app, maya, stream, somebody, subscribe, clock):
        fan, friend = somebody(), somebody()
        await fan.follows(stream)
        await subscribe(friend)
        await maya.writes(stream, tier_level=1)
        await run_jobs(app)
        [event] = await published(app, PostAnnounced)
        assert event.recipient_ids == (friend.user_id,)
        clock.advance(MONTH)
        await maya.writes(stream, tier_level=1)
        await run_jobs(app)
        assert len(await published(app, PostAnnounced)) == 1

    async def test_who_is_erased_is_not_there_any_more(self, app, somebody, subscribe, sql):
        fan = somebody()
        await subscribe(fan)
        await erase(app, fan.user_id)
        assert await sql("select id from streams.fan_subscriptions") == []


class TestInUse:
    async def test_a_tier_and_a_stream_with_a_living_subscription_stay(
        self, app, maya, stream, shop, somebody, subscribe
    ):
        fan, path = somebody(), f"/streams/{stream['id']}/"
        answer = made(await subscribe(fan, level=2))["subscription"]
        assert code(await maya.put(path, {"tiers": STREAM["tiers"][:1]})) == (409, "tier_in_use")
        assert code(await maya.delete(path)) == (409, "stream_in_use")
        assert code(await fan.delete(f"{path}subscribe/")) == (409, "subscription_active")
        await deliver_twice(app, SubscriptionEnded(subscription=shop.change(answer["id"], status="ended")))
        assert (await fan.delete(f"{path}subscribe/")).status_code == 204
        assert (await maya.put(path, {"tiers": STREAM["tiers"][:1]})).status_code == 200
        assert (await maya.delete(path)).status_code == 204

    async def test_who_has_subscribed_follows_again_for_nothing(self, stream, shop, somebody, subscribe):
        fan = somebody()
        await subscribe(fan)
        again = await fan.post(f"/streams/{stream['id']}/subscribe/", {"tier_level": 0})
        assert (again.status_code, again.json()["subscription"]) == (200, None)

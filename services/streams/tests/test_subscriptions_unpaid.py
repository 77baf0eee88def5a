"""Subscriptions to tiers of which the first bill is open: what they keep, and what is asked of payments for them."""

from devtools.testing.delivery import deliver_twice
from services.streams.posts.schemas import LockedPostView
from services.streams.posts.service import opens_by_now
from services.streams.tests.conftest import STREAM, made
from shared.auth.verification import Caller
from shared.events.subscriptions import SubscriptionActivated
from shared.records.ids import new_id

NO_CARD = {"tier_level": 2}


class TestUnpaid:
    async def test_what_nobody_has_paid_keeps_neither(self, maya, stream, shop, somebody):
        fan, path = somebody(), f"/streams/{stream['id']}/"
        made(await fan.post(f"{path}subscribe/", NO_CARD))
        assert (await maya.put(path, {"tiers": STREAM["tiers"][:1]})).status_code == 200
        assert (await fan.delete(f"{path}subscribe/")).status_code == 204
        assert (await maya.delete(path)).status_code == 204

    async def test_what_is_known_is_not_written_again(self, maya, stream, shop, somebody, sql):
        fan = somebody()
        post = await maya.writes(stream, tier_level=1, body="For friends.")
        made(await fan.post(f"/streams/{stream['id']}/subscribe/", NO_CARD))
        written = await sql("select xmin::text from streams.fan_subscriptions")
        asked = shop.asked
        answer = await fan.get(f"/posts/{post['id']}/")
        assert (answer.status_code, "body" in answer.json()) == (200, False)
        assert shop.asked > asked
        assert await sql("select xmin::text from streams.fan_subscriptions") == written

    async def test_what_an_event_opens_after_the_look_at_it_is_looked_at_anew(self, app, maya, stream, shop, somebody):
        fan = somebody()
        post = await maya.writes(stream, tier_level=1, body="For friends.")
        answer = made(await fan.post(f"/streams/{stream['id']}/subscribe/", NO_CARD))["subscription"]
        seen = [LockedPostView.model_validate((await fan.get(f"/posts/{post['id']}/")).json())]
        caller, other = [Caller(user_id, frozenset({"user"}), None, new_id()) for user_id in (fan.user_id, new_id())]
        await deliver_twice(app, SubscriptionActivated(subscription=shop.pay(answer["id"])))
        assert await opens_by_now(app.state.runtime, seen, caller)
        assert not await opens_by_now(app.state.runtime, seen, other)

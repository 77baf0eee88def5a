"""Subscriptions to tiers of which the first bill is open: what they keep, and what is asked of payments for them."""

from services.streams.tests.conftest import STREAM, made

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

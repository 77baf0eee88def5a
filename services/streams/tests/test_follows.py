import asyncio

from services.streams.tests.conftest import code
from shared.records.ids import new_id


class TestFollow:
    async def test_anonymous_is_401_and_an_absent_stream_404(self, stream, nobody, somebody):
        assert (await nobody.post(f"/streams/{stream['id']}/subscribe/", {"tier_level": 0})).status_code == 401
        for absent in (new_id(), "seven"):
            assert (await somebody().post(f"/streams/{absent}/subscribe/", {"tier_level": 0})).status_code == 404
        assert (await nobody.get("/streams/my-subscriptions/")).status_code == 401

    async def test_anyone_can_follow_and_a_second_time_is_200(self, maya, stream, somebody, creator):
        for count, fan in enumerate((somebody(), creator(), maya), start=1):
            path, own = f"/streams/{stream['id']}/subscribe/", {"stream_id": stream["id"], "tier_level": 0}
            answers = [await fan.post(path, {"tier_level": 0}) for _ in range(2)]
            chosen = own | {"subscription": None}
            assert [(answer.status_code, answer.json()) for answer in answers] == [(201, chosen), (200, chosen)]
            listed = (await fan.get("/streams/my-subscriptions/")).json()
            followed = own | {"source": "follow", "until": None, "subscription_id": None}
            assert (listed["results"], listed["total"]) == ([followed], 1)
            assert (await fan.get("/streams/my-subscriptions/?ordering=created_at")).json() == listed
            assert (await fan.get("/streams/my-subscriptions/?ordering=user_id")).status_code == 422
            shown = (await fan.get(f"/streams/{stream['id']}/")).json()
            assert (shown["follower_count"], shown["subscribed_level"]) == (count, 0)

    async def test_what_is_no_tier_is_refused(self, stream, somebody, nobody):
        path = f"/streams/{stream['id']}/subscribe/"
        assert code(await somebody().post(path, {"tier_level": 9})) == (422, "unknown_tier")
        for bad in ({}, {"tier_level": "0"}, {"tier_level": None}, {"tier_level": -1}, {"tier_level": 0, "x": 1}):
            assert (await somebody().post(path, bad)).status_code == 422
        assert (await nobody.get(f"/streams/{stream['id']}/")).json()["follower_count"] == 0

    async def test_one_can_leave_again_however_often(self, stream, somebody, nobody, broken):
        fan, path = somebody(), f"/streams/{stream['id']}/subscribe/"
        await fan.follows(stream)
        assert (await nobody.delete(path)).status_code == 401
        assert [(await fan.delete(path)).status_code for _ in range(2)] == [204, 204]
        assert (await nobody.get(f"/streams/{stream['id']}/")).json()["follower_count"] == 0
        assert await broken() == []

    async def test_fifty_who_come_and_go_at_once_are_counted(self, stream, somebody, nobody, broken):
        path = f"/streams/{stream['id']}/subscribe/"
        fans = [somebody() for _ in range(50)]
        steps = [fan.post(path, {"tier_level": 0}) for fan in fans for _ in range(2)] + [f.delete(path) for f in fans]
        assert {answer.status_code for answer in await asyncio.gather(*steps)} <= {200, 201, 204}
        assert await broken() == []
        await asyncio.gather(*(fan.post(path, {"tier_level": 0}) for fan in fans))
        assert (await nobody.get(f"/streams/{stream['id']}/")).json()["follower_count"] == 50
        assert await broken() == []

import asyncio

import pytest

from services.streams.tests.conftest import code
from shared.records.ids import new_id


@pytest.fixture
async def paths(maya, stream):
    """What can be reacted to."""
    post = await maya.writes(stream)
    return [f"/streams/{stream['id']}/like/", f"/streams/{stream['id']}/save/", f"/posts/{post['id']}/like/"]


class TestReact:
    async def test_anonymous_is_401_and_what_is_absent_404(self, paths, nobody, somebody):
        for path, method in ((path, method) for path in paths for method in ("POST", "DELETE")):
            assert (await nobody.call(method, path)).status_code == 401
            _, kind, _, verb, _ = path.split("/")
            for absent in (new_id(), "seven"):
                assert (await somebody().call(method, f"/{kind}/{absent}/{verb}/")).status_code == 404

    async def test_however_often_it_counts_once(self, paths, stream, somebody, nobody, broken):
        fan, friend = somebody(), somebody()
        for path in paths:
            for who, method in ((fan, "POST"), (fan, "POST"), (friend, "POST"), (friend, "DELETE"), (friend, "DELETE")):
                answer = await who.call(method, path)
                assert (answer.status_code, answer.content) == (204, b"")
        shown = (await fan.get(f"/streams/{stream['id']}/")).json()
        assert (shown["like_count"], shown["liked"], shown["saved"]) == (1, True, True)
        theirs = (await nobody.get(f"/streams/{stream['id']}/")).json()
        assert (theirs["like_count"], theirs["liked"], theirs["saved"]) == (1, False, False)
        [post] = (await fan.get(f"/streams/{stream['id']}/posts/")).json()["results"]
        assert (post["like_count"], post["liked"]) == (1, True)
        assert await broken() == []

    async def test_saved_streams_can_be_listed(self, maya, paths, stream, somebody, nobody):
        fan, other = somebody(), await maya.opens(title="Another")
        await fan.post(paths[1])
        for saved, found in (("true", stream), ("false", other)):
            listed = (await fan.get("/streams/", params={"saved": saved})).json()
            assert [row["id"] for row in listed["results"]] == [found["id"]]
        assert (await nobody.get("/streams/", params={"saved": "true"})).status_code == 401

    async def test_a_locked_post_is_not_liked_but_a_like_can_be_taken_back(self, maya, stream, somebody, broken):
        fan, post = somebody(), await maya.writes(stream)
        path = f"/posts/{post['id']}/like/"
        await fan.post(path)
        await maya.put(f"/posts/{post['id']}/", {"tier_level": 1})
        assert code(await fan.post(path)) == (403, "locked")
        assert (await fan.delete(path)).status_code == 204
        assert (await maya.get(f"/posts/{post['id']}/")).json()["like_count"] == 0
        assert await broken() == []


class TestFiftyAtOnce:
    async def test_likes_and_unlikes_end_at_the_rows(self, maya, stream, paths, somebody, nobody, broken, sql):
        fans = [somebody() for _ in range(50)]
        mixed = [fan.call(method, path) for fan in fans for method in ("POST", "DELETE", "POST") for path in paths]
        assert {answer.status_code for answer in await asyncio.gather(*mixed)} == {204}
        assert await broken() == []
        again = [fan.post(path) for fan in fans for path in paths]
        assert {answer.status_code for answer in await asyncio.gather(*again)} == {204}
        [post] = (await nobody.get(f"/streams/{stream['id']}/posts/")).json()["results"]
        shown = (await nobody.get(f"/streams/{stream['id']}/")).json()
        assert (post["like_count"], shown["like_count"]) == (50, 50)
        gone = await asyncio.gather(*(fan.delete(path) for fan in fans[:20] for path in paths))
        assert {answer.status_code for answer in gone} == {204}
        [post] = (await nobody.get(f"/streams/{stream['id']}/posts/")).json()["results"]
        assert post["like_count"] == 30
        assert (await sql("select count(*) from streams.post_likes"))[0][0] == 30
        assert await broken() == []

    async def test_votes_of_fifty_people_each_twice(self, maya, stream, somebody, poll, nobody, broken):
        post = await maya.writes(stream, **poll)
        path, options = f"/posts/{post['id']}/vote/", [option["id"] for option in post["poll"]["options"]]
        fans = [somebody() for _ in range(50)]
        votes = [
            fan.post(path, {"option_id": options[(n + turn) % 3]}) for n, fan in enumerate(fans) for turn in (0, 1)
        ]
        codes = [answer.status_code for answer in await asyncio.gather(*votes)]
        assert (codes.count(200), codes.count(409)) == (50, 50)
        shown = (await nobody.get(f"/posts/{post['id']}/")).json()["poll"]["options"]
        assert sum(option["votes"] for option in shown) == 50
        assert await broken() == []

    async def test_reactions_while_the_post_is_deleted_are_204_or_404(self, maya, stream, somebody, broken):
        post = await maya.writes(stream)
        path = f"/posts/{post['id']}/like/"
        steps = [somebody().post(path) for _ in range(20)]
        answers = await asyncio.gather(*steps[:10], maya.delete(f"/posts/{post['id']}/"), *steps[10:])
        assert {answer.status_code for answer in answers} <= {204, 404}
        assert await broken() == []

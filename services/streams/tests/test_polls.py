from datetime import timedelta

from services.streams.tests.conftest import code
from shared.records.ids import new_id

MINUTE = timedelta(minutes=1)


class TestVote:
    async def test_anonymous_is_401_and_absent_posts_and_answers_are_404(self, maya, stream, nobody, somebody, poll):
        post, other = await maya.writes(stream, **poll), await maya.writes(stream, **poll)
        path, theirs = f"/posts/{post['id']}/vote/", {"option_id": other["poll"]["options"][0]["id"]}
        assert (await nobody.post(path, theirs)).status_code == 401
        assert (await somebody().post(path, theirs)).status_code == 404
        assert (await somebody().post(path, {"option_id": str(new_id())})).status_code == 404
        assert (await somebody().post(f"/posts/{new_id()}/vote/", theirs)).status_code == 404
        assert code(await somebody().post(path, {"option_id": "one"})) == (422, "uuid_parsing")
        text = await maya.writes(stream)
        assert (await somebody().post(f"/posts/{text['id']}/vote/", theirs)).status_code == 404

    async def test_one_vote_per_person(self, maya, stream, somebody, poll, nobody):
        post, fan = await maya.writes(stream, **poll), somebody()
        path, options = f"/posts/{post['id']}/vote/", post["poll"]["options"]
        answer = await fan.post(path, {"option_id": options[1]["id"]})
        assert (answer.status_code, [o["votes"] for o in answer.json()["poll"]["options"]]) == (200, [0, 1, 0])
        for option in options:
            assert code(await fan.post(path, {"option_id": option["id"]})) == (409, "already_voted")
        mine = (await fan.get(f"/posts/{post['id']}/")).json()["poll"]
        assert (mine["voted"], mine["voted_option_id"]) == (True, options[1]["id"])
        theirs = (await nobody.get(f"/posts/{post['id']}/")).json()["poll"]
        assert (theirs["voted"], [o["votes"] for o in theirs["options"]]) == (False, [0, 1, 0])

    async def test_a_poll_closes_at_its_second(self, clock, maya, stream, somebody, poll):
        post = await maya.writes(stream, **poll)
        path, body = f"/posts/{post['id']}/vote/", {"option_id": post["poll"]["options"][0]["id"]}
        clock.advance(timedelta(days=1) - timedelta(seconds=1))
        assert (await somebody().post(path, body)).status_code == 200
        clock.advance(timedelta(seconds=1))
        assert code(await somebody().post(path, body)) == (409, "poll_closed")

    async def test_a_locked_poll_takes_no_vote(self, maya, stream, somebody, poll):
        post = await maya.writes(stream, tier_level=1, **poll)
        body = {"option_id": post["poll"]["options"][0]["id"]}
        assert code(await somebody().post(f"/posts/{post['id']}/vote/", body)) == (403, "locked")

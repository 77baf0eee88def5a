from devtools.testing.delivery import deliver_twice, erase
from services.streams.tests.conftest import published
from shared.events.identity import UserDeactivated, UserUpdated
from shared.events.streams import PostDeleted


async def count(sql, table: str, column: str, user_id) -> int:
    return int((await sql(f"select count(*) from streams.{table} where {column} = :id", id=user_id))[0][0])


class TestUserUpdated:
    async def test_a_new_name_shows_on_old_comments(self, app, maya, stream, known):
        fan, post = await known("Casey", "Lind"), await maya.writes(stream)
        await fan.comments(post)
        changed = {"email": "c@example.org", "first_name": "Cass", "last_name": "Moor", "timezone": "UTC"}
        await deliver_twice(app, UserUpdated(user_id=fan.user_id, **changed))
        listed = (await fan.get(f"/posts/{post['id']}/comments/")).json()["results"]
        assert [row["author_name"] for row in listed] == ["Cass M."]


class TestUserDeactivated:
    async def test_a_name_that_comes_late_is_not_stored(self, app, known, sql):
        fan = await known("Casey", "Lind")
        await deliver_twice(app, UserDeactivated(user_id=fan.user_id, erased=True))
        late = {"email": "c@example.org", "first_name": "Casey", "last_name": "Lind", "timezone": "UTC"}
        await deliver_twice(app, UserUpdated(user_id=fan.user_id, **late))
        assert await count(sql, "users", "user_id", fan.user_id) == 0

    async def test_a_name_is_forgotten_and_the_words_stay(self, app, maya, stream, known, sql, broken):
        fan, post = await known("Casey", "Lind"), await maya.writes(stream)
        await fan.comments(post)
        await deliver_twice(app, UserDeactivated(user_id=fan.user_id))
        [row] = (await maya.get(f"/posts/{post['id']}/comments/")).json()["results"]
        assert (row["author_name"], row["body"]) == (None, "Lovely.")
        assert await count(sql, "users", "user_id", fan.user_id) == 0
        assert await broken() == []

    async def test_rule_20_who_is_erased_leaves_no_trace_and_right_counts(
        self, app, maya, stream, known, poll, sql, broken
    ):
        fan, friend, post = await known(), await known(), await maya.writes(stream, **poll)
        for who in (fan, friend):
            await who.follows(stream)
            for path in (
                f"/streams/{stream['id']}/like/",
                f"/streams/{stream['id']}/save/",
                f"/posts/{post['id']}/like/",
            ):
                await who.post(path)
            await who.post(f"/posts/{post['id']}/vote/", {"option_id": post["poll"]["options"][0]["id"]})
            await who.post(f"/streams/{stream['id']}/comments/", {"body": "Hello."})
        mine, theirs = await fan.comments(post), await friend.comments(post)
        await friend.comments(post, parent_id=mine["id"])
        await fan.comments(post, parent_id=theirs["id"])
        await erase(app, fan.user_id)
        for table in ("follows", "stream_likes", "stream_saves", "post_likes", "votes", "users"):
            assert await count(sql, table, "user_id", fan.user_id) == 0, table
        assert await count(sql, "comments", "author_id", fan.user_id) == 0
        shown, place = (
            (await friend.get(f"/posts/{post['id']}/")).json(),
            (await friend.get(f"/streams/{stream['id']}/")).json(),
        )
        assert (shown["like_count"], shown["comment_count"], shown["poll"]["options"][0]["votes"]) == (1, 1, 1)
        assert (place["like_count"], place["follower_count"], place["comment_count"]) == (1, 1, 1)
        assert await broken() == []

    async def test_an_erased_creators_streams_go_with_everything_in_them(
        self, app, maya, stream, known, poll, sql, broken
    ):
        post, fan = await maya.writes(stream, **poll), await known()
        await fan.comments(post)
        fan.headers["Idempotency-Key"] = "vote"
        assert (
            await fan.post(f"/posts/{post['id']}/vote/", {"option_id": post["poll"]["options"][0]["id"]})
        ).status_code == 200
        assert (await sql("select count(*) from streams.idempotency"))[0][0] == 1
        await erase(app, maya.user_id)
        for table in ("streams", "tiers", "posts", "comments", "idempotency"):
            assert (await sql(f"select count(*) from streams.{table}"))[0][0] == 0, table
        assert [str(event.post_id) for event in await published(app, PostDeleted)] == [post["id"]]
        assert await broken() == []

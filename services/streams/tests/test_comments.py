import asyncio

import pytest

from devtools.testing.answers import a_user
from devtools.testing.delivery import events_of, run_jobs
from services.streams.directory.domain import short_name
from services.streams.tests.conftest import code, made
from shared.events.streams import CommentCreated
from shared.records.ids import new_id


@pytest.fixture
async def post(maya, stream):
    return await maya.writes(stream)


@pytest.fixture(params=["post", "stream"])
def path(request, stream, post) -> str:
    """Where comments are: on a post, and on the stream itself."""
    return f"/posts/{post['id']}/comments/" if request.param == "post" else f"/streams/{stream['id']}/comments/"


async def published(app):
    return [event for event in await events_of(app.state.runtime) if isinstance(event, CommentCreated)]


class TestWrite:
    async def test_anonymous_is_401_and_what_is_absent_404(self, path, nobody, somebody):
        body = {"body": "Hello."}
        assert (await nobody.post(path, body)).status_code == 401
        assert (await nobody.get(path)).status_code == 401
        for absent in (new_id(), "seven"):
            elsewhere = "/".join([*path.split("/")[:2], str(absent), "comments", ""])
            assert (await somebody().post(elsewhere, body)).status_code == 404
            assert (await somebody().get(elsewhere)).status_code == 404

    async def test_answers_the_comment_with_the_authors_short_name(self, path, known, nobody, stream):
        fan = await known("Casey", "Lind")
        shown = made(await fan.post(path, {"body": "  Lovely.  "}))
        assert (shown["body"], shown["author_name"], shown["author_id"]) == ("Lovely.", "Casey L.", str(fan.user_id))
        assert (shown["parent_id"], shown["created_at"]) == (None, "2026-12-01T08:00:00Z")
        assert "Lind" not in str(shown)
        listed = (await fan.get(path)).json()
        assert (listed["results"], listed["total"]) == ([shown], 1)
        for words, found in (("LOVE", [shown]), ("lovely%", [])):
            listed = (await fan.get(path, params={"search": words})).json()
            assert (listed["results"], listed["total"]) == (found, len(found))

    @pytest.mark.parametrize(
        ("body", "field", "reason"),
        [
            ({}, "body", "missing"),
            ({"body": ""}, "body", "too_short"),
            ({"body": "   "}, "body", "too_short"),
            ({"body": "x" * 10_001}, "body", "too_long"),
            ({"body": 7}, "body", "string_type"),
            ({"body": "a\x00b"}, "body", "invisible_text"),
            ({"body": "x", "parent_id": "seven"}, "parent_id", "uuid_parsing"),
            ({"body": "x", "author_id": str(new_id())}, "author_id", "extra_forbidden"),
        ],
    )
    async def test_a_bad_field_is_named(self, post, somebody, body, field, reason):
        answer = await somebody().post(f"/posts/{post['id']}/comments/", body)
        error = answer.json()["errors"][0]
        assert (answer.status_code, error["field"], error["code"]) == (422, field, reason)

    async def test_replies_are_one_level_deep(self, path, somebody):
        fan = somebody()
        parent = made(await fan.post(path, {"body": "First."}))
        reply = made(await fan.post(path, {"body": "Second.", "parent_id": parent["id"]}))
        assert reply["parent_id"] == parent["id"]
        assert code(await fan.post(path, {"body": "Third.", "parent_id": reply["id"]})) == (422, "reply_to_reply")
        assert (await fan.post(path, {"body": "Nowhere.", "parent_id": str(new_id())})).status_code == 404
        replies = (await fan.get(path, params={"parent_id": parent["id"]})).json()
        assert [row["id"] for row in replies["results"]] == [reply["id"]]

    async def test_a_parent_is_of_the_same_place(self, maya, stream, post, somebody):
        fan, other = somebody(), await maya.writes(stream)
        there = await fan.comments(other)
        body = {"body": "Lost.", "parent_id": there["id"]}
        assert (await fan.post(f"/posts/{post['id']}/comments/", body)).status_code == 404
        assert (await fan.post(f"/streams/{stream['id']}/comments/", body)).status_code == 404

    async def test_who_may_not_see_the_body_neither_reads_nor_writes(self, maya, stream, somebody):
        fan, dear = somebody(), await maya.writes(stream, tier_level=1)
        path = f"/posts/{dear['id']}/comments/"
        made(await maya.post(path, {"body": "For friends."}))
        assert code(await fan.post(path, {"body": "Hello?"})) == (403, "locked")
        assert code(await fan.get(path)) == (403, "locked")
        draft = await maya.writes(stream, status="draft")
        assert (await fan.get(f"/posts/{draft['id']}/comments/")).status_code == 404
        assert (await maya.get(f"/posts/{draft['id']}/comments/")).status_code == 200

    async def test_an_unknown_name_is_asked_for(self, app, path, somebody, accounts):
        fan, stranger = somebody(), somebody()
        accounts[fan.user_id] = a_user(fan.user_id, first_name="Ada", last_name="Rivers")
        assert made(await fan.post(path, {"body": "Hello."}))["author_name"] is None
        made(await stranger.post(path, {"body": "Hello."}))
        await run_jobs(app)
        names = [row["author_name"] for row in (await fan.get(path)).json()["results"]]
        assert names == ["Ada R.", None]
        assert made(await fan.post(path, {"body": "Again."}))["author_name"] == "Ada R."


class TestTold:
    async def test_the_owner_and_who_is_answered_but_not_oneself(self, app, maya, stream, post, somebody):
        fan, friend = somebody(), somebody()
        first = await fan.comments(post, "the secret words")
        await friend.comments(post, parent_id=first["id"])
        await maya.comments(post, parent_id=first["id"])
        await maya.comments(post)
        events = await published(app)
        assert [set(event.recipient_ids) for event in events] == [
            {maya.user_id}, {maya.user_id, fan.user_id}, {fan.user_id}, set(),
        ]  # fmt: skip
        assert {(event.subject_title, str(event.key)) for event in events} == {("Day one", post["id"])}
        assert {event.owner_id for event in events} == {maya.user_id}
        assert "secret" not in "".join(event.model_dump_json() for event in events)

    async def test_who_is_answered_hears_nothing_of_a_post_that_got_locked(self, app, maya, post, somebody):
        first = await somebody().comments(post)
        await maya.put(f"/posts/{post['id']}/", {"tier_level": 1})
        await maya.comments(post, parent_id=first["id"])
        assert [len(event.recipient_ids) for event in await published(app)] == [1, 0]


class TestRemove:
    async def test_the_author_and_the_owner_may_and_others_find_nothing(self, path, maya, somebody, nobody, broken):
        fan = somebody()
        for who in (fan, maya):
            comment = made(await fan.post(path, {"body": "Hello."}))
            assert (await nobody.delete(f"{path}{comment['id']}/")).status_code == 401
            assert (await somebody().delete(f"{path}{comment['id']}/")).status_code == 404
            assert (await who.delete(f"{path}{comment['id']}/")).status_code == 204
            assert (await who.delete(f"{path}{comment['id']}/")).status_code == 404
        assert (await fan.get(path)).json()["total"] == 0
        assert await broken() == []

    async def test_its_replies_go_along_and_are_counted_off(self, post, somebody, broken):
        fan, friend = somebody(), somebody()
        parent = await fan.comments(post)
        for _ in range(3):
            await friend.comments(post, parent_id=parent["id"])
        await friend.comments(post)
        assert (await fan.delete(f"/posts/{post['id']}/comments/{parent['id']}/")).status_code == 204
        assert (await fan.get(f"/posts/{post['id']}/")).json()["comment_count"] == 1
        assert await broken() == []

    async def test_a_comment_is_removed_where_it_stands_only(self, maya, stream, post, somebody):
        comment = await somebody().comments(post)
        assert (await maya.delete(f"/streams/{stream['id']}/comments/{comment['id']}/")).status_code == 404


class TestFiftyAtOnce:
    async def test_comments_and_removals_end_at_the_rows(self, post, stream, maya, somebody, broken):
        fans = [somebody() for _ in range(50)]
        parent = await maya.comments(post)
        written = [fan.comments(post, **({"parent_id": parent["id"]} if n % 2 else {})) for n, fan in enumerate(fans)]
        comments = await asyncio.gather(*written)
        assert (await maya.get(f"/posts/{post['id']}/")).json()["comment_count"] == 51
        assert await broken() == []
        base = f"/posts/{post['id']}/comments/"
        steps = [fan.delete(f"{base}{c['id']}/") for fan, c in list(zip(fans, comments, strict=True))[:20]]
        steps += [fan.post(base, {"body": "Late.", "parent_id": parent["id"]}) for fan in fans]
        steps.insert(30, maya.delete(f"{base}{parent['id']}/"))
        assert {answer.status_code for answer in await asyncio.gather(*steps)} <= {201, 204, 404}
        assert await broken() == []

    async def test_as_many_queries_for_twenty_as_for_one(self, post, known, somebody, statements):
        fan = await known()
        await fan.comments(post)
        with statements() as one:
            await fan.get(f"/posts/{post['id']}/comments/")
        for _ in range(19):
            await somebody().comments(post)
        with statements() as twenty:
            assert len((await fan.get(f"/posts/{post['id']}/comments/")).json()["results"]) == 20
        assert len(twenty) == len(one) <= 5


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [("Casey", "Lind", "Casey L."), ("Ødegård", "ß", "Ødegård ß."), ("Mononym", "", "Mononym"), (" A ", " ", "A")],
)
def test_a_short_name_is_a_first_name_and_an_initial(first, last, shown):
    assert short_name(first, last) == shown

from datetime import timedelta

import pytest

from devtools.testing.delivery import run_jobs
from services.streams.tests.conftest import OPTIONS, POST, code, published
from shared.events.streams import PostDeleted, PostPublished
from shared.records.ids import new_id

MINUTE = timedelta(minutes=1)


class TestCreatePost:
    async def test_anonymous_is_401_without_the_role_403_and_in_anothers_stream_404(
        self, stream, nobody, somebody, creator
    ):
        path = f"/streams/{stream['id']}/posts/"
        assert (await nobody.post(path, POST)).status_code == 401
        assert (await somebody().post(path, POST)).status_code == 403
        assert (await creator().post(path, POST)).status_code == 404
        assert (await creator().post(f"/streams/{new_id()}/posts/", POST)).status_code == 404

    async def test_answers_the_post(self, maya, stream, nobody):
        shown = await maya.writes(stream, teaser="How to begin.")
        assert {name: shown[name] for name in POST} == POST
        assert (shown["like_count"], shown["liked"], shown["comment_count"]) == (0, False, 0)
        assert (shown["locked"], shown["poll"], shown["teaser"]) == (False, None, "How to begin.")
        assert (shown["published_at"], shown["stream_id"]) == ("2026-12-01T08:00:00Z", stream["id"])
        assert (await nobody.get(f"/posts/{shown['id']}/")).json() == shown
        assert (await nobody.get(f"/streams/{stream['id']}/posts/")).json()["results"] == [shown]

    @pytest.mark.parametrize("post_type", ["text", "gallery", "video", "audio"])
    async def test_every_type_can_be_written(self, maya, stream, post_type):
        assert (await maya.writes(stream, post_type=post_type))["post_type"] == post_type

    async def test_a_poll_has_its_answers(self, maya, stream, poll):
        shown = (await maya.writes(stream, **poll))["poll"]
        assert [option["text"] for option in shown["options"]] == OPTIONS
        assert {option["votes"] for option in shown["options"]} == {0}
        assert (shown["voted"], shown["voted_option_id"]) == (False, None)
        assert shown["closes_at"] == "2026-12-02T08:00:00Z"

    @pytest.mark.parametrize(
        ("change", "field", "reason"),
        [
            ({"title": ""}, "title", "too_short"),
            ({"body": ""}, "body", "too_short"),
            ({"body": "x" * 10_001}, "body", "too_long"),
            ({"body": "a\x00b"}, "body", "invisible_text"),
            ({"body": None}, "body", "string_type"),
            ({"teaser": "x" * 501}, "teaser", "too_long"),
            ({"post_type": "song"}, "post_type", "enum"),
            ({"tier_level": -1}, "tier_level", "greater_than_equal"),
            ({"tier_level": "0"}, "tier_level", "int_type"),
            ({"tier_level": 7}, "tier_level", "unknown_tier"),
            ({"status": "gone"}, "status", "enum"),
            ({"status": "scheduled"}, "published_at", "missing"),
            ({"status": "scheduled", "published_at": "2026-12-01T08:00:00Z"}, "published_at", "in_the_past"),
            ({"status": "scheduled", "published_at": "2020-01-01T00:00:00Z"}, "published_at", "in_the_past"),
            ({"status": "scheduled", "published_at": "2027-01-01T00:00:00"}, "published_at", "timezone_aware"),
            ({"status": "scheduled", "published_at": "soon"}, "published_at", "invalid_time"),
            ({"published_at": "2027-01-01T00:00:00Z"}, "published_at", "not_scheduled"),
            ({"published_at": "2020-01-01T00:00:00Z"}, "published_at", "in_the_past"),
            ({"status": "draft", "published_at": "2027-01-01T00:00:00Z"}, "published_at", "not_scheduled"),
            ({"post_type": "poll"}, "poll", "missing"),
            ({"poll": {"options": OPTIONS}}, "poll", "not_a_poll"),
            ({"post_type": "poll", "poll": {"options": ["one"]}}, "poll.options", "too_short"),
            ({"post_type": "poll", "poll": {"options": ["a"] * 21}}, "poll.options", "too_long"),
            ({"post_type": "poll", "poll": {"options": ["a", "a"]}}, "poll.options", "repeated_option"),
            ({"post_type": "poll", "poll": {"options": ["a", "x" * 201]}}, "poll.options.1", "too_long"),
            (
                {"post_type": "poll", "poll": {"options": OPTIONS, "closes_at": "2026-12-01T08:00:00Z"}},
                "poll.closes_at",
                "in_the_past",
            ),
            ({"media": []}, "media", "extra_forbidden"),
        ],
    )
    async def test_a_bad_field_is_named(self, maya, stream, change, field, reason):
        answer = await maya.post(f"/streams/{stream['id']}/posts/", {**POST, **change})
        error = answer.json()["errors"][0]
        assert (answer.status_code, error["field"], error["code"]) == (422, field, reason)

    async def test_the_longest_body_is_fine(self, maya, stream):
        assert len((await maya.writes(stream, body="x" * 10_000))["body"]) == 10_000

    async def test_is_published_once_without_its_body(self, app, maya, stream):
        shown = await maya.writes(stream, body="the secret body", tier_level=1)
        [event] = await published(app, PostPublished)
        assert (str(event.post_id), event.tier_level, event.title) == (shown["id"], 1, "Day one")
        assert "secret" not in event.model_dump_json()


class TestSchedule:
    async def test_it_is_absent_before_its_second_and_there_from_then_on(self, clock, maya, stream, nobody, at):
        post = await maya.writes(stream, status="scheduled", published_at=at(10))
        assert post["status"] == "scheduled"
        clock.advance(10 * MINUTE - timedelta(seconds=1))
        assert (await nobody.get(f"/posts/{post['id']}/")).status_code == 404
        assert (await nobody.get(f"/streams/{stream['id']}/posts/")).json()["total"] == 0
        clock.advance(timedelta(seconds=1))
        shown = (await nobody.get(f"/posts/{post['id']}/")).json()
        assert (shown["status"], shown["published_at"]) == ("published", "2026-12-01T08:10:00Z")
        assert (await nobody.get(f"/streams/{stream['id']}/posts/")).json()["total"] == 1

    async def test_it_is_published_once_when_its_moment_has_come(self, app, clock, maya, stream, at, broken):
        await maya.writes(stream, status="scheduled", published_at=at(10))
        await run_jobs(app)
        assert await published(app, PostPublished) == []
        clock.advance(11 * MINUTE)
        await run_jobs(app)
        await run_jobs(app)
        [event] = await published(app, PostPublished)
        assert event.published_at.isoformat() == "2026-12-01T08:10:00+00:00"
        assert await broken() == []

    async def test_the_owner_lists_what_is_not_out_yet_and_nobody_else_does(self, maya, stream, nobody, creator, at):
        draft = await maya.writes(stream, status="draft")
        waiting = await maya.writes(stream, status="scheduled", published_at=at(10))
        path = f"/streams/{stream['id']}/posts/"
        assert (await maya.get(path)).json()["total"] == 0
        for status, post in (("draft", draft), ("scheduled", waiting)):
            mine = (await maya.get(path, params={"status": status})).json()["results"]
            assert [row["id"] for row in mine] == [post["id"]]
            for other in (nobody, creator()):
                assert (await other.get(path, params={"status": status})).json()["total"] == 0


class TestChangePost:
    async def test_anonymous_is_401_without_the_role_403_and_anothers_is_absent(
        self, maya, stream, nobody, somebody, creator
    ):
        path = f"/posts/{(await maya.writes(stream))['id']}/"
        for method in ("PUT", "DELETE"):
            assert (await nobody.call(method, path, {})).status_code == 401
            assert (await somebody().call(method, path, {})).status_code == 403
            assert (await creator().call(method, path, {})).status_code == 404
            assert (await maya.call(method, f"/posts/{new_id()}/", {})).status_code == 404

    async def test_what_is_left_out_stays(self, clock, maya, stream):
        post = await maya.writes(stream, teaser="Come in.")
        clock.advance(MINUTE)
        changed = (await maya.put(f"/posts/{post['id']}/", {"body": "Begin by standing."})).json()
        assert changed == {**post, "body": "Begin by standing.", "updated_at": "2026-12-01T08:01:00Z"}
        assert (await maya.put(f"/posts/{post['id']}/", {"teaser": ""})).json()["teaser"] is None

    async def test_null_takes_the_teaser_away(self, maya, stream):
        post = await maya.writes(stream, teaser="Come in.")
        assert (await maya.put(f"/posts/{post['id']}/", {"teaser": None})).json()["teaser"] is None

    @pytest.mark.parametrize("name", ["title", "body", "post_type", "tier_level", "status"])
    async def test_null_is_no_value_of_a_required_field(self, maya, stream, name):
        post = await maya.writes(stream)
        answer = await maya.put(f"/posts/{post['id']}/", {name: None})
        assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [name])
        assert (await maya.get(f"/posts/{post['id']}/")).json() == post

    async def test_null_is_no_moment_of_what_is_scheduled_and_no_poll_of_a_poll(self, maya, stream, poll, at):
        soon = await maya.writes(stream, status="scheduled", published_at=at(5))
        assert code(await maya.put(f"/posts/{soon['id']}/", {"published_at": None})) == (422, "missing")
        asked = await maya.writes(stream, status="draft", **poll)
        assert code(await maya.put(f"/posts/{asked['id']}/", {"poll": None})) == (422, "missing")
        plain = await maya.writes(stream, status="draft")
        assert (await maya.put(f"/posts/{plain['id']}/", {"poll": None, "published_at": None})).json() == plain

    async def test_a_higher_tier_locks_at_once(self, maya, stream, nobody):
        post = await maya.writes(stream)
        await maya.put(f"/posts/{post['id']}/", {"tier_level": 2})
        shown = (await nobody.get(f"/posts/{post['id']}/")).json()
        assert (shown["locked"], shown["required_tier"]["name"], "body" in shown) == (True, "Patrons", False)

    async def test_a_draft_is_published_or_scheduled(self, app, clock, maya, stream, at):
        post = await maya.writes(stream, status="draft")
        path = f"/posts/{post['id']}/"
        moved = (await maya.put(path, {"status": "scheduled", "published_at": at(5)})).json()
        assert (moved["status"], moved["published_at"]) == ("scheduled", "2026-12-01T08:05:00Z")
        later = (await maya.put(path, {"published_at": at(7)})).json()
        assert (later["status"], later["published_at"]) == ("scheduled", "2026-12-01T08:07:00Z")
        assert (await maya.put(path, {"status": "draft"})).json()["published_at"] is None
        out = (await maya.put(path, {"status": "published"})).json()
        assert (out["status"], out["published_at"]) == ("published", "2026-12-01T08:00:00Z")
        assert (await maya.put(path, {"status": "published"})).status_code == 200
        assert len(await published(app, PostPublished)) == 1

    async def test_that_a_post_which_was_out_is_gone_is_published(self, app, maya, stream):
        out, draft = await maya.writes(stream), await maya.writes(stream, status="draft")
        for post in (out, draft):
            assert (await maya.delete(f"/posts/{post['id']}/")).status_code == 204
        assert [str(event.post_id) for event in await published(app, PostDeleted)] == [out["id"]]

    async def test_what_is_out_stays_out(self, clock, maya, stream, at):
        post = await maya.writes(stream, status="scheduled", published_at=at(5))
        clock.advance(5 * MINUTE)
        path = f"/posts/{post['id']}/"
        assert code(await maya.put(path, {"status": "draft"})) == (409, "illegal_transition")
        assert code(await maya.put(path, {"published_at": at(9)})) == (422, "already_published")
        assert (await maya.put(path, {"title": "New"})).json()["published_at"] == "2026-12-01T08:05:00Z"

    @pytest.mark.parametrize(
        ("change", "field", "reason"),
        [
            ({"published_at": "2020-01-01T00:00:00Z", "status": "scheduled"}, "published_at", "in_the_past"),
            ({"status": "scheduled"}, "published_at", "missing"),
            ({"post_type": "video"}, "post_type", "type_is_fixed"),
            ({"tier_level": 9}, "tier_level", "unknown_tier"),
            ({"body": "x" * 10_001}, "body", "too_long"),
            ({"poll": {"options": OPTIONS}}, "poll", "not_a_poll"),
            ({"owner_id": 1}, "owner_id", "extra_forbidden"),
        ],
    )
    async def test_a_bad_field_is_named(self, maya, stream, change, field, reason):
        post = await maya.writes(stream, status="draft")
        answer = await maya.put(f"/posts/{post['id']}/", change)
        error = answer.json()["errors"][0]
        assert (answer.status_code, error["field"], error["code"]) == (422, field, reason)

    async def test_a_poll_changes_only_before_publication(self, maya, stream, poll, at):
        draft = await maya.writes(stream, status="draft", **poll)
        path, other = f"/posts/{draft['id']}/", {"options": ["Yes", "No"]}
        changed = (await maya.put(path, {"poll": other})).json()["poll"]
        assert ([option["text"] for option in changed["options"]], changed["closes_at"]) == (["Yes", "No"], None)
        late = {"status": "scheduled", "published_at": at(60), "poll": {**other, "closes_at": at(59)}}
        assert code(await maya.put(path, late)) == (422, "in_the_past")
        await maya.put(path, {"status": "published"})
        assert code(await maya.put(path, {"poll": other})) == (409, "poll_fixed")

    async def test_deleting_takes_everything_along(self, maya, stream, somebody, poll, broken):
        fan, post = somebody(), await maya.writes(stream, **poll)
        await fan.comments(post)
        await fan.post(f"/posts/{post['id']}/like/")
        assert (await maya.delete(f"/posts/{post['id']}/")).status_code == 204
        assert (await fan.get(f"/posts/{post['id']}/comments/")).status_code == 404
        assert (await maya.delete(f"/posts/{post['id']}/")).status_code == 404
        assert await broken() == []


class TestList:
    async def test_as_many_queries_for_twenty_as_for_two(self, maya, stream, somebody, poll, statements):
        fan, path = somebody(), f"/streams/{stream['id']}/posts/"
        await fan.follows(stream)
        for changes in ({"tier_level": 1}, poll):
            await maya.writes(stream, **changes)
        with statements() as two:
            assert len((await fan.get(path)).json()["results"]) == 2
        for number in range(18):
            await maya.writes(stream, **[poll, {"tier_level": 2}, {}][number % 3])
        with statements() as twenty:
            assert len((await fan.get(path)).json()["results"]) == 20
        assert len(twenty) == len(two) <= 11

    async def test_newest_first_and_in_pages(self, clock, maya, stream, nobody):
        made_in_order = []
        for number in range(5):
            clock.advance(MINUTE)
            made_in_order.append((await maya.writes(stream, title=f"Day {number}"))["id"])
        page = (await nobody.get(f"/streams/{stream['id']}/posts/", params={"limit": 2, "offset": 1})).json()
        assert [row["id"] for row in page["results"]] == made_in_order[3:1:-1]
        assert (page["total"], page["has_more"]) == (5, True)
        oldest = await nobody.get(f"/streams/{stream['id']}/posts/", params={"ordering": "published_at"})
        assert [row["id"] for row in oldest.json()["results"]] == made_in_order
        assert (await nobody.get(f"/streams/{stream['id']}/posts/?ordering=body")).status_code == 422
        assert (await nobody.get(f"/streams/{new_id()}/posts/")).status_code == 404

    async def test_fields_are_selected_also_beside_locked_posts(self, maya, stream, nobody):
        await maya.writes(stream)
        await maya.writes(stream, tier_level=1)
        answer = await nobody.get(f"/streams/{stream['id']}/posts/", params={"fields": "title,body"})
        assert answer.json()["results"] == [{"title": "Day one"}, {"title": "Day one", "body": "Begin by sitting."}]

    async def test_search_looks_into_open_bodies_only(self, maya, stream, nobody, somebody):
        fan = somebody()
        await fan.follows(stream)
        free = await maya.writes(stream, body="Listen to the nightingale.")
        dear = await maya.writes(stream, body="The nightingale sleeps.", tier_level=1, teaser="Of birds")
        path = f"/streams/{stream['id']}/posts/"
        for who, query, found in (
            (nobody, "nightingale", [free]),
            (fan, "nightingale", [free]),
            (fan, "nightingale sleeps", []),
            (maya, "nightingale", [dear, free]),
            (fan, "birds", [dear]),
            (fan, "-nightingale", [dear]),  # of one that is closed to the caller the body excludes nothing either
            (maya, "-nightingale", []),
            (maya, "birds -sleeps", []),
            (nobody, "-owl", [dear, free]),
        ):
            listed = (await who.get(path, params={"search": query})).json()
            assert [row["id"] for row in listed["results"]] == [row["id"] for row in found], query
            assert listed["total"] == len(found)

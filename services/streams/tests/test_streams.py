import pytest

from services.streams.tests.conftest import STREAM, code, published
from shared.events.streams import PostDeleted
from shared.records.ids import new_id

USD = {"amount": 500, "currency": "USD"}


class TestCreateStream:
    async def test_anonymous_is_401_and_without_the_role_403(self, nobody, somebody):
        assert (await nobody.post("/streams/", STREAM)).status_code == 401
        assert (await somebody().post("/streams/", STREAM)).status_code == 403

    async def test_answers_the_stream_with_the_free_level(self, maya, nobody):
        shown = await maya.opens()
        free = {"name": "Free", "level": 0, "price": {"amount": 0, "currency": "USD"}}
        assert shown["tiers"] == [free, *STREAM["tiers"]]
        assert (shown["title"], shown["description"]) == (STREAM["title"], STREAM["description"])
        counts = ("like_count", "follower_count", "comment_count", "liked", "saved", "subscribed_level")
        assert [shown[name] for name in counts] == [0, 0, 0, False, False, None]
        assert (await nobody.get(f"/streams/{shown['id']}/")).json() == shown

    async def test_level_0_can_be_named(self, maya):
        free = {"name": "Everyone", "level": 0, "price": {"amount": 0, "currency": "USD"}}
        assert (await maya.opens(tiers=[free]))["tiers"] == [free]

    @pytest.mark.parametrize(
        ("change", "field", "reason"),
        [
            ({"title": ""}, "title", "too_short"),
            ({"title": "x" * 201}, "title", "too_long"),
            ({"title": 7}, "title", "string_type"),
            ({"title": "a\x00b"}, "title", "invisible_text"),
            ({"description": "x" * 10_001}, "description", "too_long"),
            ({"tiers": None}, "tiers", "list_type"),
            ({"tiers": [{"name": "A", "level": 0, "price": USD}]}, "tiers.0.price", "level_is_free"),
            ({"tiers": [{"name": "A", "level": 1, "price": USD}] * 2}, "tiers.1.level", "repeated_level"),
            ({"tiers": [{"name": "A", "level": -1, "price": USD}]}, "tiers.0.level", "greater_than_equal"),
            ({"tiers": [{"name": "A", "level": "1", "price": USD}]}, "tiers.0.level", "int_type"),
            ({"tiers": [{"name": "A", "level": True, "price": USD}]}, "tiers.0.level", "int_type"),
            ({"tiers": [{"name": "A", "level": 1}]}, "tiers.0.price", "missing"),
            (
                {"tiers": [{"name": "A", "level": 1, "price": {"amount": 100_000_000, "currency": "USD"}}]},
                "tiers.0.price.amount",
                "less_than_equal",
            ),
            (
                {"tiers": [{"name": "A", "level": 1, "price": {"amount": 1, "currency": "EUR"}}]},
                "tiers.0.price.currency",
                "unsupported_currency",
            ),
            (
                {"tiers": [{"name": "A", "level": 1, "price": {"amount": 49, "currency": "USD"}}]},
                "tiers.0.price",
                "below_minimum_charge",
            ),
            ({"owner_id": "x"}, "owner_id", "extra_forbidden"),
        ],
    )
    async def test_a_bad_field_is_named(self, maya, change, field, reason):
        answer = await maya.post("/streams/", {**STREAM, **change})
        error = answer.json()["errors"][0]
        assert (answer.status_code, error["field"], error["code"]) == (422, field, reason)

    async def test_the_same_key_again_makes_no_second_stream(self, maya, nobody):
        maya.headers["Idempotency-Key"] = "first"
        shown = [await maya.opens() for _ in range(2)]
        assert shown[0] == shown[1]
        assert (await nobody.get("/streams/")).json()["total"] == 1


class TestListStreams:
    async def test_newest_first_with_search_and_filters(self, maya, creator, nobody):
        first, second = await maya.opens(), await creator().opens(title="Évening song", description="Of the sea.")
        listed = (await nobody.get("/streams/")).json()
        assert [row["id"] for row in listed["results"]] == [second["id"], first["id"]]
        for query, found in (
            ("evening", [second]),
            ("sea song", [second]),
            ("quiet morn", [first]),
            ("100%_", []),
        ):
            rows = (await nobody.get("/streams/", params={"search": query})).json()["results"]
            assert [row["id"] for row in rows] == [row["id"] for row in found], query
        mine = (await nobody.get("/streams/", params={"practitioner_id": first["practitioner_id"]})).json()
        assert [row["id"] for row in mine["results"]] == [first["id"]]
        by_title = (await nobody.get("/streams/", params={"ordering": "title"})).json()["results"]
        assert [row["id"] for row in by_title] == [second["id"], first["id"]]  # an accent does not move a title
        assert code(await nobody.get("/streams/", params={"ordering": "owner_id"})) == (422, "unknown_ordering")

    async def test_as_many_queries_for_twenty_as_for_one(self, maya, somebody, statements):
        await maya.opens()
        fan = somebody()
        with statements() as one:
            await fan.get("/streams/")
        for _ in range(19):
            await maya.opens()
        with statements() as twenty:
            assert len((await fan.get("/streams/")).json()["results"]) == 20
        assert len(twenty) == len(one) <= 5


class TestChangeStream:
    async def test_anonymous_is_401_without_the_role_403_and_anothers_is_absent(
        self, stream, nobody, somebody, creator
    ):
        path = f"/streams/{stream['id']}/"
        assert (await nobody.put(path, {"title": "x"})).status_code == 401
        assert (await somebody().put(path, {"title": "x"})).status_code == 403
        assert (await creator().put(path, {"title": "x"})).status_code == 404
        assert (await creator().put(f"/streams/{new_id()}/", {"title": "x"})).status_code == 404
        assert (await creator().put("/streams/seven/", {"title": "x"})).status_code == 404

    async def test_what_is_left_out_stays(self, maya, stream, nobody):
        changed = (await maya.put(f"/streams/{stream['id']}/", {"title": "Loud mornings"})).json()
        assert changed == {**stream, "title": "Loud mornings"}
        assert (await nobody.get(f"/streams/{stream['id']}/")).json() == changed

    async def test_tiers_are_replaced_and_level_0_stays(self, maya, stream):
        gold = {"name": "Gold", "level": 2, "price": {"amount": 50, "currency": "USD"}}
        changed = (await maya.put(f"/streams/{stream['id']}/", {"tiers": [gold]})).json()
        assert [tier["level"] for tier in changed["tiers"]] == [0, 2]
        assert changed["tiers"][1] == gold

    async def test_a_tier_that_posts_need_cannot_be_left_out(self, maya, stream):
        await maya.writes(stream, tier_level=1)
        answer = await maya.put(f"/streams/{stream['id']}/", {"tiers": [STREAM["tiers"][1]]})
        assert code(answer) == (409, "tier_in_use")
        assert (await maya.get(f"/streams/{stream['id']}/")).json()["tiers"] == stream["tiers"]

    @pytest.mark.parametrize("name", STREAM)
    async def test_null_is_no_value_of_a_required_field(self, maya, stream, name):
        answer = await maya.put(f"/streams/{stream['id']}/", {name: None})
        assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [name])


class TestDeleteStream:
    async def test_only_its_owner_deletes_it_with_everything_in_it(
        self, maya, stream, nobody, somebody, creator, poll, broken
    ):
        path = f"/streams/{stream['id']}/"
        assert (await nobody.delete(path)).status_code == 401
        assert (await somebody().delete(path)).status_code == 403
        assert (await creator().delete(path)).status_code == 404
        fan, post = somebody(), await maya.writes(stream, **poll)
        await fan.follows(stream)
        await fan.comments(post, parent_id=(await fan.comments(post))["id"])
        await fan.post(f"/posts/{post['id']}/vote/", {"option_id": post["poll"]["options"][0]["id"]})
        assert (await maya.delete(path)).status_code == 204
        for gone in (path, f"{path}posts/", f"/posts/{post['id']}/"):
            assert (await fan.get(gone)).status_code == 404
        assert (await fan.get("/streams/my-subscriptions/")).json()["results"] == []
        assert (await maya.delete(path)).status_code == 404
        assert await broken() == []

    async def test_that_its_posts_which_were_out_are_gone_is_published(self, app, maya, stream, at):
        out = [await maya.writes(stream, tier_level=level) for level in (0, 1)]
        await maya.writes(stream, status="draft")
        await maya.writes(stream, status="scheduled", published_at=at(5))
        assert (await maya.delete(f"/streams/{stream['id']}/")).status_code == 204
        gone = await published(app, PostDeleted)
        assert {str(event.post_id) for event in gone} == {post["id"] for post in out}
        assert {str(event.stream_id) for event in gone} == {stream["id"]}


class TestTips:
    async def test_nothing_can_be_bought_yet(self, stream, nobody, somebody):
        path, body = f"/streams/{stream['id']}/tips/", {"amount": USD}
        assert (await nobody.post(path, body)).status_code == 401
        assert (await somebody().post(f"/streams/{new_id()}/tips/", body)).status_code == 404
        assert code(await somebody().post(path, body)) == (422, "not_available")
        assert (await somebody().post(path, {"amount": {"amount": 0, "currency": "USD"}})).status_code == 422

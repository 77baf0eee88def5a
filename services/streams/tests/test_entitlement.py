"""The rule says the same of values and of columns, and no answer holds a body that the rule does not open.

`WAYS` names every route of the service and how it is asked. A route without a row fails the tests, and so does a row
that lets a body, a poll or a hit in a body out to somebody whom the rule refuses.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select

from devtools.testing.delivery import events_of, run_jobs
from services.streams.entitlement.domain import Access, rule
from services.streams.entitlement.repository import condition, followers_who_may_see
from services.streams.follows.models import Follow
from services.streams.posts.domain import PostStatus, PostType
from services.streams.posts.models import Post
from services.streams.posts.repository import COLUMNS
from services.streams.tests.conftest import API, POST, STREAM, Person
from shared.auth.verification import Caller
from shared.events.streams import PostAnnounced
from shared.records.ids import new_id

LEVELS = (0, 1, 2)
STATES = ("draft", "scheduled", "due", "published")
TYPES = tuple(PostType)
CALLERS = ("anonymous", "stranger", "follower", "patron", "owner")
SECRET = "zyzzyva"
SECRET_ANSWER = "xylograph"
PROBES = (SECRET, SECRET_ANSWER)


def expected(caller: str, level: int, state: str) -> tuple[bool, bool]:
    """Whether the post is there, and whether it is open: the rule, said a second time for the tests."""
    if caller == "owner":
        return True, True
    if state in {"draft", "scheduled"}:
        return False, False
    return True, level <= (1 if caller == "patron" else 0)


@dataclass
class World:
    """A stream with a post of every type, level and state, and everybody who may ask for them."""

    stream: Any
    posts: dict[tuple[PostType, int, str], Any]
    people: dict[str, Person]


@pytest.fixture
async def world(clock, maya, nobody, somebody) -> World:
    """`patron` has subscribed to level 1."""
    stream = await maya.opens()
    soon, late = (clock.now() + timedelta(hours=hours) for hours in (1, 100))
    posts = {}
    for post_type, level, state in product(TYPES, LEVELS, STATES):
        body = {**POST, "post_type": post_type, "tier_level": level, "title": f"{post_type} {level} {state}"}
        body["body"] = f"{SECRET} {post_type} {level} {state}"
        body["status"] = "scheduled" if state == "due" else state
        if state in {"scheduled", "due"}:
            body["published_at"] = (late if state == "scheduled" else soon).isoformat()
        if post_type is PostType.POLL:
            body["poll"] = {"options": [f"{SECRET_ANSWER} one", f"{SECRET_ANSWER} two"]}
        posts[post_type, level, state] = await maya.writes(stream, **body)
    clock.set(soon)
    people = {"anonymous": nobody, "stranger": somebody(), "follower": somebody(), "patron": somebody(), "owner": maya}
    await people["follower"].follows(stream)
    await people["patron"].subscribes(stream, 1)
    return World(stream, posts, people)


def decide(post: Post, caller: UUID | None, level: int, now: datetime) -> Access:
    return rule(post.access_input, caller, level, now)


class TestTheRule:
    async def test_it_says_the_same_of_a_row_and_in_sql(self, app, world, clock):
        async with app.state.runtime.db.read() as session:
            posts = (await session.scalars(select(Post))).all()
            for name, person in world.people.items():
                who = None if name == "anonymous" else Caller(person.user_id, frozenset(), None, new_id())
                level = {"patron": 1}.get(name, 0)
                for part in ("exists", "open"):
                    wanted = getattr(condition(COLUMNS, who, clock.now()), part)
                    found = set((await session.scalars(select(Post.id).where(wanted))).all())
                    caller = who.user_id if who else None
                    decided = [decide(post, caller, level, clock.now()) for post in posts]
                    assert found == {
                        post.id for post, access in zip(posts, decided, strict=True) if getattr(access, part)
                    }, (name, part)

    async def test_it_says_the_same_of_the_followers(self, app, world, clock):
        async with app.state.runtime.db.read() as session:
            for post in (await session.scalars(select(Post))).all():
                wanted = select(Follow.user_id).where(followers_who_may_see(post.access_input, clock.now()))
                allowed = {
                    world.people[name].user_id
                    for name, level in (("follower", 0), ("patron", 1))
                    if decide(post, world.people[name].user_id, level, clock.now()).open
                }
                assert set((await session.scalars(wanted)).all()) == allowed

    @pytest.mark.parametrize("level", LEVELS)
    @pytest.mark.parametrize("caller", CALLERS)
    def test_it_is_the_rule_that_was_meant(self, clock, caller, level):
        owner, now = new_id(), clock.now()
        for state, published_at in (("draft", None), ("scheduled", now + timedelta(seconds=1)), ("due", now)):
            status = PostStatus.DRAFT if state == "draft" else PostStatus.SCHEDULED
            post = Post(owner_id=owner, tier_level=level, published_at=published_at, status=status)
            who = {"anonymous": None, "owner": owner}.get(caller, new_id())
            access = decide(post, who, 1 if caller == "patron" else 0, now)
            assert (access.exists, access.open) == expected(caller, level, state)


def way(path: str) -> Callable[[World, Any], str]:
    return lambda world, post: path.format(stream=world.stream["id"], post=post["id"], other=new_id())


REFUSED = {"anonymous": {401}, "stranger": {403}, "follower": {403}, "patron": {403}}

# Every route: how it is asked about a post, with which body, and who gets in at all (None: it depends on
# the post). What anybody is answered must hold nothing that the rule does not open.
WAYS: dict[tuple[str, str], tuple[str, Any]] = {
    ("GET", "/streams/"): ("/streams/?search={probe}", None),
    ("POST", "/streams/"): ("/streams/", STREAM),
    ("GET", "/streams/my-subscriptions/"): ("/streams/my-subscriptions/", None),
    ("GET", "/streams/{stream_id}/"): ("/streams/{stream}/", None),
    ("PUT", "/streams/{stream_id}/"): ("/streams/{stream}/", {}),
    ("DELETE", "/streams/{stream_id}/"): ("/streams/{other}/", None),
    ("POST", "/streams/{stream_id}/tips/"): ("/streams/{stream}/tips/", {"amount": {"amount": 1, "currency": "USD"}}),
    ("POST", "/streams/{stream_id}/subscribe/"): ("/streams/{stream}/subscribe/", {"tier_level": 1}),
    ("DELETE", "/streams/{stream_id}/subscribe/"): ("/streams/{other}/subscribe/", None),
    ("POST", "/streams/{stream_id}/like/"): ("/streams/{stream}/like/", None),
    ("DELETE", "/streams/{stream_id}/like/"): ("/streams/{stream}/like/", None),
    ("POST", "/streams/{stream_id}/save/"): ("/streams/{stream}/save/", None),
    ("DELETE", "/streams/{stream_id}/save/"): ("/streams/{stream}/save/", None),
    ("GET", "/streams/{stream_id}/comments/"): ("/streams/{stream}/comments/", None),
    ("POST", "/streams/{stream_id}/comments/"): ("/streams/{stream}/comments/", {"body": "Hello."}),
    ("DELETE", "/streams/{stream_id}/comments/{comment_id}/"): ("/streams/{stream}/comments/{other}/", None),
    ("GET", "/streams/{stream_id}/posts/"): ("/streams/{stream}/posts/?limit=100", None),
    ("POST", "/streams/{stream_id}/posts/"): ("/streams/{other}/posts/", POST),
    ("GET", "/posts/{post_id}/"): ("/posts/{post}/", None),
    ("PUT", "/posts/{post_id}/"): ("/posts/{post}/", {"teaser": "Come in."}),
    ("DELETE", "/posts/{post_id}/"): ("/posts/{other}/", None),
    ("POST", "/posts/{post_id}/like/"): ("/posts/{post}/like/", None),
    ("DELETE", "/posts/{post_id}/like/"): ("/posts/{post}/like/", None),
    ("POST", "/posts/{post_id}/vote/"): ("/posts/{post}/vote/", {"option_id": "{option}"}),
    ("GET", "/posts/{post_id}/comments/"): ("/posts/{post}/comments/", None),
    ("POST", "/posts/{post_id}/comments/"): ("/posts/{post}/comments/", {"body": "Lovely."}),
    ("DELETE", "/posts/{post_id}/comments/{comment_id}/"): ("/posts/{post}/comments/{other}/", None),
}
ABOUT_A_POST = [key for key, (path, _) in WAYS.items() if "{post}" in path]
ONCE = [key for key in WAYS if key not in ABOUT_A_POST]
DIFFERENT_QUERIES = ("", "&search={probe}", "&status=draft", "&status=scheduled", "&fields=id,body,poll", "&offset=1")


def test_every_way_out_has_a_row(app):
    """A route (or a socket) that is new has to be added to WAYS, and is asked by everybody from then on."""
    routes = [
        route for route in _routes(app.router) if getattr(route, "path", "").startswith((API, "/ws", "/internal"))
    ]
    assert all(isinstance(route, APIRoute) for route in routes), (
        "a way out that is no HTTP route needs tests of its own"
    )
    found = {(method, route.path.removeprefix(API)) for route in routes for method in route.methods}
    # What identity alone asks has tests of its own: audit rows, what is held of a person, and how long.
    asked_by_identity = ("/internal/audit/", "/internal/people/", "/internal/retention/")
    assert {way for way in found if not way[1].startswith(asked_by_identity)} == set(WAYS)


def _routes(router: Any) -> list[Any]:
    """All routes, also those of routers that were included."""
    found = []
    for route in router.routes:
        inner = getattr(route, "original_router", None) or getattr(route, "app", None)
        found += _routes(inner) if hasattr(inner, "routes") and not hasattr(route, "methods") else [route]
    return found


async def ask(world: World, key: tuple[str, str], caller: str, post: Any, query: str = "", probe: str = SECRET) -> Any:
    method, (path, body) = key[0], WAYS[key]
    option = (post["poll"] or {"options": [{"id": str(new_id())}]})["options"][0]["id"]
    target = (path + query).format(stream=world.stream["id"], post=post["id"], other=new_id(), probe=probe)
    filled = json.loads(json.dumps(body).replace("{option}", option))
    return await world.people[caller].call(method, target, filled)


def assert_shows_only(text: str, allowed: set[str], context: Any) -> None:
    """No body of another post than these is in the answer, and no answer of another's poll."""
    for word in text.split(SECRET)[1:]:
        assert any(word.startswith(f" {name}") for name in allowed), (context, word[:30])
    if not any(name.startswith("poll") for name in allowed):
        assert SECRET_ANSWER not in text, context


def name_of(key: tuple[str, int, str]) -> str:
    return f"{key[0]} {key[1]} {key[2]}"


class TestALockedBodyCannotBeHad:
    @pytest.mark.parametrize("caller", CALLERS)
    async def test_asked_for_each_post(self, world, caller):
        for (key, post), way_out in product(world.posts.items(), ABOUT_A_POST):
            exists, is_open = expected(caller, key[1], key[2])
            answer = await ask(world, way_out, caller, post)
            context = (caller, key, way_out, answer.status_code, answer.text)
            assert answer.status_code < 500, context
            assert_shows_only(answer.text, {name_of(key)} if is_open else set(), context)
            if not exists:
                assert answer.status_code in {401, 403, 404}, context
                assert answer.status_code != 403 or way_out[0] in {"PUT"}, context
            elif not is_open and way_out[0] in {"GET", "POST"} and way_out != ("GET", "/posts/{post_id}/"):
                assert answer.status_code == (401 if caller == "anonymous" else 403), context
            if way_out == ("GET", "/posts/{post_id}/"):
                assert answer.status_code == (200 if exists else 404), context
                if exists and not is_open:
                    shown = answer.json()
                    assert shown["locked"] is True
                    assert shown["required_tier"] == STREAM["tiers"][key[1] - 1]
                    assert "teaser" in shown
                    assert not {"body", "poll"} & shown.keys()

    @pytest.mark.parametrize("caller", CALLERS)
    async def test_asked_for_the_rest_with_searches_and_filters(self, world, caller):
        allowed = {name_of(key) for key in world.posts if expected(caller, key[1], key[2])[1]}
        post = next(iter(world.posts.values()))
        for way_out in ONCE:
            queries = DIFFERENT_QUERIES if way_out[1].endswith("/posts/") and way_out[0] == "GET" else ("",)
            for query, probe in product(queries, PROBES):
                answer = await ask(world, way_out, caller, post, query, probe)
                assert answer.status_code < 500, (caller, way_out, query)
                assert_shows_only(answer.text, allowed, (caller, way_out, query, answer.text))

    @pytest.mark.parametrize("caller", CALLERS)
    async def test_a_search_finds_open_bodies_and_counts_no_others(self, world, caller):
        path = f"/streams/{world.stream['id']}/posts/?limit=100&search={SECRET}"
        listed = (await world.people[caller].get(path)).json()
        out = [key for key in world.posts if key[2] in {"due", "published"} and expected(caller, key[1], key[2])[1]]
        assert listed["total"] == len(out)
        assert {row["title"] for row in listed["results"]} == {name_of(key) for key in out}

    async def test_no_event_carries_a_body(self, app, world):
        for caller, post in product(CALLERS, world.posts.values()):
            await world.people[caller].post(f"/posts/{post['id']}/comments/", {"body": f"{SECRET} said"})
        await run_jobs(app)
        published = await events_of(app.state.runtime)
        assert {type(event).__name__ for event in published} == {"PostPublished", "PostAnnounced", "CommentCreated"}
        text = "".join(event.model_dump_json() for event in published)
        assert SECRET not in text
        assert SECRET_ANSWER not in text

    async def test_only_who_may_see_a_post_is_notified(self, app, world):
        await run_jobs(app)
        published: dict[str, set[Any]] = {}
        for event in await events_of(app.state.runtime):
            if isinstance(event, PostAnnounced):
                published.setdefault(str(event.post_id), set()).update(event.recipient_ids)
        for key, post in world.posts.items():
            allowed = {
                world.people[name].user_id for name in ("follower", "patron") if expected(name, key[1], key[2])[1]
            }
            assert published.get(post["id"], set()) == allowed, key

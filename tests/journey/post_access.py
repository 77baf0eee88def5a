"""Streams: who may see which post, by every way out; polls, followers, likes and comments."""

import asyncio
from datetime import timedelta

from tests.journey.people import Person, Practitioner, join, practise
from tests.journey.world import Json, World, stamp, usd


async def locked_posts(world: World) -> None:
    """A post above one's tier shows its teaser and nothing else; drafts and early posts exist for their owner only."""
    owner, fan, other = await practise(world), await join(world), await practise(world)
    stream = await _stream(owner)
    path = f"/streams/{stream['id']}/posts/"
    word = world.unique("secret").replace("-", "")
    free = await _post(owner, path, "For everybody", f"Open {word}.")
    gated = await _post(owner, path, "For supporters", f"Closed {word}.", tier_level=1, teaser="A look inside")
    draft = await _post(owner, path, "Not yet", f"Draft {word}.", status="draft")
    soon = stamp(await world.now() + timedelta(hours=3))
    later = await _post(owner, path, "Soon", f"Later {word}.", status="scheduled", published_at=soon)
    for token in (None, fan.token, other.token):
        seen = await world.call("GET", f"/posts/{gated['id']}/", token=token, expect=200)
        assert (seen["locked"], seen["teaser"]) == (True, "A look inside"), seen.body
        assert seen["required_tier"]["level"] == 1, seen.body
        assert "body" not in seen.body
        listed = (await world.call("GET", path, token=token, expect=200))["results"]
        assert {row["id"] for row in listed} == {free["id"], gated["id"]}
        assert word not in str(next(row for row in listed if row["id"] == gated["id"]))
        found = (await world.call("GET", f"{path}?search={word}", token=token, expect=200))["results"]
        assert [row["id"] for row in found] == [free["id"]]
        for hidden in (draft, later):
            await world.call("GET", f"/posts/{hidden['id']}/", token=token, expect=404)
    assert (await owner.get(f"/posts/{gated['id']}/", expect=200))["body"] == f"Closed {word}."
    await owner.get(f"/posts/{draft['id']}/", expect=200)
    await other.post(path, _body("Mine", "x"), expect=404)
    await fan.post(path, _body("Mine", "x"), expect=403)
    await fan.get(f"/posts/{gated['id']}/comments/", expect=(403, 404))
    world.step("a locked post keeps its secret in itself, in lists and in searches")
    await world.advance(timedelta(hours=3, seconds=5))
    assert (await fan.get(f"/posts/{later['id']}/", expect=200))["body"] == f"Later {word}."
    world.step("a scheduled post appears at its time")


async def polls(world: World) -> None:
    """One vote each, while the poll is open."""
    owner, fan, rival = await practise(world), await join(world), await join(world, "Bea")
    stream = await _stream(owner)
    closes_at = stamp(await world.now() + timedelta(hours=1))
    poll = {"options": ["Tea", "Coffee"], "closes_at": closes_at}
    post = await _post(owner, f"/streams/{stream['id']}/posts/", "Tea?", "Or coffee?", post_type="poll", poll=poll)
    options = post["poll"]["options"]
    assert [(option["text"], option["votes"]) for option in options] == [("Tea", 0), ("Coffee", 0)]
    vote = {"option_id": options[0]["id"]}
    answers = await asyncio.gather(*(fan.post(f"/posts/{post['id']}/vote/", vote, expect=None) for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409, 409], [a.body for a in answers]
    assert {a["code"] for a in answers if a.status == 409} == {"already_voted"}
    seen = (await fan.get(f"/posts/{post['id']}/", expect=200))["poll"]
    assert ([option["votes"] for option in seen["options"]], bool(seen["voted"])) == ([1, 0], True)
    await world.advance(timedelta(hours=1, seconds=5))
    assert (await rival.post(f"/posts/{post['id']}/vote/", vote, expect=409))["code"] == "poll_closed"
    world.step("five votes at once counted once; a closed poll takes none")


async def followers_and_likes(world: World) -> None:
    """However often one follows, likes and unlikes: the counts are right."""
    owner, fan = await practise(world), await join(world)
    stream = await _stream(owner)
    path = f"/streams/{stream['id']}/"
    await fan.post(f"{path}subscribe/", {"tier_level": 0}, expect=201)
    await fan.post(f"{path}subscribe/", {"tier_level": 0}, expect=200)
    await fan.post(f"{path}subscribe/", {"tier_level": 9}, expect=422)
    mine = (await fan.get("/streams/my-subscriptions/", expect=200))["results"]
    assert [(row["stream_id"], row["tier_level"]) for row in mine] == [(stream["id"], 0)]
    crowd = [fan, *await asyncio.gather(*(join(world, "Cem") for _ in range(4)))]
    await asyncio.gather(*(_like(who, path, "POST") for who in crowd * 3))
    seen = await fan.get(path, expect=200)
    assert (seen["like_count"], seen["liked"], seen["follower_count"]) == (5, True, 1), seen.body
    await asyncio.gather(*(_like(who, path, "DELETE") for who in crowd[1:] * 2))
    assert (await world.call("GET", path, expect=200))["like_count"] == 1
    post = await _post(owner, f"{path}posts/", "Tea", "Green.")
    first = await fan.post(f"/posts/{post['id']}/comments/", {"body": "Thanks."}, expect=201)
    await owner.post(f"/posts/{post['id']}/comments/", {"body": "Any time.", "parent_id": first["id"]}, expect=201)
    assert (await fan.get(f"/posts/{post['id']}/comments/", expect=200))["total"] == 2
    await world.call("POST", f"/posts/{post['id']}/comments/", {"body": "Hi."}, expect=401)
    world.step("followed once, liked by five, then by one; comments and answers")


async def _stream(owner: Practitioner) -> Json:
    body = {
        "title": "Quiet mornings",
        "description": "Tea.",
        "tiers": [{"name": "Gold", "level": 1, "price": usd(500)}],
    }
    stream = (await owner.post("/streams/", body, expect=201)).body
    assert (stream["like_count"], stream["liked"], stream["follower_count"]) == (0, False, 0)
    assert sorted(tier["level"] for tier in stream["tiers"]) == [0, 1], stream
    return stream


def _body(title: str, text: str) -> dict[str, Json]:
    return {"title": title, "body": text, "post_type": "text", "tier_level": 0, "status": "published"}


async def _post(owner: Person, path: str, title: str, text: str, **more: Json) -> Json:
    post = (await owner.post(path, {**_body(title, text), **more}, expect=201)).body
    assert (post["like_count"], post["liked"]) == (0, False)
    return post


async def _like(who: Person, path: str, method: str) -> None:
    await who.world.call(method, f"{path}like/", token=who.token, expect=204)

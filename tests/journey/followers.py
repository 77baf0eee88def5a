"""Streams: who is notified of a post, by which channel, and how many did what at once."""

import asyncio

from tests.journey.people import Live, Person, Practitioner, join, practise
from tests.journey.world import Json, World, eventually, usd

CROWD = 50
NOTICES = "/ws/notifications/"
OFF = {"email": False, "in_app": False}


async def told_of_posts(world: World) -> None:
    """Followers hear of what they may see, by notice, mail and socket; what a post says is in none of them."""
    owner, fan, stranger = await practise(world), await join(world), await join(world, "Eve")
    stream = await _stream(owner)
    await fan.post(f"/streams/{stream['id']}/subscribe/", {"tier_level": 0}, expect=201)
    secret, title = world.unique("secret"), world.unique("Day one")
    async with fan.live(NOTICES) as live, stranger.live(NOTICES) as other:
        locked = await _post(owner, stream, world.unique("For friends"), secret, tier_level=1)
        await _post(owner, stream, world.unique("Draft"), secret, status="draft")
        post = await _post(owner, stream, title, secret)
        await eventually(lambda: _told(fan, post["id"], 1), 6)
        await eventually(lambda: _mailed(world, fan, title, 1), 6)
        await eventually(lambda: _heard(live, post["id"]), 6)
        await _told(fan, locked["id"], 0)
        await _told(stranger, post["id"], 0)
        assert (other.messages, secret in str(live.messages)) == ([], False)
    for who in (fan, stranger, owner):
        assert secret not in str((await who.get("/notifications/?limit=100", expect=200)).body)
        assert await world.mails(who.email, secret) == []
    world.step("one notice, one mail and one frame to who may see the post; its body in none of them")

    await world.call("PUT", "/notifications/preferences/", {"posts": OFF}, token=fan.token, expect=200)
    second, silent = await join(world, "Bea"), world.unique("Day two")
    await second.post(f"/streams/{stream['id']}/subscribe/", {"tier_level": 0}, expect=201)
    quiet = await _post(owner, stream, silent, secret)
    await eventually(lambda: _told(second, quiet["id"], 1), 6)
    await _told(fan, quiet["id"], 0)
    await _mailed(world, fan, silent, 0)
    world.step("who switched posts off hears no more of them")


async def ten_comments_are_one_notice(world: World) -> None:
    """Comments of a post gather in one unread notice of its owner; a read one begins anew."""
    owner, fan = await practise(world), await join(world)
    post = await _post(owner, await _stream(owner), "Tea", "Green.")
    path = f"/posts/{post['id']}/comments/"
    words = world.unique("words")
    first = await fan.post(path, {"body": words}, expect=201)
    for _ in range(9):
        await fan.post(path, {"body": words}, expect=201)

    async def gathered() -> Json:
        [notice] = await _told(owner, post["id"], 1)
        assert notice["data"]["count"] == 10, notice
        return notice

    notice = await eventually(gathered, 6)
    assert words not in str(notice)
    world.step("ten comments are one notice, without a word of them")
    await owner.post(f"/notifications/{notice['id']}/read/", expect=200)
    reply = await owner.post(path, {"body": "Welcome.", "parent_id": first["id"]}, expect=201)
    await eventually(lambda: _told(fan, post["id"], 1), 6)
    deep = await fan.post(path, {"body": "And you.", "parent_id": reply["id"]}, expect=422)
    assert deep["errors"][0]["field"] == "parent_id"
    await fan.post(path, {"body": "Late."}, expect=201)
    await eventually(lambda: _told(owner, post["id"], 2), 6)
    world.step("who is answered is notified; after reading, the next comment is a new notice")

    await world.call("DELETE", f"{path}{reply['id']}/", token=fan.token, expect=404)
    await world.call("DELETE", f"{path}{first['id']}/", token=owner.token, expect=204)
    assert (await fan.get(path, expect=200))["total"] == 10
    assert (await fan.get(f"/posts/{post['id']}/", expect=200))["comment_count"] == 10
    world.step("the owner removes a comment with its replies, and the count follows")


async def fifty_at_once(world: World) -> None:
    """Fifty people like, unlike, vote, comment and follow at once: every count is the number of people."""
    owner = await practise(world)
    crowd = await asyncio.gather(*(join(world, "Cem") for _ in range(CROWD)))
    stream = await _stream(owner)
    poll = {"post_type": "poll", "poll": {"options": ["Tea", "Coffee", "Water"]}}
    post = await _post(owner, stream, "Tea?", "Or coffee?", **poll)
    options = [option["id"] for option in post["poll"]["options"]]
    at = f"/posts/{post['id']}"

    async def everything(number: int, who: Person) -> None:
        for method in ("POST", "DELETE", "POST", "POST"):
            await world.call(method, f"{at}/like/", token=who.token, expect=204)
        votes = [{"option_id": options[(number + n) % 3]} for n in range(2)]
        await asyncio.gather(*(who.post(f"{at}/vote/", vote, expect=(200, 409)) for vote in votes))
        await who.post(f"{at}/comments/", {"body": f"I am number {number}."}, expect=201)
        for expected in (201, 200):
            await who.post(f"/streams/{stream['id']}/subscribe/", {"tier_level": 0}, expect=expected)

    await asyncio.gather(*(everything(number, who) for number, who in enumerate(crowd)))
    seen = await crowd[0].get(f"{at}/", expect=200)
    assert (seen["like_count"], seen["liked"], seen["comment_count"]) == (CROWD, True, CROWD), seen.body
    assert sum(option["votes"] for option in seen["poll"]["options"]) == CROWD, seen["poll"]
    assert (await world.call("GET", f"{at}/", expect=200))["liked"] is False
    assert (await crowd[0].get(f"{at}/comments/?limit=100", expect=200))["total"] == CROWD
    assert (await owner.get(f"/streams/{stream['id']}/", expect=200))["follower_count"] == CROWD
    await asyncio.gather(
        *(world.call("DELETE", f"{at}/like/", token=who.token, expect=204) for who in crowd[:20] for _ in range(2))
    )
    assert (await owner.get(f"{at}/", expect=200))["like_count"] == CROWD - 20
    world.step("likes, votes, comments and followers of fifty people are fifty each")


async def refused_in_streams(world: World) -> None:
    """Anonymous 401, without the role 403, another's or absent 404, bad fields 422."""
    owner, rival, fan = await practise(world), await practise(world), await join(world)
    stream = await _stream(owner)
    post = await _post(owner, stream, "Tea", "Green.")
    nowhere = "0190b7a0-0000-7000-8000-000000000000"
    good = {"title": "x", "body": "x", "post_type": "text", "tier_level": 0, "status": "published"}
    own: list[tuple[str, str, Json]] = [
        ("PUT", f"/streams/{stream['id']}/", {"title": "Mine"}),
        ("DELETE", f"/streams/{stream['id']}/", None),
        ("POST", f"/streams/{stream['id']}/posts/", good),
        ("PUT", f"/posts/{post['id']}/", {"title": "Mine"}),
        ("DELETE", f"/posts/{post['id']}/", None),
    ]
    for method, path, body in own:
        await world.call(method, path, body, expect=401)
        await world.call(method, path, body, token=fan.token, expect=403)
        await world.call(method, path, body, token=rival.token, expect=404)
        absent = path.replace(stream["id"], nowhere).replace(post["id"], nowhere)
        await world.call(method, absent, body, token=owner.token, expect=404)
    for path in (f"/streams/{stream['id']}/like/", f"/streams/{stream['id']}/save/", f"/posts/{post['id']}/like/"):
        for method in ("POST", "DELETE"):
            await world.call(method, path, expect=401)
            odd = path.replace(stream["id"], "seven").replace(post["id"], "seven")
            await world.call(method, odd, token=fan.token, expect=404)
    await world.call("GET", "/streams/my-subscriptions/", expect=401)
    await world.call("GET", f"/posts/{post['id']}/comments/", expect=401)
    tip = await fan.post(f"/streams/{stream['id']}/tips/", {"amount": usd(500)}, expect=422)
    assert tip["code"] == "not_available"
    for field, value in (
        ("body", "x" * 10_001), ("body", ""), ("title", None), ("post_type", "song"), ("tier_level", 9),
        ("tier_level", "0"), ("status", "gone"), ("published_at", "2020-01-01T00:00:00Z"), ("poll", {"options": ["a"]}),
        ("owner_id", nowhere),
    ):  # fmt: skip
        refused = await owner.post(f"/streams/{stream['id']}/posts/", {**good, field: value}, expect=422)
        assert refused["errors"][0]["field"].startswith(field), (field, refused.body)
    late = {**good, "status": "scheduled", "published_at": "2020-01-01T00:00:00Z"}
    await owner.post(f"/streams/{stream['id']}/posts/", late, expect=422)
    await fan.post(f"/posts/{post['id']}/comments/", {"body": "x" * 10_001}, expect=422)
    world.step("streams and posts are changed by their owner only; bad fields are named")


async def _stream(owner: Practitioner) -> Json:
    tiers = [{"name": "Gold", "level": 1, "price": usd(500)}]
    body = {"title": owner.world.unique("Quiet mornings"), "description": "Tea.", "tiers": tiers}
    return (await owner.post("/streams/", body, expect=201)).body


async def _post(owner: Person, stream: Json, title: str, text: str, **more: Json) -> Json:
    body = {"title": title, "body": text, "post_type": "text", "tier_level": 0, "status": "published", **more}
    return (await owner.post(f"/streams/{stream['id']}/posts/", body, expect=201)).body


async def _told(who: Person, post_id: str, count: int) -> list[Json]:
    page = await who.get("/notifications/?limit=100", expect=200)
    found = [notice for notice in page["results"] if notice["data"].get("post_id") == post_id]
    assert len(found) == count, f"{len(found)} notices of the post, not {count}: {found}"
    return found


async def _mailed(world: World, who: Person, title: str, count: int) -> None:
    mails = await world.mails(who.email, title)
    assert len(mails) == count, mails


async def _heard(live: Live, post_id: str) -> None:
    about = [message for message in live.messages if (message["data"]["data"] or {}).get("post_id") == post_id]
    assert len(about) == 1, live.messages

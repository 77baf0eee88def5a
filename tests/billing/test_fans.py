"""Fans subscribe while their instance is killed again and again: each has one subscription, one charge, and access."""

import asyncio
import random
from contextlib import suppress
from functools import partial

import aiohttp
import pytest

from tests.instance import Instance
from tests.journey.people import Person, join, practise
from tests.journey.world import Json, World, eventually, usd

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(1200)]
FANS, KILLS = 24, 5
CALM = (0.0, 1.5)


async def test_killed_again_and_again_fans_have_one_subscription_each(own: Instance, world: World):
    owner = await practise(world)
    tiers = [{"name": "Friends", "level": 1, "price": usd(500)}]
    stream = (await owner.post("/streams/", {"title": "Teas", "description": "", "tiers": tiers}, expect=201)).body
    body = {"title": "Tea", "body": "For friends.", "post_type": "text", "tier_level": 1, "status": "published"}
    post = (await owner.post(f"/streams/{stream['id']}/posts/", body, expect=201)).body
    fans = [await with_card(world) for _ in range(FANS)]
    waiting = [asyncio.create_task(subscribes(fan, card, stream)) for fan, card in fans]
    for _ in range(KILLS):
        await asyncio.sleep(random.uniform(*CALM))
        await asyncio.to_thread(own.kill)
        await asyncio.to_thread(own.start)
    for answer, (fan, _) in zip(await asyncio.gather(*waiting), fans, strict=True):
        assert answer["tier_level"] == 1, answer
        await eventually(partial(has_one, fan, post))
    await owner.sign_in_again()
    await owner.earns(10, pending=400 * FANS)
    code, said = await asyncio.to_thread(own.invariants)
    assert code == 0, said


async def with_card(world: World) -> tuple[Person, str]:
    fan = await join(world)
    card = (await fan.post("/payments/methods/", {"payment_method": "pm_card_visa"}, expect=201))["method"]
    return fan, str(card["id"])


async def subscribes(fan: Person, card: str, stream: Json) -> Json:
    """With one key, until there is an answer."""
    await asyncio.sleep(random.uniform(0, KILLS))
    path, body = f"/streams/{stream['id']}/subscribe/", {"tier_level": 1, "payment_method_id": card}
    while True:
        with suppress(aiohttp.ClientError, AssertionError):  # it was killed, or is not ready yet
            answer = await fan.post(path, body, key=f"fan {fan.id}", expect=(201, 409))
            if answer.status == 201 or answer["code"] != "request_in_progress":
                return answer.body
        await asyncio.sleep(0.2)


async def has_one(fan: Person, post: Json) -> None:
    await fan.sign_in_again()
    (subscription,) = (await fan.get("/subscriptions/?kind=stream_tier"))["results"]
    assert subscription["status"] == "active", subscription
    periods = (await fan.get(f"/subscriptions/{subscription['id']}/periods/"))["results"]
    assert [period["status"] for period in periods] == ["paid"]
    assert (await fan.get(f"/posts/{post['id']}/"))["body"] == "For friends."

"""Fans: they subscribe to a paid tier, read what it opens, and pay each month until their bank says no."""

import asyncio
from datetime import timedelta

from tests.journey.people import Person, Practitioner, join, practise
from tests.journey.world import Answer, Json, World, eventually, instant, usd

SECONDS = timedelta(seconds=20)


async def paid_tiers(world: World) -> None:
    """A tier opens its posts with the first payment, through renewals and grace, and not a second longer."""
    owner, fan = await practise(world), await join(world)
    stream, post = await _gated(owner)
    path = f"/streams/{stream['id']}/subscribe/"
    plans = await world.call("GET", f"/plans/?kind=stream_tier&stream_id={stream['id']}", expect=200)
    assert [plan["prices"][0]["price"] for plan in plans["results"]] in ([], [usd(500)]), plans.body
    assert (await owner.post(path, {"tier_level": 1}, expect=422))["code"] == "own_stream"
    assert (await _look(fan, post))["locked"]
    card = (await fan.post("/payments/methods/", {"payment_method": "pm_card_visa"}, expect=201))["method"]
    made = await fan.post(path, {"tier_level": 1, "payment_method_id": card["id"]}, expect=201, key="fan")
    assert (made["tier_level"], made["subscription"]["status"]) == (1, "active"), made.body
    assert (await _look(fan, post))["body"] == "For friends."
    again = await fan.post(path, {"tier_level": 1, "payment_method_id": card["id"]}, expect=201, key="fan")
    assert again.body == made.body
    assert (await fan.post(path, {"tier_level": 1}, expect=409))["code"] == "already_subscribed"
    await owner.earns(pending=400)
    world.step("subscribed with a saved card: the post is open at once, the practitioner has earned")
    subscription = made["subscription"]
    await world.advance_to(instant(subscription["current_period_end"]))
    renewed = await _is(fan, subscription, "active", after=subscription["access_until"])
    assert (await _look(fan, post))["body"] == "For friends."
    world.step("a month later it has renewed")
    bad = (await fan.post("/payments/methods/", {"payment_method": "pm_card_chargeCustomerFail"}, expect=201))["method"]
    await fan.post(f"/payments/methods/{bad['id']}/default/", expect=200)
    await world.advance_to(instant(renewed["current_period_end"]))
    overdue = await _is(fan, subscription, "past_due", after=renewed["access_until"])
    await _is_open_to_the_end(world, fan, post, overdue["access_until"])
    await _is(fan, subscription, "ended")
    [row] = (await fan.get("/streams/my-subscriptions/", expect=200))["results"]
    assert (row["tier_level"], row["source"], row["until"]) == (0, "follow", None), row
    world.step("its bank said no for a week: open to the last second of grace, then closed and over")


async def a_bill_paid_later(world: World) -> None:
    """Without a saved card the bill waits; the first look after it is paid opens the post. Of fifty one is sold."""
    owner, fan, rush = await practise(world), await join(world), await join(world, "Bea")
    stream, post = await _gated(owner)
    path = f"/streams/{stream['id']}/subscribe/"
    made = (await fan.post(path, {"tier_level": 1}, expect=201))["subscription"]
    assert (made["status"], made["payment"]["amount_due"]) == ("incomplete", usd(500)), made
    assert (await _look(fan, post))["locked"]
    assert (await fan.confirm(made["payment"]["order_id"]))["status"] == "succeeded"
    assert (await _look(fan, post))["body"] == "For friends."
    world.step("paid, and the first look finds it open")
    card = (await rush.post("/payments/methods/", {"payment_method": "pm_card_visa"}, expect=201))["method"]
    body = {"tier_level": 1, "payment_method_id": card["id"]}
    answers: list[Answer] = await asyncio.gather(*(rush.post(path, body, expect=(201, 409)) for _ in range(50)))
    assert sorted(answer.status for answer in answers) == [201] + [409] * 49
    mine = await rush.get("/subscriptions/?kind=stream_tier", expect=200)
    assert (mine["total"], (await rush.get("/payments/history/", expect=200))["total"]) == (1, 1), mine.body
    world.step("fifty at once: one subscription, one bill")


async def _gated(owner: Practitioner) -> tuple[Json, Json]:
    tiers = [{"name": "Friends", "level": 1, "price": usd(500)}]
    stream = (await owner.post("/streams/", {"title": "Teas", "description": "", "tiers": tiers}, expect=201)).body
    body = {"title": "Tea", "body": "For friends.", "post_type": "text", "tier_level": 1, "status": "published"}
    return stream, (await owner.post(f"/streams/{stream['id']}/posts/", body, expect=201)).body


async def _look(fan: Person, post: Json) -> Json:
    return (await fan.get(f"/posts/{post['id']}/", expect=200)).body


async def _is(fan: Person, subscription: Json, status: str, after: str = "") -> Json:
    """The subscription in that state, with access until later than `after`."""

    async def look() -> Json:
        shown = (await fan.get(f"/subscriptions/{subscription['id']}/", expect=200)).body
        assert shown["status"] == status, shown
        assert shown["access_until"] > after, shown
        return shown

    return await eventually(look, 6)


async def _is_open_to_the_end(world: World, fan: Person, post: Json, until: str) -> None:
    async def look() -> None:
        assert "body" in await _look(fan, post)

    await eventually(look, 5)  # the event of the failed renewal is on its way
    await world.advance(instant(until) - SECONDS - await world.now())
    assert "body" in await _look(fan, post)
    await world.advance_to(instant(until))
    assert (await _look(fan, post))["locked"]

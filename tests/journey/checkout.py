"""Paying, not paying, and paying too late."""

import asyncio
from datetime import timedelta

from tests.journey.people import Person, Scene, join, set_scene
from tests.journey.world import Answer, Json, World, eventually, instant, intent_id, usd

LATER = timedelta(minutes=15, seconds=2)


async def declined_then_another_card(world: World) -> None:
    """A declined card leaves the hold as it is; the next card pays."""
    scene = await set_scene(world)
    booking = await scene.client.book(scene.service, scene.starts[0])
    order = booking["payment"]["order_id"]
    for card, decline_code in (
        ("pm_card_chargeDeclined", "generic_decline"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "insufficient_funds"),
    ):
        failed = await scene.client.confirm(order, card)
        assert (failed["order_id"], failed["status"]) == (order, "failed"), failed.body
        assert (failed["error"]["code"], failed["error"]["decline_code"]) == ("card_declined", decline_code)
        assert failed["error"]["message"]
    waiting = await scene.client.sees(booking["id"], "pending_payment")
    assert waiting["payment"]["expires_at"] == booking["payment"]["expires_at"]
    world.step("two cards were declined; the hold did not move")
    await scene.client.pay(booking)
    world.step("the third card paid")


async def requires_action(world: World) -> None:
    """A card that wants its owner's word: nothing is confirmed until it was given."""
    scene = await set_scene(world)
    booking = await scene.client.book(scene.service, scene.starts[0])
    answer = await scene.client.confirm(booking["payment"]["order_id"], "pm_card_authenticationRequired")
    assert answer["status"] == "requires_action", answer.body
    await scene.client.sees(booking["id"], "pending_payment")
    await world.visit(answer["next_action_url"])
    await scene.client.sees(booking["id"], "confirmed")
    world.step("authenticated at the bank's page, then confirmed by webhook")


async def paid_in_the_browser(world: World) -> None:
    """A browser confirms with the client secret; webhooks come five times and shuffled; it counts once."""
    scene = await set_scene(world)
    await world.webhooks(copies=5, shuffle=True)
    try:
        booking = await scene.client.book(scene.service, scene.starts[0])
        await pay_at_stripe(world, booking)
        await scene.client.sees(booking["id"], "confirmed")
        await asyncio.sleep(1.5)
        notified = [notice["type"] for notice in await scene.client.notices(booking["id"])]
        sent = [mail["subject"] for mail in await world.mails(scene.client.email, scene.service["title"])]
        assert (len(notified), len(sent)) == (1, 1), (notified, sent)
        await scene.practitioner.earning_of(booking["id"])
    finally:
        await world.webhooks()
    world.step("five shuffled webhooks made one confirmation, one mail, one earning")


async def credits_pay_all(world: World) -> None:
    """Nothing due: the 201 is already confirmed. A remainder below Stripe's minimum uses fewer credits."""
    scene = await set_scene(world, credits=14980, price=10000)
    full = await scene.client.book(scene.service, scene.starts[0], credits=usd(10000))
    assert (full["status"], full["payment"], full["amount_due"]) == ("confirmed", None, usd(0)), full.body
    await scene.client.has_credits(4980)
    too_much = await scene.client.book(scene.service, scene.starts[1], expect=422, credits=usd(4981))
    assert "insufficient_credits" in (too_much["code"], *(error["code"] for error in too_much["errors"]))
    await scene.client.top_up(5000)
    nearly = await scene.client.book(scene.service, scene.starts[1], credits="max")
    assert (nearly["credits_applied"], nearly["amount_due"]) == (usd(9950), usd(50)), nearly.body
    await scene.client.pay(nearly)
    free = await scene.practitioner.offers(price=0)
    gift = await scene.client.book(free, scene.starts[3])
    assert (gift["status"], gift["payment"]) == ("confirmed", None)
    world.step("credits alone, credits but for fifty cents, and a free session")


async def hold_expires(world: World) -> None:
    """The slot is free from the first moment after the hold; the intent is cancelled, credits come back."""
    scene = await set_scene(world, credits=2500)
    start = scene.starts[0]
    booking = await scene.client.book(scene.service, start, credits="max")
    assert (await world.intent(booking["payment"]))["status"] in ("requires_payment_method", "requires_confirmation")
    expires_at = instant(booking["payment"]["expires_at"])
    await world.advance_to(expires_at)
    late = await scene.client.confirm(booking["payment"]["order_id"], expect=409)
    assert late["code"] == "order_closed"
    assert start in await scene.practitioner.starts(scene.service, instant(start).date())
    other = await join(world, "Bea")
    await other.buys(scene.service, start)
    await scene.client.sees(booking["id"], "expired", 6)

    async def look() -> None:
        assert (await world.intent(booking["payment"]))["status"] == "canceled"
        await scene.client.has_credits(2500)

    await eventually(look, 6)
    world.step("expired: somebody else has the slot, the intent is cancelled, credits are back")


async def late_payment(world: World) -> None:
    """Rule 5: success after the deadline takes the slot again, or is refunded in full. Both ends are seen."""
    await world.webhooks(delay=4, copies=5, shuffle=True)
    try:
        await paid_late_and_slot_free(world)
        for _ in range(6):
            if await paid_late_and_slot_gone(world):
                return
    finally:
        await world.webhooks()
    raise AssertionError("in six tries nobody else got the slot of an expired hold before it was taken again")


async def paid_late_and_slot_free(world: World) -> None:
    scene = await set_scene(world, credits=2500)
    booking = await scene.client.book(scene.service, scene.starts[0], credits="max")
    await pay_at_stripe(world, booking)
    await world.advance(LATER)
    await scene.client.sees(booking["id"], "confirmed", 10)
    await asyncio.sleep(5)
    await scene.client.sees(booking["id"], "confirmed")
    await scene.client.has_credits(0)
    assert await world.refunds_at_stripe(booking["payment"]) == []
    notified = [notice["type"] for notice in await scene.client.notices(booking["id"])]
    assert len(notified) == 1, notified
    world.step("paid late with the slot still free: confirmed, once")


async def paid_late_and_slot_gone(world: World) -> bool:
    """Whether somebody else got the slot; then the first payer must have all of it back."""
    scene = await set_scene(world, credits=2500)
    other = await join(world, "Bea")
    booking = await scene.client.book(scene.service, scene.starts[0], credits="max")
    await pay_at_stripe(world, booking)
    _, taken = await asyncio.gather(world.advance(LATER), snatch(other, scene))
    if taken is None:
        await scene.client.sees(booking["id"], "confirmed", 10)
        return False
    await scene.client.sees(booking["id"], "expired", 6)
    await eventually(lambda: all_is_back(world, scene, booking.body), 10)
    await asyncio.sleep(5)
    await all_is_back(world, scene, booking.body)
    await scene.client.sees(booking["id"], "expired")
    assert await scene.client.notices(booking["id"]), "the client was not notified of the refund"
    await other.pay(taken)
    world.step("paid late with the slot gone: refunded in full, once; the other's booking stands")
    return True


async def snatch(other: Person, scene: Scene) -> Answer | None:
    """Tries for the slot as fast as it can for two seconds; the booking, or None."""
    body = {"service_id": scene.service["id"], "start_time": scene.starts[0]}
    end = asyncio.get_running_loop().time() + 2
    while asyncio.get_running_loop().time() < end:
        answer = await other.post("/bookings/", body, expect=(201, 409))
        if answer.status == 201:
            return answer
    return None


async def all_is_back(world: World, scene: Scene, booking: Json) -> None:
    refunds = await world.refunds_at_stripe(booking["payment"])
    assert [refund["amount"] for refund in refunds] == [10000], refunds
    order = await scene.client.order(booking["payment"]["order_id"])
    assert sum(refund["card"]["amount"] for refund in order["refunds"]) == 10000, order
    await scene.client.has_credits(2500)


async def pay_at_stripe(world: World, booking: Answer | Json) -> None:
    """Confirms the intent at Stripe directly, as a browser does."""
    path = f"/payment_intents/{intent_id(booking['payment'])}/confirm"
    intent = await world.stripe("POST", path, {"payment_method": "pm_card_visa"})
    assert intent.get("status") == "succeeded", intent

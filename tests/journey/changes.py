"""Bookings that are cancelled or moved."""

from datetime import timedelta

from tests.journey.people import Scene, join, set_scene
from tests.journey.world import Json, World, eventually, instant, usd


async def cancel_early(world: World) -> None:
    """24 hours before and earlier: all of it back, card and credits as they were paid."""
    scene, booking = await _paid(world)
    await world.advance_to(instant(booking["start_time"]) - timedelta(hours=24, seconds=20))
    await _cancels(world, scene, booking, card=7500, credits=5000)
    assert booking["start_time"] in await scene.practitioner.starts(
        scene.service, instant(booking["start_time"]).date()
    )
    await scene.practitioner.earns(pending=0, available=0)
    again = await scene.client.post(f"/bookings/{booking['id']}/cancel/", expect=409)
    assert "cancelled" in again["detail"]
    world.step("cancelled a day before: $75.00 to the card, $50.00 of credits, the slot is free")


async def cancel_half(world: World) -> None:
    """Between 24 and 2 hours before: half of it, in the ratio of card and credits; the rest is earned."""
    scene, booking = await _paid(world)
    await world.advance_to(instant(booking["start_time"]) - timedelta(hours=2, seconds=20))
    await _cancels(world, scene, booking, card=3750, credits=2500)
    await scene.practitioner.earns(pending=5000)
    entry = await scene.practitioner.earning_of(booking["id"])
    assert (entry["gross_amount"], entry["net_amount"], entry["status"]) == (usd(6250), usd(5000), "pending"), entry
    assert entry["commission_amount"] == usd(1250)
    await world.advance(timedelta(hours=24, seconds=30))
    await scene.practitioner.earns(6, pending=0, available=5000)
    world.step("cancelled hours before: half back in the tenders' ratio, half earned less 20 %")


async def cancel_late(world: World) -> None:
    """Less than two hours before: nothing back to the client; all of it when the practitioner cancels."""
    scene, booking = await _paid(world)
    other = await join(world, "Bea")
    second = await other.buys(scene.service, scene.starts[1])
    await world.advance_to(instant(booking["start_time"]) - timedelta(hours=1, minutes=59))
    await _cancels(world, scene, booking, card=0, credits=0)
    await scene.practitioner.earns(pending=20000)
    path = f"/bookings/{second['id']}/cancel/"
    preview = await scene.practitioner.get(f"{path}preview/", expect=200)
    done = await scene.practitioner.post(path, {"reason": "A cold."}, expect=200)
    assert done["refund"] == preview["refund"] == {"card": usd(12500), "credits": usd(0)}, done.body
    await eventually(lambda: _at_stripe(world, second, [12500]), 6)
    await scene.practitioner.earns(pending=10000)
    world.step("cancelled late: nothing back to the client, everything when the practitioner cancels")


async def cancel_while_pending(world: World) -> None:
    """A hold can be given up: nothing was paid, credits come back, the intent is cancelled."""
    scene = await set_scene(world, credits=5000)
    booking = await scene.client.book(scene.service, scene.starts[0], credits="max")
    await scene.client.post(f"/bookings/{booking['id']}/cancel/", expect=200)
    await scene.client.sees(booking["id"], "cancelled")
    assert scene.starts[0] in await scene.practitioner.starts(scene.service, instant(scene.starts[0]).date())
    await eventually(lambda: scene.client.has_credits(5000), 6)

    async def look() -> None:
        assert (await world.intent(booking["payment"]))["status"] == "canceled"

    await eventually(look, 6)
    refused = await scene.client.confirm(booking["payment"]["order_id"], expect=409)
    assert refused["code"] == "order_closed"
    world.step("gave up a hold: slot, credits and intent are free")


async def reschedule(world: World) -> None:
    """A move takes the new slot under the same rules, frees the old one, and tells both sides."""
    scene, booking = await _paid(world)
    other = await join(world, "Bea")
    await other.buys(scene.service, scene.starts[2])
    day, path = instant(booking["start_time"]).date(), f"/bookings/{booking['id']}/reschedule/"
    taken = await scene.client.post(path, {"start_time": scene.starts[2]}, expect=409)
    assert taken["code"] == "slot_taken"
    assert (await scene.client.sees(booking["id"], "confirmed"))["start_time"] == booking["start_time"]
    async with (
        scene.client.live("/ws/booking-updates/") as first,
        scene.practitioner.live("/ws/booking-updates/") as second,
    ):
        moved = await scene.client.post(path, {"start_time": scene.starts[5]}, expect=200)
        assert (moved["start_time"], moved["status"]) == (scene.starts[5], "confirmed")
        for live in (first, second):
            assert (await live.hears("booking.rescheduled", id=booking["id"]))["data"]["start_time"] == scene.starts[5]
    free = await scene.practitioner.starts(scene.service, day)
    assert booking["start_time"] in free
    assert scene.starts[5] not in free
    world.step("moved: the new slot is taken, the old one free, both sides heard it")

    await world.advance_to(instant(scene.starts[5]) - timedelta(hours=23))
    await scene.client.post(path, {"start_time": scene.starts[6]}, expect=(403, 409, 422))
    moved = await scene.practitioner.post(path, {"start_time": scene.starts[6]}, expect=200)
    assert moved["start_time"] == scene.starts[6]
    world.step("within 24 hours only the practitioner moves it")


async def _paid(world: World) -> tuple[Scene, Json]:
    """A booking of $125.00, $50.00 of it by credits."""
    scene = await set_scene(world, credits=5000)
    booking = await scene.client.buys(scene.service, scene.starts[0], credits="max")
    assert (booking["credits_applied"], booking["amount_due"]) == (usd(5000), usd(7500))
    return scene, booking


async def _cancels(world: World, scene: Scene, booking: Json, card: int, credits: int) -> None:
    """The client cancels; preview, answer, order, balance and Stripe agree."""
    path, expected = f"/bookings/{booking['id']}/cancel/", {"card": usd(card), "credits": usd(credits)}
    preview = await scene.client.get(f"{path}preview/", expect=200)
    assert preview["refund"] == expected, preview.body
    done = await scene.client.post(path, {"reason": "Plans changed."}, expect=200, key=world.unique("cancel"))
    assert (done["status"], done["refund"]) == ("cancelled", expected), done.body
    await scene.client.sees(booking["id"], "cancelled")
    await eventually(lambda: scene.client.has_credits(credits))
    await eventually(lambda: _at_stripe(world, booking, [card] if card else []), 6)

    async def look() -> None:
        order = await scene.client.order(booking["payment"]["order_id"])
        given = [(refund["card"], refund["credits"]) for refund in order["refunds"]]
        assert given in ([(usd(card), usd(credits))], [] if card + credits == 0 else None), order

    await eventually(look)


async def _at_stripe(world: World, booking: Json, amounts: list[int]) -> None:
    refunds = await world.refunds_at_stripe(booking["payment"])
    assert [refund["amount"] for refund in refunds] == amounts, refunds

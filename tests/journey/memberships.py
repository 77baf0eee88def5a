"""Memberships: joined, booked with, cancelled, used up; the practitioner is paid all the same."""

import asyncio
from datetime import timedelta

from tests.journey.people import Person, finish, set_scene, staff
from tests.journey.refunds import paid_out
from tests.journey.seats import one_winner
from tests.journey.world import Json, World, instant, usd


async def a_membership(world: World) -> None:
    """Two sessions a month: one that is cancelled in time is back, one that took place is paid out."""
    scene = await set_scene(world)
    client, starts = scene.client, scene.starts
    refused = await client.book(scene.service, starts[0], expect=403, use_membership=True)
    assert refused["code"] == "subscription_required", refused.body
    made = await joins(client, await offer(world, sessions=2))
    await client.has_credits(2000)
    assert (await client.order((await _periods(client, made))[0]["order_id"]))["total"] == usd(9000)
    world.step("joined the club: $20.00 of credits and two sessions")

    booking = await client.book(scene.service, starts[0], use_membership=True)
    figures = [booking[name] for name in ("status", "total", "value", "amount_due", "payment")]
    assert figures == ["confirmed", usd(0), usd(12500), usd(0), None], booking.body
    order = await client.order(booking["order_id"])
    assert (order["price"], order["discount"], order["total"]) == (usd(12500), usd(12500), usd(0)), order
    await scene.practitioner.earns(pending=10000)
    assert await _left(client, made) == 1
    world.step("a session paid a seat of $125.00: nothing due, $100.00 earned")

    other = await client.book(scene.service, starts[1], use_membership=True)
    used_up = await client.book(scene.service, starts[2], expect=409, use_membership=True)
    assert used_up["code"] == "no_sessions_left", used_up.body
    done = await client.post(f"/bookings/{other['id']}/cancel/", expect=200)
    assert done["refund"] == {"card": usd(0), "credits": usd(0)}, done.body
    assert await _left(client, made) == 1
    await scene.practitioner.earns(pending=10000)
    world.step("the second one was cancelled in time, and is back")

    both = await client.book(scene.service, starts[2], expect=422, use_membership=True, credits="max")
    assert both["code"] == "not_combinable", both.body
    dear = await scene.practitioner.offers(price=12501)
    dearer = await client.book(dear, starts[2], expect=422, use_membership=True)
    assert dearer["code"] == "not_covered", dearer.body
    await finish(world, scene, booking)
    await paid_out(world, scene.practitioner, 10000)
    world.step("the first one took place, and was paid out")


async def a_session_cancelled_late(world: World) -> None:
    """It is used, and the practitioner earns all of it; if the practitioner cancels it is back."""
    scene = await set_scene(world)
    made = await joins(scene.client, await offer(world, sessions=2))
    late, theirs = [await scene.client.book(scene.service, scene.starts[n], use_membership=True) for n in (0, 1)]
    await world.advance_to(instant(late["start_time"]) - timedelta(hours=23))
    await scene.client.post(f"/bookings/{late['id']}/cancel/", expect=200)
    await scene.practitioner.post(f"/bookings/{theirs['id']}/cancel/", expect=200)
    assert await _left(scene.client, made) == 1
    await scene.practitioner.earns(pending=10000)
    await world.advance(timedelta(hours=24, seconds=30))
    await scene.practitioner.earns(6, pending=0, available=10000)
    world.step("cancelled too late: used and earned whole; the practitioner's cancellation gave one back")


async def fifty_for_the_last_session(world: World) -> None:
    """Fifty bookings at the same moment with one session left: one is made."""
    scene = await set_scene(world, max_participants=50)
    made = await joins(scene.client, await offer(world, sessions=1))
    body = {"service_id": scene.service["id"], "start_time": scene.starts[0], "use_membership": True}
    answers = await asyncio.gather(*(scene.client.post("/bookings/", body, expect=None) for _ in range(50)))
    one_winner(answers, 49, "no_sessions_left")
    assert await _left(scene.client, made) == 0
    (slot, *_) = await scene.practitioner.slots(scene.service, instant(scene.starts[0]).date())
    assert slot["available_spots"] == 49, slot
    await scene.practitioner.earns(pending=10000)
    world.step("fifty bookings with one session left: one was made, forty-nine left nothing behind")


async def offer(world: World, sessions: int) -> Json:
    """Staff offer a club with so many sessions of up to $125.00, and credits of $20.00, for $90.00 a month."""
    office = await staff(world)
    plan = {
        "kind": "membership",
        "code": world.unique("club"),
        "name": "Club",
        "level": 1,
        "prices": [{"interval": "month", "price": usd(9000)}],
        "features": {"credits": usd(2000), "sessions": sessions, "session_value": usd(12500)},
    }
    return (await office.post("/admin/plans/", plan, expect=201)).body


async def joins(person: Person, plan: Json) -> Json:
    """The person's membership, paid by a saved card."""
    card = (await person.post("/payments/methods/", {"payment_method": "pm_card_visa"}, expect=201))["method"]
    terms = {"plan_id": plan["id"], "interval": "month", "payment_method_id": card["id"]}
    made = await person.post("/subscriptions/", terms, expect=201)
    assert made["status"] == "active", made.body
    assert made["benefits"] == {"credits_granted": usd(2000), "sessions_left": plan["features"]["sessions"]}, made.body
    return made.body


async def _left(person: Person, made: Json) -> int:
    return int((await person.get(f"/subscriptions/{made['id']}/", expect=200))["benefits"]["sessions_left"])


async def _periods(person: Person, made: Json) -> list[Json]:
    return list((await person.get(f"/subscriptions/{made['id']}/periods/", expect=200))["results"])

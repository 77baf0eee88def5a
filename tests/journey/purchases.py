"""Several seats that are bought as one: for several people, at the same hour again and again, and a course."""

from datetime import timedelta

from tests.journey.dates import announce
from tests.journey.people import set_scene
from tests.journey.world import World, eventually, instant, stamp

WEEK = timedelta(weeks=1)


async def seats_for_three(world: World) -> None:
    """One payment for three; one of them stays away, and what is paid for that seat goes back alone."""
    scene = await set_scene(world, max_participants=4, credits=2500)
    people = [{"name": "Ana"}, {"name": "Ben"}, {"name": "Cem"}]
    booking = await scene.client.buys(scene.service, scene.starts[0], attendees=people, credits="max")
    price = scene.service["price"]["amount"]
    assert (booking["kind"], booking["total"]["amount"], len(booking["children"])) == ("group", 3 * price, 3)
    one = booking["children"][1]["id"]
    back = await scene.client.post(f"/bookings/{one}/cancel/", expect=200)
    assert sum(part["amount"] for part in back["refund"].values()) == price
    shown = await scene.client.get(f"/bookings/{booking['id']}/", expect=200)
    assert sorted(child["status"] for child in shown["children"]) == ["cancelled", "confirmed", "confirmed"]
    rest = await scene.client.post(f"/bookings/{booking['id']}/cancel/", expect=200)
    assert sum(part["amount"] for part in rest["refund"].values()) == 2 * price
    await scene.client.sees(booking["id"], "cancelled")
    await scene.client.has_credits(2500)
    world.step("three seats for one payment: one goes back by itself, the others together, to the cent")


async def a_course(world: World) -> None:
    """A seat in each date for one price, earned date by date; who comes late pays what is left."""
    scene = await set_scene(world, service_type="course", max_participants=2)
    first = (await world.now()).replace(second=0, microsecond=0) + timedelta(days=3)
    starts = [{"start_time": stamp(first + number * WEEK)} for number in range(3)]
    await announce(scene.practitioner, scene.service, dates=starts)
    booking = await scene.client.buys(scene.service)
    price = scene.service["price"]["amount"]
    assert (booking["kind"], booking["total"]["amount"], len(booking["children"])) == ("course", price, 3)
    alone = await scene.client.post(f"/bookings/{booking['children'][0]['id']}/cancel/", expect=409)
    assert alone["code"] == "cancel_course"
    await world.advance_to(instant(booking["children"][0]["end_time"]))
    shown = await scene.client.get(f"/services/{scene.service['id']}/", expect=200)
    assert shown["sessions_left"] == 2, shown.body
    await scene.practitioner.post(f"/bookings/{booking['children'][0]['id']}/complete/", expect=200)

    line = await eventually(lambda: scene.practitioner.earning_of(booking["children"][0]["id"]))
    assert line["gross_amount"]["amount"] in {price // 3, price // 3 + 1}, line
    world.step("a course of three dates: each is earned when it is over")

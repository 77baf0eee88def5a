"""What happens by itself as time passes: completion, reminders anew, weekly payouts, the forward clock."""

from datetime import timedelta

from tests.journey.journey import tell_count
from tests.journey.people import finish, set_scene, staff
from tests.journey.world import World, eventually, instant, usd


async def nobody_completes(world: World) -> None:
    """Twelve hours after the end a session completes by itself; its hold period runs from then."""
    scene = await set_scene(world)
    booking = await scene.client.buys(scene.service, scene.starts[0])
    end = instant(booking["end_time"])
    await world.advance_to(end + timedelta(hours=11, minutes=55))
    await scene.client.sees(booking["id"], "in_progress", 6)
    await world.advance_to(end + timedelta(hours=12))
    await scene.client.sees(booking["id"], "completed", 6)
    await world.advance(timedelta(hours=24, seconds=30))
    await scene.practitioner.earns(6, available=10000, pending=0)
    world.step("completed by itself after twelve hours, earned a day later")


async def no_show(world: World) -> None:
    """A client who did not come has used the session; the practitioner says so after the end."""
    scene = await set_scene(world)
    booking = await scene.client.buys(scene.service, scene.starts[0])
    path = f"/bookings/{booking['id']}/no-show/"
    assert (await scene.practitioner.post(path, expect=409))["code"] == "not_ended"
    await world.advance_to(instant(booking["end_time"]))
    assert (await scene.practitioner.post(path, expect=200))["status"] == "no_show"
    await scene.client.sees(booking["id"], "no_show")
    refused = await scene.practitioner.post(f"/bookings/{booking['id']}/complete/", expect=409)
    assert "no_show" in refused["detail"], refused.body
    await scene.practitioner.earns(pending=10000)
    await world.advance(timedelta(hours=24, seconds=30))
    await scene.practitioner.earns(6, available=10000)
    world.step("a no-show after the end, final, and earned")


async def reminders_follow_a_move(world: World) -> None:
    """A moved booking is reminded of anew; a cancelled one is left in peace."""
    scene = await set_scene(world, ahead=3)
    booking = await scene.client.buys(scene.service, scene.starts[0])
    sides = (scene.client, scene.practitioner)
    await world.advance_to(instant(scene.starts[0]) - timedelta(hours=23, minutes=59))
    counts = {who.email: len(await world.mails(who.email, scene.service["title"])) for who in sides}

    async def more(by: int) -> None:
        for who in sides:
            found = len(await world.mails(who.email, scene.service["title"])) - counts[who.email]
            assert found == by, f"{found} more mails, not {by}"

    await tell_count(world, booking, scene.service, sides, 2)
    counts = {who.email: 2 for who in sides}
    later = (await scene.practitioner.starts(scene.service, instant(scene.starts[0]).date() + timedelta(days=2)))[0]
    await scene.practitioner.post(f"/bookings/{booking['id']}/reschedule/", {"start_time": later}, expect=200)
    await eventually(lambda: more(1), 6)  # the move itself is notified
    await world.advance_to(instant(later) - timedelta(hours=24))
    await eventually(lambda: more(2), 6)
    await scene.practitioner.post(f"/bookings/{booking['id']}/cancel/", expect=200)
    await eventually(lambda: more(3), 6)  # the cancellation is notified
    await world.advance_to(instant(later) - timedelta(minutes=20))
    await more(3)
    world.step("a moved booking is reminded of anew, a cancelled one never again")


async def booked_late(world: World) -> None:
    """A reminder whose moment passed before the booking was made is skipped."""
    scene = await set_scene(world, ahead=1)
    start = scene.starts[-1]
    await world.advance_to(instant(start) - timedelta(hours=5))
    booking = await scene.client.buys(scene.service, start)
    await tell_count(world, booking, scene.service, (scene.client, scene.practitioner), 1)
    await world.advance_to(instant(start) - timedelta(minutes=29))
    await tell_count(world, booking, scene.service, (scene.client, scene.practitioner), 2)
    world.step("booked five hours before: one confirmation, one reminder")


async def weekly_payouts(world: World) -> None:
    """On Monday at six everything available of who asked for it becomes a payout, which still waits for staff."""
    weekly, manual = await set_scene(world), await set_scene(world)
    for scene in (weekly, manual):
        await scene.practitioner.onboards()
    chosen = await weekly.practitioner.post("/practitioner/payouts/account/", {"payout_schedule": "weekly"}, expect=200)
    assert chosen["payout_schedule"] == "weekly"
    bookings = [await scene.client.buys(scene.service, scene.starts[0]) for scene in (weekly, manual)]
    await finish(world, weekly, bookings[0])
    await manual.practitioner.post(f"/bookings/{bookings[1]['id']}/complete/", expect=200)
    await weekly.practitioner.earns(6, available=10000)
    now = await world.now()
    monday = (now + timedelta(days=7 - now.weekday())).replace(hour=6, minute=0, second=0, microsecond=0)
    await world.advance_to(monday)

    async def look() -> None:
        payouts = (await weekly.practitioner.get("/practitioner/payouts/", expect=200))["results"]
        assert [(payout["amount"], payout["status"]) for payout in payouts] == [(usd(10000), "eligible")], payouts

    await eventually(look, 6)
    assert (await manual.practitioner.get("/practitioner/payouts/", expect=200))["results"] == []
    world.step("Monday's batch took who asked for it, and waits for staff")


async def the_clock(world: World) -> None:
    """Staff move business time forward, never back."""
    office = await staff(world)
    before = await world.now()
    for advance in ("-PT1H", "P-1D", "yesterday", "", 3600, None):
        await office.post("/sandbox/clock/", {"advance": advance}, expect=422)
    assert await world.now() >= before
    moved = await world.advance(timedelta(hours=2))
    assert timedelta(hours=2) <= moved - before < timedelta(hours=2, minutes=1)
    world.step("the clock goes forward, and only forward")

"""Workshops and courses: dates that a practitioner announces, sells, moves and cancels."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.journey.people import Practitioner, join, set_scene
from tests.journey.world import Json, World, eventually, instant, stamp

BERLIN = "Europe/Berlin"


async def dates_of_a_workshop(world: World) -> None:
    """Seats of announced dates, whatever the hours; a date moves with its people, and is cancelled with all of them."""
    scene = await set_scene(world, service_type="workshop", max_participants=3)
    practitioner, client, workshop = scene.practitioner, scene.client, scene.service
    other = await practitioner.offers()
    now = (await world.now()).replace(second=0, microsecond=0)
    far, night = now + timedelta(days=200), now + timedelta(days=3, minutes=7)
    dates = await announce(practitioner, workshop, dates=[{"start_time": stamp(each)} for each in (night, far)])
    assert [date["position"] for date in dates] == [1, 2]
    assert await practitioner.starts(workshop, far.date()) == [stamp(far)]
    taken = await client.book(other, stamp(night), expect=422)
    assert [error["field"] for error in taken["errors"]] == ["start_time"]
    again = {"dates": [{"start_time": stamp(far + timedelta(days=1))}, {"start_time": stamp(night)}]}
    refused = await practitioner.post(f"/services/{workshop['id']}/schedule/", again, expect=409)
    assert [(error["field"], error["code"]) for error in refused["errors"]] == [("dates.1", "slot_taken")]
    world.step("two dates, one at night and one beyond every horizon; a third that collides is named, none is added")

    guests = [client, *[await join(world) for _ in range(2)]]
    bookings = [await guest.buys(workshop, stamp(night)) for guest in guests]
    await (await join(world)).book(workshop, stamp(night), expect=409)
    later = night + timedelta(hours=5)
    path = f"/sessions/{dates[0]['id']}/"
    moved = await world.call("PUT", path, {"start_time": stamp(later)}, token=practitioner.token, expect=200)
    assert (moved["start_time"], moved["available_spots"]) == (stamp(later), 0)
    async with client.live("/ws/booking-updates/") as live:
        cancelled = await practitioner.post(f"{path}cancel/", {"reason": "The kiln broke."}, expect=200)
        assert cancelled["status"] == "cancelled"
        await live.hears("session.cancelled", booking_id=bookings[0]["id"])
    for guest, booking in zip(guests, bookings, strict=True):
        await guest.sees(booking["id"], "cancelled")
        await refunded(world, booking)
    world.step("three seats sold, moved, and cancelled with the date: each is refunded in full")


async def a_weekly_class(world: World) -> None:
    """A rule without end keeps its local hour, is written ahead as time passes, and ends where it is cancelled."""
    scene = await set_scene(world, service_type="workshop")
    rule = {"rrule": "FREQ=WEEKLY", "start_date": str(await world.day(2)), "start_time": "18:00", "timezone": BERLIN}
    dates = await announce(scene.practitioner, scene.service, series=rule)
    assert {instant(date["start_time"]).astimezone(ZoneInfo(BERLIN)).hour for date in dates} == {18}
    await world.advance(timedelta(days=14))

    async def written() -> list[Json]:
        found = await scene.client.get(f"/services/{scene.service['id']}/schedule/?limit=100", expect=200)
        assert found["total"] == len(dates) + 2, found["total"]
        return list(found["results"])

    now = await eventually(written, 5)
    assert {instant(date["start_time"]).astimezone(ZoneInfo(BERLIN)).hour for date in now} == {18}
    assert [date["status"] for date in now[:3]] == ["done", "done", "scheduled"]
    await scene.practitioner.post(f"/sessions/{now[3]['id']}/cancel/", {"following": True}, expect=200)
    ended = await scene.client.get(f"/services/{scene.service['id']}/schedule/?limit=100", expect=200)
    assert {date["status"] for date in ended["results"][3:]} == {"cancelled"}
    world.step("a weekly class is written on for two weeks, and ends with its fourth date")


async def announce(practitioner: Practitioner, service: Json, **body: Json) -> list[Json]:
    answer = await practitioner.post(f"/services/{service['id']}/schedule/", body, expect=201)
    return list(answer["results"])


async def refunded(world: World, booking: Json) -> None:
    """Sees that all of it went back."""

    async def look() -> None:
        amounts = [refund["amount"] for refund in await world.refunds_at_stripe(booking["payment"])]
        assert amounts == [booking["amount_due"]["amount"]], amounts

    await eventually(look, 5)

"""Open hours: overrides, notice and horizon, clocks that change, services that change."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.journey.people import ALWAYS, join, practise, set_scene
from tests.journey.world import Json, World, instant, stamp, usd

NEW_YORK = "America/New_York"


async def overrides(world: World) -> None:
    """A date may be closed, or have windows of its own; a new schedule replaces the whole; bookings stay."""
    scene = await set_scene(world)
    closed, short = await world.day(4), await world.day(5)
    booking = await scene.client.book(scene.service, (await scene.practitioner.starts(scene.service, closed))[3])
    windows = [{"start_time": "08:00", "end_time": "09:30"}, {"start_time": "20:00", "end_time": "21:00"}]
    days = [{"date": str(closed), "windows": []}, {"date": str(short), "windows": windows}]
    await scene.practitioner.hours(overrides=days)
    assert await scene.practitioner.starts(scene.service, closed) == []
    assert await scene.practitioner.starts(scene.service, short) == [f"{short}T08:00:00Z", f"{short}T20:00:00Z"]
    await scene.client.book(scene.service, f"{closed}T05:00:00Z", expect=422)
    await scene.client.book(scene.service, f"{short}T09:00:00Z", expect=422)
    await scene.client.sees(booking["id"], "pending_payment")
    kept = await scene.practitioner.get(f"/practitioners/{scene.practitioner.practitioner_id}/schedule/", expect=200)
    assert [day["date"] for day in kept["overrides"]] == [str(closed), str(short)]
    await scene.practitioner.hours(weekly=[])
    assert await scene.practitioner.slots(scene.service, short, 7) == []
    await scene.practitioner.hours()
    assert len(await scene.practitioner.starts(scene.service, short)) == 23
    world.step("a closed day, a day with two windows, no hours at all, and all hours again")


async def notice_and_horizon(world: World) -> None:
    """Notice is elapsed time from now, the horizon counts days; both are the same on display and in a booking."""
    practitioner, client = await practise(world), await join(world)
    service = await practitioner.offers(min_notice_minutes=36 * 60, horizon_days=10)
    now = await world.now()
    slots = await practitioner.slots(service, now.date(), 20)
    first, last = instant(slots[0]["start_time"]), instant(slots[-1]["start_time"])
    assert timedelta(hours=36) <= first - now < timedelta(hours=39), (now, first)
    assert timedelta(days=8) < last - now <= timedelta(days=11), (now, last)
    hour = timedelta(hours=1)
    soon = first - hour if first.hour else first - 2 * hour
    for start in (soon, last + timedelta(days=2)):
        refused = await client.book(service, stamp(start), expect=422)
        assert [error["field"] for error in refused["errors"]] == ["start_time"], refused.body
    await client.book(service, stamp(first))
    await client.book(service, stamp(last))
    world.step("36 hours of notice and 10 days of horizon, offered and enforced alike")


async def clocks_change(world: World) -> None:
    """Rule 1: a time in the spring gap is not offered, a repeated autumn hour once, and local hours stay."""
    practitioner, client = await practise(world, NEW_YORK), await join(world)
    weekly = [{**day, "end_time": "05:00"} for day in ALWAYS]
    await practitioner.hours(weekly, NEW_YORK)
    service = await practitioner.offers(horizon_days=365, price=0)
    today = await world.day(2)
    for day, hours in ((next(_changes(today, 23)), [0, 1, 3, 4]), (next(_changes(today, 25)), [0, 1, 2, 3, 4])):
        zone = ZoneInfo(NEW_YORK)
        expected = [stamp(datetime(day.year, day.month, day.day, hour, tzinfo=zone)) for hour in hours]
        offered = await practitioner.starts(service, day)
        assert offered == expected, f"{day}: {offered}, not {expected}"
        await client.book(service, expected[1])
        assert await practitioner.starts(service, day) == [expected[0], *expected[2:]]
    world.step("four local hours on the short night, five on the long one, each once")


def _changes(start: date, hours: int) -> Iterator[date]:
    """The days of New York from `start` on that have so many hours."""
    zone = ZoneInfo(NEW_YORK)
    for day in (start + timedelta(days=ahead) for ahead in range(364)):
        midnights = [datetime(d.year, d.month, d.day, tzinfo=zone) for d in (day, day + timedelta(days=1))]
        if midnights[1].astimezone(UTC) - midnights[0].astimezone(UTC) == timedelta(hours=hours):
            yield day


async def services_change(world: World) -> None:
    """A changed price counts from the next booking on; a withdrawn service is neither found nor bookable."""
    scene = await set_scene(world)
    booking = await scene.client.book(scene.service, scene.starts[0])
    path = f"/services/{scene.service['id']}/"
    changed = await _change(world, scene.practitioner.token, path, {**_writable(scene.service), "price": usd(20000)})
    assert changed["price"] == usd(20000)
    await asyncio.sleep(2)  # for so long another service may not have heard of it
    assert (await scene.client.book(scene.service, scene.starts[1]))["total"] == usd(20000)
    assert (await scene.client.sees(booking["id"], "pending_payment"))["total"] == usd(12500)
    stranger = (await set_scene(world)).practitioner
    await world.call("PUT", path, _writable(scene.service), token=stranger.token, expect=404)
    await world.call("DELETE", path, token=stranger.token, expect=404)
    await world.call("DELETE", path, token=scene.practitioner.token, expect=(200, 204))
    listed = await world.call("GET", f"/services/?practitioner_id={scene.practitioner.practitioner_id}")
    assert listed["results"] == []
    await asyncio.sleep(2)
    await scene.client.book(scene.service, scene.starts[2], expect=404)
    await scene.client.pay(booking)
    world.step("a new price for new bookings; a withdrawn service, and its earlier booking still paid")


def _writable(service: Json) -> dict[str, Json]:
    names = ("service_type", "title", "description", "category", "price", "duration_minutes", "delivery")
    return {name: service[name] for name in names}


async def _change(world: World, token: str, path: str, body: Json) -> Json:
    return (await world.call("PUT", path, body, token=token, expect=200)).body

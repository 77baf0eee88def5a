"""A booking's file for calendar programs (BK-12)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar

from devtools.testing.callers import headers_for
from services.booking.tests.world import HOUR, TEN, World
from shared.records.ids import new_id


async def event_in(world: World, booking: dict[str, Any], headers: dict[str, str]) -> tuple[str, Any]:
    """The method of the booking's file, and the one event in it."""
    answer = await world.get(f"/bookings/{booking['id']}/calendar.ics", headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    calendar = Calendar.from_ical(answer.content)
    [event] = calendar.walk("VEVENT")
    return str(calendar["method"]), event


async def test_one_uid_for_life_and_a_sequence_that_grows(world: World) -> None:
    await world.open_shop(title="Yoga; 1:1,\nquiet")
    booking = await world.book()
    seen = []
    for step in ("held", "confirmed", "moved", "cancelled"):
        if step == "confirmed":
            booking = await world.confirmed(TEN + 3 * HOUR)
        if step == "moved":
            later = {"start_time": (TEN + timedelta(days=1)).isoformat()}
            await world.post(f"/bookings/{booking['id']}/reschedule/", later)
        if step == "cancelled":
            await world.post(f"/bookings/{booking['id']}/cancel/")
        for side in (world.client, world.practitioner):
            method, event = await event_in(world, booking, side)
            assert (method, event["uid"]) == ("PUBLISH", f"{booking['id']}@estuary.example")
            assert event["summary"] == "Yoga; 1:1,\nquiet"
            assert "attendee" not in event
            assert "organizer" not in event
        seen.append((str(event["status"]), event["sequence"], event["dtstart"].dt, event["dtend"].dt))
    moved = datetime(2026, 12, 4, 10, tzinfo=UTC)
    assert seen == [
        ("TENTATIVE", 0, TEN, TEN + HOUR),
        ("CONFIRMED", 0, TEN + 3 * HOUR, TEN + 4 * HOUR),
        ("CONFIRMED", 1, moved, moved + HOUR),
        ("CANCELLED", 2, moved, moved + HOUR),
    ]


async def test_only_for_its_sides(world: World) -> None:
    await world.open_shop()
    booking = await world.book()
    path = f"/api/v1/bookings/{booking['id']}/calendar.ics"
    assert (await world.http.get(path)).status_code == 401
    for headers in (headers_for(new_id()), world.staff):
        assert (await world.http.get(path, headers=headers)).status_code == 404

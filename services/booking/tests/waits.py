"""Those who wait for a seat at one start, and what they do."""

from datetime import timedelta
from typing import Any

import httpx2

from devtools.testing.callers import headers_for
from services.booking.tests.world import HOUR, TEN, World
from shared.records.ids import new_id
from shared.records.times import render_utc

MINUTE = timedelta(minutes=1)
DAY = 24 * HOUR
FAR = TEN + 7 * DAY


async def try_wait(world: World, who: dict[str, str], start: Any = FAR) -> httpx2.Response:
    return await world.post(f"/services/{world.service_id}/waitlist/", {"start_time": render_utc(start)}, who)


async def wait(world: World, who: dict[str, str], start: Any = FAR) -> dict[str, Any]:
    answer = await try_wait(world, who, start)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def entry_of(world: World, who: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = (await world.get("/waitlist/", who)).json()["results"][0]
    return found


async def cancel(world: World, booking: dict[str, Any], who: dict[str, str] | None = None) -> None:
    answer = await world.post(f"/bookings/{booking['id']}/cancel/", None, who)
    assert answer.status_code == 200, answer.text


async def refused(world: World, who: dict[str, str], start: Any = FAR) -> str:
    answer = await world.try_book(start, who)
    assert answer.status_code == 409, answer.text
    return str(answer.json()["code"])


async def starts(world: World) -> list[str]:
    return [slot["start_time"][11:16] for slot in await world.slots("2026-12-10", "2026-12-11")]


async def offered(world: World, **service: Any) -> dict[str, Any]:
    """An entry of FIRST to which a seat is offered; SECOND waits behind."""
    await world.open_shop(**service)
    booking = await world.confirmed(FAR)
    entry = await wait(world, FIRST)
    await wait(world, SECOND)
    await cancel(world, booking)
    return entry


async def accept(world: World, entry: dict[str, Any], who: dict[str, str], **body: Any) -> httpx2.Response:
    return await world.post(f"/waitlist/{entry['id']}/accept/", body or None, who)


FIRST, SECOND, OTHER = (headers_for() for _ in range(3))
STRANGER = headers_for(new_id(), ("user", "practitioner"), new_id())

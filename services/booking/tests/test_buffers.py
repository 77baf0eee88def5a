"""New buffers of a service hold at once around its coming sessions, wherever nothing collides."""

import asyncio
from contextvars import Context
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, deliver_twice, run_jobs
from services.booking.bookings.domain import Party
from services.booking.calendars.seats import seat_of
from services.booking.calendars.service import open_service
from services.booking.cancellations.on_behalf import cancel_for
from services.booking.holds.repository import Holds
from services.booking.sessions.models import CalendarSession
from services.booking.sessions.repository import Sessions
from services.booking.tests.world import HOUR, TEN, World
from shared.events.catalog import ServiceUpdated
from shared.records.ids import new_id

MINUTE = timedelta(minutes=1)


async def changed(world: World, version: int = 2, **buffers: Any) -> None:
    service = world.snapshot(version=version, slot_interval_minutes=15, **buffers)
    await deliver_twice(world.app, ServiceUpdated(service=service))


async def refused(world: World, *starts: Any) -> list[int]:
    """What an unbuffered other service of the practitioner is answered for these starts, in minutes after ten."""
    other = world.snapshot(new_id(), slot_interval_minutes=15, duration_minutes=15)
    found = []
    for minutes in starts:
        answer = await world.try_book(TEN + minutes * MINUTE, headers_for(), service_id=str(other.service_id))
        found.append(answer.status_code)
    return found


async def test_larger_ones_keep_others_away_from_what_is_booked(world: World) -> None:
    await world.open_shop(slot_interval_minutes=15)
    await world.book()
    await changed(world, buffer_before_minutes=15, buffer_after_minutes=30)
    assert await refused(world, -15, 60, 75, -30, 90) == [409, 409, 409, 201, 201]


async def test_smaller_ones_give_time_back(world: World) -> None:
    await world.open_shop(slot_interval_minutes=15, buffer_before_minutes=15, buffer_after_minutes=30)
    await world.book()
    await changed(world)
    assert await refused(world, -15, 60) == [201, 201]


async def test_where_they_collide_they_reach_as_far_as_they_can(world: World) -> None:
    await world.open_shop(slot_interval_minutes=15)
    await world.book()
    await world.book(TEN + HOUR + 15 * MINUTE, headers_for())
    await changed(world, buffer_before_minutes=60, buffer_after_minutes=60)
    assert await refused(world, 60, -60, 180, 195) == [409, 409, 409, 201]
    assert await world.broken_invariants() == {}


async def test_old_news_changes_nothing_and_what_has_begun_stays(world: World) -> None:
    await world.open_shop(slot_interval_minutes=15)
    booking = await world.book()
    await changed(world, 3)
    await deliver(world.app, ServiceUpdated(service=world.snapshot(version=2, buffer_after_minutes=60)))
    world.snapshot(version=3, slot_interval_minutes=15)
    assert await refused(world, 60) == [201]
    assert booking["status"] == "pending_payment"


async def one_between_two(world: World) -> list[dict[str, Any]]:
    """Sessions at ten, a quarter past eleven and half past twelve, then buffers of an hour that fit nowhere between."""
    await world.open_shop(slot_interval_minutes=15)
    starts = [TEN + minutes * MINUTE for minutes in (0, 75, 150)]
    booked = [await world.book(start, headers_for()) for start in starts]
    for booking in booked:
        await deliver(world.app, world.paid(booking))
    await changed(world, buffer_before_minutes=60, buffer_after_minutes=60)
    return booked


async def test_what_a_cancelled_session_kept_of_others_buffers_they_get_back(world: World) -> None:
    _, middle, _ = await one_between_two(world)
    await world.post(f"/bookings/{middle['id']}/cancel/", headers=world.practitioner)
    assert await refused(world, 60, 105, 120, 135) == [409, 409, 409, 409]
    assert await world.broken_invariants() == {}


async def test_so_they_do_when_it_expires(world: World) -> None:
    await world.open_shop(slot_interval_minutes=15)
    await deliver(world.app, world.paid(await world.book()))
    await world.book(TEN + 75 * MINUTE, headers_for())
    await changed(world, buffer_after_minutes=60)
    world.clock.advance(15 * MINUTE)
    await run_jobs(world.app)
    assert await refused(world, 60, 105, 120) == [409, 409, 201]


async def test_so_they_do_when_it_moves(world: World) -> None:
    _, middle, last = await one_between_two(world)
    await world.post(f"/bookings/{last['id']}/cancel/", headers=world.practitioner)
    path, body = f"/bookings/{middle['id']}/reschedule/", {"start_time": (TEN + 240 * MINUTE).isoformat()}
    assert (await world.post(path, body, world.practitioner)).status_code == 200
    assert await refused(world, 60, 105, 120) == [409, 409, 201]
    assert await world.broken_invariants() == {}


async def test_so_they_do_when_a_whole_session_moves(world: World) -> None:
    _, middle, _ = await one_between_two(world)
    path, body = f"/api/v1/sessions/{middle['session_id']}/", {"start_time": (TEN + 330 * MINUTE).isoformat()}
    assert (await world.http.put(path, json=body, headers=world.practitioner)).status_code == 200
    assert await refused(world, 60, 105, 120, 135) == [409, 409, 409, 409]


async def blocked(world: World) -> list[tuple[str, str]]:
    """From when to when each session keeps others away, in order of their starts."""
    async with world.runtime.db.read() as session:
        asked = select(CalendarSession).where(CalendarSession.active).order_by(CalendarSession.start_time)
        rows = (await session.scalars(asked)).all()
    return [(f"{row.blocked_from:%H:%M}", f"{row.blocked_until:%H:%M}") for row in rows]


async def is_waiting(task: "asyncio.Task[Any]") -> bool:
    await asyncio.sleep(0.3)
    return not task.done()


async def test_a_seat_that_was_asked_for_before_gets_them_too(world: World) -> None:
    await world.open_shop(slot_interval_minutes=15)
    await world.slots()
    async with world.runtime.db.transaction() as session:
        the_clients = select(func.pg_advisory_xact_lock(func.hashtextextended(f"client {world.client_id}", 0)))
        await session.execute(the_clients)
        booking = asyncio.create_task(world.book(), context=Context())
        assert await is_waiting(booking)
        await changed(world, buffer_before_minutes=15, buffer_after_minutes=30)
    await booking
    assert await blocked(world) == [("09:45", "11:30")]


async def test_they_wait_for_a_session_that_is_being_opened(world: World) -> None:
    await world.open_shop(slot_interval_minutes=15)
    bookable = await open_service(world.app.state.runtime, world.service_id)
    async with world.runtime.db.transaction() as session:
        await Holds(session).lock(world.client_id, world.service_id)
        opened = await Sessions(session).take(seat_of(bookable, TEN, TEN + HOUR, None), None)
        change = asyncio.create_task(changed(world, buffer_after_minutes=30), context=Context())
        assert await is_waiting(change)
    await change
    assert opened is not None
    assert await blocked(world) == [("10:00", "11:30")]
    async with world.runtime.db.transaction() as session:
        await Sessions(session).release(opened)


async def test_they_wait_for_a_session_that_is_being_cancelled(world: World) -> None:
    await world.open_shop(slot_interval_minutes=15)
    await world.book()
    beside = await world.book(TEN + HOUR + 15 * MINUTE, headers_for())
    async with world.runtime.db.transaction() as session:
        await cancel_for(session, Party.CLIENT, UUID(beside["id"]), "ill")
        change = asyncio.create_task(changed(world, buffer_after_minutes=60), context=Context())
        assert await is_waiting(change)
    await change
    assert await blocked(world) == [("10:00", "12:00")]

"""Closing rooms at a LiveKit that speaks its real protocol."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from livekit.api import DeleteRoomRequest, RoomParticipantIdentity
from sqlalchemy import select, text

from services.booking.rooms.jobs import close_rooms
from services.booking.rooms.models import RoomClosure
from services.booking.runtime import BookingRuntime
from services.booking.settings import BookingSettings
from services.booking.tests.world import TEN, World
from shared.testing import deliver, headers_for, run_jobs


class LiveKit:
    """Notes what it is asked; `trouble` is the Twirp error that it answers instead."""

    def __init__(self) -> None:
        self.deleted: list[str] = []
        self.removed: list[tuple[str, str]] = []
        self.trouble: tuple[int, str] | None = None
        self.url = ""

    async def delete(self, request: web.Request) -> web.Response:
        self.deleted.append(DeleteRoomRequest.FromString(await request.read()).room)
        return self.answer()

    async def remove(self, request: web.Request) -> web.Response:
        asked = RoomParticipantIdentity.FromString(await request.read())
        self.removed.append((asked.room, asked.identity))
        return self.answer()

    def answer(self) -> web.Response:
        if self.trouble is None:
            return web.Response(body=b"", content_type="application/protobuf")
        status, code = self.trouble
        return web.json_response({"code": code, "msg": code}, status=status)


@pytest.fixture
async def livekit() -> AsyncIterator[LiveKit]:
    """A LiveKit server on a free port."""
    fake = LiveKit()
    app = web.Application()
    app.router.add_post("/twirp/livekit.RoomService/DeleteRoom", fake.delete)
    app.router.add_post("/twirp/livekit.RoomService/RemoveParticipant", fake.remove)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield fake
    await runner.cleanup()


async def cancelled(world: World, livekit: LiveKit, **service: Any) -> dict[str, Any]:
    settings = BookingSettings.of({"LIVEKIT_URL": livekit.url})
    world.app.state.runtime = BookingRuntime.of(world.runtime, settings=settings)
    await world.open_shop(**service)
    booking = await world.book(TEN)
    await deliver(world.app, world.paid(booking))
    if service:
        await world.book(TEN, headers_for())
    await world.post(f"/bookings/{booking['id']}/cancel/")
    return booking


async def still_open(world: World) -> int:
    async with world.runtime.db.read() as session:
        return len((await session.execute(select(RoomClosure).where(RoomClosure.closed_at.is_(None)))).all())


async def test_a_cancelled_booking_s_room_is_closed_once(world: World, livekit: LiveKit) -> None:
    booking = await cancelled(world, livekit)
    await run_jobs(world.app)
    await run_jobs(world.app)
    assert livekit.deleted == [f"booking-{booking['id']}"]
    assert await still_open(world) == 0


async def test_a_guest_who_cancels_is_removed_from_the_group(world: World, livekit: LiveKit) -> None:
    await cancelled(world, livekit, max_participants=3)
    await run_jobs(world.app)
    assert (livekit.deleted, [identity for _, identity in livekit.removed]) == ([], [str(world.client_id)])


async def test_a_room_that_nobody_joined_counts_as_closed(world: World, livekit: LiveKit) -> None:
    livekit.trouble = (404, "not_found")
    await cancelled(world, livekit)
    await run_jobs(world.app)
    assert await still_open(world) == 0


async def test_trouble_is_tried_again_later(world: World, livekit: LiveKit) -> None:
    livekit.trouble = (503, "unavailable")
    await cancelled(world, livekit)
    assert await close_rooms(world.app.state.runtime) == 0
    assert await close_rooms(world.app.state.runtime) == 0
    assert len(livekit.deleted) == 1
    livekit.trouble = None
    async with world.runtime.db.transaction() as session:
        await session.execute(text("update booking.room_closures set attempt_at = now()"))
    await run_jobs(world.app)
    assert await still_open(world) == 0

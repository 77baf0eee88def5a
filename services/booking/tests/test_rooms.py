"""Closing rooms at a LiveKit that speaks its real protocol."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from joserfc import jwt
from joserfc.jwk import OctKey
from livekit.api import DeleteRoomRequest, RoomParticipantIdentity
from sqlalchemy import select, text

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, run_jobs
from services.booking.app import video_of
from services.booking.rooms.jobs import close_rooms
from services.booking.rooms.models import RoomClosure
from services.booking.settings import BookingSettings
from services.booking.tests.world import HOUR, TEN, World
from shared.errors import Unavailable
from shared.events.catalog import ServiceUpdated
from shared.records.ids import new_id
from shared.video import VideoRooms


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


def video_at(livekit: LiveKit) -> VideoRooms:
    return video_of(BookingSettings.of({"LIVEKIT_URL": livekit.url}))


async def cancelled(world: World, livekit: LiveKit, **service: Any) -> dict[str, Any]:
    world.app.state.runtime = replace(world.app.state.runtime, video=video_at(livekit))
    await world.open_shop(**service)
    booking = await world.book(TEN)
    await deliver(world.app, world.paid(booking))
    if service:
        await world.book(TEN, headers_for())
    await world.post(f"/bookings/{booking['id']}/cancel/")
    return booking


class TestPort:
    """What every implementation does."""

    @pytest.fixture(params=["livekit", "nobody"])
    def video(self, request: pytest.FixtureRequest, livekit: LiveKit) -> VideoRooms:
        return video_of(BookingSettings.of({"LIVEKIT_URL": livekit.url} if request.param == "livekit" else {}))

    def test_a_ticket_lets_one_person_into_one_room_until_its_end(self, video: VideoRooms) -> None:
        person = new_id()
        ticket = video.ticket(person, "room-1", timedelta(minutes=5))
        key = OctKey.import_key("estuary-development-only-livekit-secret")
        claims = jwt.decode(ticket.token, key, algorithms=["HS256"]).claims
        assert (ticket.room, claims["sub"], claims["video"]["room"]) == ("room-1", str(person), "room-1")
        assert claims["exp"] - claims["nbf"] == 300

    async def test_rooms_are_ended_where_that_can_be_done_and_else_refused(
        self, video: VideoRooms, livekit: LiveKit
    ) -> None:
        if video.can_end:
            await video.end("room-1")
            await video.remove("room-2", "p")
            assert (livekit.deleted, livekit.removed) == (["room-1"], [("room-2", "p")])
            livekit.trouble = (503, "unavailable")
        with pytest.raises(Unavailable):
            await video.end("room-1")
        with pytest.raises(Unavailable):
            await video.remove("room-2", "p")


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
    async with world.runtime.db.read() as session:
        tries, why, later = (
            await session.execute(
                text("select tries, last_error, next_try_at > now() from booking.room_closures where closed_at is null")
            )
        ).one()
    assert (tries, "unavailable" in why, later) == (1, True, True)
    livekit.trouble = None
    async with world.runtime.db.transaction() as session:
        await session.execute(text("update booking.room_closures set next_try_at = now()"))
    await run_jobs(world.app)
    assert await still_open(world) == 0


async def room_of(world: World, booking: dict[str, Any], headers: dict[str, str]) -> str:
    answer = await world.post(f"/bookings/{booking['id']}/room-token/", headers=headers)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["room"])


async def grows_to(world: World, seats: int, version: int) -> None:
    await deliver(world.app, ServiceUpdated(service=world.snapshot(max_participants=seats, version=version)))


async def booked(world: World, headers: dict[str, str]) -> dict[str, Any]:
    booking = await world.book(TEN, headers)
    await deliver(world.app, world.paid(booking))
    return booking


async def test_who_has_joined_stays_in_the_room_when_a_session_gets_more_seats(world: World) -> None:
    await world.open_shop()
    first = await booked(world, world.client)
    world.clock.set(TEN - timedelta(minutes=10))
    room = await room_of(world, first, world.client)
    await grows_to(world, 3, 2)
    second = await booked(world, guest := headers_for())
    rooms = [await room_of(world, first, world.client), await room_of(world, second, guest)]
    assert rooms == [room, room] == [f"booking-{first['id']}"] * 2


async def test_who_moves_out_of_a_session_that_goes_on_leaves_its_room(world: World, livekit: LiveKit) -> None:
    world.app.state.runtime = replace(world.app.state.runtime, video=video_at(livekit))
    await world.open_shop()
    first = await booked(world, world.client)
    await grows_to(world, 3, 2)
    second = await booked(world, guest := headers_for())
    await grows_to(world, 1, 3)
    for hours in (3, 4):
        body = {"start_time": (TEN + hours * HOUR).isoformat()}
        assert (await world.post(f"/bookings/{first['id']}/reschedule/", body)).status_code == 200
    await run_jobs(world.app)
    world.clock.set(TEN)
    stays = await room_of(world, second, guest)
    world.clock.set(TEN + 4 * HOUR)
    assert await room_of(world, first, world.client) != stays == f"booking-{first['id']}"
    assert (stays, str(world.client_id)) in livekit.removed


async def test_a_moved_booking_takes_its_room_along(world: World, livekit: LiveKit) -> None:
    world.app.state.runtime = replace(world.app.state.runtime, video=video_at(livekit))
    await world.open_shop()
    booking = await booked(world, world.client)
    body = {"start_time": (TEN + HOUR).isoformat()}
    assert (await world.post(f"/bookings/{booking['id']}/reschedule/", body)).status_code == 200
    await run_jobs(world.app)
    assert (livekit.deleted, livekit.removed) == ([], [])
    world.clock.set(TEN + HOUR)
    assert await room_of(world, booking, world.client) == f"booking-{booking['id']}"

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from devtools.testing.callers import KEY, headers_for, token_for
from devtools.testing.delivery import deliver
from devtools.testing.servers import is_silent, until
from devtools.testing.waiting import PATIENCE
from services.notifications.live.models import StoredFrame
from services.notifications.live.repository import Frames
from shared.auth.token_signing import sign_access_token
from shared.events.booking import BookingCompleted, BookingConfirmed, BookingRescheduled
from shared.live.hub import SocketTimeouts
from shared.records.clock import machine_now
from shared.records.ids import new_id

BOOKINGS, NOTIFICATIONS = "/ws/booking-updates/", "/ws/notifications/"


@pytest.fixture
def client(app, client_for) -> Any:
    return client_for(app)


async def next_frame(socket: ClientConnection) -> Any:
    async with asyncio.timeout(PATIENCE):
        return json.loads(await socket.recv())


async def store_without_hint(app: Any, user_id: UUID, count: int, note: str = "") -> None:
    async with app.state.runtime.db.transaction() as session:
        for number in range(count):
            frame = StoredFrame(
                id=new_id(), user_id=user_id, channel="booking-updates", cause=str(number), type="booking.confirmed",
                data={"note": note}, created_at=session.now(),
            )  # fmt: skip
            await Frames(session).append([frame])


async def close_code(socket: ClientConnection) -> int | None:
    async with asyncio.timeout(PATIENCE):
        await socket.wait_closed()
    return socket.close_code


async def stored(app: Any, user_id: UUID, channel: str) -> list[StoredFrame]:
    async with app.state.runtime.db.read() as session:
        found = select(StoredFrame).where(StoredFrame.user_id == user_id, StoredFrame.channel == channel)
        return list(await session.scalars(found.order_by(StoredFrame.seq)))


class TestHandshake:
    @pytest.mark.parametrize("path", [BOOKINGS, NOTIFICATIONS, NOTIFICATIONS.rstrip("/")])
    @pytest.mark.parametrize("query", ["", "?token=nonsense"])
    async def test_without_a_good_token_it_is_refused_with_401(self, address, path, query):
        with pytest.raises(InvalidStatus) as refused:
            await connect(address + path + query)
        response = refused.value.response
        assert (response.status_code, response.headers["content-type"]) == (401, "application/problem+json")
        assert json.loads(response.body or b"")["code"] == "unauthenticated"

    async def test_a_token_as_subprotocol_is_echoed(self, address, client_id):
        offered = Subprotocol(f"bearer.{token_for(client_id)}")
        async with connect(address + NOTIFICATIONS, subprotocols=[offered]) as socket:
            assert socket.subprotocol == offered

    async def test_a_malformed_after_is_refused_with_422(self, address, client_id):
        with pytest.raises(InvalidStatus) as refused:
            await connect(f"{address}{NOTIFICATIONS}?token={token_for(client_id)}&after=yesterday")
        assert refused.value.response.status_code == 422


class TestFeeds:
    async def test_a_booking_reaches_both_sides_as_it_is_shown(self, app, address, booking, client_id, seller_id):
        async with (
            connect(f"{address}{BOOKINGS}?token={token_for(client_id)}") as client,
            connect(f"{address}{BOOKINGS}?token={token_for(seller_id)}") as seller,
        ):
            event = BookingConfirmed(booking=booking())
            await deliver(app, event)
            frame, other = await next_frame(client), await next_frame(seller)
        assert set(frame) == {"id", "type", "data", "created_at"}
        assert (frame["type"], frame["created_at"]) == ("booking.confirmed", "2026-12-01T08:00:00Z")
        assert (frame["data"]["id"], frame["data"]["status"]) == (str(event.booking.id), "confirmed")
        named = {"id": str(client_id), "name": "Cleo D."}
        assert other["data"] == frame["data"] | {"order_id": None, "client": named}

    async def test_a_notification_arrives_as_it_is_in_the_list(self, app, address, booking, client_id, client_for):
        async with connect(f"{address}{NOTIFICATIONS}?token={token_for(client_id)}") as socket:
            await deliver(app, BookingConfirmed(booking=booking()))
            frame = await next_frame(socket)
        listed = await client_for(app).get("/api/v1/notifications/", headers=headers_for(client_id))
        assert (frame["type"], frame["data"]) == ("notification.created", listed.json()["results"][0])

    async def test_a_stranger_gets_nothing(self, app, address, booking):
        async with connect(f"{address}{BOOKINGS}?token={token_for()}") as socket:
            await deliver(app, BookingConfirmed(booking=booking()))
            assert await is_silent(socket)

    async def test_a_new_socket_hears_only_what_is_new(self, app, address, booking, client_id):
        await deliver(app, BookingConfirmed(booking=booking()))
        async with connect(f"{address}{BOOKINGS}?token={token_for(client_id)}") as socket:
            assert await is_silent(socket)
            await deliver(app, BookingRescheduled(booking=booking(start_version=2), previous_start_time=machine_now()))
            assert (await next_frame(socket))["type"] == "booking.rescheduled"

    async def test_a_lost_hint_delays_and_loses_nothing(self, app, address, client_id):
        app.state.hub.timeouts = SocketTimeouts(poll=0.1)
        async with connect(f"{address}{BOOKINGS}?token={token_for(client_id)}") as socket:
            await store_without_hint(app, client_id, 1)
            assert (await next_frame(socket))["type"] == "booking.confirmed"


class TestResume:
    async def test_it_goes_on_behind_the_last_frame(self, app, address, booking, client_id):
        for version in range(1, 251):
            moved = booking(start_version=version)
            await deliver(app, BookingRescheduled(booking=moved, previous_start_time=machine_now()))
        frames = await stored(app, client_id, "booking-updates")
        url = f"{address}{BOOKINGS}?token={token_for(client_id)}&after={frames[9].id}"
        async with connect(url) as socket:
            received = [(await next_frame(socket))["id"] for _ in range(240)]
            assert await is_silent(socket)
        assert received == [str(frame.id) for frame in frames[10:]]

    async def test_an_id_that_is_not_kept_gives_all_that_is_kept(self, app, address, booking, client_id, seller_id):
        await deliver(app, BookingConfirmed(booking=booking()))
        anothers = (await stored(app, seller_id, "booking-updates"))[0].id
        for after in (new_id(), anothers):
            async with connect(f"{address}{BOOKINGS}?token={token_for(client_id)}&after={after}") as socket:
                assert (await next_frame(socket))["type"] == "booking.confirmed"

    async def test_numbers_follow_the_order_of_commits(self, app, booking, client_id):
        """Many bookings of one person at once: whoever commits later has the higher number."""
        bookings = [booking(id=new_id()) for _ in range(12)]
        await asyncio.gather(*(deliver(app, BookingConfirmed(booking=each)) for each in bookings))
        frames = await stored(app, client_id, "booking-updates")
        assert [frame.seq for frame in frames] == list(range(1, 13))
        assert {frame.data["id"] for frame in frames} == {str(each.id) for each in bookings}


class TestEnd:
    async def test_an_expired_token_ends_the_socket_with_4401(self, app, address, client_id):
        """The checks allow five seconds of leeway: this token expired before, and is good for three seconds more."""
        app.state.hub.timeouts = SocketTimeouts(poll=0.1)
        token = sign_access_token(
            KEY, user_id=client_id, roles=["user"], practitioner_id=None, session_id=new_id(),
            now=machine_now() - timedelta(seconds=10), lifetime=timedelta(seconds=8),
        )  # fmt: skip
        async with connect(f"{address}{NOTIFICATIONS}?token={token}") as socket:
            assert await close_code(socket) == 4401

    async def test_a_revoked_session_ends_the_socket_with_4401_within_two_seconds(self, app, address, client_id):
        app.state.hub.timeouts = SocketTimeouts(poll=60)
        token = token_for(client_id)
        verifier = app.state.runtime.verifier
        async with connect(f"{address}{NOTIFICATIONS}?token={token}") as socket, asyncio.timeout(2):
            await asyncio.sleep(0.2)
            verifier.revoke((await verifier.user(token)).session_id)
            assert await close_code(socket) == 4401

    async def test_a_stopping_server_says_going_away(self, app, address, client_id):
        async with connect(f"{address}{NOTIFICATIONS}?token={token_for(client_id)}") as socket:
            await socket.ping()
            stopping = asyncio.create_task(app.state.hub.stop())
            assert await close_code(socket) == 1001
            await stopping
        assert app.state.hub.count() == 0

    async def test_what_the_client_says_is_ignored_unless_it_is_too_large(self, app, address, booking, client_id):
        async with connect(f"{address}{BOOKINGS}?token={token_for(client_id)}") as socket:
            await socket.send("hello")
            await deliver(app, BookingConfirmed(booking=booking()))
            assert (await next_frame(socket))["type"] == "booking.confirmed"
            await socket.send("x" * 70_000)
            assert await close_code(socket) == 1009

    async def test_a_client_that_does_not_read_is_disconnected(self, app, address, client_id):
        app.state.hub.timeouts = SocketTimeouts(poll=0.1, send=0.3)
        await store_without_hint(app, client_id, 30, "x" * 900_000)
        url = f"{address}{BOOKINGS}?token={token_for(client_id)}&after={new_id()}"
        async with connect(url, max_queue=1, close_timeout=0.1, compression=None):
            await until(lambda: app.state.hub.count() == 1)
            await until(lambda: app.state.hub.count() == 0)


class TestPrune:
    async def test_only_frames_of_more_than_thirty_days_go(self, app, booking, client_id):
        await deliver(app, BookingConfirmed(booking=booking()))
        await deliver(app, BookingCompleted(booking=booking(status="completed"), completed_at=machine_now()))
        old = UUID(int=int((machine_now() - timedelta(days=31)).timestamp() * 1000) << 80)
        first = (await stored(app, client_id, "booking-updates"))[0]
        async with app.state.runtime.db.transaction() as session:
            await session.execute(update(StoredFrame).where(StoredFrame.id == first.id).values(id=old))
        await app.state.jobs["prune_frames"].run(app.state.runtime)
        assert [frame.type for frame in await stored(app, client_id, "booking-updates")] == ["booking.completed"]


class TestUpdates:
    async def test_a_notification_that_is_read_elsewhere_is_updated_once(self, app, client, booking, client_id):
        await deliver(app, BookingConfirmed(booking=booking()))
        [notification] = (await client.get("/api/v1/notifications/", headers=headers_for(client_id))).json()["results"]
        for _ in range(2):
            answer = await client.post(
                f"/api/v1/notifications/{notification['id']}/read/", headers=headers_for(client_id)
            )
            assert answer.status_code == 200
        created, updated = await stored(app, client_id, "notifications")
        assert (created.type, updated.type) == ("notification.created", "notification.updated")
        assert updated.data == notification | {"read_at": "2026-12-01T08:00:00Z"} == answer.json()

    async def test_all_that_are_read_at_once_are_updated(self, app, client, booking, client_id, seller_id):
        for _ in range(2):
            await deliver(app, BookingConfirmed(booking=booking(id=new_id())))
        for _ in range(2):
            await client.post("/api/v1/notifications/read-all/", headers=headers_for(client_id))
        frames = await stored(app, client_id, "notifications")
        assert [frame.type for frame in frames] == ["notification.created"] * 2 + ["notification.updated"] * 2
        assert [frame.data["id"] for frame in frames[:2]] == [frame.data["id"] for frame in frames[2:]]
        assert len(await stored(app, seller_id, "notifications")) == 2

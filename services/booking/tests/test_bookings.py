"""Bookings that exist: reading, noting, moving, finishing, joining."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from devtools.testing.callers import headers_for, service_headers
from devtools.testing.delivery import deliver, run_jobs
from services.booking.tests.world import HOUR, TEN, World, usd
from shared.events.booking import BookingCompleted, BookingNoShow, BookingRescheduled, BookingStarted
from shared.events.catalog import ServiceUpdated
from shared.records.ids import new_id

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


async def confirmed(world: World, start: Any = TEN, **more: Any) -> dict[str, Any]:
    booking = await world.book(start, **more)
    await deliver(world.app, world.paid(booking))
    return booking


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PUT", "", {"notes": "x"}),
        ("POST", "reschedule/", {"start_time": TEN.isoformat()}),
        ("POST", "accept-move/", None),
        ("POST", "complete/", None),
        ("POST", "no-show/", None),
        ("POST", "room-token/", None),
    ],
)
async def test_anonymous_is_401_and_a_stranger_404(world: World, method: str, path: str, body: Any) -> None:
    await world.open_shop()
    url = f"/api/v1/bookings/{(await confirmed(world))['id']}/{path}"
    stranger = headers_for(new_id(), ("user", "practitioner"), new_id())
    assert (await world.http.request(method, url, json=body)).status_code == 401
    assert (await world.http.request(method, url, json=body, headers=stranger)).status_code == 404
    for wrong in (str(new_id()), "7"):
        other = f"/api/v1/bookings/{wrong}/{path}"
        assert (await world.http.request(method, other, json=body, headers=stranger)).status_code == 404


class TestRead:
    async def test_the_practitioner_sees_no_payment(self, world: World) -> None:
        await world.open_shop()
        booking = await world.book()
        seen = (await world.get(f"/bookings/{booking['id']}/", world.practitioner)).json()
        assert (seen["payment"], seen["order_id"], seen["status"]) == (None, None, "pending_payment")

    async def test_lists_are_of_one_s_own_by_role_and_status(self, world: World) -> None:
        await world.open_shop()
        first = await confirmed(world)
        await world.book(TEN + HOUR)
        await world.book(TEN + 2 * HOUR, headers=headers_for())

        async def ids(query: str, headers: dict[str, str] | None = None) -> int:
            answer = await world.get(f"/bookings/{query}", headers)
            assert answer.status_code == 200
            return int(answer.json()["total"])

        assert [await ids(""), await ids("?as=client"), await ids("?as=practitioner")] == [2, 2, 0]
        assert [await ids("?as=practitioner", world.practitioner), await ids("", headers_for())] == [3, 0]
        listed = (await world.get("/bookings/?status=confirmed&fields=id")).json()["results"]
        assert listed == [{"id": first["id"]}]
        assert [await ids(f"?search={first['service_title'].upper()}"), await ids("?search=nothing")] == [2, 0]
        assert [await ids("?search=-nothing"), await ids("?search=%EF%BC%85")] == [2, 0]
        assert (await world.get("/bookings/?status=nonsense")).status_code == 422
        assert (await world.get("/bookings/?ordering=price")).status_code == 422
        assert (await world.http.get("/api/v1/bookings/")).status_code == 401

    async def test_upcoming_and_history_part_at_the_end(self, world: World) -> None:
        await world.open_shop()
        early, late = await confirmed(world), await confirmed(world, TEN + HOUR)
        world.clock.set(TEN + HOUR)
        for path, expected in (("upcoming", [late["id"]]), ("history", [early["id"]])):
            answer = await world.get(f"/bookings/{path}/")
            assert [booking["id"] for booking in answer.json()["results"]] == expected
            assert (await world.http.get(f"/api/v1/bookings/{path}/")).status_code == 401

    async def test_other_services_get_the_snapshot(self, world: World) -> None:
        await world.open_shop()
        booking = await world.book()
        url = f"/internal/bookings/{booking['id']}/"
        assert (await world.http.get(url, headers=world.client)).status_code == 401
        snapshot = (await world.http.get(url, headers=service_headers("messaging"))).json()
        assert (snapshot["id"], snapshot["total"], snapshot["timezone"]) == (booking["id"], usd(10_001), "UTC")


class TestNotes:
    async def test_the_client_writes_them_and_nothing_else(self, world: World) -> None:
        await world.open_shop()
        url = f"/api/v1/bookings/{(await world.book())['id']}/"
        answer = await world.http.put(url, json={"notes": "By the window"}, headers=world.client)
        assert answer.json()["notes"] == "By the window"
        assert (await world.http.put(url, json={"status": "confirmed"}, headers=world.client)).status_code == 422
        assert (await world.http.put(url, json={"notes": "x"}, headers=world.practitioner)).status_code == 404


class TestReschedule:
    async def move(self, world: World, booking: dict[str, Any], start: Any, headers: Any = None) -> Any:
        return await world.post(f"/bookings/{booking['id']}/reschedule/", {"start_time": start.isoformat()}, headers)

    async def test_moves_the_seat_and_grows_the_version(self, world: World) -> None:
        await world.open_shop()
        booking = await confirmed(world)
        answer = await self.move(world, booking, TEN + 2 * HOUR)
        assert (answer.status_code, answer.json()["start_time"]) == (200, "2026-12-03T12:00:00Z")
        [event] = await world.events(BookingRescheduled)
        assert (event.previous_start_time, event.booking.start_version) == (TEN, 2)
        assert "10:00" in await world.starts()
        assert "12:00" not in await world.starts()

    async def test_a_start_that_overlaps_the_old_one_is_fine(self, world: World) -> None:
        await world.open_shop(slot_interval_minutes=30)
        assert (await self.move(world, await confirmed(world), TEN + 30 * MINUTE)).status_code == 200

    async def test_the_same_start_changes_nothing(self, world: World) -> None:
        await world.open_shop()
        assert (await self.move(world, await confirmed(world), TEN)).status_code == 200
        assert await world.events(BookingRescheduled) == []

    async def test_rule_03_a_taken_slot_is_409_and_the_booking_stays(self, world: World) -> None:
        await world.open_shop()
        booking = await confirmed(world)
        await world.book(TEN + HOUR, headers=headers_for())
        answer = await self.move(world, booking, TEN + HOUR)
        assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
        assert "10:00" not in await world.starts()

    async def test_the_practitioner_s_notice_binds_clients_alone(self, world: World) -> None:
        await world.open_shop(min_notice_minutes=48 * 60)
        booking = await confirmed(world)
        world.clock.set(TEN - 26 * HOUR)
        assert (await self.move(world, booking, TEN + HOUR)).status_code == 422
        assert (await self.move(world, booking, TEN - 24 * HOUR, world.practitioner)).status_code == 200
        past = await self.move(world, booking, TEN - 26 * HOUR, world.practitioner)
        assert (past.status_code, past.json()["errors"][0]["field"]) == (422, "start_time")

    async def test_the_duration_stays(self, world: World) -> None:
        await world.open_shop()
        booking = await confirmed(world)
        longer = world.snapshot(duration_minutes=90, slot_interval_minutes=60, version=2)
        await deliver(world.app, ServiceUpdated(service=longer))
        moved = (await self.move(world, booking, TEN + 2 * HOUR)).json()
        assert (moved["start_time"], moved["end_time"]) == ("2026-12-03T12:00:00Z", "2026-12-03T13:00:00Z")

    async def test_off_the_grid_is_422(self, world: World) -> None:
        await world.open_shop()
        answer = await self.move(world, await confirmed(world), TEN + MINUTE)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "off_grid")

    async def test_the_client_until_24_hours_before_the_practitioner_until_the_start(self, world: World) -> None:
        await world.open_shop()
        booking = await confirmed(world)
        world.clock.set(TEN - 24 * HOUR)
        assert (await self.move(world, booking, TEN + HOUR)).status_code == 200
        world.clock.set(TEN - 23 * HOUR + SECOND)
        answer = await self.move(world, booking, TEN)
        assert (answer.status_code, answer.json()["code"]) == (409, "too_late_to_reschedule")
        assert (await self.move(world, booking, TEN, world.practitioner)).status_code == 200
        world.clock.set(TEN)
        assert (await self.move(world, booking, TEN + HOUR, world.practitioner)).json()["code"] == "already_started"

    async def test_a_pending_one_cannot_be_moved(self, world: World) -> None:
        await world.open_shop()
        answer = await self.move(world, await world.book(), TEN + HOUR)
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")

    async def test_rule_04_a_group_seat_moves_to_the_other_session(self, world: World) -> None:
        await world.open_shop(max_participants=2)
        booking = await confirmed(world)
        await world.book(headers=headers_for())
        await world.book(TEN + HOUR, headers=headers_for())
        assert (await self.move(world, booking, TEN + HOUR)).status_code == 200
        spots = {slot["start_time"][11:16]: slot["available_spots"] for slot in await world.slots()}
        assert spots["10:00"] == 1
        assert "11:00" not in spots

    async def test_rule_03_two_that_change_places_and_many_movers_never_deadlock(self, world: World) -> None:
        await world.open_shop(max_participants=2)
        here = [await confirmed(world), await confirmed(world)]
        there = [await confirmed(world, TEN + HOUR), await confirmed(world, TEN + HOUR)]
        moves = [self.move(world, b, TEN + HOUR) for b in here] + [self.move(world, b, TEN) for b in there]
        statuses = {answer.status_code for answer in await asyncio.gather(*moves)}
        assert statuses <= {200, 409}


class TestFinish:
    async def test_only_after_the_end_and_only_by_its_practitioner(self, world: World) -> None:
        await world.open_shop()
        booking = await confirmed(world)
        for path in ("complete", "no-show"):
            answer = await world.post(f"/bookings/{booking['id']}/{path}/", headers=world.practitioner)
            assert (answer.status_code, answer.json()["code"]) == (409, "not_ended")
            assert (await world.post(f"/bookings/{booking['id']}/{path}/")).status_code == 403

    async def test_complete_and_complete_again(self, world: World) -> None:
        await world.open_shop()
        booking = await confirmed(world)
        world.clock.set(TEN + HOUR)
        answers = [await world.post(f"/bookings/{booking['id']}/complete/", headers=world.practitioner) for _ in "12"]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()
        assert [event.completed_at for event in await world.events(BookingCompleted)] == [TEN + HOUR]

    @pytest.mark.parametrize(("after_the_end", "status"), [(24 * HOUR, 200), (24 * HOUR + SECOND, 409)])
    async def test_a_completed_one_is_corrected_for_a_day(self, world: World, after_the_end: Any, status: int) -> None:
        await world.open_shop()
        booking = await confirmed(world)
        world.clock.set(TEN + HOUR)
        await world.post(f"/bookings/{booking['id']}/complete/", headers=world.practitioner)
        world.clock.set(TEN + HOUR + after_the_end)
        answer = await world.post(f"/bookings/{booking['id']}/no-show/", headers=world.practitioner)
        assert (answer.status_code, answer.json().get("code")) == (
            status,
            "illegal_transition" if status == 409 else None,
        )
        # The earning's hold period does not begin anew.
        assert [event.completed_at for event in await world.events(BookingNoShow)] == [TEN + HOUR] * (status == 200)

    async def test_a_day_after_the_end_nobody_is_a_no_show_any_more(self, world: World) -> None:
        """Also where no job has completed the booking yet."""
        await world.open_shop()
        booking = await confirmed(world)
        world.clock.set(TEN + HOUR + 24 * HOUR + SECOND)
        answer = await world.post(f"/bookings/{booking['id']}/no-show/", headers=world.practitioner)
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
        done = await world.post(f"/bookings/{booking['id']}/complete/", headers=world.practitioner)
        assert done.json()["status"] == "completed"

    async def test_a_no_show_is_not_completed(self, world: World) -> None:
        await world.open_shop()
        booking = await confirmed(world)
        world.clock.set(TEN + HOUR)
        await world.post(f"/bookings/{booking['id']}/no-show/", headers=world.practitioner)
        answer = await world.post(f"/bookings/{booking['id']}/complete/", headers=world.practitioner)
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")

    async def test_no_show(self, world: World) -> None:
        await world.open_shop()
        booking = await confirmed(world)
        world.clock.set(TEN + HOUR)
        answer = await world.post(f"/bookings/{booking['id']}/no-show/", headers=world.practitioner)
        assert answer.json()["status"] == "no_show"
        assert [event.booking.status for event in await world.events(BookingNoShow)] == ["no_show"]

    async def test_a_pending_one_cannot_be_completed(self, world: World) -> None:
        await world.open_shop()
        booking = await world.book()
        world.clock.set(TEN + HOUR)
        answer = await world.post(f"/bookings/{booking['id']}/complete/", headers=world.practitioner)
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")

    async def test_time_starts_and_completes_it(self, world: World) -> None:
        await world.open_shop()
        booking = await confirmed(world)
        for moment, status in (
            (TEN - SECOND, "confirmed"),
            (TEN, "in_progress"),
            (TEN + 13 * HOUR - SECOND, "in_progress"),
            (TEN + 15 * HOUR, "completed"),
        ):
            world.clock.set(moment)
            await run_jobs(world.app)
            assert await world.status_of(booking) == status
        assert len(await world.events(BookingStarted)) == 1
        assert [event.completed_at for event in await world.events(BookingCompleted)] == [TEN + 13 * HOUR]


class TestRoomToken:
    async def test_is_open_from_15_minutes_before_until_the_end(self, world: World) -> None:
        await world.open_shop()
        booking = await confirmed(world)
        statuses = []
        for moment in (TEN - 15 * MINUTE - SECOND, TEN - 15 * MINUTE, TEN + HOUR - SECOND, TEN + HOUR):
            world.clock.set(moment)
            answer = await world.post(f"/bookings/{booking['id']}/room-token/", headers=world.practitioner)
            statuses.append((answer.status_code, answer.json().get("code")))
        assert statuses == [(409, "room_not_open"), (200, None), (200, None), (409, "room_not_open")]

    async def test_is_a_livekit_token_for_this_booking(self, world: World) -> None:
        await world.open_shop()
        booking = await confirmed(world)
        world.clock.set(TEN)
        ticket = (await world.post(f"/bookings/{booking['id']}/room-token/")).json()
        key = OctKey.import_key("estuary-development-only-livekit-secret")
        claims = jwt.decode(ticket["token"], key, algorithms=["HS256"]).claims
        assert ticket["room"] == f"booking-{booking['id']}" == claims["video"]["room"]
        assert claims["sub"] == str(world.client_id)

    async def test_a_pending_one_has_no_room_yet_and_in_person_none_at_all(self, world: World) -> None:
        await world.open_shop()
        booking = await world.book()
        assert (await world.post(f"/bookings/{booking['id']}/room-token/")).json()["code"] == "room_not_open"
        meeting = world.snapshot(new_id(), delivery="in_person")
        there = await world.book(TEN + HOUR, service_id=str(meeting.service_id))
        assert (await world.post(f"/bookings/{there['id']}/room-token/")).json()["code"] == "no_room"

    async def test_guests_of_a_group_share_a_room(self, world: World) -> None:
        await world.open_shop(max_participants=2)
        other = headers_for(UUID(int=7))
        bookings = [(await confirmed(world), world.client), (await confirmed(world, headers=other), other)]
        world.clock.set(TEN)
        rooms = [(await world.post(f"/bookings/{b['id']}/room-token/", headers=h)).json()["room"] for b, h in bookings]
        assert rooms[0] == rooms[1]

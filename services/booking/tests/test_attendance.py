"""Who came to a session: rosters, marks, codes, and what they say of how a booking ended."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import run_jobs
from services.booking.tests.world import HOUR, TEN, World
from shared.events.booking import AttendanceRecorded, BookingCompleted, BookingNoShow
from shared.records.ids import derived_id, new_id

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
END = TEN + HOUR


async def seat_of(world: World, number: int = 0) -> dict[str, Any]:
    """A confirmed seat of that client in the session of ten o'clock, as the client sees it."""
    client = headers_for(derived_id(world.client_id, str(number)))
    booking = await world.confirmed(headers=client)
    found: dict[str, Any] = (await world.get(f"/bookings/{booking['id']}/", client)).json()
    return found


async def mark(world: World, booking: dict[str, Any], *marks: str, headers: Any = None) -> httpx2.Response:
    body = {"marks": [{"booking_id": booking["id"], "attendance": each} for each in marks]}
    path = f"/sessions/{booking['session_id']}/attendance/"
    return await world.post(path, body, headers or world.practitioner)


async def check_in(world: World, code: str, headers: Any = None) -> httpx2.Response:
    return await world.post("/bookings/check-in/", {"code": code}, headers or world.practitioner)


async def attendances(world: World, booking: dict[str, Any]) -> list[str | None]:
    answer = await world.get(f"/sessions/{booking['session_id']}/roster/", world.practitioner)
    return [entry["attendance"] for entry in answer.json()["results"]]


async def recorded(world: World) -> list[tuple[str, str]]:
    return [(str(event.booking_id), event.attendance) for event in await world.events(AttendanceRecorded)]


class TestWho:
    async def test_only_the_practitioner_of_the_session(self, world: World) -> None:
        await world.open_shop()
        booking = await seat_of(world)
        world.clock.set(TEN)
        stranger = headers_for(new_id(), ("user", "practitioner"), new_id())
        roster = f"/api/v1/sessions/{booking['session_id']}/roster/"
        for headers, status in (({"X-Nobody": "1"}, 401), (world.client, 403), (stranger, 404)):
            assert (await world.http.get(roster, headers=headers)).status_code == status
            assert (await mark(world, booking, "attended", headers=headers)).status_code == status
            assert (await check_in(world, booking["check_in_code"], headers)).status_code == status
        assert await recorded(world) == []

    async def test_a_booking_of_another_session_is_404_and_names_the_field(self, world: World) -> None:
        await world.open_shop(max_participants=2)
        booking = await seat_of(world)
        held = await world.book(headers=headers_for(new_id()))  # unpaid, so not on the roster
        world.clock.set(TEN)
        for other in (str(new_id()), held["id"]):
            marks = [{"booking_id": each, "attendance": "attended"} for each in (booking["id"], other)]
            path = f"/sessions/{booking['session_id']}/attendance/"
            answer = await world.post(path, {"marks": marks}, world.practitioner)
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (404, "marks.1.booking_id")
        assert await attendances(world, booking) == [None]


class TestMarks:
    async def test_a_group_is_marked_during_the_session_and_over_at_its_end(self, world: World) -> None:
        """Whoever is not marked stays unrecorded, and is completed when half a day has passed (BK-14)."""
        await world.open_shop(max_participants=3)
        here, away, unseen = [await seat_of(world, number) for number in range(3)]
        world.clock.set(TEN + MINUTE)
        await run_jobs(world.app)
        for _ in "12":
            assert (await mark(world, here, "absent", "late")).status_code == 200
            answer = await mark(world, away, "absent")
        entry = {"attendee": None, "checked_in_at": None, "minutes_present": None, "client_name": None}
        assert answer.json()["results"] == [
            {"booking_id": here["id"], "attendance": "late", **entry},
            {"booking_id": away["id"], "attendance": "absent", **entry},
            {"booking_id": unseen["id"], "attendance": None, **entry},
        ]
        world.clock.set(END)
        await run_jobs(world.app)
        assert await attendances(world, here) == ["late", "absent", "unrecorded"]
        statuses = [
            (await world.get(f"/bookings/{each['id']}/", world.practitioner)).json()["status"]
            for each in (here, away, unseen)
        ]
        assert statuses == ["completed", "no_show", "in_progress"]
        assert [event.completed_at for event in await world.events(BookingNoShow)] == [END]
        assert [event.booking.attendance for event in await world.events(BookingCompleted)] == ["late"]
        assert await recorded(world) == [(here["id"], "late"), (away["id"], "absent")]

    async def test_the_last_mark_stands_and_decides_for_a_day(self, world: World) -> None:
        await world.open_shop()
        booking = await seat_of(world)

        async def marked(at: Any, as_: str) -> tuple[str, str]:
            world.clock.set(at)
            assert (await mark(world, booking, as_)).status_code == 200
            shown = (await world.get(f"/bookings/{booking['id']}/", world.practitioner)).json()
            return shown["status"], shown["attendance"]

        assert await marked(END, "absent") == ("no_show", "absent")
        assert await marked(END + HOUR, "attended") == ("completed", "attended")
        assert await marked(END + 24 * HOUR, "absent") == ("no_show", "absent")
        assert await marked(END + 24 * HOUR + SECOND, "late") == ("no_show", "late")
        # The earning's hold period began with the first of them.
        ends = [*await world.events(BookingNoShow), *await world.events(BookingCompleted)]
        assert [event.completed_at for event in ends] == [END] * 3
        answer = await world.post(f"/bookings/{booking['id']}/complete/", headers=world.practitioner)
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")

    @pytest.mark.parametrize(
        ("moment", "status"),
        [
            (TEN - 15 * MINUTE - SECOND, 409),
            (TEN - 15 * MINUTE, 200),
            (END + timedelta(days=7), 200),
            (END + timedelta(days=7) + SECOND, 409),
        ],
    )
    async def test_from_a_quarter_of_an_hour_before_to_a_week_after(
        self, world: World, moment: Any, status: int
    ) -> None:
        await world.open_shop()
        booking = await seat_of(world)
        world.clock.set(moment)
        answer = await mark(world, booking, "attended")
        assert (answer.status_code, answer.json().get("code")) == (status, "not_now" if status == 409 else None)

    async def test_no_show_is_a_mark(self, world: World) -> None:
        await world.open_shop()
        booking = await seat_of(world)
        world.clock.set(END)
        await world.post(f"/bookings/{booking['id']}/no-show/", headers=world.practitioner)
        assert await attendances(world, booking) == ["absent"]
        assert await recorded(world) == [(booking["id"], "absent")]

    async def test_a_booking_that_is_moved_or_cancelled_before_its_start_takes_no_mark_along(
        self, world: World
    ) -> None:
        await world.open_shop()
        booking = await seat_of(world)
        world.clock.set(TEN - MINUTE)
        await check_in(world, booking["check_in_code"])
        later = {"start_time": (TEN + 2 * HOUR).isoformat()}
        moved = await world.post(f"/bookings/{booking['id']}/reschedule/", later, world.practitioner)
        assert (moved.status_code, moved.json()["attendance"]) == (200, None)
        world.clock.set(TEN + 2 * HOUR - MINUTE)
        assert (await check_in(world, booking["check_in_code"])).json()["attendance"] == "attended"
        cancelled = await world.post(f"/bookings/{booking['id']}/cancel/", headers=world.practitioner)
        assert cancelled.status_code == 200
        assert (await check_in(world, booking["check_in_code"])).json()["code"] == "illegal_transition"


class TestCheckIn:
    async def test_by_the_code_that_only_the_client_sees(self, world: World) -> None:
        await world.open_shop()
        booking = await seat_of(world)
        code = booking["check_in_code"]
        assert (len(code), booking["attendance"]) == (10, None)
        shown = await world.get(f"/bookings/{booking['id']}/", world.practitioner)
        assert shown.json()["check_in_code"] is None
        for moment, status in ((TEN - 15 * MINUTE - SECOND, 409), (TEN - 15 * MINUTE, 200), (END, 200)):
            world.clock.set(moment)
            answer = await check_in(world, f" {code.lower()} ")
            assert (answer.status_code, answer.json().get("code")) == (status, "not_now" if status == 409 else None)
        assert (await check_in(world, "NOTACODE22")).status_code == 404
        roster = (await world.get(f"/sessions/{booking['session_id']}/roster/", world.practitioner)).json()
        assert [entry["checked_in_at"] for entry in roster["results"]] == ["2026-12-03T09:45:00Z"]
        assert await recorded(world) == [(booking["id"], "attended")]

    async def test_not_after_the_end(self, world: World) -> None:
        await world.open_shop()
        booking = await seat_of(world)
        world.clock.set(END + SECOND)
        assert (await check_in(world, booking["check_in_code"])).json()["code"] == "not_now"

    async def test_beats_an_absence_and_leaves_who_is_late_late(self, world: World) -> None:
        await world.open_shop(max_participants=2)
        first, second = await seat_of(world, 1), await seat_of(world, 2)
        world.clock.set(TEN)
        await mark(world, first, "late")
        await mark(world, second, "absent")
        for booking in (first, second):
            await check_in(world, booking["check_in_code"])
        assert await attendances(world, first) == ["late", "attended"]
        await mark(world, second, "absent")
        await check_in(world, second["check_in_code"])
        assert await attendances(world, first) == ["late", "absent"]

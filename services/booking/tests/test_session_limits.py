"""How many sessions a practitioner has on a day and in a week: in what is offered, and where a seat is written."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, run_jobs
from services.booking.sessions.domain import SessionLimits
from services.booking.tests.world import ALL_DAY, HOUR, TEN, World
from shared.events.catalog import LimitsSnapshot
from shared.records.ids import new_id
from shared.records.times import render_utc

DAY = timedelta(days=1)


def limited(per_day: int | None = None, per_week: int | None = None, **more: Any) -> dict[str, Any]:
    return {**ALL_DAY, "limits": {"sessions_per_day": per_day, "sessions_per_week": per_week}, **more}


async def refused(world: World, start: datetime = TEN) -> tuple[int, str]:
    answer = await world.try_book(start, headers_for())
    return answer.status_code, answer.json()["code"]


FULL = (409, "limit_reached")


class TestSessionLimits:
    zone = "America/New_York"

    @pytest.mark.parametrize(("hour", "full"), [(3, False), (4, True), (27, True), (28, False)])
    def test_bk_7_a_day_is_one_of_the_zone(self, hour: int, full: bool) -> None:
        begin = datetime(2026, 6, 1, tzinfo=UTC)
        is_full = SessionLimits(self.zone, 1, None).full([begin + 12 * HOUR])
        assert is_full(begin + hour * HOUR) is full

    def test_bk_7_a_week_begins_on_monday_and_may_have_an_hour_less(self) -> None:
        limits = SessionLimits(self.zone, None, 1)
        sunday = datetime(2026, 3, 8, 12, tzinfo=UTC)
        begin, end = limits.week_of(sunday)
        assert (begin, end) == (datetime(2026, 3, 2, 5, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC))
        is_full = limits.full([sunday])
        assert [is_full(at) for at in (begin - HOUR, begin, end - HOUR, end)] == [False, True, True, False]


class TestLimitsOfASchedule:
    async def test_are_shown_and_replaced_with_it(self, world: World) -> None:
        await world.open_shop(limited(3))
        path = f"/practitioners/{world.practitioner_id}/schedule/"
        shown = (await world.get(path, world.practitioner)).json()
        assert shown["limits"] == {"sessions_per_day": 3, "sessions_per_week": None}
        assert (await world.post(path, ALL_DAY, world.practitioner)).json()["limits"] is None

    @pytest.mark.parametrize(
        ("limits", "field"),
        [
            ({"sessions_per_day": 0}, "limits.sessions_per_day"),
            ({"sessions_per_week": -1}, "limits.sessions_per_week"),
            ({"sessions_per_week": "3"}, "limits.sessions_per_week"),
            ({"open_per_client": 1}, "limits.open_per_client"),
            ([], "limits"),
        ],
    )
    async def test_nonsense_is_422(self, world: World, limits: Any, field: str) -> None:
        path = f"/practitioners/{world.practitioner_id}/schedule/"
        answer = await world.post(path, {**ALL_DAY, "limits": limits}, world.practitioner)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)

    async def test_hours_of_a_service_have_none(self, world: World) -> None:
        await world.open_shop()
        answer = await world.post(f"/services/{world.service_id}/schedule/", limited(3), world.practitioner)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "limits")


class TestLimits:
    async def test_bk_7_a_full_day_is_not_offered_and_not_booked_whatever_the_service(self, world: World) -> None:
        await world.open_shop(limited(2))
        world.snapshot(other := new_id())
        await world.book(TEN)
        await world.book(TEN + HOUR, headers_for(), service_id=str(other))
        assert await world.starts() == []
        assert await refused(world, TEN + 3 * HOUR) == FULL
        assert len(await world.slots("2026-12-04", "2026-12-05")) == 8
        await world.book(TEN + DAY, headers_for())

    async def test_bk_7_a_full_week_is_not_offered_from_monday_to_sunday(self, world: World) -> None:
        await world.open_shop(limited(None, 1))
        await world.book(TEN)
        found = await world.slots("2026-12-01", "2026-12-09")
        assert {slot["start_time"][:10] for slot in found} == {"2026-12-07", "2026-12-08"}
        assert await refused(world, TEN + 3 * DAY) == FULL
        await world.book(TEN + 4 * DAY, headers_for())

    async def test_bk_7_seats_of_one_session_count_once(self, world: World) -> None:
        await world.open_shop(limited(1), max_participants=3)
        await world.book()
        assert [slot["available_spots"] for slot in await world.slots()] == [2]
        await world.book(headers=headers_for())
        assert await refused(world, TEN + HOUR) == FULL

    async def test_bk_7_what_is_cancelled_or_expired_counts_no_more(self, world: World) -> None:
        await world.open_shop(limited(1))
        booking = await world.book()
        await world.post(f"/bookings/{booking['id']}/cancel/")
        await world.book(TEN + HOUR)
        assert await world.starts() == []
        world.clock.advance(timedelta(minutes=16))
        assert len(await world.starts()) == 8
        await world.book(TEN + 2 * HOUR, headers_for())

    async def test_bk_7_a_day_is_one_of_the_schedule_s_zone(self, world: World) -> None:
        everyday = [{"day_of_week": day, "start_time": "00:00", "end_time": "24:00"} for day in range(7)]
        await world.open_shop(limited(1, timezone="Asia/Tokyo", weekly=everyday))
        await world.book(TEN)
        assert await refused(world, datetime(2026, 12, 2, 15, tzinfo=UTC)) == FULL
        assert await refused(world, datetime(2026, 12, 3, 14, tzinfo=UTC)) == FULL
        await world.book(datetime(2026, 12, 3, 15, tzinfo=UTC), headers_for())

    async def test_a_move_within_a_full_day_is_fine_and_into_one_is_refused(self, world: World) -> None:
        await world.open_shop(limited(1))
        first, second = await world.confirmed(), await world.confirmed(TEN + DAY, headers_for())
        path = f"/bookings/{first['id']}/reschedule/"
        answer = await world.post(path, {"start_time": render_utc(TEN + HOUR)}, world.practitioner)
        assert answer.status_code == 200, answer.text
        answer = await world.post(path, {"start_time": render_utc(TEN + DAY + HOUR)}, world.practitioner)
        assert (answer.status_code, answer.json()["code"]) == FULL
        session_id = (await world.get(f"/bookings/{second['id']}/", world.practitioner)).json()["session_id"]
        url = f"/api/v1/sessions/{session_id}/"
        for start, status in ((TEN + DAY + HOUR, 200), (TEN + 2 * HOUR, 409)):
            body = {"start_time": render_utc(start)}
            answer = await world.http.put(url, json=body, headers=world.practitioner)
            assert answer.status_code == status, answer.text

    async def test_rule_05_who_pays_late_for_a_day_that_is_full_by_then_has_everything_back(self, world: World) -> None:
        await world.open_shop(limited(1))
        booking = await world.book()
        world.clock.advance(timedelta(minutes=16))
        await run_jobs(world.app)
        await world.book(TEN + HOUR, headers_for())
        await deliver(world.app, world.paid(booking))
        await run_jobs(world.app)
        assert await world.status_of(booking) == "expired"
        assert len(world.payments.orders[str(booking["payment"]["order_id"])].refunds) == 1

    async def test_bk_7_thirty_bookings_of_different_slots_and_a_limit_of_three_are_three(self, world: World) -> None:
        everyday = [{"day_of_week": day, "start_time": "00:00", "end_time": "24:00"} for day in range(7)]
        await world.open_shop(limited(3, weekly=everyday), duration_minutes=30, slot_interval_minutes=30)
        starts = [TEN.replace(hour=0) + number * HOUR / 2 for number in range(30)]
        answers = await asyncio.gather(*(world.try_book(start, headers_for()) for start in starts))
        assert Counter(answer.status_code for answer in answers) == {201: 3, 409: 27}
        assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"limit_reached"}
        assert await world.starts() == []
        assert await world.broken_invariants() == {}


class TestLimitsOfAService:
    async def test_bk_7_count_its_own_sessions_beside_those_of_the_schedule(self, world: World) -> None:
        await world.open_shop(limited(3), limits=LimitsSnapshot(sessions_per_day=1, sessions_per_week=2))
        world.snapshot(other := new_id())
        await world.book(TEN, service_id=str(other))
        await world.book(TEN + HOUR, headers_for())
        assert await world.starts() == []
        assert await refused(world, TEN + 3 * HOUR) == FULL
        await world.book(TEN + 2 * HOUR, headers_for(), service_id=str(other))
        await world.book(TEN + DAY, headers_for())
        assert {slot["start_time"][:10] for slot in await world.slots("2026-12-04", "2026-12-08")} == {"2026-12-07"}
        assert await refused(world, TEN + 2 * DAY) == FULL

    async def test_bk_7_a_client_has_so_many_seats_open_and_in_a_week(self, world: World) -> None:
        await world.open_shop(limits=LimitsSnapshot(open_per_client=2, per_client_per_week=1))
        first = await world.confirmed()
        assert await self.refused(world, TEN + HOUR) == "client_limit_reached"
        second = await world.confirmed(TEN + 7 * DAY)
        assert await self.refused(world, TEN + 14 * DAY) == "client_limit_reached"
        await world.book(TEN + HOUR, headers_for())
        for start, status in ((TEN + 7 * DAY + HOUR, 409), (TEN + 2 * HOUR, 200)):
            path = f"/bookings/{first['id']}/reschedule/"
            answer = await world.post(path, {"start_time": render_utc(start)}, world.practitioner)
            assert answer.status_code == status, answer.text
        await world.post(f"/bookings/{second['id']}/cancel/")
        await world.book(TEN + 14 * DAY)

    async def test_bk_7_ten_bookings_of_one_client_and_a_limit_of_two_are_two(self, world: World) -> None:
        await world.open_shop(limits=LimitsSnapshot(open_per_client=2))
        answers = await asyncio.gather(*(world.try_book(TEN + n // 5 * DAY + n % 5 * HOUR) for n in range(10)))
        assert Counter(answer.status_code for answer in answers) == {201: 2, 409: 8}

    async def refused(self, world: World, start: datetime) -> str:
        answer = await world.try_book(start)
        assert answer.status_code == 409, answer.text
        return str(answer.json()["code"])

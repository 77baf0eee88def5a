"""Courses: a seat in every session that is left, bought as one, given up as one."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver_twice, run_jobs
from services.booking.tests.doubles import usd
from services.booking.tests.test_dates import WEEK, announce, cancel, move
from services.booking.tests.world import HOUR, TEN, World
from shared.events.booking import BookingCompleted
from shared.events.payments import OrderRefunded, RefundedLine
from shared.records.ids import new_id
from shared.records.money import Money

DAY = timedelta(days=1)


async def open_course(world: World, dates: int = 3, **service: Any) -> list[dict[str, Any]]:
    """A course of weekly dates for 100.01 and three people; its dates."""
    await world.open_shop(**{"service_type": "course", "max_participants": 3, **service})
    return await announce(world, *(TEN + number * WEEK for number in range(dates)))


async def try_enrol(world: World, headers: dict[str, str] | None = None, **more: Any) -> Any:
    body = {"service_id": str(world.service_id), **more}
    return await world.post("/bookings/", body, headers or world.client)


async def enrol(world: World, headers: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    answer = await try_enrol(world, headers, **more)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def enrolled(world: World) -> dict[str, Any]:
    booking = await enrol(world)
    await deliver_twice(world.app, world.paid(booking))
    return booking


async def shown(world: World, booking: dict[str, Any]) -> tuple[str, dict[str, int]]:
    found = (await world.get(f"/bookings/{booking['id']}/")).json()
    return found["status"], Counter(child["status"] for child in found["children"])


def total_of(answer: Any) -> int:
    assert answer.status_code == 200, answer.text
    return sum(part["amount"] for part in answer.json()["refund"].values())


class TestEnrol:
    async def test_a_seat_in_each_session_for_one_price_earned_one_by_one(self, world: World) -> None:
        dates = await open_course(world)
        booking = await enrol(world, attendees=[{"name": "Ana"}])
        assert (booking["kind"], booking["total"], booking["start_time"]) == (
            "course",
            usd(10_001),
            "2026-12-03T10:00:00Z",
        )
        assert [child["session_id"] for child in booking["children"]] == [date["id"] for date in dates]
        [order] = world.payments.opened.values()
        assert [line.gross_amount.amount for line in order.lines] == [3_334, 3_334, 3_333]
        await deliver_twice(world.app, world.paid(booking))
        world.clock.advance(5 * WEEK)
        await run_jobs(world.app)
        await run_jobs(world.app)
        assert await shown(world, booking) == ("completed", {"completed": 3})
        ended = await world.events(BookingCompleted)
        assert {event.line_id for event in ended} == {line.id for line in order.lines} | {None}
        assert await world.broken_invariants() == {}

    async def test_who_joins_late_pays_what_is_left_and_a_cancelled_date_counts_no_more(self, world: World) -> None:
        dates = await open_course(world, 4)
        await cancel(world, dates[3]["id"])
        world.clock.set(TEN + HOUR)
        booking = await enrol(world)
        assert [child["start_time"][5:10] for child in booking["children"]] == ["12-10", "12-17"]
        assert booking["total"] == usd(3_334 + 3_333)
        world.snapshot(service_type="course", max_participants=3, late_join=False, version=2)
        world.clock.set(TEN + 3 * WEEK)
        assert (await try_enrol(world, headers_for(new_id()))).json()["code"] == "course_over"

    async def test_the_last_session_alone_is_paid_and_refunded_as_any_course(self, world: World) -> None:
        await open_course(world, 2)
        world.clock.set(TEN + HOUR)
        booking = await enrol(world)
        assert (len(booking["children"]), booking["total"]) == (1, usd(5_000))
        await deliver_twice(world.app, world.paid(booking))
        assert await shown(world, booking) == ("confirmed", {"confirmed": 1})
        path, wish = f"/admin/bookings/{booking['id']}/refund/", {"amount": usd(1_234), "reason": "goodwill"}
        assert total_of(await world.post(path, wish, world.staff)) == 1_234
        line = world.payments.opened[booking["payment"]["order_id"]].lines[0]
        [(refund_id, split)] = world.payments.orders[booking["payment"]["order_id"]].refunds.items()
        event = OrderRefunded(
            order_id=UUID(booking["payment"]["order_id"]),
            client_id=world.client_id,
            **world.subject_of(booking),
            refund_id=refund_id,
            card=split.card,
            credits=split.credits,
            reason="staff",
            lines=(RefundedLine(line_id=line.id, amount=Money(1_234, "USD")),),
        )
        await deliver_twice(world.app, event)
        assert total_of(await world.post(f"/bookings/{booking['id']}/cancel/", headers=world.practitioner)) == 3_766
        assert world.payments.refunded_lines[-1] == [(line.id, 3_766)]
        assert await world.broken_invariants() == {}

    async def test_who_may_not_join_late_and_what_is_not_said_of_a_course(self, world: World) -> None:
        await open_course(world, late_join=False)
        for more, field in (
            ({"start_time": TEN.isoformat()}, "start_time"),
            ({"attendees": [{"name": "A"}, {"name": "B"}]}, "attendees"),
        ):
            answer = await try_enrol(world, **more)
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
        world.clock.set(TEN)
        late = await try_enrol(world)
        assert (late.status_code, late.json()["code"]) == (409, "course_started")

    async def test_every_other_service_needs_a_start(self, world: World) -> None:
        await world.open_shop()
        answer = await try_enrol(world)
        assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("start_time", "missing")]

    async def test_sixty_at_once_have_every_session_or_none(self, world: World) -> None:
        await open_course(world, 5, max_participants=3)
        answers = await asyncio.gather(*(try_enrol(world, headers_for(new_id())) for _ in range(60)))
        assert Counter(answer.status_code for answer in answers) == {201: 3, 409: 57}
        assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"slot_taken"}
        assert await world.broken_invariants() == {}


class TestGiveUp:
    @pytest.mark.parametrize(("before", "back"), [(3 * DAY, 10_001), (3 * HOUR, 5_001), (HOUR, 0)])
    async def test_as_a_whole_by_its_first_session(self, world: World, before: timedelta, back: int) -> None:
        await open_course(world, cancel_policy={"full_hours": 24, "part_hours": 2, "part_percent": 50})
        booking = await enrolled(world)
        if before < DAY:
            world.clock.set(TEN - before)
        one = await world.post(f"/bookings/{booking['children'][1]['id']}/cancel/")
        assert (one.status_code, one.json()["code"]) == (409, "cancel_course")
        gone = total_of(await world.post(f"/bookings/{booking['id']}/cancel/"))
        assert abs(gone - back) <= 1  # each line is rounded by itself
        assert await shown(world, booking) == ("cancelled", {"cancelled": 3})
        assert await world.broken_invariants() == {}

    async def test_a_date_that_is_cancelled_goes_back_in_full_and_moves_are_for_all(self, world: World) -> None:
        dates = await open_course(world)
        booking = await enrolled(world)
        later = {"start_time": (TEN + HOUR).isoformat()}
        own = await world.post(f"/bookings/{booking['children'][0]['id']}/reschedule/", later)
        assert (own.status_code, own.json()["code"]) == (409, "moves_with_course")
        await move(world, dates[0]["id"], TEN + HOUR)
        assert (await world.get(f"/bookings/{booking['id']}/")).json()["start_time"] == "2026-12-03T11:00:00Z"
        await cancel(world, dates[1]["id"])
        await run_jobs(world.app)
        assert await shown(world, booking) == ("confirmed", {"confirmed": 2, "cancelled": 1})
        assert [amount for _, amount in world.payments.refunded_lines[-1]] == [3_334]
        rest = total_of(await world.post(f"/bookings/{booking['id']}/cancel/", headers=world.practitioner))
        assert rest == 10_001 - 3_334
        assert await world.broken_invariants() == {}

"""Several seats that are bought as one: for several people, or again and again."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver_twice, run_jobs
from services.booking.tests.doubles import usd
from services.booking.tests.world import HOUR, TEN, World
from shared.events.booking import BookingCancelled, BookingConfirmed, BookingExpired
from shared.events.payments import OrderRefunded, RefundedLine
from shared.records.ids import derived_id, new_id
from shared.records.money import Money

WEEK = timedelta(weeks=1)
PEOPLE = [{"name": "Ana"}, {"name": "Ben", "email": "ben@example.com"}, {"name": "Cem"}]
SEATS = 4
BERLIN = {
    "timezone": "Europe/Berlin",
    "weekly": [{"day_of_week": 3, "start_time": "09:00", "end_time": "13:00"}],
}


async def group(world: World, **more: Any) -> dict[str, Any]:
    await world.open_shop(max_participants=SEATS)
    return await world.book(attendees=PEOPLE, **more)


async def statuses(world: World, booking: dict[str, Any]) -> tuple[str, dict[str, int]]:
    found = (await world.get(f"/bookings/{booking['id']}/")).json()
    return found["status"], Counter(child["status"] for child in found["children"])


class TestSeveralPeople:
    async def test_one_purchase_pays_confirms_and_gives_back_each_seat(self, world: World) -> None:
        world.payments.balance = 4_000
        booking = await group(world, credits="max")
        assert (booking["kind"], booking["status"], booking["session_id"]) == ("group", "pending_payment", None)
        figures = [booking[name]["amount"] for name in ("total", "credits_applied", "amount_due")]
        assert figures == [30_003, 4_000, 26_003]
        assert [child["attendee"]["name"] for child in booking["children"]] == ["Ana", "Ben", "Cem"]
        assert len({child["session_id"] for child in booking["children"]}) == 1
        [order] = world.payments.opened.values()
        assert [line.gross_amount.amount for line in order.lines] == [10_001] * 3
        assert {line.subject_id for line in order.lines} == {UUID(booking["id"])}
        assert [slot["available_spots"] for slot in await world.slots() if "T10:" in slot["start_time"]] == [1]
        two = await world.try_book(headers=headers_for(new_id()), attendees=PEOPLE[:2])
        assert (two.status_code, two.json()["code"]) == (409, "slot_taken")

        await deliver_twice(world.app, world.paid(booking))
        assert await statuses(world, booking) == ("confirmed", {"confirmed": 3})
        confirmed = await world.events(BookingConfirmed)
        assert [event.booking.id for event in confirmed if event.booking.order_id] == [UUID(booking["id"])]
        assert Counter(event.booking.parent_id for event in confirmed) == {UUID(booking["id"]): 3, None: 1}

        first = booking["children"][0]["id"]
        gone = await world.post(f"/bookings/{first}/cancel/")
        assert sum(gone.json()["refund"][tender]["amount"] for tender in ("card", "credits")) == 10_001
        assert world.payments.refunded_lines == [[(derived_id(UUID(first), "line"), 10_001)]]
        preview = (await world.get(f"/bookings/{booking['id']}/cancel/preview/")).json()["refund"]
        rest = (await world.post(f"/bookings/{booking['id']}/cancel/")).json()
        assert preview == rest["refund"]
        assert preview["card"]["amount"] + preview["credits"]["amount"] == 20_002
        assert await statuses(world, booking) == ("cancelled", {"cancelled": 3})
        cancelled = await world.events(BookingCancelled)
        assert Counter((event.by_itself, event.refund_due.amount) for event in cancelled) == {
            (True, 10_001): 1,
            (False, 10_001): 2,
            (True, 20_002): 1,
        }
        assert [event.kept.amount for event in cancelled] == [0] * 4
        assert await world.broken_invariants() == {}

    async def test_all_seats_or_none_after_a_late_payment(self, world: World) -> None:
        booking = await group(world)
        world.clock.advance(HOUR)
        await run_jobs(world.app)
        assert await statuses(world, booking) == ("expired", {"expired": 3})
        assert len(await world.events(BookingExpired)) == 4
        rivals = [await world.book(headers=headers_for(new_id())) for _ in range(2)]
        await deliver_twice(world.app, world.paid(booking))
        await run_jobs(world.app)
        assert await statuses(world, booking) == ("expired", {"expired": 3})
        assert world.payments.reasons == ["paid_after_deadline"]
        assert [slot["available_spots"] for slot in await world.slots() if "T10:" in slot["start_time"]] == [2]
        assert len(rivals) == 2
        assert await world.broken_invariants() == {}

    async def test_a_late_payment_takes_all_seats_again(self, world: World) -> None:
        booking = await group(world)
        world.clock.advance(HOUR)
        await run_jobs(world.app)
        await deliver_twice(world.app, world.paid(booking))
        await run_jobs(world.app)
        assert await statuses(world, booking) == ("confirmed", {"confirmed": 3})
        assert await world.broken_invariants() == {}

    async def test_an_unpaid_purchase_is_given_up_as_a_whole(self, world: World) -> None:
        booking = await group(world)
        part = await world.post(f"/bookings/{booking['children'][1]['id']}/cancel/")
        assert (part.status_code, part.json()["code"]) == (409, "illegal_transition")
        assert (await world.post(f"/bookings/{booking['id']}/cancel/")).status_code == 200
        await run_jobs(world.app)
        assert await statuses(world, booking) == ("cancelled", {"cancelled": 3})
        assert [slot["available_spots"] for slot in await world.slots() if "T10:" in slot["start_time"]] == [SEATS]
        assert await world.broken_invariants() == {}

    async def test_a_refund_over_all_lines_is_kept_by_seat(self, world: World) -> None:
        booking = await group(world)
        await deliver_twice(world.app, world.paid(booking))
        children = [UUID(child["id"]) for child in booking["children"]]
        lines = tuple(
            RefundedLine(line_id=derived_id(child, "line"), amount=Money(amount, "USD"))
            for child, amount in zip(children, (3, 3, 4), strict=True)
        )
        refund = {"refund_id": new_id(), "card": Money(10, "USD"), "credits": Money(0, "USD"), "reason": ""}
        ids = {"order_id": derived_id(UUID(booking["id"]), "order"), "client_id": UUID(booking["client_id"])}
        await deliver_twice(world.app, OrderRefunded(**ids, **world.subject_of(booking), **refund, lines=lines))
        await world.post(f"/bookings/{booking['id']}/cancel/")
        assert [amount for _, amount in world.payments.refunded_lines[-1]] == [9_998, 9_998, 9_997]
        assert await world.broken_invariants() == {}

    async def test_lists_show_the_purchase_its_seats_and_what_comes(self, world: World) -> None:
        booking = await group(world)
        children = [child["id"] for child in booking["children"]]

        async def listed(path: str) -> list[str]:
            return [each["id"] for each in (await world.get(path)).json()["results"]]

        assert await listed("/bookings/") == [booking["id"]]
        assert sorted(await listed(f"/bookings/?parent_booking_id={booking['id']}")) == sorted(children)
        assert sorted(await listed("/bookings/upcoming/")) == sorted(children)
        stranger = headers_for(new_id())
        path = f"/bookings/?parent_booking_id={booking['id']}"
        assert (await world.get(path, stranger)).json()["total"] == 0
        one = (await world.get(f"/bookings/{children[1]}/")).json()
        assert (one["parent_booking_id"], one["kind"], one["children"]) == (booking["id"], "group", [])
        assert one["attendee"] == {"name": "Ben", "email": "ben@example.com"}

    async def test_the_parent_ends_with_its_last_seat(self, world: World) -> None:
        booking = await group(world)
        await deliver_twice(world.app, world.paid(booking))
        first, second, third = (child["id"] for child in booking["children"])
        moved = await world.post(f"/bookings/{booking['id']}/reschedule/", {"start_time": (TEN + HOUR).isoformat()})
        assert moved.json()["code"] == "move_children"
        later = {"start_time": (TEN + 3 * HOUR).isoformat()}
        assert (await world.post(f"/bookings/{third}/reschedule/", later)).status_code == 200
        assert (await world.get(f"/bookings/{booking['id']}/")).json()["end_time"] == "2026-12-03T14:00:00Z"
        world.clock.advance(timedelta(days=2, hours=4))
        await run_jobs(world.app)
        assert (await statuses(world, booking))[0] == "in_progress"
        whole = await world.post(f"/bookings/{booking['id']}/complete/", headers=world.practitioner)
        assert whole.json()["code"] == "illegal_transition"
        await world.post(f"/bookings/{first}/no-show/", headers=world.practitioner)
        await world.post(f"/bookings/{second}/complete/", headers=world.practitioner)
        world.clock.advance(timedelta(days=2))
        await run_jobs(world.app)
        assert await statuses(world, booking) == ("completed", {"completed": 2, "no_show": 1})
        assert await world.broken_invariants() == {}


class TestSeries:
    async def test_the_local_hour_stays_over_a_change_of_the_clock(self, world: World) -> None:
        await world.open_shop(BERLIN, series_max=10)
        booking = await world.book(repeat={"every_weeks": 4, "count": 6})
        starts = [child["start_time"] for child in booking["children"]]
        assert [start[5:16] for start in starts] == [
            "12-03T10:00",
            "12-31T10:00",
            "01-28T10:00",
            "02-25T10:00",
            "03-25T10:00",
            "04-22T09:00",
        ]
        assert (booking["kind"], booking["total"]) == ("series", usd(60_006))
        await deliver_twice(world.app, world.paid(booking))
        assert await statuses(world, booking) == ("confirmed", {"confirmed": 6})
        assert await world.broken_invariants() == {}

    async def test_what_is_taken_is_named_or_left_out(self, world: World) -> None:
        await world.open_shop(series_max=10)
        for number in (2, 3):
            await world.book(TEN + number * WEEK, headers_for(new_id()))
        repeat: dict[str, Any] = {"every_weeks": 1, "count": 4}
        refused = await world.try_book(repeat=repeat)
        assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
        assert [error["field"] for error in refused.json()["errors"]] == ["repeat.2", "repeat.3"]
        booking = await world.book(repeat=repeat | {"on_conflict": "skip"})
        assert [child["start_time"][5:10] for child in booking["children"]] == ["12-03", "12-10"]
        too_few = await world.try_book(TEN + WEEK, headers_for(new_id()), repeat=repeat | {"on_conflict": "skip"})
        assert too_few.json()["code"] == "slot_taken"
        assert await world.broken_invariants() == {}

    @pytest.mark.parametrize(
        ("more", "field", "code"),
        [
            ({"repeat": {"every_weeks": 1, "count": 4}}, "repeat.count", "not_repeatable"),
            ({"repeat": {"every_weeks": 5, "count": 2}}, "repeat.every_weeks", "less_than_equal"),
            ({"repeat": {"every_weeks": 1, "count": 1}}, "repeat.count", "greater_than_equal"),
            ({"repeat": {"every_weeks": 1, "count": 2}, "attendees": PEOPLE}, "attendees", "not_combinable"),
            ({"attendees": []}, "attendees", "too_short"),
            ({"attendees": PEOPLE * 4}, "attendees", "too_long"),
            ({"attendees": [{"email": "a@example.com"}]}, "attendees.0.name", "missing"),
            ({"attendees": [{"name": "A", "email": "nowhere"}]}, "attendees.0.email", "invalid_email"),
            ({"attendees": PEOPLE[:2], "use_membership": True}, "use_membership", "not_combinable"),
        ],
    )
    async def test_what_cannot_be_bought_is_refused(
        self, world: World, more: dict[str, Any], field: str, code: str
    ) -> None:
        await world.open_shop(series_max=3, max_participants=SEATS)
        answer = await world.try_book(**more)
        assert answer.status_code == 422
        assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]

    async def test_a_service_without_series_says_so(self, world: World) -> None:
        await world.open_shop()
        answer = await world.try_book(repeat={"every_weeks": 1, "count": 2})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "repeat")

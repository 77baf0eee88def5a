"""Seats of announced dates: booked, moved and cancelled with their session."""

import asyncio
from datetime import datetime, timedelta

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, run_jobs
from services.booking.tests import passes
from services.booking.tests.test_dates import (
    DAY,
    WEEK,
    WEEKLY,
    announce,
    cancel,
    listed,
    move,
    open_workshop,
    refused,
    try_announce,
)
from services.booking.tests.world import HOUR, TEN, World
from shared.events.booking import BookingCancelled, BookingRescheduled
from shared.events.catalog import ServiceUpdated
from shared.events.sessions import SessionCancelled, SessionMoved
from shared.records.ids import new_id
from shared.records.times import render_utc


class TestBook:
    async def test_a_seat_of_a_date_is_sold_until_the_notice_and_given_back_the_date_stays(self, world: World) -> None:
        await open_workshop(world, min_notice_minutes=120)
        [date, _] = await announce(world, TEN, TEN + WEEK)
        booking = await world.confirmed()
        assert (booking["session_id"], booking["end_time"]) == (date["id"], date["end_time"])
        assert [(slot["start_time"], slot["available_spots"]) for slot in await world.slots()] == [
            ("2026-12-03T10:00:00Z", 2)
        ]
        nowhere = await world.try_book(TEN + HOUR)
        assert refused(nowhere)[2] == [("start_time", "no_date")]
        assert (await world.post(f"/bookings/{booking['id']}/cancel/")).status_code == 200
        [shown, _] = await listed(world)
        assert (shown["status"], shown["available_spots"]) == ("scheduled", 3)
        world.clock.set(TEN - 2 * HOUR + timedelta(minutes=1))
        assert refused(await world.try_book())[2] == [("start_time", "too_soon")]
        assert await world.slots() == []

    async def test_its_time_is_taken_for_all_other_services_before_anyone_books(self, world: World) -> None:
        await open_workshop(world)
        await announce(world, TEN)
        other = world.snapshot(new_id())
        assert (await world.try_book(service_id=str(other.service_id))).status_code == 409
        slots = await world.slots(service_id=str(other.service_id))
        assert "2026-12-03T10:00:00Z" not in {slot["start_time"] for slot in slots}
        busy = await world.get(f"/practitioners/{world.practitioner_id}/busy/?from=2026-12-03", world.practitioner)
        assert [each["start_time"] for each in busy.json()["results"]] == ["2026-12-03T10:00:00Z"]

    async def test_rule_04_the_seats_of_a_date_are_sold_once_each(self, world: World) -> None:
        await open_workshop(world)
        await announce(world, TEN)
        answers = await asyncio.gather(*(world.try_book(headers=headers_for()) for _ in range(12)))
        assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 9

    async def test_a_client_moves_to_another_date_alone(self, world: World) -> None:
        await open_workshop(world)
        longer = {"start_time": render_utc(TEN + WEEK), "end_time": render_utc(TEN + WEEK + 3 * HOUR)}
        await announce(world, TEN)
        await try_announce(world, {"dates": [longer]})
        booking = await world.confirmed()
        path = f"/bookings/{booking['id']}/reschedule/"
        assert (await world.post(path, {"start_time": render_utc(TEN + HOUR)})).status_code == 422
        moved = (await world.post(path, {"start_time": render_utc(TEN + WEEK)})).json()
        assert (moved["start_time"], moved["end_time"]) == (longer["start_time"], longer["end_time"])
        assert [each["available_spots"] for each in await listed(world)] == [3, 2]


class TestMove:
    async def test_a_date_goes_anywhere_ahead_that_is_free_with_its_people(self, world: World) -> None:
        await open_workshop(world)
        [first, second] = await announce(world, TEN, TEN + DAY)
        bookings = [await world.confirmed(headers=headers_for()) for _ in range(2)]
        night = TEN + 3 * DAY + timedelta(hours=13, minutes=7)
        answer = await move(world, first["id"], night)
        assert answer.status_code == 200, answer.text
        seen = answer.json()
        assert (seen["start_time"], seen["position"], seen["available_spots"]) == (render_utc(night), 2, 1)
        moves = await world.events(BookingRescheduled)
        assert {str(event.booking.id) for event in moves} == {booking["id"] for booking in bookings}
        [event] = await world.events(SessionMoved)
        assert (event.session.start_time, event.previous_start_time) == (night, TEN)
        taken, past = await move(world, first["id"], TEN + DAY), await move(world, first["id"], TEN - 5 * DAY)
        assert (taken.status_code, refused(past)[2]) == (409, [("start_time", "too_soon")])
        assert (await cancel(world, second["id"])).status_code == 200
        assert (await move(world, second["id"], TEN + 9 * DAY)).json()["code"] == "illegal_transition"


class TestCancel:
    async def test_every_seat_is_refunded_in_full_by_the_job_and_the_time_is_free(self, world: World) -> None:
        await open_workshop(world, max_participants=4)
        [date] = await announce(world, TEN)
        clients = [headers_for() for _ in range(3)]
        paid = [await world.confirmed(headers=client) for client in clients[:2]]
        world.clock.set(TEN - HOUR)  # where a client would get nothing back
        held = await world.book(headers=clients[2])
        assert (await cancel(world, date["id"], reason="Ill")).json()["status"] == "cancelled"
        again = await cancel(world, date["id"])
        assert (again.status_code, again.json()["status"]) == (200, "cancelled")
        await run_jobs(world.app)
        for booking, client in zip([*paid, held], clients, strict=True):
            assert (await world.get(f"/bookings/{booking['id']}/", client)).json()["status"] == "cancelled"
        refunded = [order.refunded for order in world.payments.orders.values()]
        assert sorted(refunded) == [0, 10_001, 10_001]
        [event] = await world.events(SessionCancelled)
        cancelled = await world.events(BookingCancelled)
        assert {each.cancelled_session_id for each in cancelled if each.was_confirmed} == {event.session.id}
        assert {each.reason for each in cancelled} == {"Ill"}
        await announce(world, TEN)
        assert (await world.try_book(headers=headers_for())).status_code == 201

    async def test_seats_that_were_bought_as_one_go_together_paid_or_not(self, world: World) -> None:
        await open_workshop(world, max_participants=6)
        night = TEN + timedelta(hours=13, minutes=7)  # outside the practitioner's hours
        [date, _] = await announce(world, night, night + DAY)
        people = [{"name": "Ana"}, {"name": "Ben"}]
        paid = await world.confirmed(night, attendees=people)
        held = await world.book(night, attendees=people, headers=(other := headers_for()))
        assert [each["available_spots"] for each in await listed(world)] == [2, 6]
        assert (await cancel(world, date["id"])).status_code == 200
        await run_jobs(world.app)
        for booking, headers in ((paid, world.client), (held, other)):
            shown = (await world.get(f"/bookings/{booking['id']}/", headers)).json()
            assert {shown["status"], *(child["status"] for child in shown["children"])} == {"cancelled"}
        amounts = [amount for lines in world.payments.refunded_lines for _, amount in lines]
        assert amounts == [10_001, 10_001]

    async def test_a_seat_by_pass_is_a_session_of_the_pass_again(self, world: World) -> None:
        await open_workshop(world)
        [date] = await announce(world, TEN)
        sold = (await passes.try_buy(world, passes.package_of(world))).json()
        await deliver(world.app, passes.paid(world, sold))
        booking = await world.book(pass_id=sold["id"])
        assert (booking["status"], booking["session_id"]) == ("confirmed", date["id"])
        world.clock.set(TEN - HOUR)
        assert (await cancel(world, date["id"])).status_code == 200
        await run_jobs(world.app)
        found = await passes.shown(world, sold)
        assert (found["remaining"], {each["status"] for each in found["sessions"]}) == (3, {"open"})
        assert await world.status_of(booking) == "cancelled"

    async def test_a_group_session_too_and_nothing_after_the_start(self, world: World) -> None:
        await world.open_shop(max_participants=3)
        booking = await world.confirmed()
        answer = await cancel(world, booking["session_id"])
        assert (answer.status_code, answer.json()["status"], answer.json()["position"]) == (200, "cancelled", None)
        assert await world.status_of(booking) == "cancelled"
        later = await world.confirmed(TEN + DAY)
        world.clock.set(TEN + DAY)
        assert (await cancel(world, later["session_id"])).json()["code"] == "already_started"

    async def test_rule_05_a_late_payment_of_a_cancelled_date_goes_back(self, world: World) -> None:
        await open_workshop(world)
        [date] = await announce(world, TEN)
        booking = await world.book()
        world.clock.advance(timedelta(minutes=16))
        await run_jobs(world.app)
        paid = world.paid(booking)
        await asyncio.gather(deliver(world.app, paid), cancel(world, date["id"]))
        await run_jobs(world.app)
        assert await world.status_of(booking) in {"expired", "cancelled"}
        [order] = world.payments.orders.values()
        assert len(order.refunds) == 1

    async def test_rule_03_bookings_moves_and_cancellations_at_once_leave_a_whole_calendar(self, world: World) -> None:
        await open_workshop(world)
        dates = (await try_announce(world, {"series": WEEKLY})).json()["results"]
        starts = [datetime.fromisoformat(each["start_time"]) for each in dates]
        booked = await world.confirmed(starts[3])
        answers = await asyncio.gather(
            cancel(world, dates[2]["id"], following=True),
            *(world.try_book(start, headers=headers_for()) for start in starts[:4]),
            move(world, dates[3]["id"], starts[3] + DAY),
            world.post(f"/bookings/{booked['id']}/cancel/"),
            deliver(world.app, ServiceUpdated(service=world.snapshot(
                service_type="workshop", max_participants=3, buffer_after_minutes=15, version=2))),
        )  # fmt: skip
        assert {answer.status_code for answer in answers[:-1]} <= {200, 201, 409, 422}
        await run_jobs(world.app)
        assert await world.broken_invariants() == {}

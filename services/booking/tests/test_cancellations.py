"""Cancelling, its preview, and the room that closes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver_twice, run_jobs
from services.booking.bookings.domain import CancelPolicy
from services.booking.cancellations.domain import refund_due
from services.booking.rooms.models import RoomClosure
from services.booking.tests.doubles import usd
from services.booking.tests.world import HOUR, TEN, World
from shared.events.booking import BookingCancelled
from shared.records.ids import new_id
from shared.records.money import Money

SECOND = timedelta(seconds=1)
POLICY = CancelPolicy(full_until=24 * HOUR, part_until=2 * HOUR, part_percent=50)


class TestPolicy:
    @pytest.mark.parametrize(
        ("ahead", "percent"),
        [(24 * HOUR, 100), (24 * HOUR - SECOND, 50), (2 * HOUR, 50), (2 * HOUR - SECOND, 0), (SECOND, 0)],
    )
    def test_a_client_gets_less_the_later_and_a_limit_counts_as_earlier(self, ahead: timedelta, percent: int) -> None:
        assert POLICY.percent(by_client=True, start=TEN, now=TEN - ahead) == percent
        assert POLICY.percent(by_client=False, start=TEN, now=TEN - ahead) == 100

    @pytest.mark.parametrize(
        ("total", "refunded", "percent", "due"),
        [(10_001, 0, 50, 5_001), (10_001, 0, 100, 10_001), (10_001, 9_000, 50, 1_001), (1, 0, 50, 1), (7, 7, 100, 0)],
    )
    def test_an_odd_unit_goes_to_the_client_and_nothing_goes_back_twice(
        self, total: int, refunded: int, percent: int, due: int
    ) -> None:
        assert refund_due(Money(total, "USD"), Money(refunded, "USD"), percent) == Money(due, "USD")


class TestCancel:
    async def test_anonymous_is_401_and_a_stranger_404(self, world: World) -> None:
        booking = await world.paid_in_parts()
        for path in ("cancel/preview/", "cancel/"):
            url = f"/api/v1/bookings/{booking['id']}/{path}"
            send = world.http.get if "preview" in path else world.http.post
            assert (await send(url)).status_code == 401
            assert (await send(url, headers=headers_for())).status_code == 404

    @pytest.mark.parametrize(
        ("ahead", "card", "credits"),
        [(24 * HOUR, 6_001, 4_000), (24 * HOUR - SECOND, 3_001, 2_000), (2 * HOUR, 3_001, 2_000), (HOUR, 0, 0)],
    )
    async def test_the_preview_is_the_result(self, world: World, ahead: timedelta, card: int, credits: int) -> None:
        booking = await world.paid_in_parts()
        world.clock.set(TEN - ahead)
        expected = {"refund": {"card": usd(card), "credits": usd(credits)}}
        assert (await world.get(f"/bookings/{booking['id']}/cancel/preview/")).json() == expected
        answer = await world.post(f"/bookings/{booking['id']}/cancel/", {"reason": "Ill"})
        assert (answer.status_code, answer.json()) == (200, {"status": "cancelled", **expected})
        [event] = await world.events(BookingCancelled)
        assert event.cancelled_by == "client"
        assert event.kept.amount == 10_001 - card - credits
        assert (event.refund_due.amount, event.reason) == (card + credits, "Ill")
        assert event.cancelled_at == TEN - ahead
        assert await world.status_of(booking) == "cancelled"
        await world.try_book(headers=headers_for())

    async def test_the_practitioner_gives_everything_back(self, world: World) -> None:
        booking = await world.paid_in_parts()
        world.clock.set(TEN - HOUR)
        answer = await world.post(f"/bookings/{booking['id']}/cancel/", headers=world.practitioner)
        assert answer.json()["refund"] == {"card": usd(6_001), "credits": usd(4_000)}
        assert [event.cancelled_by for event in await world.events(BookingCancelled)] == ["practitioner"]

    async def test_staff_cancel_with_confirmation(self, world: World) -> None:
        booking = await world.paid_in_parts()
        hasty = {name: value for name, value in world.staff.items() if name != "X-Confirm-Action"}
        assert (await world.post(f"/bookings/{booking['id']}/cancel/", headers=hasty)).status_code == 428
        answer = await world.post(f"/bookings/{booking['id']}/cancel/", headers=world.staff)
        assert answer.status_code == 200
        assert [event.cancelled_by for event in await world.events(BookingCancelled)] == ["staff"]
        assert await world.audited() == [
            ("booking.cancel", booking["id"], {"status": "confirmed"}, {"status": "cancelled"})
        ]

    @pytest.mark.parametrize("seller", [False, True], ids=["as client", "as practitioner"])
    async def test_staff_cancel_a_booking_of_their_own_without_confirmation(self, world: World, seller: bool) -> None:
        booking = await world.paid_in_parts()
        path = f"/bookings/{booking['id']}/cancel/"
        own = headers_for(world.practitioner_user_id if seller else world.client_id, ("user", "staff"))
        assert (await world.post(path, headers=headers_for(roles=("user", "staff")))).status_code == 428
        assert (await world.post(f"/bookings/{new_id()}/cancel/", headers=own)).status_code == 428
        assert (await world.post(path, headers=own)).status_code == 200
        [event] = await world.events(BookingCancelled)
        assert event.cancelled_by == ("practitioner" if seller else "client")

    async def test_after_the_start_and_a_second_time_is_409(self, world: World) -> None:
        booking = await world.paid_in_parts()
        world.clock.set(TEN)
        for path in ("cancel/preview/", "cancel/"):
            send = world.get if "preview" in path else world.post
            answer = await send(f"/bookings/{booking['id']}/{path}")
            assert (answer.status_code, answer.json()["code"]) == (409, "already_started")
        world.clock.moment = TEN - HOUR
        assert (await world.post(f"/bookings/{booking['id']}/cancel/")).status_code == 200
        assert (await world.post(f"/bookings/{booking['id']}/cancel/")).json()["code"] == "illegal_transition"

    async def test_the_same_key_gives_the_same_answer(self, world: World) -> None:
        booking = await world.paid_in_parts()
        headers = world.client | {"Idempotency-Key": "c"}
        answers = [await world.post(f"/bookings/{booking['id']}/cancel/", headers=headers) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()

    async def test_a_pending_booking_is_given_up_and_its_order_closed(self, world: World) -> None:
        await world.open_shop()
        booking = await world.book()
        answer = await world.post(f"/bookings/{booking['id']}/cancel/")
        assert answer.json() == {"status": "cancelled", "refund": {"card": usd(0), "credits": usd(0)}}
        await run_jobs(world.app)
        assert world.payments.orders[booking["payment"]["order_id"]].status == "cancelled"
        assert "10:00" in await world.starts()
        assert [event.was_confirmed for event in await world.events(BookingCancelled)] == [False]

    async def test_a_pending_booking_that_was_paid_meanwhile_is_refunded(self, world: World) -> None:
        await world.open_shop()
        booking = await world.book()
        event = world.paid(booking)
        await world.post(f"/bookings/{booking['id']}/cancel/")
        await deliver_twice(world.app, event)
        await run_jobs(world.app)
        assert await world.status_of(booking) == "cancelled"
        assert world.payments.orders[booking["payment"]["order_id"]].refunded == 10_001
        assert len(await world.events(BookingCancelled)) == 1

    async def test_an_unknown_outcome_is_finished_by_a_repeat(self, world: World) -> None:
        booking = await world.paid_in_parts()
        headers = world.client | {"Idempotency-Key": "c"}
        world.payments.lossy = True
        assert (await world.post(f"/bookings/{booking['id']}/cancel/", headers=headers)).status_code == 503
        [event] = await world.events(BookingCancelled)
        assert (event.refund_due.amount, event.kept.amount, event.was_confirmed) == (10_001, 0, True)
        assert await world.status_of(booking) == "cancelled"
        world.payments.lossy = False
        answer = await world.post(f"/bookings/{booking['id']}/cancel/", headers=headers)
        assert answer.json()["refund"] == {"card": usd(6_001), "credits": usd(4_000)}
        await run_jobs(world.app)
        assert len(await world.events(BookingCancelled)) == 1

    async def test_an_unknown_outcome_is_finished_by_the_job(self, world: World) -> None:
        booking = await world.paid_in_parts()
        world.payments.silent = True
        headers = world.client | {"Idempotency-Key": "c"}
        assert (await world.post(f"/bookings/{booking['id']}/cancel/", headers=headers)).status_code == 503
        assert len(await world.events(BookingCancelled)) == 1
        world.payments.silent = False
        async with world.runtime.db.transaction() as session:
            raw = await session.connection()
            await raw.exec_driver_sql("update booking.cancellations set next_try_at = now()")
        await run_jobs(world.app)
        assert len(await world.events(BookingCancelled)) == 1
        assert world.payments.orders[booking["payment"]["order_id"]].refunded == 10_001
        again = await world.post(f"/bookings/{booking['id']}/cancel/", headers=headers)
        assert again.json()["refund"] == {"card": usd(6_001), "credits": usd(4_000)}

    async def test_an_earlier_refund_by_staff_counts(self, world: World) -> None:
        booking = await world.paid_in_parts()
        body = {"amount": usd(8_000), "reason": "goodwill"}
        await world.post(f"/admin/bookings/{booking['id']}/refund/", body, headers=world.staff)
        await world.post(f"/bookings/{booking['id']}/cancel/")
        [event] = await world.events(BookingCancelled)
        assert event.refund_due.amount == 2_001
        assert event.kept.amount == 0


class TestRooms:
    async def closures(self, world: World) -> list[tuple[str, str | None]]:
        async with world.runtime.db.read() as session:
            rows = (await session.execute(select(RoomClosure).order_by(RoomClosure.created_at))).scalars()
            return [(row.room, row.participant) for row in rows]

    async def test_a_cancellation_closes_the_room(self, world: World) -> None:
        booking = await world.paid_in_parts()
        await world.post(f"/bookings/{booking['id']}/cancel/")
        await run_jobs(world.app)
        assert await self.closures(world) == [(f"booking-{booking['id']}", None)]

    async def test_in_person_there_is_none(self, world: World) -> None:
        booking = await world.paid_in_parts(delivery="in_person")
        await world.post(f"/bookings/{booking['id']}/cancel/")
        assert await self.closures(world) == []

    async def test_of_a_group_that_goes_on_only_the_client_leaves(self, world: World) -> None:
        booking = await world.paid_in_parts(max_participants=3)
        other = await world.book(headers=headers_for())
        await world.post(f"/bookings/{booking['id']}/cancel/")
        [(room, participant)] = await self.closures(world)
        assert room.startswith("session-")
        assert participant == str(world.client_id)
        assert await world.get(f"/bookings/{other['id']}/")

    async def test_a_client_with_another_seat_stays(self, world: World) -> None:
        booking = await world.paid_in_parts(max_participants=3)
        await world.book()
        await world.post(f"/bookings/{booking['id']}/cancel/")
        assert await self.closures(world) == []

"""Cancelling, previews and refunds by staff."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver_twice, run_jobs
from services.booking.bookings.domain import CancelPolicy
from services.booking.cancellations.domain import refund_due
from services.booking.cancellations.refunds import note_refund
from services.booking.peers import RefundSplit
from services.booking.rooms.models import RoomClosure
from services.booking.tests.world import HOUR, TEN, World, usd
from shared.events.booking import BookingCancelled
from shared.events.payments import OrderRefunded, OrderRefundFailed
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


async def confirmed(world: World, **more: Any) -> dict[str, Any]:
    await world.open_shop(**more)
    world.payments.balance = 4_000
    booking = await world.book(credits=usd(4_000))
    await deliver_twice(world.app, world.paid(booking))
    return booking


async def audited(world: World) -> list[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """What staff did, in order."""
    async with world.runtime.db.read() as session:
        table = session.system_tables.audit
        rows = (await session.execute(select(table).order_by(table.c.created_at, table.c.id))).all()
    assert {row.actor_id for row in rows} == {world.staff_id}
    return [(row.action, str(row.subject_id), row.before, row.after) for row in rows]


class TestCancel:
    async def test_anonymous_is_401_and_a_stranger_404(self, world: World) -> None:
        booking = await confirmed(world)
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
        booking = await confirmed(world)
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
        booking = await confirmed(world)
        world.clock.set(TEN - HOUR)
        answer = await world.post(f"/bookings/{booking['id']}/cancel/", headers=world.practitioner)
        assert answer.json()["refund"] == {"card": usd(6_001), "credits": usd(4_000)}
        assert [event.cancelled_by for event in await world.events(BookingCancelled)] == ["practitioner"]

    async def test_staff_cancel_with_confirmation(self, world: World) -> None:
        booking = await confirmed(world)
        hasty = {name: value for name, value in world.staff.items() if name != "X-Confirm-Action"}
        assert (await world.post(f"/bookings/{booking['id']}/cancel/", headers=hasty)).status_code == 428
        answer = await world.post(f"/bookings/{booking['id']}/cancel/", headers=world.staff)
        assert answer.status_code == 200
        assert [event.cancelled_by for event in await world.events(BookingCancelled)] == ["staff"]
        assert await audited(world) == [
            ("booking.cancel", booking["id"], {"status": "confirmed"}, {"status": "cancelled", "reason": None})
        ]

    async def test_after_the_start_and_a_second_time_is_409(self, world: World) -> None:
        booking = await confirmed(world)
        world.clock.set(TEN)
        for path in ("cancel/preview/", "cancel/"):
            send = world.get if "preview" in path else world.post
            answer = await send(f"/bookings/{booking['id']}/{path}")
            assert (answer.status_code, answer.json()["code"]) == (409, "already_started")
        world.clock.moment = TEN - HOUR
        assert (await world.post(f"/bookings/{booking['id']}/cancel/")).status_code == 200
        assert (await world.post(f"/bookings/{booking['id']}/cancel/")).json()["code"] == "illegal_transition"

    async def test_the_same_key_gives_the_same_answer(self, world: World) -> None:
        booking = await confirmed(world)
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
        booking = await confirmed(world)
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
        booking = await confirmed(world)
        world.payments.silent = True
        headers = world.client | {"Idempotency-Key": "c"}
        assert (await world.post(f"/bookings/{booking['id']}/cancel/", headers=headers)).status_code == 503
        assert len(await world.events(BookingCancelled)) == 1
        world.payments.silent = False
        async with world.runtime.db.transaction() as session:
            raw = await session.connection()
            await raw.exec_driver_sql("update booking.cancellations set attempt_at = now()")
        await run_jobs(world.app)
        assert len(await world.events(BookingCancelled)) == 1
        assert world.payments.orders[booking["payment"]["order_id"]].refunded == 10_001
        again = await world.post(f"/bookings/{booking['id']}/cancel/", headers=headers)
        assert again.json()["refund"] == {"card": usd(6_001), "credits": usd(4_000)}

    async def test_an_earlier_refund_by_staff_counts(self, world: World) -> None:
        booking = await confirmed(world)
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
        booking = await confirmed(world)
        await world.post(f"/bookings/{booking['id']}/cancel/")
        await run_jobs(world.app)
        assert await self.closures(world) == [(f"booking-{booking['id']}", None)]

    async def test_in_person_there_is_none(self, world: World) -> None:
        booking = await confirmed(world, delivery="in_person")
        await world.post(f"/bookings/{booking['id']}/cancel/")
        assert await self.closures(world) == []

    async def test_of_a_group_that_goes_on_only_the_client_leaves(self, world: World) -> None:
        booking = await confirmed(world, max_participants=3)
        other = await world.book(headers=headers_for())
        await world.post(f"/bookings/{booking['id']}/cancel/")
        [(room, participant)] = await self.closures(world)
        assert room.startswith("session-")
        assert participant == str(world.client_id)
        assert await world.get(f"/bookings/{other['id']}/")

    async def test_a_client_with_another_seat_stays(self, world: World) -> None:
        booking = await confirmed(world, max_participants=3)
        await world.book()
        await world.post(f"/bookings/{booking['id']}/cancel/")
        assert await self.closures(world) == []


def _refunded(world: World, booking: dict[str, Any], refund_id: UUID, card: int, credits: int) -> OrderRefunded:
    return OrderRefunded(
        order_id=new_id(),
        booking_id=UUID(str(booking["id"])),
        refund_id=refund_id,
        client_id=world.client_id,
        card=Money(card, "USD"),
        credits=Money(credits, "USD"),
        reason="late",
    )


class TestRefundByStaff:
    async def test_anonymous_401_others_403_unconfirmed_428_unknown_404(self, world: World) -> None:
        booking = await confirmed(world)
        path = f"/api/v1/admin/bookings/{booking['id']}/refund/"
        body = {"reason": "goodwill"}
        assert (await world.http.post(path, json=body)).status_code == 401
        headers = world.client | {"X-Confirm-Action": "true"}
        assert (await world.http.post(path, json=body, headers={"X-Confirm-Action": "true"})).status_code == 401
        assert (await world.http.post(path, json=body, headers=headers)).status_code == 403
        for missing, code in (
            ("X-Confirm-Action", "confirmation_required"),
            ("Idempotency-Key", "idempotency_key_required"),
        ):
            hasty = {name: value for name, value in world.staff.items() if name.title() != missing.title()}
            answer = await world.http.post(path, json=body, headers=hasty)
            assert (answer.status_code, answer.json()["code"]) == (428, code)
        assert world.payments.orders[booking["payment"]["order_id"]].refunded == 0
        absent = f"/api/v1/admin/bookings/{new_id()}/refund/"
        assert (await world.http.post(absent, json=body, headers=world.staff)).status_code == 404

    async def test_staff_do_not_refund_a_booking_they_have_a_part_in(self, world: World) -> None:
        booking = await confirmed(world)
        path = f"/api/v1/admin/bookings/{booking['id']}/refund/"
        for person in (world.client_id, world.practitioner_user_id):
            own = headers_for(person, ("user", "staff"), X_Confirm_Action="true", Idempotency_Key=new_id().hex)
            answer = await world.http.post(path, json={"reason": "goodwill"}, headers=own)
            assert (answer.status_code, answer.json()["code"]) == (403, "conflict_of_interest")
        assert world.payments.orders[booking["payment"]["order_id"]].refunded == 0

    async def test_gives_back_a_part_then_the_rest_then_nothing(self, world: World) -> None:
        booking = await confirmed(world)
        path = f"/admin/bookings/{booking['id']}/refund/"
        part = await world.post(path, {"amount": usd(1_000), "reason": "late"}, headers=world.staff)
        assert part.json() == {"refund": {"card": usd(600), "credits": usd(400)}}
        rest = await world.post(path, {"reason": "late"}, headers=world.staff)
        assert sum(part["amount"] for part in rest.json()["refund"].values()) == 9_001
        again = await world.post(path, {"reason": "late"}, headers=world.staff)
        assert (again.status_code, again.json()["code"]) == (409, "nothing_to_refund")
        assert await world.status_of(booking) == "confirmed"
        assert await audited(world) == [
            ("booking.refund", booking["id"], {"refunded": 0}, {"refunded": 1_000, "reason": "late"}),
            ("booking.refund", booking["id"], {"refunded": 1_000}, {"refunded": 10_001, "reason": "late"}),
            ("booking.refund", booking["id"], {"refunded": 10_001}, {"refused": "nothing_to_refund", "reason": "late"}),
        ]

    @pytest.mark.parametrize("repeated", [True, False])
    async def test_a_lost_answer_leaves_an_open_audit_row_that_is_completed_once(
        self, world: World, repeated: bool
    ) -> None:
        booking = await confirmed(world)
        path, headers = f"/admin/bookings/{booking['id']}/refund/", world.staff
        world.payments.lossy = True
        assert (await world.post(path, {"reason": "late"}, headers=headers)).status_code == 503
        open_row = ("booking.refund", booking["id"], {"refunded": 0}, {"outcome": "unknown", "reason": "late"})
        assert await audited(world) == [open_row]
        world.payments.lossy = False
        order = world.payments.orders[booking["payment"]["order_id"]]
        if repeated:
            assert (await world.post(path, {"reason": "late"}, headers=headers)).status_code == 200
        await deliver_twice(
            world.app, _refunded(world, booking, UUID(next(iter(order.refunds))), card=6_001, credits=4_000)
        )
        assert order.refunded == 10_001
        done = ("booking.refund", booking["id"], {"refunded": 0}, {"refunded": 10_001, "reason": "late"})
        assert await audited(world) == [done]

    async def test_a_complete_audit_row_is_never_changed(self, world: World) -> None:
        booking = await confirmed(world)
        await world.post(f"/admin/bookings/{booking['id']}/refund/", {"reason": "late"}, headers=world.staff)
        with pytest.raises(DBAPIError, match="completed once"):
            async with world.runtime.db.transaction() as session:
                await session.execute(update(session.system_tables.audit).values(after={"refunded": 0}))

    async def test_other_currencies_and_nothing_are_422(self, world: World) -> None:
        path = f"/admin/bookings/{(await confirmed(world))['id']}/refund/"
        other = await world.post(path, {"amount": {"amount": 5, "currency": "EUR"}, "reason": "x"}, headers=world.staff)
        assert other.json()["errors"][0]["field"] == "amount.currency"
        nothing = await world.post(path, {"amount": usd(0), "reason": "x"}, headers=world.staff)
        assert nothing.json()["errors"][0]["field"] == "amount.amount"


async def test_refunds_that_payments_tells_of_count_once(world: World) -> None:
    booking = await confirmed(world)
    await deliver_twice(world.app, _refunded(world, booking, new_id(), card=3_000, credits=2_000))
    preview = (await world.get(f"/bookings/{booking['id']}/cancel/preview/")).json()["refund"]
    assert preview["card"]["amount"] + preview["credits"]["amount"] == 5_001


async def test_what_came_back_from_the_bank_is_asked_for_again_and_settled_once(world: World) -> None:
    booking, refund_id = await confirmed(world), new_id()
    made = _refunded(world, booking, refund_id, card=3_000, credits=2_000)
    await deliver_twice(world.app, made)
    about = made.model_dump(include={"order_id", "booking_id", "refund_id", "client_id", "card"})
    await deliver_twice(world.app, OrderRefundFailed(**about))
    preview = (await world.get(f"/bookings/{booking['id']}/cancel/preview/")).json()["refund"]
    assert preview["card"]["amount"] + preview["credits"]["amount"] == 8_001
    await deliver_twice(world.app, _refunded(world, booking, new_id(), card=6_001, credits=2_000))
    nothing = (await world.get(f"/bookings/{booking['id']}/cancel/preview/")).json()["refund"]
    assert nothing == {"card": usd(0), "credits": usd(0)}


async def test_a_refund_that_failed_before_booking_knew_of_it_does_not_count(world: World) -> None:
    booking, refund_id = await confirmed(world), new_id()
    made = _refunded(world, booking, refund_id, card=3_000, credits=2_000)
    about = made.model_dump(include={"order_id", "booking_id", "refund_id", "client_id", "card"})
    await deliver_twice(world.app, OrderRefundFailed(**about))
    # Payments' answer to the request comes last, and says what was asked for.
    async with world.runtime.db.transaction() as session:
        split = RefundSplit(card=Money(3_000, "USD"), credits=Money(0, "USD"))
        await note_refund(session, refund_id, UUID(str(booking["id"])), split)
    preview = (await world.get(f"/bookings/{booking['id']}/cancel/preview/")).json()["refund"]
    assert preview["card"]["amount"] + preview["credits"]["amount"] == 10_001

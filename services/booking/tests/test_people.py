"""What is left of bookings when a person is gone, or a practitioner loses the approval."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, deliver_again, erase, run_jobs
from devtools.testing.events import verification
from services.booking.bookings.models import Booking
from services.booking.cancellations.models import Cancellation
from services.booking.tests.doubles import usd
from services.booking.tests.world import HOUR, TEN, World
from shared.events.base import Event
from shared.events.booking import BookingCancelled
from shared.events.catalog import PractitionerVerificationChanged
from shared.events.identity import UserDeactivated, UserRegistered
from shared.records.ids import new_id


def gone(user_id: UUID) -> UserDeactivated:
    return UserDeactivated(user_id=user_id)


def verified(world: World, status: str, version: int) -> PractitionerVerificationChanged:
    return verification(world.practitioner_id, world.practitioner_user_id, status, version)


async def leaves(world: World, user_id: UUID) -> None:
    await erase(world.app, user_id)
    await run_jobs(world.app)


async def happens(world: World, event: Event) -> None:
    await deliver_again(world.app, event)
    await run_jobs(world.app)


async def a_hold_and_a_booking(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    await world.open_shop()
    world.payments.balance = 4_000
    booked = await world.book(credits=usd(4_000))
    await deliver(world.app, world.paid(booked))
    return await world.book(TEN + 2 * HOUR), booked


def refunded(world: World, booking: dict[str, Any]) -> int:
    return world.payments.orders[booking["order_id"]].refunded


class TestPractitionerGone:
    async def test_no_slots_and_nothing_is_sold_whatever_catalog_says(self, world: World) -> None:
        await world.open_shop()
        assert await world.starts()
        await happens(world, gone(world.practitioner_user_id))
        path = f"/practitioners/{world.practitioner_id}/availability/?service_id={world.service_id}"
        assert (await world.get(path)).status_code == 404
        assert (await world.try_book()).status_code == 404

    async def test_holds_are_closed_with_their_orders_and_bookings_cancelled_in_full(self, world: World) -> None:
        world.clock.set(TEN - timedelta(minutes=5))
        held, booked = await a_hold_and_a_booking(world)
        await happens(world, gone(world.practitioner_user_id))
        assert [await world.status_of(one) for one in (held, booked)] == ["cancelled", "cancelled"]
        assert held["order_id"] in world.payments.closed
        assert refunded(world, booked) == 10_001
        published = await world.events(BookingCancelled)
        assert {(event.booking.id, event.cancelled_by) for event in published} == {
            (UUID(one["id"]), "practitioner") for one in (held, booked)
        }
        assert len(published) == 2

    async def test_a_refund_that_payments_does_not_answer_is_made_later(self, world: World) -> None:
        _, booked = await a_hold_and_a_booking(world)
        world.payments.lossy = True
        await happens(world, gone(world.practitioner_user_id))
        assert await world.status_of(booked) == "cancelled"
        assert refunded(world, booked) == 10_001

    async def test_what_has_begun_goes_on(self, world: World) -> None:
        _, booked = await a_hold_and_a_booking(world)
        world.clock.set(TEN + timedelta(minutes=1))
        await happens(world, gone(world.practitioner_user_id))
        assert await world.status_of(booked) == "in_progress"

    async def test_a_hold_that_was_taken_while_the_news_came_is_found_as_well(self, world: World) -> None:
        await world.open_shop()
        held = await world.book()
        await deliver(world.app, gone(world.practitioner_user_id))
        await deliver(world.app, world.paid(held))
        await run_jobs(world.app)
        assert await world.status_of(held) == "cancelled"
        assert refunded(world, held) == 10_001


class TestApprovalLost:
    @pytest.mark.parametrize("status", ["needs_changes", "rejected"])
    async def test_nothing_is_sold_holds_are_closed_and_bookings_stay(self, world: World, status: str) -> None:
        held, booked = await a_hold_and_a_booking(world)
        await happens(world, verified(world, status, 3))
        assert [await world.status_of(one) for one in (held, booked)] == ["cancelled", "confirmed"]
        assert held["order_id"] in world.payments.closed
        assert (await world.try_book(TEN + 3 * HOUR)).status_code == 404

    async def test_who_is_approved_again_sells_again_and_an_older_word_changes_nothing(self, world: World) -> None:
        await world.open_shop()
        await deliver(world.app, verified(world, "needs_changes", 3))
        await deliver(world.app, verified(world, "approved", 5))
        await deliver(world.app, verified(world, "pending", 4))
        assert (await world.try_book()).status_code == 201

    async def test_what_was_paid_too_late_goes_back(self, world: World) -> None:
        held, _ = await a_hold_and_a_booking(world)
        world.clock.advance(timedelta(hours=1))
        await run_jobs(world.app)
        await deliver(world.app, verified(world, "rejected", 3))
        await deliver(world.app, world.paid(held))
        await run_jobs(world.app)
        assert await world.status_of(held) == "expired"
        assert refunded(world, held) == 10_001


class TestClientGone:
    async def test_holds_are_closed_and_bookings_cancelled_as_the_policy_says(self, world: World) -> None:
        world.clock.set(TEN - timedelta(hours=3))
        held, booked = await a_hold_and_a_booking(world)
        other = await world.book(TEN + 3 * HOUR, someone := headers_for())
        await happens(world, gone(world.client_id))
        assert refunded(world, booked) == 5_001
        published = await world.events(BookingCancelled)
        assert {(event.booking.id, event.cancelled_by) for event in published} == {
            (UUID(one["id"]), "client") for one in (held, booked)
        }
        assert held["order_id"] in world.payments.closed
        shown = await world.get(f"/bookings/{other['id']}/", someone)
        assert shown.json()["status"] == "pending_payment"

    async def test_the_notes_of_an_erased_client_go(self, world: World) -> None:
        await world.open_shop()
        await world.book(notes="Call me Zoe")
        await leaves(world, world.client_id)
        async with world.runtime.db.read() as session:
            assert (await session.scalars(select(Booking.notes))).all() == [None]

    async def test_why_an_erased_client_cancelled_goes(self, world: World) -> None:
        _, booked = await a_hold_and_a_booking(world)
        await world.post(f"/bookings/{booked['id']}/cancel/", {"reason": "Zoe is ill"})
        await leaves(world, world.client_id)
        async with world.runtime.db.read() as session:
            reasons = (await session.scalars(select(Cancellation.reason))).all()
        assert set(reasons) == {None, "The client's account was closed."}

    @pytest.mark.parametrize("who", ["client", "practitioner"])
    async def test_what_staff_and_the_other_side_wrote_about_an_erased_person_goes(
        self, world: World, who: str
    ) -> None:
        held, booked = await a_hold_and_a_booking(world)
        refund = {"amount": usd(1_000), "reason": "Zoe called"}
        await world.post(f"/admin/bookings/{booked['id']}/refund/", refund, headers=world.staff)
        await world.post(f"/bookings/{booked['id']}/cancel/", {"reason": "Zoe was rude"}, world.practitioner)
        await world.post(f"/bookings/{held['id']}/cancel/", {"reason": "Zoe wrote"}, world.staff)
        await leaves(world, world.client_id if who == "client" else world.practitioner_user_id)
        async with world.runtime.db.read() as session:
            assert set((await session.scalars(select(Cancellation.reason))).all()) == {None}
            table = session.system_tables.audit
            rows = (await session.execute(select(table).order_by(table.c.created_at))).all()
        assert [(row.action, row.before, row.after, row.reason) for row in rows[:-1]] == [
            (action, {}, {}, None) for action in ("booking.refund", "booking.refund.outcome", "booking.cancel")
        ]
        assert {row.actor_id for row in rows[:-1]} == {world.staff_id}
        assert (rows[-1].action, rows[-1].after["entries"]) == ("audit.erase", sorted(str(row.id) for row in rows[:-1]))

    async def test_what_staff_wrote_goes_with_them_and_with_nobody_else(self, world: World) -> None:
        held, _ = await a_hold_and_a_booking(world)
        await world.post(f"/bookings/{held['id']}/cancel/", {"reason": "Zoe wrote"}, world.staff)
        for person, reasons in ((new_id(), ["Zoe wrote"]), (world.staff_id, [None])):
            await leaves(world, person)
            async with world.runtime.db.read() as session:
                table = session.system_tables.audit
                found = (await session.scalars(select(table.c.reason).where(table.c.action == "booking.cancel"))).all()
            assert found == reasons

    async def test_what_others_were_answered_about_an_erased_client_goes(self, world: World) -> None:
        named = {"email": "ana@example.com", "first_name": "Ana", "last_name": "Kova", "timezone": "UTC"}
        await deliver(world.app, UserRegistered(user_id=world.client_id, **named))
        _, booked = await a_hold_and_a_booking(world)
        world.clock.set(TEN + HOUR)
        headers = world.practitioner | {"Idempotency-Key": "done"}
        done = await world.post(f"/bookings/{booked['id']}/complete/", headers=headers)
        assert done.json()["client"]["name"] == "Ana K."
        await leaves(world, world.client_id)
        again = await world.post(f"/bookings/{booked['id']}/complete/", headers=headers)
        assert (again.status_code, again.json()["client"]["name"]) == (200, None)

    async def test_payments_is_sent_no_words_of_theirs(self, world: World) -> None:
        _, booked = await a_hold_and_a_booking(world)
        refund = {"amount": usd(1_000), "reason": "Zoe called"}
        await world.post(f"/admin/bookings/{booked['id']}/refund/", refund, headers=world.staff)
        await world.post(f"/bookings/{booked['id']}/cancel/", {"reason": "Zoe is ill"})
        assert world.payments.reasons == ["staff", "cancelled"]


async def test_a_stranger_who_is_gone_leaves_all_as_it_is(world: World) -> None:
    held, booked = await a_hold_and_a_booking(world)
    await happens(world, gone(new_id()))
    assert [await world.status_of(one) for one in (held, booked)] == ["pending_payment", "confirmed"]

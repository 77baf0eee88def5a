"""A hold's deadline: when it expires, and payments that come after it."""

from datetime import timedelta
from typing import Any

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, deliver_twice, envelope_of, run_jobs
from services.booking.tests.doubles import usd
from services.booking.tests.world import TEN, World
from shared.events.booking import BookingConfirmed, BookingExpired

MINUTE = timedelta(minutes=1)


async def expired_with_credits(world: World) -> dict[str, Any]:
    """A hold that was to be paid with credits too, after its deadline."""
    world.payments.balance = 1_000
    await world.open_shop()
    booking = await world.book(credits="max")
    world.clock.advance(15 * MINUTE)
    await run_jobs(world.app)
    return booking


class TestDeadline:
    async def test_a_hold_ends_at_the_latest_at_the_start(self, world: World) -> None:
        await world.open_shop()
        world.clock.set(TEN - 5 * MINUTE)
        booking = await world.book()
        assert booking["payment"]["expires_at"] == booking["start_time"]

    async def test_rule_05_a_hold_expires_and_its_order_is_closed(self, world: World) -> None:
        await world.open_shop()
        booking = await world.book()
        world.clock.advance(15 * MINUTE)
        assert "10:00" in await world.starts()
        await run_jobs(world.app)
        assert await world.status_of(booking) == "expired"
        assert world.payments.orders[booking["payment"]["order_id"]].status == "cancelled"
        assert [event.refunded for event in await world.events(BookingExpired)] == [False]

    async def test_rule_05_one_second_before_it_is_held(self, world: World) -> None:
        await world.open_shop()
        booking = await world.book()
        world.clock.advance(15 * MINUTE - timedelta(seconds=1))
        await run_jobs(world.app)
        assert await world.status_of(booking) == "pending_payment"
        assert (await world.try_book(headers=headers_for())).status_code == 409

    async def test_rule_05_from_the_deadline_on_the_slot_is_bookable_without_any_job(self, world: World) -> None:
        await world.open_shop()
        booking = await world.book()
        world.clock.advance(15 * MINUTE)
        await world.book(headers=headers_for())
        assert await world.status_of(booking) == "expired"

    async def test_rule_05_late_payment_takes_the_slot_and_the_credits_again(self, world: World) -> None:
        booking = await expired_with_credits(world)
        assert world.payments.balance == 1_000
        event = envelope_of(world.paid(booking), world.clock.now())
        for _ in range(2):
            await deliver(world.app, event)
            await run_jobs(world.app)
        seen = (await world.get(f"/bookings/{booking['id']}/")).json()
        assert (seen["status"], seen["credits_applied"], world.payments.balance) == ("confirmed", usd(1_000), 0)
        assert len(await world.events(BookingConfirmed)) == 1

    async def test_rule_05_late_payment_for_a_slot_that_is_gone_is_refunded_in_full(self, world: World) -> None:
        await world.open_shop()
        booking = await world.book()
        world.clock.advance(15 * MINUTE)
        await world.book(headers=headers_for())
        await run_jobs(world.app)
        event = envelope_of(world.paid(booking), world.clock.now())
        for _ in range(2):
            await deliver(world.app, event)
            await run_jobs(world.app)
        assert await world.status_of(booking) == "expired"
        assert world.payments.orders[booking["payment"]["order_id"]].refunded == 10_001
        assert [event.refunded for event in await world.events(BookingExpired)] == [False, True]
        assert await world.events(BookingConfirmed) == []

    async def test_rule_05_late_payment_with_spent_credits_is_refunded_and_frees_the_slot(self, world: World) -> None:
        booking = await expired_with_credits(world)
        world.payments.balance = 0
        await deliver_twice(world.app, world.paid(booking))
        assert "10:00" not in await world.starts()
        await run_jobs(world.app)
        assert await world.status_of(booking) == "expired"
        assert "10:00" in await world.starts()
        assert [event.refunded for event in await world.events(BookingExpired)] == [False, True]

    async def test_rule_05_closing_finds_the_payment(self, world: World) -> None:
        await world.open_shop()
        booking = await world.book()
        event = world.paid(booking)
        world.clock.advance(15 * MINUTE)
        await run_jobs(world.app)
        assert await world.status_of(booking) == "confirmed"
        await deliver_twice(world.app, event)
        assert len(await world.events(BookingConfirmed)) == 1
        assert await world.events(BookingExpired) == []

    async def test_rule_05_late_payment_after_the_start_is_refunded(self, world: World) -> None:
        await world.open_shop()
        booking = await world.book()
        world.clock.set(TEN + MINUTE)
        await run_jobs(world.app)
        await deliver_twice(world.app, world.paid(booking))
        await run_jobs(world.app)
        assert await world.status_of(booking) == "expired"
        assert world.payments.orders[booking["payment"]["order_id"]].refunded == 10_001

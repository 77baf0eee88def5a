"""Payments around the start of a session: before it they confirm, after it they go back."""

from datetime import timedelta
from typing import Any

import pytest

from devtools.testing.delivery import deliver, deliver_twice, run_jobs
from services.booking.tests.world import HOUR, TEN, World
from shared.events.booking import BookingConfirmed, BookingExpired

MINUTE = timedelta(minutes=1)


class TestPaidAroundTheStart:
    """A hold of the last five minutes before the start: what counts is when it was paid, not when that is heard."""

    async def last_minute(self, world: World, **more: Any) -> dict[str, Any]:
        await world.open_shop()
        world.clock.set(TEN - 5 * MINUTE)
        return await world.book(**more)

    @pytest.mark.parametrize("expired_first", [False, True])
    async def test_paid_after_the_start_goes_back_from_every_state(self, world: World, expired_first: bool) -> None:
        booking = await self.last_minute(world)
        world.clock.set(TEN + timedelta(seconds=1))
        if expired_first:
            await run_jobs(world.app)
        await deliver_twice(world.app, world.paid(booking))
        assert await world.status_of(booking) == "expired"
        await run_jobs(world.app)
        assert world.payments.orders[booking["payment"]["order_id"]].refunded == 10_001
        assert (await world.events(BookingExpired))[-1].refunded
        assert await world.events(BookingConfirmed) == []

    @pytest.mark.parametrize("expired_first", [False, True])
    async def test_paid_before_the_start_and_heard_after_it_is_confirmed(
        self, world: World, expired_first: bool
    ) -> None:
        booking = await self.last_minute(world)
        world.clock.set(TEN - timedelta(seconds=1))
        event = world.paid(booking)
        world.clock.set(TEN + timedelta(seconds=2))
        if expired_first:
            await run_jobs(world.app)
        await deliver_twice(world.app, event)
        await run_jobs(world.app)
        assert await world.status_of(booking) in {"confirmed", "in_progress"}
        assert len(await world.events(BookingConfirmed)) == 1
        assert world.payments.orders[booking["payment"]["order_id"]].refunded == 0

    async def test_closing_finds_a_payment_from_after_the_start(self, world: World) -> None:
        booking = await self.last_minute(world)
        world.clock.set(TEN + timedelta(seconds=1))
        world.paid(booking)
        await run_jobs(world.app)
        assert await world.status_of(booking) == "expired"
        await run_jobs(world.app)
        assert world.payments.orders[booking["payment"]["order_id"]].refunded == 10_001

    async def test_heard_when_the_session_is_over_it_goes_back(self, world: World) -> None:
        booking = await self.last_minute(world)
        event = world.paid(booking)
        world.payments.silent = True
        world.clock.set(TEN + HOUR)
        await run_jobs(world.app)
        world.payments.silent = False
        await deliver(world.app, event)
        await run_jobs(world.app)
        assert world.payments.orders[booking["payment"]["order_id"]].refunded == 10_001

"""An error in one row stops no job for the others, however many bad rows there are."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import select

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, deliver_twice, run_jobs
from services.booking.bookings.jobs import complete_bookings, start_bookings
from services.booking.bookings.repository import PAGE_OF_DUE
from services.booking.checkout.jobs import expire_holds
from services.booking.checkout.models import Checkout
from services.booking.departures.jobs import cancel_left_behind
from services.booking.tests.world import HOUR, TEN, World
from shared.events.identity import UserDeactivated
from shared.internal.payments import RefundSplit
from shared.records.ids import derived_id
from shared.records.money import Money

FREE, PAID = Money(0, "USD"), Money(10_001, "USD")
GUESTS = PAGE_OF_DUE + 2


@asynccontextmanager
async def failing(world: World, bookings: list[dict[str, Any]]) -> AsyncIterator[None]:
    """Meanwhile the status of these bookings cannot change."""
    bad = ", ".join(f"'{booking['id']}'" for booking in bookings)
    owner = await asyncpg.connect(world.runtime.db.url)
    await owner.execute(f"""
        create function booking.fail() returns trigger language plpgsql as $$
        begin raise exception 'a row that nobody expected'; end $$;
        create trigger fail before update on booking.bookings for each row
            when (new.status <> old.status and new.id in ({bad})) execute function booking.fail()
    """)
    yield
    await owner.execute("drop function booking.fail() cascade")
    await owner.close()


async def crowd(world: World, price: Money) -> list[dict[str, Any]]:
    """More guests of one session than one page of a job."""
    await world.open_shop(max_participants=GUESTS, price=price)
    return [await world.book(headers=headers_for()) for _ in range(GUESTS)]


async def status_of(world: World, booking: dict[str, Any]) -> str:
    return str((await world.get(f"/bookings/{booking['id']}/", world.practitioner)).json()["status"])


async def test_rows_that_cannot_start_keep_no_other_from_it(world: World) -> None:
    *bad, good = await crowd(world, FREE)
    world.clock.set(TEN)
    async with failing(world, bad):
        assert await start_bookings(world.app.state.runtime) == 1
    assert [await status_of(world, one) for one in (bad[0], good)] == ["confirmed", "in_progress"]
    assert await start_bookings(world.app.state.runtime) == len(bad)


async def test_rows_that_cannot_be_completed_keep_no_other_from_it(world: World) -> None:
    *bad, good = await crowd(world, FREE)
    world.clock.set(TEN)
    assert await start_bookings(world.app.state.runtime) == GUESTS
    world.clock.set(TEN + 13 * HOUR)
    async with failing(world, bad):
        assert await complete_bookings(world.app.state.runtime) == 1
    assert [await status_of(world, one) for one in (bad[0], good)] == ["in_progress", "completed"]
    assert await complete_bookings(world.app.state.runtime) == len(bad)


async def test_holds_that_cannot_expire_keep_no_other_from_it(world: World) -> None:
    *bad, good = await crowd(world, PAID)
    world.clock.advance(timedelta(minutes=15))
    async with failing(world, bad):
        assert await expire_holds(world.app.state.runtime) == 1
    assert [await status_of(world, one) for one in (bad[0], good)] == ["pending_payment", "expired"]
    await run_jobs(world.app)
    assert await status_of(world, bad[0]) == "expired"


async def test_a_hold_that_cannot_expire_keeps_nobody_from_booking(world: World) -> None:
    await world.open_shop()
    bad = await world.book()
    other = await world.book(TEN + HOUR, headers_for())
    world.clock.advance(timedelta(minutes=15))
    async with failing(world, [bad]):
        answers = [await world.try_book(start, headers_for()) for start in (TEN, TEN + HOUR, TEN + 2 * HOUR)]
    assert [answer.status_code for answer in answers] == [409, 201, 201]
    assert await status_of(world, other) == "expired"
    await run_jobs(world.app)


async def test_what_cannot_be_cancelled_keeps_no_other_from_it(world: World) -> None:
    *bad, good = await crowd(world, FREE)
    await deliver(world.app, UserDeactivated(user_id=world.practitioner_user_id))
    async with failing(world, bad):
        assert await cancel_left_behind(world.app.state.runtime) == 1
    assert [await status_of(world, one) for one in (bad[0], good)] == ["confirmed", "cancelled"]
    await run_jobs(world.app)
    assert await status_of(world, bad[0]) == "cancelled"


async def test_an_answer_that_nobody_expected_keeps_no_other_cancellation_from_its_refund(world: World) -> None:
    await world.open_shop()
    bookings: list[dict[str, Any]] = [await world.book(TEN + hours * HOUR) for hours in range(2)]
    for booking in bookings:
        await deliver_twice(world.app, world.paid(booking))
    world.payments.silent = True
    for booking in bookings:
        assert (await world.post(f"/bookings/{booking['id']}/cancel/")).status_code == 503
    world.payments.silent = False
    odd, other = (world.payments.orders[booking["payment"]["order_id"]] for booking in bookings)
    refund_id = derived_id(UUID(bookings[0]["id"]), "cancel")
    wrong: Any = {"card": "much", "credits": 0}
    odd.refunds[refund_id] = RefundSplit.model_construct(**wrong)
    async with world.runtime.db.transaction() as session:
        raw = await session.connection()
        await raw.exec_driver_sql("update booking.cancellations set next_try_at = now()")
    await run_jobs(world.app)
    assert other.refunded == 10_001


async def test_a_checkout_that_got_no_answer_says_why_it_waits(world: World) -> None:
    await world.open_shop()
    world.payments.silent = True
    assert (await world.try_book()).status_code == 503
    world.clock.advance(timedelta(minutes=15))
    await run_jobs(world.app)
    async with world.runtime.db.read() as session:
        [checkout] = (await session.scalars(select(Checkout))).all()
    assert (checkout.tries, checkout.last_error) == (1, "unavailable")

"""An error in one row stops no job for the others."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.booking.checkout import holds, jobs
from services.booking.checkout.jobs import expire_holds
from services.booking.tests.world import HOUR, TEN, World
from shared.database.session import Database
from shared.records.ids import derived_id
from shared.testing import deliver_twice, headers_for, run_jobs


async def test_a_hold_that_cannot_expire_keeps_no_other_from_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.open_shop()
    first = await world.book()
    await world.book(TEN + HOUR, headers=headers_for())

    async def broken(db: Database, booking_id: UUID, *, skip_locked: bool) -> bool:
        if str(booking_id) == first["id"]:
            raise TypeError("a row that nobody expected")
        return await holds.expire(db, booking_id, skip_locked=skip_locked)

    monkeypatch.setattr(jobs, "expire", broken)
    world.clock.advance(timedelta(minutes=15))
    assert await expire_holds(world.app.state.runtime) == 1
    async with world.runtime.db.read() as session:
        rows = await session.connection()
        left = (await rows.exec_driver_sql("select id from booking.bookings where status = 'pending_payment'")).all()
    assert [str(row[0]) for row in left] == [first["id"]]
    monkeypatch.undo()
    await run_jobs(world.app)
    assert await world.status_of(first) == "expired"


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
    refund_id = str(derived_id(UUID(bookings[0]["id"]), "cancel"))
    odd.refunds[refund_id] = {"card": "much", "credits": 0}  # type: ignore[dict-item]
    async with world.runtime.db.transaction() as session:
        raw = await session.connection()
        await raw.exec_driver_sql("update booking.cancellations set attempt_at = now()")
    await run_jobs(world.app)
    assert other.refunded == 10_001

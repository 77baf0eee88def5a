"""Passes that are returned, and those of closed accounts."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, deliver_twice, run_jobs
from services.booking.tests.doubles import usd
from services.booking.tests.passes import DAY, active, package_of, paid, shown, statuses, try_buy, use
from services.booking.tests.world import TEN, World
from shared.events.identity import UserDeactivated
from shared.events.payments import OrderRefunded, RefundedLine
from shared.records.ids import derived_id, new_id
from shared.records.money import Money


class TestReturning:
    async def test_open_sessions_go_back_and_booked_ones_are_money_from_then_on(self, world: World) -> None:
        sold = await active(world)
        booked = (await use(world, sold, TEN + 3 * DAY)).json()
        path = f"/passes/{sold['id']}/cancel/"
        assert (await world.get(f"{path}preview/")).json()["refund"]["card"] == usd(6_666)
        stranger = headers_for(new_id())
        assert (await world.post(path, headers=stranger)).status_code == 404
        returned = await world.post(path)
        assert (returned.status_code, returned.json()["refund"]["card"]) == (200, usd(6_666))
        assert (await world.post(path)).json()["code"] == "pass_not_active"
        assert await statuses(world, sold) == ["booked", "refunded", "refunded"]
        assert (await world.get(f"/bookings/{booked['id']}/cancel/preview/")).json()["refund"]["card"] == usd(3_334)
        cancelled = await world.post(f"/bookings/{booked['id']}/cancel/")
        assert cancelled.json()["refund"]["card"] == usd(3_334)
        assert await statuses(world, sold) == ["refunded"] * 3
        order = world.payments.orders[str(derived_id(UUID(sold["id"]), "order"))]
        assert order.refunded == order.total == 10_000

    async def test_the_client_has_some_days_the_practitioner_and_staff_any(self, world: World) -> None:
        sold = await active(world, refund_days=2)
        path = f"/passes/{sold['id']}/cancel/"
        world.clock.set(datetime(2026, 12, 4, tzinfo=UTC))
        assert (await world.post(path)).json()["code"] == "not_refundable"
        world.payments.silent = True
        assert (await world.post(path, headers=world.staff)).status_code == 503
        world.payments.silent = False
        assert (await shown(world, sold))["status"] == "cancelled"
        async with world.runtime.db.autocommit() as session:
            await session.execute(text("update booking.passes set next_try_at = now()"))
        await run_jobs(world.app)
        order = world.payments.orders[str(derived_id(UUID(sold["id"]), "order"))]
        assert order.refunded == 10_000
        assert [row[0] for row in await world.audited()] == ["pass.cancel"]

    @pytest.mark.parametrize(("who", "back"), [("client", 0), ("practitioner", 10_000)])
    async def test_a_closed_account_s_passes_end(self, world: World, who: str, back: int) -> None:
        """The client's, which could be returned no longer, lapses; the practitioner's is refunded."""
        sold = await active(world, refund_days=0)
        world.clock.advance(DAY)
        gone = world.client_id if who == "client" else world.practitioner_user_id
        await deliver(world.app, UserDeactivated(user_id=gone))
        await run_jobs(world.app)
        assert world.payments.orders[str(derived_id(UUID(sold["id"]), "order"))].refunded == back
        async with world.runtime.db.read() as session:
            found = (await session.execute(text("select distinct status from booking.pass_sessions"))).all()
        assert [row[0] for row in found] == ["refunded" if back else "lapsed"]

    async def test_before_it_is_paid_it_is_void(self, world: World) -> None:
        await world.open_shop()
        bought = (await try_buy(world, package_of(world))).json()
        assert (await world.post(f"/passes/{bought['id']}/cancel/")).json()["refund"]["card"] == usd(0)
        assert (await shown(world, bought))["status"] == "void"
        await deliver(world.app, paid(world, bought))
        await run_jobs(world.app)
        order = world.payments.orders[str(derived_id(UUID(bought["id"]), "order"))]
        assert order.refunded == 10_000


class TestRefundsByStaff:
    async def test_of_all_seats_take_their_sessions_alone(self, world: World) -> None:
        sold = await active(world)
        world.snapshot(max_participants=4, version=2)
        booking = (await use(world, sold, TEN + 3 * DAY, attendees=[{"name": "Ana"}, {"name": "Ben"}])).json()
        part = await _refund(world, booking, amount=usd(1_001))
        assert part.json()["refund"]["card"] == usd(1_001)
        assert [amount for _, amount in world.payments.refunded_lines[-1]] == [501, 500]
        await deliver_twice(world.app, _refund_event(world, sold))
        rest = await _refund(world, booking)
        assert rest.json()["refund"]["card"] == usd(6_667 - 1_001)
        assert [amount for _, amount in world.payments.refunded_lines[-1]] == [2_833, 2_833]
        await deliver_twice(world.app, _refund_event(world, sold))
        assert (await _refund(world, booking)).json()["code"] == "nothing_to_refund"
        assert await statuses(world, sold) == ["booked", "booked", "open"]
        assert await world.broken_invariants() == {}

    async def test_and_the_session_are_not_both_the_client_s(self, world: World) -> None:
        """What was refunded is not open again; what is open again is the pass's, and returned with it alone."""
        sold = await active(world)
        first, second = [(await use(world, sold, TEN + days * DAY)).json() for days in (3, 4)]
        assert (await _refund(world, first)).json()["refund"]["card"] == usd(3_334)
        await world.post(f"/bookings/{first['id']}/cancel/")
        assert await statuses(world, sold) == ["refunded", "booked", "open"]
        assert (await _refund(world, second, amount=usd(33))).status_code == 200
        await world.post(f"/bookings/{second['id']}/cancel/", headers=world.practitioner)
        assert await statuses(world, sold) == ["refunded", "open", "open"]
        assert (await _refund(world, second)).json()["code"] == "nothing_to_refund"
        again = (await use(world, sold, TEN + 5 * DAY)).json()
        assert (await _refund(world, again)).json()["refund"]["card"] == usd(3_333 - 33)
        assert await world.broken_invariants() == {}


async def _refund(world: World, booking: dict[str, Any], **more: Any) -> Any:
    headers = world.staff | {"Idempotency-Key": new_id().hex}
    return await world.post(f"/admin/bookings/{booking['id']}/refund/", {"reason": "goodwill", **more}, headers)


def _refund_event(world: World, sold: dict[str, Any]) -> OrderRefunded:
    """Payments' event about the last refund of the pass's order."""
    order_id = derived_id(UUID(sold["id"]), "order")
    refund_id, split = list(world.payments.orders[str(order_id)].refunds.items())[-1]
    lines = tuple(RefundedLine(line_id=each, amount=Money(n, "USD")) for each, n in world.payments.refunded_lines[-1])
    return OrderRefunded(
        order_id=order_id,
        booking_id=None,
        client_id=UUID(sold["client_id"]),
        refund_id=UUID(str(refund_id)),
        card=split.card,
        credits=split.credits,
        reason="staff",
        kind="pass",
        subject_id=UUID(sold["id"]),
        lines=lines,
    )

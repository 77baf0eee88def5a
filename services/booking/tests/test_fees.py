"""What a missed or late cancelled seat without price costs: charged once, a day later, unless it is waived (BK-13)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import run_jobs
from services.booking.fees.service import fee_id_of
from services.booking.peers import order_id_of
from services.booking.tests.doubles import Ledger, usd
from services.booking.tests.world import HOUR, TEN, World
from shared.internal.payments import CardError, CardPayment
from shared.records.ids import new_id
from shared.records.money import Money

END = TEN + HOUR
DAY = 24 * HOUR
SECOND = timedelta(seconds=1)
PAYS = CardPayment(status="succeeded")
NO = CardPayment(status="failed", error=CardError(code="card_declined", decline_code="lost_card", message="No."))


async def booked(world: World, outcome: CardPayment = PAYS, **service: Any) -> dict[str, Any]:
    """A free seat with fees, 5.00 for a no-show and 3.00 for a late cancellation, and a card that ends like this."""
    fees = {"no_show_fee_amount": 500, "late_cancel_fee_amount": 300}
    await world.open_shop(**{"price": Money(0, "USD"), **fees, **service})
    card = new_id()
    world.payments.cards[card] = outcome
    booking = await world.book(payment_method_id=str(card))
    assert (booking["status"], booking["fee"]) == ("confirmed", None)
    return booking


async def fee_of(world: World, booking: dict[str, Any]) -> Any:
    return (await world.get(f"/bookings/{booking['id']}/")).json()["fee"]


async def marked(world: World, booking: dict[str, Any], attendance: str, at: datetime) -> None:
    world.clock.set(at)
    marks = [{"booking_id": booking["id"], "attendance": attendance}]
    path = f"/sessions/{booking['session_id']}/attendance/"
    assert (await world.post(path, {"marks": marks}, world.practitioner)).status_code == 200


async def waive(world: World, booking: dict[str, Any], headers: Any = None) -> Any:
    return await world.post(f"/bookings/{booking['id']}/waive-fee/", headers=headers or world.practitioner)


async def pass_time(world: World, until: datetime) -> None:
    world.clock.set(until)
    for _ in "12":
        await run_jobs(world.app)


def order_of(world: World, booking: dict[str, Any]) -> Ledger | None:
    return world.payments.orders.get(str(order_id_of(fee_id_of(UUID(booking["id"])))))


class TestAgreed:
    async def test_needs_a_saved_card_of_the_client(self, world: World) -> None:
        await world.open_shop(price=Money(0, "USD"), no_show_fee_amount=500)
        none = await world.try_book()
        assert (none.status_code, none.json()["code"]) == (409, "payment_method_required")
        anothers = await world.try_book(payment_method_id=str(new_id()))
        assert (anothers.status_code, anothers.json()["errors"][0]["field"]) == (404, "payment_method_id")
        assert (await world.get("/bookings/")).json()["total"] == 0

    async def test_a_seat_with_a_price_costs_none(self, world: World) -> None:
        await world.open_shop(no_show_fee_amount=500)
        booking = await world.confirmed()
        world.clock.set(END)
        answer = await world.post(f"/bookings/{booking['id']}/no-show/", headers=world.practitioner)
        assert (answer.json()["status"], answer.json()["fee"]) == ("no_show", None)
        assert (await waive(world, booking)).json()["code"] == "illegal_transition"

    async def test_is_that_of_the_day_of_booking(self, world: World) -> None:
        booking = await booked(world)
        world.snapshot(version=2, price=Money(0, "USD"), no_show_fee_amount=9_900)
        await marked(world, booking, "absent", END)
        assert (await fee_of(world, booking))["amount"] == usd(500)


class TestCharged:
    async def test_a_no_show_is_charged_once_a_day_later(self, world: World) -> None:
        booking = await booked(world)
        await marked(world, booking, "absent", END + HOUR)
        assert await fee_of(world, booking) == {"amount": usd(500), "status": "due"}
        await pass_time(world, END + HOUR + DAY - SECOND)
        assert order_of(world, booking) is None
        for later in (DAY, DAY + HOUR, 3 * DAY):
            await pass_time(world, END + HOUR + later)
            assert await fee_of(world, booking) == {"amount": usd(500), "status": "paid"}
        order = order_of(world, booking)
        assert order is not None
        assert (order.status, order.total) == ("paid", 500)
        assert (
            sum(f"/orders/{order_id_of(fee_id_of(UUID(booking['id'])))}/" in each for each in world.payments.calls) == 1
        )
        assert (await waive(world, booking)).json()["code"] == "illegal_transition"

    @pytest.mark.parametrize(
        ("by", "ahead", "fee"),
        [
            ("client", DAY - SECOND, {"amount": usd(300), "status": "due"}),
            ("client", DAY, None),
            ("practitioner", HOUR, None),
        ],
    )
    async def test_a_cancellation_of_the_client_after_the_free_hours(
        self, world: World, by: str, ahead: timedelta, fee: Any
    ) -> None:
        booking = await booked(world)
        world.clock.set(TEN - ahead)
        headers = world.client if by == "client" else world.practitioner
        assert (await world.post(f"/bookings/{booking['id']}/cancel/", headers=headers)).status_code == 200
        assert await fee_of(world, booking) == fee
        await pass_time(world, TEN - ahead + DAY)
        assert await fee_of(world, booking) == (fee and fee | {"status": "paid"})

    async def test_a_move_by_the_practitioner_opens_the_free_hours_again(self, world: World) -> None:
        booking = await booked(world)
        world.clock.set(TEN - 2 * HOUR)
        later = {"start_time": (TEN + HOUR).isoformat()}
        await world.post(f"/bookings/{booking['id']}/reschedule/", later, world.practitioner)
        assert (await world.post(f"/bookings/{booking['id']}/cancel/")).status_code == 200
        assert await fee_of(world, booking) is None

    async def test_a_refused_card_is_tried_once_and_its_order_closed(self, world: World) -> None:
        booking = await booked(world, NO)
        await marked(world, booking, "absent", END)
        await pass_time(world, END + DAY)
        assert await fee_of(world, booking) == {"amount": usd(500), "status": "failed"}
        order = order_of(world, booking)
        assert order is not None
        assert order.status == "cancelled"
        assert (await waive(world, booking)).json()["fee"]["status"] == "waived"

    async def test_while_payments_is_silent_it_waits(self, world: World) -> None:
        booking = await booked(world)
        await marked(world, booking, "absent", END)
        world.payments.silent = True
        await pass_time(world, END + DAY)
        assert (await fee_of(world, booking))["status"] == "due"
        assert (await waive(world, booking)).json()["code"] == "illegal_transition"


class TestNotCharged:
    async def test_waived_by_its_practitioner_alone(self, world: World) -> None:
        booking = await booked(world)
        await marked(world, booking, "absent", END)
        stranger = headers_for(new_id(), ("user", "practitioner"), new_id())
        for headers, status in ((world.client, 403), (stranger, 404), (None, 200), (None, 200)):
            assert (await waive(world, booking, headers)).status_code == status
        await marked(world, booking, "attended", END + HOUR)
        await marked(world, booking, "absent", END + 2 * HOUR)
        await pass_time(world, END + 3 * DAY)
        assert await fee_of(world, booking) == {"amount": usd(500), "status": "waived"}
        assert order_of(world, booking) is None

    async def test_whoever_came_after_all_owes_nothing(self, world: World) -> None:
        booking = await booked(world)
        world.clock.set(END)
        missed = await world.post(f"/bookings/{booking['id']}/no-show/", headers=world.practitioner)
        assert missed.json()["fee"] == {"amount": usd(500), "status": "due"}
        await marked(world, booking, "late", END + HOUR)
        assert await fee_of(world, booking) is None
        await pass_time(world, END + 2 * DAY)
        assert order_of(world, booking) is None

    async def test_a_mark_that_comes_too_late_to_be_a_no_show(self, world: World) -> None:
        booking = await booked(world)
        await pass_time(world, END + DAY)
        await marked(world, booking, "absent", END + DAY + SECOND)
        await pass_time(world, END + 3 * DAY)
        assert await fee_of(world, booking) is None

"""Refunds by staff, and those that payments reports."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver_twice
from services.booking.cancellations.refunds import note_refund
from services.booking.tests.doubles import usd
from services.booking.tests.world import Audited, World
from shared.events.payments import OrderRefunded, OrderRefundFailed
from shared.internal.payments import RefundSplit
from shared.records.ids import new_id
from shared.records.money import Money


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
        booking = await world.paid_in_parts()
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
        booking = await world.paid_in_parts()
        path = f"/api/v1/admin/bookings/{booking['id']}/refund/"
        for person in (world.client_id, world.practitioner_user_id):
            own = headers_for(person, ("user", "staff"), X_Confirm_Action="true", Idempotency_Key=new_id().hex)
            answer = await world.http.post(path, json={"reason": "goodwill"}, headers=own)
            assert (answer.status_code, answer.json()["code"]) == (403, "conflict_of_interest")
        assert world.payments.orders[booking["payment"]["order_id"]].refunded == 0

    async def test_gives_back_a_part_then_the_rest_then_nothing(self, world: World) -> None:
        booking = await world.paid_in_parts()
        path = f"/admin/bookings/{booking['id']}/refund/"
        part = await world.post(path, {"amount": usd(1_000), "reason": "late"}, headers=world.staff)
        assert part.json() == {"refund": {"card": usd(600), "credits": usd(400)}}
        rest = await world.post(path, {"reason": "late"}, headers=world.staff)
        assert sum(part["amount"] for part in rest.json()["refund"].values()) == 9_001
        again = await world.post(path, {"reason": "late"}, headers=world.staff)
        assert (again.status_code, again.json()["code"]) == (409, "nothing_to_refund")
        assert await world.status_of(booking) == "confirmed"
        assert await world.audited() == [
            ("booking.refund", booking["id"], {"refunded": 0}, {}),
            ("booking.refund.outcome", booking["id"], {}, {"refunded": 1_000}),
            ("booking.refund", booking["id"], {"refunded": 1_000}, {}),
            ("booking.refund.outcome", booking["id"], {}, {"refunded": 10_001}),
            ("booking.refund", booking["id"], {"refunded": 10_001}, {}),
            ("booking.refund.outcome", booking["id"], {}, {"refused": "nothing_to_refund"}),
        ]

    @pytest.mark.parametrize("repeated", [True, False])
    async def test_a_lost_answer_leaves_an_audit_row_whose_outcome_is_added_once(
        self, world: World, repeated: bool
    ) -> None:
        booking = await world.paid_in_parts()
        path, headers = f"/admin/bookings/{booking['id']}/refund/", world.staff
        world.payments.lossy = True
        assert (await world.post(path, {"reason": "late"}, headers=headers)).status_code == 503
        asked: Audited = ("booking.refund", booking["id"], {"refunded": 0}, {})
        assert await world.audited() == [asked]
        world.payments.lossy = False
        order = world.payments.orders[booking["payment"]["order_id"]]
        if repeated:
            assert (await world.post(path, {"reason": "late"}, headers=headers)).status_code == 200
        await deliver_twice(world.app, _refunded(world, booking, next(iter(order.refunds)), card=6_001, credits=4_000))
        assert order.refunded == 10_001
        done: Audited = ("booking.refund.outcome", booking["id"], {}, {"refunded": 10_001})
        assert await world.audited() == [asked, done]

    async def test_an_audit_row_is_never_changed(self, world: World) -> None:
        booking = await world.paid_in_parts()
        await world.post(f"/admin/bookings/{booking['id']}/refund/", {"reason": "late"}, headers=world.staff)
        with pytest.raises(DBAPIError, match="never changed"):
            async with world.runtime.db.transaction() as session:
                await session.execute(update(session.system_tables.audit).values(after={"refunded": 0}))

    async def test_other_currencies_and_nothing_are_422(self, world: World) -> None:
        path = f"/admin/bookings/{(await world.paid_in_parts())['id']}/refund/"
        other = await world.post(path, {"amount": {"amount": 5, "currency": "EUR"}, "reason": "x"}, headers=world.staff)
        assert other.json()["errors"][0]["field"] == "amount.currency"
        nothing = await world.post(path, {"amount": usd(0), "reason": "x"}, headers=world.staff)
        assert nothing.json()["errors"][0]["field"] == "amount.amount"


async def test_refunds_that_payments_tells_of_count_once(world: World) -> None:
    booking = await world.paid_in_parts()
    await deliver_twice(world.app, _refunded(world, booking, new_id(), card=3_000, credits=2_000))
    preview = (await world.get(f"/bookings/{booking['id']}/cancel/preview/")).json()["refund"]
    assert preview["card"]["amount"] + preview["credits"]["amount"] == 5_001


async def test_what_came_back_from_the_bank_is_asked_for_again_and_settled_once(world: World) -> None:
    booking, refund_id = await world.paid_in_parts(), new_id()
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
    booking, refund_id = await world.paid_in_parts(), new_id()
    made = _refunded(world, booking, refund_id, card=3_000, credits=2_000)
    about = made.model_dump(include={"order_id", "booking_id", "refund_id", "client_id", "card"})
    await deliver_twice(world.app, OrderRefundFailed(**about))
    # Payments' answer to the request comes last, and says what was asked for.
    async with world.runtime.db.transaction() as session:
        split = RefundSplit(card=Money(3_000, "USD"), credits=Money(0, "USD"))
        await note_refund(session, refund_id, UUID(str(booking["id"])), split)
    preview = (await world.get(f"/bookings/{booking['id']}/cancel/preview/")).json()["refund"]
    assert preview["card"]["amount"] + preview["credits"]["amount"] == 10_001

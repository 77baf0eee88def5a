"""Booking a seat: the hold, its payment, and a checkout that is interrupted."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from devtools.testing.callers import token_for
from devtools.testing.delivery import deliver, deliver_twice, run_jobs
from services.booking.tests.doubles import usd
from services.booking.tests.world import HOUR, TEN, World
from shared.auth.token_signing import Narrowing
from shared.events.booking import BookingConfirmed
from shared.internal.payments import CardPayment
from shared.records.ids import new_id

MINUTE = timedelta(minutes=1)


async def settle(world: World) -> None:
    """As if the seconds for which the request is trusted had passed."""
    async with world.runtime.db.transaction() as session:
        await session.connection()
        for table in ("checkouts", "cancellations"):
            await (await session.connection()).exec_driver_sql(f"update booking.{table} set next_try_at = now()")
    await run_jobs(world.app)


class TestBook:
    async def test_anonymous_is_401(self, world: World) -> None:
        assert (await world.http.post("/api/v1/bookings/", json={})).status_code == 401

    async def test_a_hold_waits_for_its_payment(self, world: World) -> None:
        await world.open_shop()
        booking = await world.book(notes="First time")
        assert booking["status"] == "pending_payment"
        assert (booking["start_time"], booking["end_time"]) == ("2026-12-03T10:00:00Z", "2026-12-03T11:00:00Z")
        assert (booking["total"], booking["amount_due"], booking["credits_applied"]) == (
            usd(10_001),
            usd(10_001),
            usd(0),
        )
        assert booking["payment"]["expires_at"] == "2026-12-01T08:15:00Z"
        assert booking["payment"]["client_secret"]
        assert booking["payment"]["publishable_key"] == "pk_test_estuary"
        assert booking["notes"] == "First time"
        assert (await world.get(f"/bookings/{booking['id']}/")).json() == booking

    async def test_credits_pay_a_part(self, world: World) -> None:
        world.payments.balance = 4_000
        await world.open_shop()
        booking = await world.book(credits="max")
        assert (booking["credits_applied"], booking["amount_due"]) == (usd(4_000), usd(6_001))

    @pytest.mark.parametrize(("price", "balance"), [(0, 0), (5_000, 9_000)])
    async def test_nothing_due_is_confirmed_at_once(self, world: World, price: int, balance: int) -> None:
        world.payments.balance = balance
        await world.open_shop(price=usd(price))
        booking = await world.book(credits="max")
        assert (booking["status"], booking["payment"]) == ("confirmed", None)
        assert [e.booking.credits_applied.amount for e in await world.events(BookingConfirmed)] == [price]

    async def test_too_many_credits_leave_nothing_behind(self, world: World) -> None:
        await world.open_shop()
        for credits in (usd(500), usd(10_002)):
            answer = await world.try_book(credits=credits)
            assert (answer.status_code, answer.json()["code"]) == (422, "insufficient_credits")
            assert answer.json()["errors"][0]["field"] == "credits"
        assert (await world.get("/bookings/")).json()["total"] == 0
        assert "10:00" in await world.starts()

    @pytest.mark.parametrize(
        ("start", "code"),
        [
            (TEN + 30 * MINUTE, "off_grid"),
            (TEN - 5 * HOUR, "outside_hours"),
            (TEN - 2 * 24 * HOUR - 4 * HOUR, "too_soon"),
            (TEN + timedelta(days=120), "beyond_horizon"),
            (datetime.fromisoformat("9999-12-31T23:59:00+00:00"), "beyond_horizon"),
            (datetime.fromisoformat("0001-01-01T00:00:00+00:00"), "too_soon"),
        ],
    )
    async def test_a_start_that_is_not_offered_is_422(self, world: World, start: datetime, code: str) -> None:
        await world.open_shop()
        answer = await world.try_book(start)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
        assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [("start_time", code)]

    async def test_notice_refuses_a_near_start(self, world: World) -> None:
        await world.open_shop(min_notice_minutes=3 * 24 * 60)
        assert (await world.try_book()).json()["errors"][0]["code"] == "too_soon"

    async def test_own_service_is_422(self, world: World) -> None:
        await world.open_shop()
        answer = await world.try_book(headers=world.practitioner)
        assert (answer.status_code, answer.json()["code"]) == (422, "own_service")

    async def test_another_currency_is_422(self, world: World) -> None:
        await world.open_shop()
        nonsense = await world.try_book(credits="min")
        assert {error["field"] for error in nonsense.json()["errors"]} == {"credits"}
        answer = await world.try_book(credits={"amount": 5, "currency": "EUR"})
        assert answer.json()["code"] == "unsupported_currency"
        assert answer.json()["errors"][0]["field"] == "credits.currency"

    async def test_an_unknown_service_is_404_after_asking_catalog(self, world: World) -> None:
        await world.open_shop()
        assert (await world.try_book(service_id=str(new_id()))).status_code == 404
        assert world.catalog.asked == 1

    async def test_an_inactive_service_is_404(self, world: World) -> None:
        await world.open_shop(is_active=False)
        assert (await world.try_book()).status_code == 404

    async def test_unknown_fields_are_refused(self, world: World) -> None:
        answer = await world.try_book(price=1)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "extra_forbidden")

    async def test_the_same_key_gives_the_same_booking(self, world: World) -> None:
        await world.open_shop()
        headers = world.client | {"Idempotency-Key": "k1"}
        first, again = await world.try_book(headers=headers), await world.try_book(headers=headers)
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        assert again.headers["idempotent-replayed"] == "true"
        other = await world.try_book(TEN + HOUR, headers=headers)
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


class TestPayment:
    async def test_success_confirms_once(self, world: World) -> None:
        world.payments.balance = 1_000
        await world.open_shop()
        booking = await world.book(credits="max")
        await deliver_twice(world.app, world.paid(booking))
        await deliver(world.app, world.paid(booking))
        seen = (await world.get(f"/bookings/{booking['id']}/")).json()
        assert (seen["status"], seen["payment"], seen["credits_applied"]) == ("confirmed", None, usd(1_000))
        [event] = await world.events(BookingConfirmed)
        assert event.booking.status == "confirmed"
        assert event.booking.order_id == UUID(booking["payment"]["order_id"])

    async def test_a_purchase_of_credits_is_none_of_ours(self, world: World) -> None:
        await world.open_shop()
        booking = await world.book()
        event = world.paid(booking).model_copy(update={"booking_id": None})
        await deliver_twice(world.app, event)
        assert await world.status_of(booking) == "pending_payment"


class TestSavedCard:
    def card(self, world: World, status: str, **more: Any) -> UUID:
        """A saved card whose tries end like that."""
        card_id = new_id()
        world.payments.cards[card_id] = CardPayment.model_validate({"status": status} | more)
        return card_id

    async def test_it_pays_and_the_booking_is_confirmed_at_once(self, world: World) -> None:
        await world.open_shop()
        booking = await world.book(payment_method_id=str(self.card(world, "succeeded")))
        assert (booking["status"], booking["payment"]) == ("confirmed", None)
        await deliver_twice(world.app, world.paid(booking))
        assert len(await world.events(BookingConfirmed)) == 1

    async def test_declined_it_waits_for_another_and_says_why(self, world: World) -> None:
        await world.open_shop()
        error = {"code": "card_declined", "decline_code": "insufficient_funds", "message": "No."}
        card, headers = self.card(world, "failed", error=error), world.client | {"Idempotency-Key": "k1"}
        booking = await world.book(payment_method_id=str(card), headers=headers)
        assert booking["status"] == "pending_payment"
        assert (booking["payment"]["status"], booking["payment"]["error"]) == ("failed", error)
        assert await world.book(payment_method_id=str(card), headers=headers) == booking
        shown = (await world.get(f"/bookings/{booking['id']}/")).json()["payment"]
        assert (shown["client_secret"], shown["status"]) == (booking["payment"]["client_secret"], None)

    async def test_its_bank_may_want_to_see_the_client(self, world: World) -> None:
        await world.open_shop()
        card = self.card(world, "requires_action", next_action_url="https://bank.example/")
        payment = (await world.book(payment_method_id=str(card)))["payment"]
        assert (payment["status"], payment["next_action_url"]) == ("requires_action", "https://bank.example/")

    async def test_anothers_card_is_404_and_leaves_nothing_behind(self, world: World) -> None:
        await world.open_shop()
        answer = await world.try_book(payment_method_id=str(new_id()))
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (404, "payment_method_id")
        assert (await world.get("/bookings/")).json()["total"] == 0
        assert "10:00" in await world.starts()

    async def test_a_token_that_may_not_pay_names_no_card(self, world: World) -> None:
        await world.open_shop()
        token = token_for(world.client_id, narrowing=Narrowing(["bookings.write"]))
        headers = {"Authorization": f"Bearer {token}"}
        answer = await world.try_book(payment_method_id=str(self.card(world, "succeeded")), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
        assert (await world.try_book(headers=headers)).status_code == 201

    async def test_after_an_unknown_outcome_the_job_names_the_card_again(self, world: World) -> None:
        await world.open_shop()
        world.payments.lossy = True
        assert (await world.try_book(payment_method_id=str(self.card(world, "succeeded")))).status_code == 503
        world.payments.lossy = False
        await settle(world)
        [booking] = (await world.get("/bookings/")).json()["results"]
        assert booking["status"] == "confirmed"


class TestInterrupted:
    async def test_an_unknown_outcome_is_503_and_a_repeat_finds_the_booking(self, world: World) -> None:
        await world.open_shop()
        headers = world.client | {"Idempotency-Key": "k1"}
        world.payments.lossy = True
        assert (await world.try_book(headers=headers)).status_code == 503
        world.payments.lossy = False
        answer = await world.try_book(headers=headers)
        assert answer.status_code == 201
        assert answer.json()["payment"]["order_id"] in world.payments.orders
        assert (await world.get("/bookings/")).json()["total"] == 1

    async def test_a_job_opens_the_order_when_nobody_comes_back(self, world: World) -> None:
        await world.open_shop()
        world.payments.lossy = True
        assert (await world.try_book()).status_code == 503
        world.payments.lossy = False
        await settle(world)
        [booking] = (await world.get("/bookings/")).json()["results"]
        assert booking["payment"]["client_secret"]

    async def test_payments_away_until_the_deadline_ends_in_expired(self, world: World) -> None:
        await world.open_shop()
        world.payments.silent = True
        assert (await world.try_book()).status_code == 503
        world.clock.advance(15 * MINUTE)
        await run_jobs(world.app)
        world.payments.silent = False
        await settle(world)
        [booking] = (await world.get("/bookings/")).json()["results"]
        assert booking["status"] == "expired"
        assert len(world.payments.closed) == 1

    async def test_a_refusal_after_an_unknown_outcome_frees_the_slot(self, world: World) -> None:
        await world.open_shop()
        world.payments.silent = True
        assert (await world.try_book(credits=usd(300))).status_code == 503
        world.payments.silent = False
        await settle(world)
        assert (await world.get("/bookings/")).json()["total"] == 0
        assert "10:00" in await world.starts()

    async def test_paid_by_credits_while_the_answer_was_lost_is_confirmed_once(self, world: World) -> None:
        world.payments.balance = 20_000
        await world.open_shop()
        world.payments.lossy = True
        assert (await world.try_book(credits="max")).status_code == 503
        world.payments.lossy = False
        await settle(world)
        [booking] = (await world.get("/bookings/")).json()["results"]
        assert (booking["status"], booking["credits_applied"]) == ("confirmed", usd(10_001))
        assert len(await world.events(BookingConfirmed)) == 1

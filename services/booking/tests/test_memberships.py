"""Seats that a client's membership pays: they cost nothing, and have a value."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from devtools.testing.callers import headers_for, token_for
from devtools.testing.delivery import run_jobs
from services.booking.tests.doubles import usd
from services.booking.tests.test_crash import soon
from services.booking.tests.world import HOUR, TEN, World
from shared.auth.token_signing import Narrowing
from shared.errors import Unavailable
from shared.events.booking import BookingCancelled, BookingConfirmed
from shared.records.money import Money

SECOND = timedelta(seconds=1)
NOTHING = {"refund": {"card": usd(0), "credits": usd(0)}}


async def member(world: World, sessions: int | None = 1, **service: Any) -> None:
    """The hours are open, and a membership has so many sessions left."""
    await world.open_shop(**service)
    world.payments.sessions = sessions


async def settle(world: World) -> None:
    """What waits for its next try is tried now."""
    await soon(world)
    await run_jobs(world.app)


class TestBook:
    async def test_the_seat_is_confirmed_and_costs_nothing(self, world: World) -> None:
        await member(world)
        booking = await world.book(use_membership=True)
        assert (booking["status"], booking["payment"]) == ("confirmed", None)
        figures = [booking[name]["amount"] for name in ("total", "value", "credits_applied", "amount_due")]
        assert figures == [0, 10_001, 0, 0]
        assert (await world.get(f"/bookings/{booking['id']}/")).json() == booking
        [event] = await world.events(BookingConfirmed)
        assert (event.booking.total, event.booking.value) == (Money(0, "USD"), Money(10_001, "USD"))
        assert world.payments.sessions == 0

    async def test_other_bookings_are_worth_what_they_cost(self, world: World) -> None:
        await member(world)
        booking = await world.book(use_membership=None)
        assert (booking["total"], booking["value"]) == (usd(10_001), usd(10_001))
        assert world.payments.sessions == 1

    @pytest.mark.parametrize(
        ("sessions", "status", "code"), [(0, 409, "no_sessions_left"), (None, 403, "subscription_required")]
    )
    async def test_what_payments_refuses_leaves_nothing_behind(
        self, world: World, sessions: int | None, status: int, code: str
    ) -> None:
        await member(world, sessions)
        answer = await world.try_book(use_membership=True)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert (await world.get("/bookings/")).json()["total"] == 0
        assert "10:00" in await world.starts()

    @pytest.mark.parametrize(
        "more",
        [{"credits": "max"}, {"credits": usd(0)}, {"payment_method_id": str(UUID(int=1))}],
        ids=["max", "credits", "card"],
    )
    async def test_it_pays_alone(self, world: World, more: dict[str, Any]) -> None:
        await member(world)
        answer = await world.try_book(use_membership=True, **more)
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (422, "not_combinable")
        assert [error["field"] for error in problem["errors"]] == ["use_membership"]
        assert (world.payments.sessions, world.payments.calls) == (1, [])

    async def test_a_token_that_may_not_pay_spends_no_session(self, world: World) -> None:
        await member(world)
        token = token_for(world.client_id, narrowing=Narrowing(["bookings.write"]))
        answer = await world.try_book(use_membership=True, headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
        assert world.payments.sessions == 1

    @pytest.mark.parametrize("given", [1, "true"])
    async def test_it_is_yes_or_no(self, world: World, given: Any) -> None:
        await member(world)
        answer = await world.try_book(use_membership=given)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == ["use_membership"]

    async def test_another_price_than_expected(self, world: World) -> None:
        await member(world)
        answer = await world.try_book(use_membership=True, expected_price=usd(0))
        assert (answer.status_code, answer.json()["code"]) == (409, "price_changed")
        assert (await world.try_book(use_membership=True, expected_price=usd(10_001))).status_code == 201

    async def test_they_do_not_count_as_free_bookings(self, world: World) -> None:
        await member(world, sessions=12, max_participants=12)
        for _ in range(12):
            await world.book(use_membership=True)
        assert world.payments.sessions == 0

    async def test_fifty_ask_for_the_last_session(self, world: World) -> None:
        await member(world, max_participants=50)
        answers = await asyncio.gather(*(world.try_book(use_membership=True) for _ in range(50)))
        assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 49}
        assert (await world.slots())[1]["available_spots"] == 49


class TestCancel:
    @pytest.mark.parametrize(
        ("ahead", "back"), [(24 * HOUR, True), (24 * HOUR - SECOND, False), (2 * HOUR, False), (HOUR, False)]
    )
    async def test_the_session_is_back_or_used_whole(self, world: World, ahead: timedelta, back: bool) -> None:
        await member(world)
        booking = await world.book(use_membership=True)
        world.clock.set(TEN - ahead)
        assert (await world.get(f"/bookings/{booking['id']}/cancel/preview/")).json() == NOTHING
        answer = await world.post(f"/bookings/{booking['id']}/cancel/")
        assert answer.json() == {"status": "cancelled"} | NOTHING
        assert world.payments.sessions == int(back)
        [event] = await world.events(BookingCancelled)
        assert (event.refund_due.amount, event.kept.amount) == (0, 0 if back else 10_001)
        assert await world.broken_invariants() == {}

    @pytest.mark.parametrize("who", ["practitioner", "staff"])
    async def test_others_give_it_back_whenever_they_cancel(self, world: World, who: str) -> None:
        await member(world)
        booking = await world.book(use_membership=True)
        world.clock.set(TEN - HOUR)
        headers = getattr(world, who)
        assert (await world.post(f"/bookings/{booking['id']}/cancel/", headers=headers)).status_code == 200
        assert world.payments.sessions == 1

    async def test_a_cancellation_that_payments_did_not_hear_of_is_made_up_for(self, world: World) -> None:
        await member(world)
        booking = await world.book(use_membership=True)
        world.payments.silent = True
        assert (await world.post(f"/bookings/{booking['id']}/cancel/")).status_code == 503
        world.payments.silent = False
        await settle(world)
        assert world.payments.sessions == 1


class TestGiveUp:
    async def test_an_answer_that_was_lost_until_the_hold_is_over(self, world: World) -> None:
        """Rule 5: what was paid is honoured where the seat is free, else the session is back."""
        await member(world)
        world.payments.lossy = True
        assert (await world.try_book(use_membership=True)).status_code == Unavailable.status
        world.payments.lossy = False
        world.clock.advance(timedelta(minutes=16))
        await world.book(headers=headers_for())
        await settle(world)
        [mine] = (await world.get("/bookings/")).json()["results"]
        assert (mine["status"], world.payments.sessions) == ("expired", 1)

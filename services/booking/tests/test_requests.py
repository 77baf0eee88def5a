"""Requests: accepted, declined, silent, or overtaken (rule 6, BK-4)."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver_twice, run_jobs
from services.booking.tests.doubles import usd
from services.booking.tests.world import HOUR, TEN, World
from shared.events.booking import BookingConfirmed, BookingDeclined, BookingExpired, BookingRequested
from shared.events.payments import PaymentAuthorized
from shared.records.ids import derived_id, new_id

NOT_SOON = timedelta(days=7)


def authorized(world: World, booking: dict[str, Any], before: datetime | None = None) -> PaymentAuthorized:
    """The event after the card was authorised, which cannot be charged from then on."""
    order_id = derived_id(UUID(booking["id"]), "order")
    world.payments.orders[str(order_id)].status = "authorized"
    until = before or world.clock.now() + NOT_SOON
    return PaymentAuthorized(order_id=order_id, booking_id=UUID(booking["id"]), kind="booking", capture_before=until)


async def requested(world: World, start: datetime = TEN, before: datetime | None = None, **more: Any) -> dict[str, Any]:
    """A request whose card is authorised."""
    booking = await world.book(start, **more)
    assert (booking["status"], booking["session_id"]) == ("pending_payment", None)
    await deliver_twice(world.app, authorized(world, booking, before))
    shown: dict[str, Any] = (await world.get(f"/bookings/{booking['id']}/", world.practitioner)).json()
    assert (shown["status"], shown["session_id"]) == ("requested", None)
    return shown


async def decide(world: World, booking: dict[str, Any], how: str = "accept", **body: Any) -> httpx2.Response:
    return await world.post(f"/bookings/{booking['id']}/{how}/", body or None, world.practitioner)


def order_of(world: World, booking: dict[str, Any]) -> Any:
    return world.payments.orders[str(derived_id(UUID(booking["id"]), "order"))]


def clients(count: int) -> list[dict[str, str]]:
    return [headers_for() for _ in range(count)]


@pytest.fixture
async def shop(world: World) -> World:
    """A service whose practitioner decides."""
    await world.open_shop(booking_mode="request")
    return world


class TestRequest:
    async def test_it_holds_no_seat_and_is_shown_to_both(self, shop: World) -> None:
        booking = await requested(shop)
        assert "10:00" in await shop.starts()
        assert booking["decide_by"] == "2026-12-03T08:00:00Z"
        mine = (await shop.get("/bookings/upcoming/")).json()["results"]
        assert [each["status"] for each in mine] == ["requested"]
        [event] = await shop.events(BookingRequested)
        assert (event.booking.status, event.booking.session_id) == ("requested", None)

    async def test_it_is_decided_an_hour_before_its_card_cannot_be_charged(self, shop: World) -> None:
        before = shop.clock.now() + timedelta(hours=30)
        booking = await requested(shop, before=before)
        assert datetime.fromisoformat(booking["decide_by"]) == before - HOUR

    async def test_notice_ends_it_before_the_hours_to_decide(self, world: World) -> None:
        await world.open_shop(booking_mode="request", min_notice_minutes=600)
        booking = await requested(world)
        assert datetime.fromisoformat(booking["decide_by"]) == TEN - timedelta(hours=10)

    async def test_what_is_due_nothing_is_requested_at_once(self, shop: World) -> None:
        shop.payments.balance = 10_001
        booking = await shop.book(credits=usd(10_001))
        assert (booking["status"], booking["decide_by"]) == ("requested", "2026-12-03T08:00:00Z")
        assert (await decide(shop, booking)).json()["status"] == "confirmed"

    async def test_a_taken_time_cannot_be_asked_for(self, shop: World) -> None:
        await decide(shop, await requested(shop))
        answer = await shop.try_book(headers=headers_for())
        assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")

    async def test_they_count_as_holds_until_they_are_decided(self, shop: World) -> None:
        for hour in range(5):
            last = await requested(shop, TEN + hour * HOUR)
        answer = await shop.try_book(TEN + 5 * HOUR)
        assert (answer.status_code, answer.json()["code"]) == (409, "too_many_holds")
        await decide(shop, last, "decline")
        assert (await shop.try_book(TEN + 5 * HOUR)).status_code == 201

    async def test_a_membership_does_not_pay_it(self, shop: World) -> None:
        shop.payments.sessions = 1
        answer = await shop.try_book(use_membership=True)
        assert (answer.status_code, answer.json()["code"]) == (422, "not_combinable")

    async def test_without_a_card_it_runs_out_and_frees_nothing(self, shop: World) -> None:
        booking = await shop.book()
        shop.clock.advance(timedelta(minutes=16))
        await run_jobs(shop.app)
        assert (await shop.status_of(booking), order_of(shop, booking).status) == ("expired", "cancelled")


class TestAccept:
    async def test_rule_06_it_takes_the_seat_and_charges_once(self, shop: World) -> None:
        booking = await requested(shop)
        answers = await asyncio.gather(*(decide(shop, booking) for _ in range(3)))
        assert [(each.status_code, each.json()["status"]) for each in answers] == [(200, "confirmed")] * 3
        assert answers[0].json()["decide_by"] is None
        assert (order_of(shop, booking).status, "10:00" in await shop.starts()) == ("paid", False)
        assert len(await shop.events(BookingConfirmed)) == 1

    async def test_only_its_practitioner_decides(self, shop: World) -> None:
        booking = await requested(shop)
        for how in ("accept", "decline"):
            path = f"/bookings/{booking['id']}/{how}/"
            assert (await shop.http.post(f"/api/v1{path}")).status_code == 401
            other = headers_for(new_id(), ("user", "practitioner"), new_id())
            assert (await shop.post(path, headers=other)).status_code == 404
            assert (await shop.post(path, headers=shop.client)).status_code == 403

    async def test_rule_06_a_second_before_its_end_it_is_charged_and_a_second_after_it_expires(
        self, shop: World
    ) -> None:
        before = shop.clock.now() + timedelta(hours=30)
        early = await requested(shop, TEN, before)
        late = await requested(shop, TEN + HOUR, before)
        shop.clock.set(before - HOUR - timedelta(seconds=1))
        assert (await decide(shop, early)).json()["status"] == "confirmed"
        shop.clock.advance(timedelta(seconds=2))
        answer = await decide(shop, late)
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
        await run_jobs(shop.app)
        assert (await shop.status_of(late), order_of(shop, late).status) == ("expired", "cancelled")
        assert len(await shop.events(BookingExpired)) == 1

    async def test_rule_06_a_capture_that_is_refused_declines_it(self, shop: World) -> None:
        booking = await requested(shop)
        shop.payments.refuses_capture = True
        answer = await decide(shop, booking)
        assert (answer.status_code, answer.json()["code"]) == (409, "payment_failed")
        await run_jobs(shop.app)
        assert (await shop.status_of(booking), order_of(shop, booking).status) == ("declined", "cancelled")
        assert "10:00" in await shop.starts()
        [event] = await shop.events(BookingDeclined)
        assert (event.cause, event.reason) == ("payment_failed", None)

    async def test_rule_06_while_the_answer_is_unknown_it_keeps_its_seat(self, shop: World) -> None:
        booking = await requested(shop)
        shop.payments.lossy = True
        assert (await decide(shop, booking)).status_code == 503
        assert (await shop.status_of(booking), "10:00" in await shop.starts()) == ("requested", False)
        shop.payments.lossy = False
        assert (await decide(shop, booking, "decline")).json()["code"] == "illegal_transition"
        assert (await decide(shop, booking)).json()["status"] == "confirmed"

    async def test_bk_4_of_thirty_accepts_and_bookings_for_one_time_one_has_it(self, shop: World) -> None:
        asked = [await requested(shop, headers=one) for one in clients(15)]
        instant = await self._instant(shop)
        accepts = (decide(shop, each) for each in asked)
        books = (shop.try_book(headers=one, service_id=str(instant)) for one in clients(15))
        answers = await asyncio.gather(*accepts, *books)
        assert sorted(each.status_code for each in answers)[1:] == [409] * 29
        assert {each.json()["code"] for each in answers if each.status_code == 409} <= {
            "slot_taken",
            "illegal_transition",
        }
        await run_jobs(shop.app)
        winners = [each for each in asked if await self._status(shop, each) == "confirmed"]
        ended = {await self._status(shop, each) for each in asked if each not in winners}
        assert ended <= {"declined", "requested"}
        assert [order_of(shop, each).status for each in asked if each not in winners].count("paid") == 0

    async def _instant(self, shop: World) -> UUID:
        """Another service of the practitioner's, which is booked at once."""
        return shop.snapshot(new_id(), booking_mode="instant").service_id

    async def _status(self, shop: World, booking: dict[str, Any]) -> str:
        return str((await shop.get(f"/bookings/{booking['id']}/", shop.practitioner)).json()["status"])


class TestDecline:
    async def test_nothing_is_kept_and_the_client_hears_why(self, shop: World) -> None:
        shop.payments.balance = 4000
        booking = await requested(shop, credits=usd(4000))
        for _ in range(2):
            assert (await decide(shop, booking, "decline", reason="Away")).json()["status"] == "declined"
        await run_jobs(shop.app)
        assert (order_of(shop, booking).status, shop.payments.balance) == ("cancelled", 4000)
        [event] = await shop.events(BookingDeclined)
        assert (event.cause, event.reason, event.booking.status) == ("practitioner", "Away", "declined")
        assert (await decide(shop, booking)).json()["code"] == "illegal_transition"

    async def test_the_client_may_cancel(self, shop: World) -> None:
        booking = await requested(shop)
        assert (await shop.post(f"/bookings/{booking['id']}/cancel/")).status_code == 200
        await run_jobs(shop.app)
        assert (await shop.status_of(booking), order_of(shop, booking).status) == ("cancelled", "cancelled")

    async def test_bk_4_requests_that_no_longer_fit_are_declined(self, shop: World) -> None:
        first, same, beside = [
            await requested(shop, start, headers=one)
            for start, one in zip((TEN, TEN, TEN + HOUR), clients(3), strict=True)
        ]
        await decide(shop, first)
        await run_jobs(shop.app)
        statuses = [
            (await shop.get(f"/bookings/{each['id']}/", shop.practitioner)).json()["status"] for each in (same, beside)
        ]
        assert statuses == ["declined", "requested"]
        assert [event.cause for event in await shop.events(BookingDeclined)] == ["slot_taken"]


async def test_what_was_captured_for_a_request_that_nobody_accepted_goes_back(shop: World) -> None:
    booking = await requested(shop)
    await deliver_twice(shop.app, shop.paid(booking))
    await run_jobs(shop.app)
    assert (await shop.status_of(booking), order_of(shop, booking).refunded) == ("expired", 10_001)


class TestMove:
    async def test_bk_4_a_client_s_move_is_a_request_that_keeps_the_old_seat(self, shop: World) -> None:
        booking = await requested(shop)
        await decide(shop, booking)
        later = (TEN + 2 * HOUR).isoformat()
        path = f"/bookings/{booking['id']}/reschedule/"
        for _ in range(2):
            asked = (await shop.post(path, {"start_time": later})).json()
            assert (asked["start_time"], asked["requested_start_time"]) == (
                "2026-12-03T10:00:00Z",
                "2026-12-03T12:00:00Z",
            )
        assert "10:00" not in await shop.starts()
        assert len(await shop.events(BookingRequested)) == 2
        stays = (await decide(shop, booking, "decline", reason="No.")).json()
        assert (stays["status"], stays["start_time"], stays["requested_start_time"]) == (
            "confirmed",
            "2026-12-03T10:00:00Z",
            None,
        )
        await shop.post(path, {"start_time": later})
        moved = (await decide(shop, booking)).json()
        assert (moved["start_time"], moved["requested_start_time"], moved["decide_by"]) == (
            "2026-12-03T12:00:00Z",
            None,
            None,
        )
        assert "10:00" in await shop.starts()
        assert await shop.broken_invariants() == {}

    @pytest.mark.parametrize("why", ["taken", "silence", "practitioner"])
    async def test_a_move_that_cannot_be_leaves_the_booking_where_it_is(self, shop: World, why: str) -> None:
        booking = await requested(shop)
        await decide(shop, booking)
        await shop.post(f"/bookings/{booking['id']}/reschedule/", {"start_time": (TEN + HOUR).isoformat()})
        if why == "taken":
            rival = await requested(shop, TEN + HOUR, headers=headers_for())
            await decide(shop, rival)
            answer = await decide(shop, booking)
            assert answer.status_code == 409
        elif why == "silence":
            shop.clock.advance(timedelta(hours=49))
            await run_jobs(shop.app)
        else:
            body = {"start_time": (TEN + 3 * HOUR).isoformat()}
            await shop.post(f"/bookings/{booking['id']}/reschedule/", body, shop.practitioner)
        shown = (await shop.get(f"/bookings/{booking['id']}/")).json()
        assert shown["requested_start_time"] is None
        assert shown["start_time"][11:13] == ("13" if why == "practitioner" else "10")
        assert await shop.broken_invariants() == {}

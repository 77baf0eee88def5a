"""Waiting for a seat: who is offered one, for how long, and that no other client can have it meanwhile."""

from typing import Any
from uuid import UUID

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, run_jobs
from services.booking.tests.waits import (
    DAY,
    FAR,
    FIRST,
    MINUTE,
    OTHER,
    SECOND,
    STRANGER,
    cancel,
    entry_of,
    offered,
    refused,
    starts,
    try_wait,
    wait,
)
from services.booking.tests.world import HOUR, TEN, World
from shared.events.booking import SeatOffered
from shared.events.catalog import ServiceUpdated
from shared.events.identity import UserDeactivated
from shared.records.ids import new_id
from shared.records.times import render_utc


class TestJoin:
    async def test_anonymous_is_401_an_unknown_service_404_the_practitioner_422(self, world: World) -> None:
        await world.open_shop()
        path = f"/api/v1/services/{world.service_id}/waitlist/"
        body = {"start_time": render_utc(FAR)}
        assert (await world.http.post(path, json=body)).status_code == 401
        assert (await world.post(f"/services/{new_id()}/waitlist/", body)).status_code == 404
        answer = await try_wait(world, world.practitioner)
        assert (answer.status_code, answer.json()["code"]) == (422, "own_service")

    async def test_bk_3_those_who_wait_stand_in_order_and_joining_again_is_the_same_entry(self, world: World) -> None:
        await world.open_shop()
        await world.confirmed(FAR)
        first, second = await wait(world, FIRST), await wait(world, SECOND)
        assert (first["status"], first["position"], second["position"]) == ("waiting", 1, 2)
        again = await try_wait(world, SECOND)
        assert (again.status_code, again.json()) == (200, second)
        seen = (await world.get(f"/services/{world.service_id}/waitlist/", world.practitioner)).json()["results"]
        assert [(each["id"], each["position"]) for each in seen] == [(first["id"], 1), (second["id"], 2)]
        assert seen[0]["client"] is not None
        assert first["client"] is None
        assert (await world.get(f"/services/{world.service_id}/waitlist/", STRANGER)).status_code == 404

    async def test_a_start_that_is_free_blocked_not_offered_or_too_near_has_no_waitlist(self, world: World) -> None:
        await world.open_shop()
        for start, status, code in (
            (FAR, 409, "not_full"),
            (FAR + HOUR / 2, 422, "invalid"),
            (TEN - 2 * DAY + HOUR, 409, "no_waitlist"),
        ):
            if code == "no_waitlist":
                await world.book(start)
            answer = await try_wait(world, OTHER, start)
            assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        other = new_id()
        world.snapshot(other)
        await world.book(FAR, service_id=str(other))
        assert (await try_wait(world, OTHER)).json()["code"] == "no_waitlist"

    @pytest.mark.parametrize("terms", [{"waitlist": False}, {"booking_mode": "request"}], ids=["off", "requests"])
    async def test_a_service_may_have_none(self, world: World, terms: dict[str, Any]) -> None:
        await world.open_shop(**terms)
        await world.confirmed(FAR)
        assert (await try_wait(world, OTHER)).json()["code"] == "no_waitlist"


class TestOffer:
    @pytest.mark.parametrize("by", ["client", "practitioner", "staff", "expiry", "move"])
    async def test_bk_3_a_freed_seat_is_the_first_one_s_whatever_frees_it(self, world: World, by: str) -> None:
        await world.open_shop()
        booking = await (world.book if by == "expiry" else world.confirmed)(FAR)
        first, _ = await wait(world, FIRST), await wait(world, SECOND)
        if by == "expiry":
            world.clock.advance(16 * MINUTE)
            assert "10:00" not in await starts(world)
            await run_jobs(world.app)
        elif by == "move":
            body = {"start_time": render_utc(FAR + 3 * HOUR)}
            assert (await world.post(f"/bookings/{booking['id']}/reschedule/", body)).status_code == 200
        else:
            await cancel(world, booking, getattr(world, by))
        assert "10:00" not in await starts(world)
        assert await refused(world, OTHER) == "slot_taken"
        seen = await entry_of(world, FIRST)
        assert (seen["id"], seen["status"], seen["position"]) == (first["id"], "offered", None)
        assert seen["offer_expires_at"] == render_utc(world.clock.now() + 12 * HOUR)
        second = await entry_of(world, SECOND)
        assert (second["status"], second["position"]) == ("waiting", 1)
        [event] = await world.events(SeatOffered)
        assert (str(event.entry_id), render_utc(event.expires_at)) == (first["id"], seen["offer_expires_at"])

    async def test_bk_3_an_offer_passes_from_one_to_the_next_and_then_to_everybody(self, world: World) -> None:
        await world.open_shop(offer_minutes=60)
        booking = await world.confirmed(FAR)
        await wait(world, FIRST)
        second = await wait(world, SECOND)
        await cancel(world, booking)
        world.clock.advance(HOUR)
        await run_jobs(world.app)
        assert [(await entry_of(world, who))["status"] for who in (FIRST, SECOND)] == ["passed", "offered"]
        assert await refused(world, OTHER) == "slot_taken"
        url = f"/api/v1/waitlist/{second['id']}/"
        assert (await world.http.delete(url, headers=FIRST)).status_code == 404
        for _ in range(2):
            assert (await world.http.delete(url, headers=SECOND)).status_code == 204
        assert (await entry_of(world, SECOND))["status"] == "left"
        await world.book(FAR, OTHER)

    async def test_bk_3_no_offer_is_made_after_the_free_cancellation_has_ended(self, world: World) -> None:
        await world.open_shop(cancel_policy={"full_hours": 48}, offer_minutes=4320)
        booking = await world.confirmed(FAR)
        await wait(world, FIRST)
        world.clock.advance(FAR - 50 * HOUR - world.clock.now())
        await cancel(world, booking)
        assert (await entry_of(world, FIRST))["offer_expires_at"] == render_utc(FAR - 48 * HOUR)
        await wait(world, SECOND)
        world.clock.advance(2 * HOUR)
        await run_jobs(world.app)
        assert [(await entry_of(world, who))["status"] for who in (FIRST, SECOND)] == ["passed", "waiting"]
        await world.book(FAR, OTHER)
        world.clock.advance(2 * DAY)
        await run_jobs(world.app)
        assert (await entry_of(world, SECOND))["status"] == "closed"


class TestEnds:
    async def test_a_closed_account_s_offer_passes_to_the_next(self, world: World) -> None:
        await offered(world)
        first = (await world.get(f"/services/{world.service_id}/waitlist/", world.practitioner)).json()["results"][0]
        await deliver(world.app, UserDeactivated(user_id=UUID(first["client"]["id"])))
        await run_jobs(world.app)
        assert (await entry_of(world, SECOND))["status"] == "offered"

    async def test_nothing_is_offered_by_a_practitioner_who_has_left(self, world: World) -> None:
        await offered(world)
        await world.confirmed(FAR + HOUR)
        await wait(world, FIRST, FAR + HOUR)
        await deliver(world.app, UserDeactivated(user_id=world.practitioner_user_id))
        await run_jobs(world.app)
        mine = (await world.get("/waitlist/", FIRST)).json()["results"]
        assert [each["status"] for each in mine] == ["closed", "closed"]
        assert len(await world.events(SeatOffered)) == 1

    async def test_time_that_is_taken_off_meanwhile_is_not_offered(self, world: World) -> None:
        await world.open_shop()
        booking = await world.confirmed(FAR)
        await wait(world, FIRST)
        off = {"start_time": render_utc(FAR), "end_time": render_utc(FAR + HOUR)}
        path = f"/practitioners/{world.practitioner_id}/time-off/"
        assert (await world.post(path, off, world.practitioner)).status_code == 201
        await cancel(world, booking, world.practitioner)
        assert (await entry_of(world, FIRST))["status"] == "waiting"

    async def test_a_session_that_has_more_seats_taken_than_there_are_offers_none(self, world: World) -> None:
        await world.open_shop(max_participants=2)
        bookings = [await world.confirmed(FAR, who) for who in (OTHER, headers_for())]
        await wait(world, FIRST)
        await deliver(world.app, ServiceUpdated(service=world.snapshot(max_participants=1, version=2)))
        await cancel(world, bookings[0], OTHER)
        assert (await entry_of(world, FIRST))["status"] == "waiting"
        await cancel(world, bookings[1], world.practitioner)
        assert (await entry_of(world, FIRST))["status"] == "offered"

    async def test_a_session_that_moves_takes_all_who_wait_for_it_along(self, world: World) -> None:
        await world.open_shop(max_participants=2)
        bookings = [await world.confirmed(FAR, headers_for()) for _ in range(2)]
        await wait(world, FIRST)
        await wait(world, SECOND)
        await cancel(world, bookings[0], world.practitioner)
        url = f"/api/v1/sessions/{bookings[1]['session_id']}/"
        body = {"start_time": render_utc(FAR + 2 * HOUR)}
        answer = await world.http.put(url, json=body, headers=world.practitioner)
        assert (answer.status_code, answer.json()["available_spots"]) == (200, 0), answer.text
        for who, status in ((FIRST, "offered"), (SECOND, "waiting")):
            seen = await entry_of(world, who)
            assert (seen["status"], seen["start_time"]) == (status, render_utc(FAR + 2 * HOUR))

    async def test_a_move_within_one_s_own_time_needs_it(self, world: World) -> None:
        await world.open_shop(slot_interval_minutes=30)
        booking = await world.confirmed(FAR)
        await wait(world, FIRST)
        body = {"start_time": render_utc(FAR + HOUR / 2)}
        assert (await world.post(f"/bookings/{booking['id']}/reschedule/", body)).status_code == 200
        assert (await entry_of(world, FIRST))["status"] == "waiting"

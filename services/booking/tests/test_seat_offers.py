"""Taking the seat that is offered, and inviting a client to one."""

from typing import Any
from uuid import UUID

import httpx2
import pytest

from devtools.testing.delivery import deliver, run_jobs
from services.booking.sessions.repository import Sessions
from services.booking.tests.doubles import usd
from services.booking.tests.passes import active, statuses
from services.booking.tests.test_dates import announce, listed, open_workshop
from services.booking.tests.waits import (
    DAY,
    FAR,
    FIRST,
    OTHER,
    SECOND,
    STRANGER,
    accept,
    cancel,
    entry_of,
    offered,
    refused,
    starts,
    try_wait,
    wait,
)
from services.booking.tests.world import ALL_DAY, HOUR, TEN, World
from shared.internal.payments import CardPayment
from shared.records.ids import new_id
from shared.records.money import Money
from shared.records.times import render_utc


class TestAccept:
    async def test_anonymous_is_401_and_a_stranger_404(self, world: World) -> None:
        entry = await offered(world)
        assert (await world.http.post(f"/api/v1/waitlist/{entry['id']}/accept/")).status_code == 401
        assert (await accept(world, entry, SECOND)).status_code == 404
        waits = await entry_of(world, SECOND)
        answer = await accept(world, waits, SECOND)
        assert (answer.status_code, answer.json()["code"]) == (409, "offer_expired")

    async def test_bk_3_makes_a_booking_whose_hold_ends_with_the_offer(self, world: World) -> None:
        entry = await offered(world, offer_minutes=60)
        answer = await accept(world, entry, FIRST)
        assert answer.status_code == 201, answer.text
        booking, seen = answer.json(), await entry_of(world, FIRST)
        assert (seen["status"], seen["booking_id"]) == ("booked", booking["id"])
        assert booking["payment"]["expires_at"] == seen["offer_expires_at"] == render_utc(world.clock.now() + HOUR)
        assert (await accept(world, entry, FIRST)).json()["code"] == "offer_expired"
        await deliver(world.app, world.paid(booking))
        world.clock.advance(2 * HOUR)
        await run_jobs(world.app)
        assert (await world.get(f"/bookings/{booking['id']}/", FIRST)).json()["status"] == "confirmed"
        assert (await entry_of(world, SECOND))["status"] == "waiting"

    async def test_bk_3_what_is_not_paid_by_then_is_offered_to_the_next(self, world: World) -> None:
        entry = await offered(world, offer_minutes=60)
        assert (await accept(world, entry, FIRST)).status_code == 201
        world.clock.advance(HOUR)
        await run_jobs(world.app)
        assert (await entry_of(world, SECOND))["status"] == "offered"
        assert await refused(world, OTHER) == "slot_taken"

    async def test_an_offer_whose_time_is_over_is_refused_before_any_job_has_looked(self, world: World) -> None:
        entry = await offered(world, offer_minutes=60)
        world.clock.advance(HOUR)
        answer = await accept(world, entry, FIRST)
        assert (answer.status_code, answer.json()["code"]) == (409, "offer_expired")

    async def test_credits_that_payments_refuses_leave_the_offer(self, world: World) -> None:
        entry = await offered(world)
        before = await entry_of(world, FIRST)
        for amount in (20_000, 5_000):
            answer = await accept(world, entry, FIRST, credits=usd(amount))
            assert (answer.status_code, answer.json()["code"]) == (422, "insufficient_credits")
        assert await entry_of(world, FIRST) == before
        assert (await world.get("/bookings/", FIRST)).json()["total"] == 0
        world.payments.balance = 10_001
        answer = await accept(world, entry, FIRST, credits="max")
        assert (answer.status_code, answer.json()["status"]) == (201, "confirmed")

    async def test_a_free_seat_with_fees_needs_a_card_and_a_strange_one_leaves_the_offer(self, world: World) -> None:
        await world.open_shop(price=Money(0, "USD"), no_show_fee_amount=500)
        card = new_id()
        world.payments.cards[card] = CardPayment(status="succeeded")
        booking = await world.book(FAR, payment_method_id=str(card))
        entry = await wait(world, FIRST)
        await cancel(world, booking)
        for given, code in (({}, "payment_method_required"), ({"payment_method_id": str(new_id())}, "not_found")):
            assert (await accept(world, entry, FIRST, **given)).json()["code"] == code
        answer = await accept(world, entry, FIRST, payment_method_id=str(card))
        assert (answer.status_code, answer.json()["status"]) == (201, "confirmed")

    async def test_a_session_of_a_pass_pays_the_seat_and_an_unknown_pass_leaves_the_offer(self, world: World) -> None:
        sold = await active(world, 1)
        booking = await world.confirmed(FAR, OTHER)
        entry = await wait(world, world.client)
        await cancel(world, booking, OTHER)
        answer = await accept(world, entry, world.client, pass_id=str(new_id()))
        assert (answer.status_code, (await entry_of(world, world.client))["status"]) == (404, "offered")
        answer = await accept(world, entry, world.client, pass_id=sold["id"])
        assert (answer.status_code, answer.json()["status"], answer.json()["pass_id"]) == (201, "confirmed", sold["id"])
        assert await statuses(world, sold) == ["booked"]

    async def test_who_accepts_a_one_to_one_session_has_a_room_of_their_own(self, world: World) -> None:
        entry = await offered(world)
        booking = (await accept(world, entry, FIRST)).json()
        async with world.runtime.db.read() as session:
            assert await Sessions(session).room_of(UUID(booking["session_id"])) == f"booking-{booking['id']}"


class TestInvite:
    async def invite(self, world: World, client_id: UUID, start: Any, **more: Any) -> httpx2.Response:
        body = {"client_id": str(client_id), "start_time": render_utc(start), **more}
        return await world.post(f"/services/{world.service_id}/invites/", body, world.practitioner)

    async def test_anonymous_is_401_a_client_403_a_stranger_404(self, world: World) -> None:
        await world.open_shop()
        body = {"client_id": str(new_id()), "start_time": render_utc(FAR)}
        path = f"/services/{world.service_id}/invites/"
        assert (await world.http.post(f"/api/v1{path}", json=body)).status_code == 401
        assert (await world.post(path, body)).status_code == 403
        assert (await world.post(path, body, STRANGER)).status_code == 404

    async def test_holds_a_seat_outside_hours_and_limits_for_one_client(self, world: World) -> None:
        hours = {**ALL_DAY, "limits": {"sessions_per_day": 1, "sessions_per_week": None}}
        await world.open_shop(hours)
        await world.confirmed(FAR)
        late = FAR + 10 * HOUR
        answer = await self.invite(world, world.client_id, late, valid_hours=2)
        assert answer.status_code == 201, answer.text
        entry = answer.json()
        assert (entry["status"], entry["offer_expires_at"]) == ("offered", render_utc(world.clock.now() + 2 * HOUR))
        again = await self.invite(world, world.client_id, late)
        assert (again.status_code, again.json()) == (200, entry)
        [busy] = [each for each in await busy_of(world) if each["start_time"] == render_utc(late)]
        assert busy["source"] == "booking"
        assert (await self.invite(world, new_id(), late)).json()["code"] == "slot_taken"
        booking = (await accept(world, entry, world.client)).json()
        assert (booking["status"], booking["start_time"]) == ("pending_payment", render_utc(late))

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"client_id": str(UUID(int=0))}, "client_id"),
            ({"start_time": render_utc(TEN - 30 * DAY)}, "start_time"),
            ({"start_time": "9999-12-31T23:30:00Z"}, "start_time"),
            ({"valid_hours": 169}, "valid_hours"),
            ({"valid_hours": "2"}, "valid_hours"),
        ],
    )
    async def test_nonsense_is_422(self, world: World, change: dict[str, Any], field: str) -> None:
        await world.open_shop()
        body = {"client_id": str(world.client_id), "start_time": render_utc(FAR), **change}
        answer = await world.post(f"/services/{world.service_id}/invites/", body, world.practitioner)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)

    async def test_one_that_lapses_is_public_again_or_the_first_one_s_who_waits(self, world: World) -> None:
        await world.open_shop()
        assert (await self.invite(world, world.client_id, FAR, valid_hours=1)).status_code == 201
        assert (await self.invite(world, world.client_id, FAR + HOUR, valid_hours=1)).status_code == 201
        await wait(world, FIRST)
        world.clock.advance(HOUR)
        await run_jobs(world.app)
        assert (await entry_of(world, FIRST))["status"] == "offered"
        assert "11:00" in await starts(world)


async def busy_of(world: World) -> list[dict[str, Any]]:
    query = "from=2026-12-10&to=2026-12-11"
    answer = await world.get(f"/practitioners/{world.practitioner_id}/busy/?{query}", world.practitioner)
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


class TestWorkshop:
    async def test_bk_3_a_seat_of_a_date_is_offered_taken_and_gone_with_the_date(self, world: World) -> None:
        await open_workshop(world, max_participants=1)
        [date, other] = await announce(world, FAR, FAR + DAY)
        booking = await world.confirmed(FAR)
        for who in (FIRST, SECOND):
            await wait(world, who)
        await cancel(world, booking)
        assert [each["available_spots"] for each in await listed(world)] == [0, 1]
        booking = (await accept(world, await entry_of(world, FIRST), FIRST)).json()
        assert (booking["session_id"], booking["end_time"]) == (date["id"], date["end_time"])
        await cancel(world, booking, FIRST)
        assert (await entry_of(world, SECOND))["status"] == "offered"
        answer = await world.post(f"/sessions/{date['id']}/cancel/", {}, world.practitioner)
        assert answer.status_code == 200, answer.text
        assert (await entry_of(world, SECOND))["status"] == "closed"
        assert (await try_wait(world, FIRST)).status_code == 422
        answer = await world.post(f"/services/{world.service_id}/invites/", invitation(world, FAR), world.practitioner)
        assert answer.status_code == 422
        body = invitation(world, FAR + DAY)
        answer = await world.post(f"/services/{world.service_id}/invites/", body, world.practitioner)
        assert (answer.status_code, answer.json()["status"]) == (201, "offered")
        assert [each["available_spots"] for each in await listed(world) if each["id"] == other["id"]] == [0]


def invitation(world: World, start: Any) -> dict[str, str]:
    return {"client_id": str(world.client_id), "start_time": render_utc(start)}

"""Passes: bought and paid as bookings are, used session by session, restored and lapsed (rule 15)."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver_twice, run_jobs
from services.booking.passes.domain import end_of_day, entitlements
from services.booking.tests.doubles import usd
from services.booking.tests.passes import DAY, active, package_of, paid, shown, statuses, try_buy, usd_of, use
from services.booking.tests.world import HOUR, TEN, World
from shared.events.booking import BookingCancelled, BookingCompleted, BookingConfirmed
from shared.events.passes import PassChanged
from shared.records.ids import new_id


class TestDomain:
    def test_values_are_in_proportion_and_sum_to_the_price(self) -> None:
        of_three = entitlements(usd_of(10_000), [([], 4_000)] * 3)
        assert [each.value for each in of_three] == [3_334, 3_333, 3_333]
        mixed = entitlements(usd_of(9_999), [([], 12_500), ([], 3_333), ([], 0)])
        assert [each.value for each in mixed] == [7_894, 2_105, 0]

    @pytest.mark.parametrize(
        ("bought", "days", "end"),
        [
            (datetime(2026, 12, 1, 8, tzinfo=UTC), 365, datetime(2027, 12, 1, 23, tzinfo=UTC)),
            (datetime(2026, 12, 1, 23, 30, tzinfo=UTC), 1, datetime(2026, 12, 3, 23, tzinfo=UTC)),
            (datetime(2027, 3, 20, 8, tzinfo=UTC), 8, datetime(2027, 3, 28, 22, tzinfo=UTC)),
        ],
        ids=["a year", "past midnight there", "daylight saving"],
    )
    def test_it_is_valid_to_the_end_of_a_local_day(self, bought: datetime, days: int, end: datetime) -> None:
        assert end_of_day(bought, days, "Europe/Berlin") == end


class TestBuying:
    async def test_it_is_held_and_paid_like_a_booking(self, world: World) -> None:
        await world.open_shop()
        world.payments.balance = 4_000
        package_id = package_of(world)
        bought = (await try_buy(world, package_id, credits="max", expected_price=usd(10_000))).json()
        assert (bought["status"], bought["price"], bought["amount_due"]) == ("pending_payment", usd(10_000), usd(6_000))
        assert bought["payment"]["client_secret"]
        assert [each["value"]["amount"] for each in bought["sessions"]] == [3_334, 3_333, 3_333]
        assert (await use(world, bought)).json()["code"] == "pass_not_active"
        await deliver_twice(world.app, paid(world, bought))
        sold = await shown(world, bought)
        assert (sold["status"], sold["expires_at"], sold["payment"]) == ("active", "2027-01-01T00:00:00Z", None)
        assert (sold["completed"], sold["remaining"], sold["title"]) == (0, 3, "Three times")
        [event] = await world.events(PassChanged)
        assert (event.what, event.sold.status, [each.value.amount for each in event.sessions]) == (
            "activated",
            "active",
            [3_334, 3_333, 3_333],
        )
        as_practitioner = (await world.get("/passes/?as=practitioner", world.practitioner)).json()
        assert [(each["id"], each["order_id"]) for each in as_practitioner["results"]] == [(sold["id"], None)]
        assert (await world.get("/passes/?as=practitioner")).json()["total"] == 0

    async def test_unpaid_it_is_void_and_late_money_makes_it_active(self, world: World) -> None:
        await world.open_shop()
        bought = (await try_buy(world, package_of(world))).json()
        world.clock.advance(timedelta(minutes=16))
        await run_jobs(world.app)
        assert (await shown(world, bought))["status"] == "void"
        await deliver_twice(world.app, paid(world, bought))
        await run_jobs(world.app)
        assert (await shown(world, bought))["status"] == "active"
        assert len([event for event in await world.events(PassChanged) if event.what == "activated"]) == 1

    async def test_what_cannot_be_bought_names_its_field(self, world: World) -> None:
        await world.open_shop()
        package_id = package_of(world)
        wrong: list[tuple[dict[str, Any], int, str | None]] = [
            ({}, 422, None),
            ({"package_id": str(new_id())}, 404, "package_id"),
            ({"bundle_id": str(package_id)}, 404, "bundle_id"),
            ({"package_id": str(package_of(world, is_on_sale=False))}, 404, "package_id"),
            ({"package_id": str(package_id), "expected_price": usd(9_999)}, 409, None),
            ({"package_id": str(package_id), "credits": usd(10_001)}, 422, "credits"),
            ({"package_id": str(package_id), "credits": usd(1)}, 422, "credits"),
            ({"package_id": str(package_id), "promo_code": "X"}, 422, "promo_code"),
        ]
        for body, status, field in wrong:
            answer = await world.post("/passes/", body)
            assert (answer.status_code, field) == (
                status,
                answer.json()["errors"][0]["field"] if field else field,
            ), answer.text
        own = await try_buy(world, package_id, world.practitioner)
        assert (own.status_code, own.json()["code"]) == (422, "own_service")
        codes = [(await try_buy(world, package_id)).status_code for _ in range(6)]
        assert codes.count(409) > 0
        assert (await world.try_book(TEN)).json()["code"] == "too_many_holds"


class TestUsing:
    async def test_each_session_pays_one_seat_until_it_is_used_up(self, world: World) -> None:
        sold = await active(world)
        booked = (await use(world, sold)).json()
        assert (booked["status"], booked["total"], booked["value"]) == ("confirmed", usd(0), usd(3_334))
        assert (booked["pass_id"], booked["order_id"], booked["payment"]) == (sold["id"], None, None)
        [confirmed] = await world.events(BookingConfirmed)
        assert confirmed.line_id == confirmed.booking.line_id
        for hour in (1, 2):
            assert (await use(world, sold, TEN + hour * HOUR)).status_code == 201
        refused = await use(world, sold, TEN + 3 * HOUR)
        assert (refused.status_code, refused.json()["code"]) == (409, "pass_used_up")
        world.clock.set(TEN + 4 * HOUR)
        await run_jobs(world.app)
        await world.post(f"/bookings/{booked['id']}/complete/", headers=world.practitioner)
        after = await shown(world, sold)
        assert ([each["status"] for each in after["sessions"]], after["completed"]) == (["used", "booked", "booked"], 1)
        [completed] = await world.events(BookingCompleted)
        lines = {each.id: each.line_id for each in (await world.events(PassChanged))[0].sessions}
        assert completed.line_id == lines[UUID(sold["sessions"][0]["id"])]
        world.clock.advance(2 * DAY)
        await run_jobs(world.app)
        assert (await shown(world, sold))["status"] == "used_up"

    async def test_what_does_not_fit_is_refused(self, world: World) -> None:
        sold = await active(world, valid_for_days=3)
        other_service = world.snapshot(new_id())
        stranger = headers_for(new_id())
        wrong: list[tuple[dict[str, Any], Any, int, str]] = [
            ({"pass_id": str(new_id())}, TEN, 404, "not_found"),
            ({}, datetime(2026, 12, 5, 10, tzinfo=UTC), 422, "outside_validity"),
            ({"credits": "max"}, TEN, 422, "not_combinable"),
            ({"use_membership": True}, TEN, 422, "not_combinable"),
            ({"service_id": str(other_service.service_id)}, TEN, 422, "not_in_pass"),
        ]
        for more, start, status, code in wrong:
            answer = await world.try_book(start, **{"pass_id": sold["id"], **more})
            assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert (await world.try_book(TEN, stranger, pass_id=sold["id"])).status_code == 404
        assert await statuses(world, sold) == ["open"] * 3
        assert "10:00" in await world.starts()

    async def test_twenty_uses_of_the_last_session_at_once_are_one(self, world: World) -> None:
        sold = await active(world, quantity=1)
        starts = [TEN + (number % 7 - 1) * HOUR + number // 7 * DAY for number in range(20)]
        answers = await asyncio.gather(*(use(world, sold, start) for start in starts))
        assert sorted(answer.status_code for answer in answers) == [201] + 19 * [409]
        assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"pass_used_up"}
        assert await statuses(world, sold) == ["booked"]


class TestRule15:
    async def test_early_it_is_open_again_late_it_is_used(self, world: World) -> None:
        sold = await active(world)
        early, late = [(await use(world, sold, TEN + day * DAY)).json() for day in (4, 0)]
        answer = await world.post(f"/bookings/{early['id']}/cancel/")
        assert answer.json()["refund"] == {"card": usd(0), "credits": usd(0)}
        world.clock.set(TEN - 23 * HOUR)
        assert (await world.post(f"/bookings/{late['id']}/cancel/")).status_code == 200
        assert await statuses(world, sold) == ["open", "used", "open"]
        kept = [event.kept.amount for event in await world.events(BookingCancelled)]
        assert kept == [0, 3_333]
        ended = [each.ended_at for event in await world.events(PassChanged) for each in event.sessions if each.ended_at]
        assert ended == [TEN - 23 * HOUR]

    async def test_the_practitioner_s_cancellation_restores_and_extends_an_expired_pass(self, world: World) -> None:
        sold = await active(world, valid_for_days=3)
        booked = (await use(world, sold)).json()
        moved = {"start_time": (TEN + 5 * DAY).isoformat()}
        assert (await world.post(f"/bookings/{booked['id']}/reschedule/", moved)).json()["code"] == "outside_validity"
        answer = await world.post(f"/bookings/{booked['id']}/reschedule/", moved, world.practitioner)
        assert answer.status_code == 200, answer.text
        assert (await shown(world, sold))["expires_at"] == "2026-12-09T00:00:00Z"
        world.clock.set(TEN + 5 * DAY - HOUR)
        await run_jobs(world.app)
        await world.post(f"/bookings/{booked['id']}/cancel/", headers=world.practitioner)
        after = await shown(world, sold)
        assert (after["status"], after["expires_at"]) == ("active", "2027-01-08T00:00:00Z")
        assert await statuses(world, sold) == ["open"] * 3

    async def test_what_is_open_lapses_at_the_end_and_is_earned_from_then_on(self, world: World) -> None:
        sold = await active(world, valid_for_days=10)
        booked = (await use(world, sold, TEN)).json()
        world.clock.set(datetime(2026, 12, 6, 12, tzinfo=UTC))
        await run_jobs(world.app)
        expiring = [event for event in await world.events(PassChanged) if event.what == "expiring"]
        assert len(expiring) == 1
        later = {"expires_at": "2026-12-14T00:00:00Z"}
        path = f"/api/v1/passes/{sold['id']}/"
        assert (await world.http.put(path, json=later, headers=world.client)).status_code == 404
        earlier = await world.http.put(path, json={"expires_at": "2026-12-11T00:00:00Z"}, headers=world.practitioner)
        assert (earlier.status_code, earlier.json()["errors"][0]["code"]) == (422, "not_later")
        assert (await world.http.put(path, json=later, headers=world.practitioner)).status_code == 200
        world.clock.set(datetime(2026, 12, 14, tzinfo=UTC))
        for _ in range(2):
            await run_jobs(world.app)
        after = await shown(world, sold)
        assert (after["status"], after["remaining"]) == ("expired", 0)
        assert (await statuses(world, sold))[1:] == ["lapsed", "lapsed"]
        [lapsed] = [event for event in await world.events(PassChanged) if event.sold.status == "expired"]
        assert {each.ended_at for each in lapsed.sessions} == {datetime(2026, 12, 14, tzinfo=UTC)}
        assert (await use(world, sold, TEN + 12 * DAY)).json()["code"] == "pass_not_active"
        assert booked["status"] == "confirmed"

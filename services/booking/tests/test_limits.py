"""One client cannot take a whole calendar, and nobody books at a price that was not expected."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from devtools.testing.callers import headers_for
from services.booking.tests.doubles import usd
from services.booking.tests.world import HOUR, TEN, World
from shared.records.ids import new_id


async def refused(world: World, number: int) -> str:
    answer = await world.try_book(TEN + number * HOUR)
    assert answer.status_code == 409, answer.text
    return str(answer.json()["code"])


class TestLimits:
    async def test_a_client_holds_five_unpaid_bookings_of_a_practitioner_others_are_free_to_book(
        self, world: World
    ) -> None:
        await world.open_shop()
        for number in range(5):
            await world.book(TEN + number * HOUR)
        assert await refused(world, 5) == "too_many_holds"
        await world.book(TEN + 5 * HOUR, headers_for())

    async def test_a_client_holds_so_many_unpaid_bookings_of_all_practitioners_together(self, world: World) -> None:
        runtime = world.app.state.runtime
        world.app.state.runtime = replace(runtime, settings=runtime.settings.model_copy(update={"max_open_holds": 3}))
        await world.open_shop()
        for number in range(2):
            await world.book(TEN + number * HOUR)
        other = replace(world, practitioner_id=new_id(), practitioner_user_id=new_id(), service_id=new_id())
        await other.open_shop()
        await other.book()
        assert await refused(other, 1) == await refused(world, 2) == "too_many_holds"
        await other.book(TEN + HOUR, headers_for())

    async def test_a_hold_that_ended_counts_no_more(self, world: World) -> None:
        await world.open_shop()
        held = [await world.book(TEN + number * HOUR) for number in range(5)]
        await world.post(f"/bookings/{held[0]['id']}/cancel/")
        await world.book(TEN)
        world.clock.advance(timedelta(minutes=16))
        await world.book(TEN)

    async def test_free_bookings_are_counted_while_they_are_to_come(self, world: World) -> None:
        hours = {
            "timezone": "UTC",
            "weekly": [{"day_of_week": d, "start_time": "00:00", "end_time": "24:00"} for d in range(7)],
        }
        await world.open_shop(hours, price=usd(0))
        for number in range(10):
            assert (await world.book(TEN + number * HOUR))["status"] == "confirmed"
        assert await refused(world, 11) == "too_many_holds"
        world.clock.set(TEN)
        await world.book(TEN + 11 * HOUR)

    async def test_rivals_of_one_client_are_counted_one_after_the_other(self, world: World) -> None:
        await world.open_shop(max_participants=20)
        answers = await asyncio.gather(*(world.try_book() for _ in range(9)))
        assert sorted(answer.status_code for answer in answers) == [201] * 5 + [409] * 4


class TestExpectedPrice:
    async def test_another_price_is_409_and_the_problem_tells_it(self, world: World) -> None:
        await world.open_shop()
        answer = await world.try_book(expected_price=usd(9_000))
        assert (answer.status_code, answer.json()["code"]) == (409, "price_changed")
        assert answer.json()["price"] == usd(10_001)
        assert (await world.book(expected_price=usd(10_001)))["total"] == usd(10_001)

    async def test_another_currency_is_422(self, world: World) -> None:
        await world.open_shop()
        answer = await world.try_book(expected_price={"amount": 10_001, "currency": "EUR"})
        assert answer.json()["errors"][0]["code"] == "unsupported_currency"

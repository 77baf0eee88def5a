"""How a booking ends: completed, no-show, corrected; by its practitioner or by time."""

from datetime import timedelta
from typing import Any

import pytest

from devtools.testing.delivery import run_jobs
from services.booking.tests.world import HOUR, TEN, World
from shared.events.booking import BookingCompleted, BookingNoShow, BookingStarted

SECOND = timedelta(seconds=1)


class TestFinish:
    async def test_only_after_the_end_and_only_by_its_practitioner(self, world: World) -> None:
        await world.open_shop()
        booking = await world.confirmed()
        for path in ("complete", "no-show"):
            answer = await world.post(f"/bookings/{booking['id']}/{path}/", headers=world.practitioner)
            assert (answer.status_code, answer.json()["code"]) == (409, "not_ended")
            assert (await world.post(f"/bookings/{booking['id']}/{path}/")).status_code == 403

    async def test_complete_and_complete_again(self, world: World) -> None:
        await world.open_shop()
        booking = await world.confirmed()
        world.clock.set(TEN + HOUR)
        answers = [await world.post(f"/bookings/{booking['id']}/complete/", headers=world.practitioner) for _ in "12"]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()
        assert [event.completed_at for event in await world.events(BookingCompleted)] == [TEN + HOUR]

    @pytest.mark.parametrize(("after_the_end", "status"), [(24 * HOUR, 200), (24 * HOUR + SECOND, 409)])
    async def test_a_completed_one_is_corrected_for_a_day(self, world: World, after_the_end: Any, status: int) -> None:
        await world.open_shop()
        booking = await world.confirmed()
        world.clock.set(TEN + HOUR)
        await world.post(f"/bookings/{booking['id']}/complete/", headers=world.practitioner)
        world.clock.set(TEN + HOUR + after_the_end)
        answer = await world.post(f"/bookings/{booking['id']}/no-show/", headers=world.practitioner)
        assert (answer.status_code, answer.json().get("code")) == (
            status,
            "illegal_transition" if status == 409 else None,
        )
        # The earning's hold period does not begin anew.
        assert [event.completed_at for event in await world.events(BookingNoShow)] == [TEN + HOUR] * (status == 200)

    async def test_a_day_after_the_end_nobody_is_a_no_show_any_more(self, world: World) -> None:
        """Also where no job has completed the booking yet."""
        await world.open_shop()
        booking = await world.confirmed()
        world.clock.set(TEN + HOUR + 24 * HOUR + SECOND)
        answer = await world.post(f"/bookings/{booking['id']}/no-show/", headers=world.practitioner)
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
        done = await world.post(f"/bookings/{booking['id']}/complete/", headers=world.practitioner)
        assert done.json()["status"] == "completed"

    async def test_a_no_show_is_not_completed(self, world: World) -> None:
        await world.open_shop()
        booking = await world.confirmed()
        world.clock.set(TEN + HOUR)
        await world.post(f"/bookings/{booking['id']}/no-show/", headers=world.practitioner)
        answer = await world.post(f"/bookings/{booking['id']}/complete/", headers=world.practitioner)
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")

    async def test_no_show(self, world: World) -> None:
        await world.open_shop()
        booking = await world.confirmed()
        world.clock.set(TEN + HOUR)
        answer = await world.post(f"/bookings/{booking['id']}/no-show/", headers=world.practitioner)
        assert answer.json()["status"] == "no_show"
        assert [event.booking.status for event in await world.events(BookingNoShow)] == ["no_show"]

    async def test_a_pending_one_cannot_be_completed(self, world: World) -> None:
        await world.open_shop()
        booking = await world.book()
        world.clock.set(TEN + HOUR)
        answer = await world.post(f"/bookings/{booking['id']}/complete/", headers=world.practitioner)
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")

    async def test_time_starts_and_completes_it(self, world: World) -> None:
        await world.open_shop()
        booking = await world.confirmed()
        for moment, status in (
            (TEN - SECOND, "confirmed"),
            (TEN, "in_progress"),
            (TEN + 13 * HOUR - SECOND, "in_progress"),
            (TEN + 15 * HOUR, "completed"),
        ):
            world.clock.set(moment)
            await run_jobs(world.app)
            assert await world.status_of(booking) == status
        assert len(await world.events(BookingStarted)) == 1
        assert [event.completed_at for event in await world.events(BookingCompleted)] == [TEN + 13 * HOUR]


async def test_what_did_not_take_place_is_no_no_show(world: World) -> None:
    await world.open_shop()
    booking = await world.confirmed()
    await world.post(f"/bookings/{booking['id']}/cancel/")
    for path in ("no-show", "complete"):
        answer = await world.post(f"/bookings/{booking['id']}/{path}/", headers=world.practitioner)
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    assert await world.status_of(booking) == "cancelled"

"""What a booking was agreed on stays agreed: its policy, and the start that the client accepted."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from devtools.testing.delivery import deliver
from services.booking.tests.doubles import usd
from services.booking.tests.world import HOUR, TEN, World
from shared.events.booking import BookingConfirmed
from shared.events.catalog import PolicySnapshot, ServiceUpdated

DAY = 24 * HOUR
SECOND = timedelta(seconds=1)


async def confirmed(world: World, start: datetime = TEN) -> dict[str, Any]:
    await world.open_shop()
    booking = await world.book(start)
    await deliver(world.app, world.paid(booking))
    return booking


async def tried(world: World, booking: dict[str, Any], start: datetime, who: dict[str, str] | None = None) -> Any:
    return await world.post(f"/bookings/{booking['id']}/reschedule/", {"start_time": start.isoformat()}, who)


async def moved(world: World, booking: dict[str, Any], start: datetime, who: dict[str, str] | None = None) -> Any:
    answer = await tried(world, booking, start, who)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def given_back(world: World, booking: dict[str, Any], who: dict[str, str] | None = None) -> int:
    refund = (await world.get(f"/bookings/{booking['id']}/cancel/preview/", who)).json()["refund"]
    return int(refund["card"]["amount"] + refund["credits"]["amount"])


async def accept(world: World, booking: dict[str, Any]) -> Any:
    return await world.post(f"/bookings/{booking['id']}/accept-move/")


def from_now_on(world: World, **settings: int) -> None:
    """Other settings than when the booking was made."""
    runtime = world.app.state.runtime
    world.app.state.runtime = replace(runtime, settings=runtime.settings.model_copy(update=settings))


async def test_a_later_policy_changes_no_booking(world: World) -> None:
    booking = await confirmed(world)
    from_now_on(world, cancel_full_hours=72, cancel_part_percent=0)
    world.clock.set(TEN - DAY)
    assert await given_back(world, booking) == 10_001
    world.clock.set(TEN - 2 * HOUR)
    assert await given_back(world, booking) == 5_001


class TestPolicyOfTheService:
    async def test_is_frozen_in_the_booking(self, world: World) -> None:
        await world.open_shop(cancel_policy=PolicySnapshot(full_hours=48, part_hours=12, part_percent=10))
        booking = await world.book(TEN + DAY)
        await deliver(world.app, world.paid(booking))
        assert booking["policy"] == {"full_hours": 48, "part_hours": 12, "part_percent": 10}
        await deliver(world.app, ServiceUpdated(service=world.snapshot(version=2)))
        assert (await world.book(TEN + HOUR))["policy"] == {"full_hours": 24, "part_hours": 2, "part_percent": 50}
        backs = []
        for ahead in (48 * HOUR, 48 * HOUR - SECOND, 12 * HOUR, 12 * HOUR - SECOND):
            world.clock.set(TEN + DAY - ahead)
            backs.append(await given_back(world, booking))
        assert backs == [10_001, 1_000, 1_000, 0]

    @pytest.mark.parametrize(
        ("own", "policy"),
        [
            ({"full_hours": 72}, {"full_hours": 72, "part_hours": 2, "part_percent": 50}),
            ({"full_hours": 1}, {"full_hours": 1, "part_hours": 1, "part_percent": 50}),
            ({"part_percent": 0}, {"full_hours": 24, "part_hours": 2, "part_percent": 0}),
        ],
    )
    async def test_has_the_install_s_for_what_it_does_not_say(
        self, world: World, own: dict[str, int], policy: dict[str, int]
    ) -> None:
        await world.open_shop(cancel_policy=PolicySnapshot(**own))
        assert (await world.book())["policy"] == policy

    async def test_its_notice_for_moves_is_frozen_too(self, world: World) -> None:
        await world.open_shop(reschedule_hours=0)
        booking = await world.book(TEN)
        await deliver(world.app, world.paid(booking))
        await deliver(world.app, ServiceUpdated(service=world.snapshot(version=2)))
        world.clock.set(TEN)
        assert (await tried(world, booking, TEN + DAY)).json()["code"] == "already_started"
        world.clock.set(TEN - SECOND)
        assert (await tried(world, booking, TEN + DAY)).status_code == 200

    async def test_its_reminders_are_those_of_the_booking(self, world: World) -> None:
        await world.open_shop(reminders_minutes=(60, 10))
        await world.confirmed()
        assert [event.booking.reminders_minutes for event in await world.events(BookingConfirmed)] == [(60, 10)]

    async def test_the_client_moves_so_often_and_no_more(self, world: World) -> None:
        await world.open_shop(max_reschedules=1)
        booking = await world.book(TEN)
        await deliver(world.app, world.paid(booking))
        assert (await tried(world, booking, TEN)).status_code == 200
        for _ in range(2):
            assert (await tried(world, booking, TEN + HOUR)).status_code == 200
        refused = await tried(world, booking, TEN + 2 * HOUR)
        assert (refused.status_code, refused.json()["code"]) == (409, "too_many_moves")
        await moved(world, booking, TEN + 3 * HOUR, world.practitioner)
        assert (await tried(world, booking, TEN + 4 * HOUR)).status_code == 200
        assert (await tried(world, booking, TEN + 5 * HOUR)).json()["code"] == "too_many_moves"


class TestMovedByThePractitioner:
    async def test_the_client_cancels_in_full_until_the_new_start(self, world: World) -> None:
        booking = await confirmed(world)
        world.clock.set(TEN - HOUR)
        seen = await moved(world, booking, TEN + 5 * HOUR, world.practitioner)
        assert seen["move"] == {"by": "practitioner", "agreed_start_time": "2026-12-03T10:00:00Z", "accepted": False}
        world.clock.set(TEN + 5 * HOUR - SECOND)
        assert await given_back(world, booking) == 10_001
        answer = await world.post(f"/bookings/{booking['id']}/cancel/")
        assert answer.json()["refund"]["card"] == usd(10_001)

    async def test_the_client_moves_freely_and_that_is_agreed(self, world: World) -> None:
        booking = await confirmed(world)
        await moved(world, booking, TEN + 5 * HOUR, world.practitioner)
        world.clock.set(TEN + 4 * HOUR)
        seen = await moved(world, booking, TEN + 6 * HOUR)
        assert seen["move"] == {"by": "client", "agreed_start_time": "2026-12-03T16:00:00Z", "accepted": True}
        assert await given_back(world, booking) == 5_001

    async def test_a_second_move_keeps_the_start_the_client_agreed_to(self, world: World) -> None:
        booking = await confirmed(world)
        await moved(world, booking, TEN + HOUR, world.practitioner)
        seen = await moved(world, booking, TEN + 2 * HOUR, world.practitioner)
        assert seen["move"]["agreed_start_time"] == "2026-12-03T10:00:00Z"

    async def test_accepted_the_windows_count_from_the_new_start(self, world: World) -> None:
        booking = await confirmed(world)
        await moved(world, booking, TEN + DAY, world.practitioner)
        world.clock.set(TEN + HOUR)
        answers = [await accept(world, booking), await accept(world, booking)]
        assert [answer.status_code for answer in answers] == [200, 200]
        accepted = {"by": "practitioner", "agreed_start_time": "2026-12-04T10:00:00Z", "accepted": True}
        assert [answer.json()["move"] for answer in answers] == [accepted] * 2
        assert await given_back(world, booking) == 5_001
        body = {"start_time": (TEN + 2 * DAY).isoformat()}
        late = await world.post(f"/bookings/{booking['id']}/reschedule/", body)
        assert late.json()["code"] == "too_late_to_reschedule"

    async def test_accepting_is_the_client_s_and_ends_with_the_start(self, world: World) -> None:
        booking = await confirmed(world)
        assert (await accept(world, booking)).json()["code"] == "illegal_transition"
        await moved(world, booking, TEN + HOUR, world.practitioner)
        theirs = await world.post(f"/bookings/{booking['id']}/accept-move/", headers=world.practitioner)
        assert theirs.status_code == 404
        world.clock.set(TEN + HOUR)
        answer = await accept(world, booking)
        assert (answer.status_code, answer.json()["code"]) == (409, "already_started")


async def test_a_start_that_the_client_has_not_seen_is_not_agreed_to(world: World) -> None:
    booking = await confirmed(world)
    await moved(world, booking, TEN + HOUR, world.practitioner)
    seen = await moved(world, booking, TEN + 2 * HOUR, world.practitioner)
    path = f"/bookings/{booking['id']}/accept-move/"
    answer = await world.post(path, {"start_time": "2026-12-03T11:00:00Z"})
    assert (answer.status_code, answer.json()["code"]) == (409, "start_changed")
    assert answer.json()["start_time"] == seen["start_time"] == "2026-12-03T12:00:00Z"
    assert not (await world.get(f"/bookings/{booking['id']}/")).json()["move"]["accepted"]
    accepted = await world.post(path, {"start_time": "2026-12-03T13:00:00+01:00"})
    assert (accepted.status_code, accepted.json()["move"]["accepted"]) == (200, True)


async def test_a_client_s_own_move_is_agreed(world: World) -> None:
    booking = await confirmed(world)
    assert booking["move"] is None
    seen = await moved(world, booking, TEN + HOUR)
    assert seen["move"] == {"by": "client", "agreed_start_time": "2026-12-03T11:00:00Z", "accepted": True}
    assert (await accept(world, booking)).status_code == 200
    world.clock.set(TEN - DAY + 2 * HOUR)
    assert await given_back(world, booking) == 5_001


async def test_the_practitioner_s_cancellation_stays_free_of_charge(world: World) -> None:
    booking = await confirmed(world)
    await moved(world, booking, TEN + HOUR, world.practitioner)
    assert (await accept(world, booking)).status_code == 200
    world.clock.set(TEN)
    assert await given_back(world, booking, world.practitioner) == 10_001


@pytest.mark.parametrize("seats", [1, 2])
async def test_guests_of_one_session_see_its_id(world: World, seats: int) -> None:
    await world.open_shop(max_participants=2)
    sessions = {(await world.book())["session_id"] for _ in range(seats)}
    assert len(sessions) == 1
    assert None not in sessions


async def test_a_later_notice_for_moves_changes_no_booking(world: World) -> None:
    booking = await confirmed(world)
    from_now_on(world, reschedule_hours=72)
    world.clock.set(TEN - DAY)
    assert (await moved(world, booking, TEN + DAY))["move"]["by"] == "client"

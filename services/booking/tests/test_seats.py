"""One slot, many clients: who wins it, buffers around it, the seats of a group."""

import asyncio
from datetime import timedelta

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, run_jobs
from services.booking.tests.world import HOUR, TEN, World
from shared.events.catalog import ServiceUpdated
from shared.records.ids import new_id

MINUTE = timedelta(minutes=1)


class TestSlotRace:
    async def test_rule_03_a_taken_slot_is_409(self, world: World) -> None:
        await world.open_shop()
        await world.book()
        answer = await world.try_book(headers=headers_for())
        assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")

    async def test_rule_03_back_to_back_is_legal(self, world: World) -> None:
        await world.open_shop()
        for start in (TEN, TEN + HOUR, TEN - HOUR):
            await world.book(start)

    async def test_rule_03_fifty_at_once_have_one_winner(self, world: World) -> None:
        await world.open_shop()
        answers = await asyncio.gather(*(world.try_book(headers=headers_for()) for _ in range(50)))
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 49
        assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"slot_taken"}

    async def test_rule_03_fifty_at_once_for_an_overdue_hold_have_one_winner(self, world: World) -> None:
        await world.open_shop()
        await world.book()
        world.clock.advance(15 * MINUTE)
        answers = await asyncio.gather(run_jobs(world.app), *(world.try_book(headers=headers_for()) for _ in range(50)))
        assert sorted(answer.status_code for answer in answers[1:] if answer) == [201] + [409] * 49

    async def test_rule_02_buffers_pad_both_sides_when_written(self, world: World) -> None:
        await world.open_shop(buffer_after_minutes=15, slot_interval_minutes=15)
        await world.book(TEN + HOUR)
        for minutes, status in ((60, 409), (75, 201), (-60, 409), (-75, 201), (180, 201)):
            answer = await world.try_book(TEN + HOUR + minutes * MINUTE)
            assert (minutes, answer.status_code) == (minutes, status)

    async def test_rule_02_the_larger_of_two_facing_buffers_counts(self, world: World) -> None:
        await world.open_shop(buffer_after_minutes=15, slot_interval_minutes=15)
        second = world.snapshot(new_id(), buffer_before_minutes=30, slot_interval_minutes=15)
        await world.book(TEN)
        for minutes, status in ((75, 409), (90, 201)):
            answer = await world.try_book(TEN + minutes * MINUTE, service_id=str(second.service_id))
            assert answer.status_code == status

    async def test_rule_03_a_group_session_and_a_single_one_exclude_each_other(self, world: World) -> None:
        await world.open_shop()
        group = world.snapshot(new_id(), max_participants=5)
        await world.book(TEN)
        assert (await world.try_book(TEN, service_id=str(group.service_id))).status_code == 409
        await world.book(TEN + HOUR, service_id=str(group.service_id))
        assert (await world.try_book(TEN + HOUR)).status_code == 409


class TestGroup:
    async def test_rule_04_one_booking_is_one_seat(self, world: World) -> None:
        await world.open_shop(max_participants=2)
        await world.book()
        assert [slot["available_spots"] for slot in await world.slots()][1] == 1
        await world.book()
        assert (await world.try_book()).json()["code"] == "slot_taken"
        assert "10:00" not in await world.starts()

    async def test_rule_04_the_last_two_seats_have_two_winners(self, world: World) -> None:
        await world.open_shop(max_participants=5)
        for _ in range(3):
            await world.book()
        answers = await asyncio.gather(*(world.try_book(headers=headers_for()) for _ in range(20)))
        assert sorted(answer.status_code for answer in answers) == [201] * 2 + [409] * 18

    async def test_rule_04_twenty_first_buyers_open_one_session(self, world: World) -> None:
        await world.open_shop(max_participants=30)
        answers = await asyncio.gather(*(world.try_book(headers=headers_for()) for _ in range(20)))
        assert [answer.status_code for answer in answers] == [201] * 20
        assert (await world.slots())[1]["available_spots"] == 10

    @pytest.mark.parametrize(("seats", "offered"), [(1, []), (2, [1]), (5, [4])])
    async def test_rule_04_a_running_session_follows_fewer_and_more_seats(
        self, world: World, seats: int, offered: list[int]
    ) -> None:
        await world.open_shop(max_participants=3)
        await world.book()
        await deliver(world.app, ServiceUpdated(service=world.snapshot(max_participants=seats, version=2)))
        assert [slot["available_spots"] for slot in await world.slots() if "T10:" in slot["start_time"]] == offered
        answers = [(await world.try_book(headers=headers_for())).status_code for _ in range(5)]
        assert answers.count(201) == sum(offered)
        assert not any((await world.broken_invariants()).values())

    async def test_rule_04_a_session_for_one_becomes_one_for_three(self, world: World) -> None:
        await world.open_shop()
        await world.book()
        await deliver(world.app, ServiceUpdated(service=world.snapshot(max_participants=3, version=2)))
        answers = await asyncio.gather(*(world.try_book(headers=headers_for()) for _ in range(6)))
        assert sorted(answer.status_code for answer in answers) == [201] * 2 + [409] * 4

    async def test_rule_04_overdue_holds_give_their_seats_back(self, world: World) -> None:
        await world.open_shop(max_participants=2)
        await world.book()
        await world.book()
        world.clock.advance(15 * MINUTE)
        assert (await world.slots())[1]["available_spots"] == 2
        await world.book()
        assert (await world.slots())[1]["available_spots"] == 1

"""The constraints in Postgres and the pure rule say the same."""

import random
from datetime import timedelta

import pytest

from services.booking.calendars.domain import Busy, collides
from services.booking.schedules.domain import Slot
from services.booking.sessions.domain import SlotRules
from services.booking.sessions.repository import Seat, Sessions
from services.booking.tests.world import TEN, World
from shared.records.ids import new_id

MINUTE = timedelta(minutes=1)


def any_rules(chance: random.Random) -> SlotRules:
    return SlotRules(
        duration=chance.choice([30, 45, 60]) * MINUTE,
        interval=15 * MINUTE,
        notice=timedelta(0),
        horizon_days=90,
        buffer_before=chance.choice([0, 0, 15, 30]) * MINUTE,
        buffer_after=chance.choice([0, 0, 10, 45]) * MINUTE,
        capacity=1,
    )


def as_busy(slot: Slot, rules: SlotRules) -> Busy:
    padded = (slot.start - rules.buffer_before, slot.end + rules.buffer_after)
    return Busy(slot.start, slot.end, *padded, new_id(), 1)


@pytest.mark.parametrize("seed", range(5))
async def test_rule_02_rule_03_what_the_rule_calls_free_is_taken_and_nothing_else(world: World, seed: int) -> None:
    chance, practitioner_id, kept = random.Random(seed), new_id(), list[Busy]()
    for _ in range(60):
        rules = any_rules(chance)
        start = TEN + chance.randrange(0, 24 * 60, 5) * MINUTE
        slot = Slot(start, start + rules.duration)
        free = not any(collides(slot, rules, busy) for busy in kept)
        async with world.runtime.db.read() as session:
            seat = Seat(practitioner_id, new_id(), slot.start, slot.end, rules)
            taken = await Sessions(session).take(seat, None)
        assert (taken is not None) is free
        if free:
            kept.append(as_busy(slot, rules))
    async with world.runtime.db.transaction() as session:
        await (await session.connection()).exec_driver_sql("delete from booking.sessions")

"""The acceptance script as tests, one per scenario, against a whole instance."""

import orjson
import pytest

from devtools.stripe.judge import Judge
from tests.instance import Instance
from tests.journey.scenarios import SCENARIOS
from tests.journey.world import World

pytestmark = [pytest.mark.journey]


@pytest.mark.parametrize("name", SCENARIOS)
async def test_journey(name: str, world: World):
    await SCENARIOS[name](world)


def test_invariants_hold_after_all_of_it(instance: Instance):
    code, output = instance.invariants()
    assert code == 0, output


async def test_stripes_side_says_what_stripe_would(world: World):
    judge, faults, more, after = Judge(), list[str](), True, ""
    while more:
        page = await world.stripe("GET", f"/events?limit=100{after}")
        faults += judge.answer("GET", "events", 200, orjson.dumps(page))
        faults += [fault for event in page["data"] for fault in judge.event(event)]
        more = page["has_more"]
        after = f"&starting_after={page['data'][-1]['id']}" if more else ""
    assert not faults

"""The acceptance script as tests, one per scenario, against a whole instance."""

import pytest

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

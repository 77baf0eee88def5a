"""The acceptance script as tests, one per scenario, against a whole instance."""

import pytest

from tests.journey.scenarios import SCENARIOS
from tests.journey.world import World


@pytest.mark.journey
@pytest.mark.xdist_group("journey")
@pytest.mark.parametrize("name", SCENARIOS)
async def test_journey(name: str, world: World):
    await SCENARIOS[name](world)

"""Checkouts on their way are counted by state, with the age of the oldest in business time."""

from datetime import timedelta

from prometheus_client import REGISTRY

from devtools.testing.delivery import run_jobs
from services.booking.checkout.metrics import measure_checkouts
from services.booking.tests.world import World


def measured(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(f"estuary_booking_{name}", labels)


async def test_a_checkout_is_counted_until_it_is_final(world: World) -> None:
    await world.open_shop()
    await world.book()
    world.clock.advance(timedelta(minutes=4))
    assert await measure_checkouts(world.app.state.runtime) == 0
    assert measured("open_checkouts", state="awaiting") == 1
    assert measured("oldest_checkout_seconds") == 240
    world.clock.advance(timedelta(minutes=20))
    await run_jobs(world.app)
    await measure_checkouts(world.app.state.runtime)
    assert measured("open_checkouts", state="awaiting") == 0
    assert measured("oldest_checkout_seconds") == 0

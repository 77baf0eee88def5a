"""Checkouts on their way are counted by state, with the age of the oldest in business time; so are offers."""

from datetime import timedelta

from prometheus_client import REGISTRY

from devtools.testing.delivery import run_jobs
from services.booking.checkout.metrics import measure_checkouts
from services.booking.tests.waits import offered
from services.booking.tests.world import World
from services.booking.waitlist.metrics import measure_offers


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


async def test_an_offer_is_counted_until_it_is_taken_or_passes_on(world: World) -> None:
    await offered(world, offer_minutes=60)
    await measure_offers(world.app.state.runtime)
    assert (measured("open_offers"), measured("overdue_offer_seconds")) == (1, 0)
    world.clock.advance(timedelta(minutes=62))
    await measure_offers(world.app.state.runtime)
    assert measured("overdue_offer_seconds") == 120
    await run_jobs(world.app)
    world.clock.advance(timedelta(minutes=1))
    await measure_offers(world.app.state.runtime)
    assert (measured("open_offers"), measured("overdue_offer_seconds")) == (1, 0)

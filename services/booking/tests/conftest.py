"""The booking service with doubles of its peers, on a clean database."""

from collections.abc import Callable
from typing import Any

import pytest

from services.booking.app import create_app
from services.booking.tests.doubles import Catalog, Payments, identity
from services.booking.tests.world import World
from shared.records.clock import FixedClock


@pytest.fixture
async def world(runtime_for: Callable[..., Any], client_for: Callable[..., Any], clock: FixedClock) -> Any:
    """A practitioner with one service, 9 to 17 UTC every day; whatever a test does, the invariants hold at its end."""
    catalog, payments = Catalog(), Payments()
    runtime = await runtime_for(
        "booking", peers={"catalog": catalog.app(), "payments": payments.app(), "identity": identity()}
    )
    app = create_app(runtime)
    world = World(app, runtime, client_for(app), clock, catalog, payments)
    yield world
    assert await world.broken_invariants() == {}

"""The process dies at every commit and at every call to payments, comes back, and everything has happened once.

By default a part of the points is tried; ESTUARY_SWEEP=all tries every one (`make walks`).
"""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from pydantic import BaseModel

from devtools.testing.callers import service_tokens
from devtools.testing.crashes import Crashes, CrashingDatabase
from devtools.testing.delivery import run_jobs
from devtools.testing.fixtures import RuntimeFactory
from services.booking.app import create_app
from services.booking.tests.doubles import Catalog, Payments, identity
from services.booking.tests.stories import STORIES, Story
from services.booking.tests.stories_of_dates import DATE_STORIES
from services.booking.tests.stories_of_fees import ChargeFee
from services.booking.tests.world import World
from shared.errors import Unavailable
from shared.peers import Json, Peers
from shared.records.clock import FixedClock

EVERY = 1 if os.environ.get("ESTUARY_SWEEP") == "all" else 5
ALL = [*STORIES, ChargeFee, *DATE_STORIES]
SOON = [
    "update booking.checkouts set next_try_at = now()",
    "update booking.cancellations set next_try_at = now()",
    "update booking.fees set next_try_at = now() where status = 'charging'",
    "update booking.idempotency set locked_until = now() - interval '1 second' where locked_until is not null",
]


class CrashingPeers(Peers):
    """Each call is three points: before it, its answer lost (which the process survives), and after it."""

    def __init__(self, crashes: Crashes, *given: Any) -> None:
        super().__init__(*given)
        self.crashes = crashes

    async def call(self, method: str, service: str, path: str, body: BaseModel | None = None) -> Json:
        name = f"{method} {service} {path.rstrip('/').rsplit('/', 1)[-1][:8]}"
        self.crashes.may_die(f"before {name}")
        answer = await super().call(method, service, path, body)
        if self.crashes.passes(f"lost answer of {name}"):
            raise Unavailable(f"{service} does not answer.")
        self.crashes.may_die(f"after {name}")
        return answer


@pytest.fixture
def crashes() -> Crashes:
    """When the process dies."""
    return Crashes()


@pytest.fixture
async def world(
    runtime_for: RuntimeFactory, client_for: Callable[..., Any], clock: FixedClock, crashes: Crashes
) -> AsyncIterator[World]:
    """Booking, on a database and before peers at which it dies."""
    catalog, payments = Catalog(), Payments(balance=1_000_000, sessions=1_000)
    apps = {"catalog": catalog.app(), "payments": payments.app(), "identity": identity()}
    transports = {name: httpx2.ASGITransport(app) for name, app in apps.items()}
    peers = CrashingPeers(crashes, transports, service_tokens("booking").token)
    runtime = await runtime_for("booking")
    db = CrashingDatabase(runtime.db, crashes)
    app = create_app(replace(runtime, db=db, peers=peers))
    world = World(app, app.state.runtime, client_for(app), clock, catalog, payments)
    await world.open_shop()
    yield world
    await peers.close()
    await db.close()


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
async def test_rule_05_a_crash_anywhere_leaves_one_effect(world: World, crashes: Crashes, kind: type[Story]) -> None:
    points = await play(kind(world, crashes, 0), None)
    assert points, "nothing was stored and nobody was asked"
    for number, chosen in enumerate(range(ALL.index(kind) % EVERY, len(points), EVERY), start=1):
        await play(kind(world, crashes, number), chosen)


async def test_an_order_that_payments_refuses_after_all_leaves_nothing_behind(world: World) -> None:
    world.payments.refuses = "stripe_refused"
    answer = await world.try_book()
    assert (answer.status_code, answer.json()["code"]) == (409, "stripe_refused")
    assert (await world.get("/bookings/")).json()["total"] == 0
    assert "10:00" in await world.starts()


async def play(story: Story, chosen: int | None) -> list[str]:
    """Plays it with a crash at that point, and again after it; answers the points of the first time."""
    crashes = story.crashes
    await story.prepare()
    # A job that gets no answer has failed, and is run again.
    with crashes.armed(chosen), suppress(Unavailable):
        await story.act()
    passed, hit = crashes.passed, crashes.hit
    for again in (True, False):
        await soon(story.world)
        if again:
            await story.act()
        await run_jobs(story.world.app)
    try:
        await story.check()
        assert await story.world.broken_invariants() == {}
    except AssertionError as error:
        error.add_note(f"after {hit} (point {chosen} of {passed})")
        raise
    return passed


async def soon(world: World) -> None:
    """What waits is due now, and what a dead process had claimed is free."""
    async with world.runtime.db.transaction() as session:
        raw = await session.connection()
        await raw.exec_driver_sql("set local role none")
        for statement in SOON:
            await raw.exec_driver_sql(statement)

"""Whatever people, banks and Stripe do, while calls fail and processes die: Stripe's side equals the books.

By default one short walk; ESTUARY_WALKS=8x300 takes eight of 300 steps (`make walks`).
"""

import os
import random
from collections.abc import AsyncIterator, Callable, Iterable

import pytest
from fastapi import FastAPI

from devtools.testing.crashes import Crashes
from devtools.testing.fixtures import RuntimeFactory
from services.payments.invariants import INVARIANTS
from services.payments.tests.books import differences
from services.payments.tests.crashes import crashing
from services.payments.tests.scenes import Market
from services.payments.tests.stories import Stage
from services.payments.tests.test_invariants import broken
from services.payments.tests.walks import Walk

SEEDS, STEPS = map(int, os.environ.get("ESTUARY_WALKS", "1x60").split("x"))
RATES = ["0.2000", "0.1500", "0.3333", "0.0001", "0.9999", "0.1234", "1.0000", "0.0000"]


@pytest.fixture
def crashes() -> Crashes:
    """When the process dies."""
    return Crashes()


@pytest.fixture
async def app(runtime_for: RuntimeFactory, stripe_base: str, crashes: Crashes) -> AsyncIterator[FastAPI]:
    """Payments, on a database and a connection to Stripe at which it dies; every amount may be paid out."""
    env = {"STRIPE_API_BASE": stripe_base, "PAYMENTS_PAYOUT_MINIMUM": "1"}
    async with crashing(await runtime_for("payments", env=env), crashes) as made:
        yield made


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
async def test_a_walk(market: Market, crashes: Crashes, seed: int, say: Callable[[str], None]) -> None:
    rng = random.Random(seed)
    walk = Walk(Stage(market, crashes), rng, await market.account())
    rate = rng.choice(RATES)
    await market.owner_sql(f"insert into payments.commission_terms values ('{market.practitioner_id}', {rate}, now())")
    try:
        for number in range(STEPS):
            done = await walk.step()
            assert (found := await broken(market)) == {}, f"step {number}, {done}: {await rows(market, found)}"
        await walk.settle()
        assert await broken(market) == {}
        assert await differences(walk.stage) == []
    finally:
        await walk.fail_no_more()
    if SEEDS > 1:
        say(f"walk {seed}: {dict(walk.counts)}")


async def rows(market: Market, names: Iterable[str]) -> dict[str, str]:
    """What these invariants found."""
    return {name: str(await market.sql(INVARIANTS[name])) for name in names}

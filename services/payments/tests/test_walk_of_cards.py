"""Whatever a client does with cards, while calls fail and processes die: Stripe has the cards that we have.

By default one short walk; ESTUARY_WALKS=8x300 takes eight of 300 steps (`make walks`).
"""

import random
from collections.abc import AsyncIterator, Callable

import pytest
from fastapi import FastAPI

from devtools.testing.crashes import Crashes
from devtools.testing.fixtures import RuntimeFactory
from services.payments.plans.service import seed_plans
from services.payments.tests.books import differences
from services.payments.tests.crashes import crashing
from services.payments.tests.scenes import Market
from services.payments.tests.stories import Stage
from services.payments.tests.test_invariants import broken
from services.payments.tests.test_walk import SEEDS, STEPS, rows
from services.payments.tests.walks_of_cards import WalkOfCards


@pytest.fixture
def crashes() -> Crashes:
    """When the process dies."""
    return Crashes()


@pytest.fixture
async def app(runtime_for: RuntimeFactory, stripe_base: str, crashes: Crashes) -> AsyncIterator[FastAPI]:
    """Payments, on a database and a connection to Stripe at which it dies."""
    async with crashing(await runtime_for("payments", env={"STRIPE_API_BASE": stripe_base}), crashes) as made:
        yield made


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
async def test_a_walk(market: Market, crashes: Crashes, seed: int, say: Callable[[str], None]) -> None:
    await seed_plans(market.runtime.db, market.currency)
    walk = WalkOfCards(Stage(market, crashes), random.Random(seed), {})
    try:
        for number in range(STEPS):
            done = await walk.step()
            assert (found := await broken(market)) == {}, f"step {number}, {done}: {await rows(market, found)}"
        await walk.settle()
        assert await broken(market) == {}
        assert await differences(walk.stage) == []
        assert await cards_here(market) == await cards_at_stripe(market)
    finally:
        await walk.faults(["customers.create"], "refused", 0)
    if SEEDS > 1:
        say(f"walk {seed}: {dict(walk.counts)}")


async def cards_here(market: Market) -> set[str]:
    """Stripe's ids of the client's cards."""
    return {row.stripe_id for row in await market.sql("select stripe_id from payment_methods")}


async def cards_at_stripe(market: Market) -> set[str]:
    """The same, as the customer has them."""
    found = set[str]()
    for (customer,) in await market.sql(
        "select stripe_customer_id from customers where stripe_customer_id is not null"
    ):
        listed = await market.stripe_api.get(f"/customers/{customer}/payment_methods", params={"limit": 100})
        found |= {card["id"] for card in listed.json()["data"]}
    return found

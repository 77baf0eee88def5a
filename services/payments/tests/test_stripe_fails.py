"""Each call to Stripe about cards and subscriptions fails in each way, and everything has happened once.

By default a part of the calls is tried; ESTUARY_SWEEP=all tries every one (`make walks`).
"""

import os
from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI

from devtools.testing.callers import headers_for
from devtools.testing.crashes import Crashes
from devtools.testing.fixtures import RuntimeFactory
from services.payments.tests import stories_of_cards, stories_of_subscriptions
from services.payments.tests.crashes import crashing
from services.payments.tests.scenes import Market
from services.payments.tests.stories import Stage, Story
from services.payments.tests.test_invariants import broken

pytestmark = pytest.mark.slow  # minutes, as a whole

STORIES: list[type[Story]] = [
    stories_of_cards.Save,
    stories_of_cards.PayWithSaved,
    stories_of_cards.PayAndSave,
    stories_of_cards.SaveAndPay,
    stories_of_cards.OpenWithSaved,
    stories_of_cards.Remove,
    stories_of_cards.Erase,
    stories_of_subscriptions.Subscribe,
    stories_of_subscriptions.Renew,
    stories_of_subscriptions.RenewFails,
    stories_of_subscriptions.GiveUp,
    stories_of_subscriptions.Rescue,
    stories_of_subscriptions.CancelUnpaid,
]
CALLS = [
    "customers.create",
    "customers.delete",
    "setup_intents.create",
    "payment_methods.attach",
    "payment_methods.detach",
    "payment_intents.create",
    "payment_intents.update",
    "payment_intents.confirm",
    "payment_intents.retrieve",
    "payment_intents.cancel",
]
EVERY = 1 if os.environ.get("ESTUARY_SWEEP") == "all" else 8
ERRORS = ["rate_limited", "server_error", "timeout_after_effect", "idempotency_error"]


@pytest.fixture
async def app(runtime_for: RuntimeFactory, stripe_base: str) -> AsyncIterator[FastAPI]:
    """Payments, whose SDK repeats no call by itself."""
    async with crashing(await runtime_for("payments", env={"STRIPE_API_BASE": stripe_base}), Crashes()) as made:
        yield made


@pytest.fixture
def stage(market: Market) -> Stage:
    """Where stories are played."""
    return Stage(market, Crashes())


async def fail(market: Market, call: str, error: str, times: int) -> None:
    """So many of the next requests of that call fail."""
    url = str(market.stripe_api.base_url).split("/sandbox/")[0] + "/api/v1/sandbox/stripe/faults/"
    body = {"calls": [call], "error": error, "times": times}
    answer = await market.stripe_api.post(url, json=body, headers=headers_for(roles=("user", "staff")))
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_rule_08_a_call_that_fails_leaves_one_effect(stage: Stage, story: type[Story], error: str) -> None:
    for call in CALLS[STORIES.index(story) % EVERY :: EVERY]:
        await play(story(stage), call, error)


async def play(story: Story, call: str, error: str) -> None:
    """Plays it while one request of that call fails, its own or a job's, and again after it."""
    await story.prepare()
    await fail(story.market, call, error, 1)
    await story.act()
    await story.settle()
    await fail(story.market, call, error, 0)
    await story.stage.hurry()
    await story.act()
    await story.settle()
    try:
        await story.check()
        assert await broken(story.market) == {}
    except (AssertionError, httpx2.HTTPError) as failure:
        failure.add_note(f"after {error} of {call}; answered {[answer.status_code for answer in story.answers]}")
        raise

"""The process dies at every commit and at every call to Stripe, comes back, and everything has happened once.

By default a part of the points is tried; ESTUARY_SWEEP=all tries every one (`make walks`).
"""

import os
from collections.abc import AsyncIterator, Callable

import httpx2
import pytest
from fastapi import FastAPI

from devtools.testing.crashes import Crashes
from devtools.testing.fixtures import RuntimeFactory
from services.payments.tests import (
    stories_of_cards,
    stories_of_changes,
    stories_of_disputes,
    stories_of_holds,
    stories_of_lines,
    stories_of_memberships,
    stories_of_orders,
    stories_of_payouts,
    stories_of_refunds,
    stories_of_subscriptions,
    stories_of_tiers,
)
from services.payments.tests.crashes import crashing
from services.payments.tests.scenes import Market
from services.payments.tests.stories import Stage, Story
from services.payments.tests.test_invariants import broken

pytestmark = pytest.mark.slow  # minutes, as a whole

STORIES: list[type[Story]] = [
    stories_of_orders.Open,
    stories_of_orders.Confirm,
    stories_of_orders.Purchase,
    stories_of_orders.Close,
    stories_of_orders.Expire,
    stories_of_orders.PaidBeforeClosing,
    stories_of_orders.PaidLate,
    stories_of_refunds.Refund,
    stories_of_refunds.Cancel,
    stories_of_refunds.RefundFails,
    stories_of_refunds.RefundFailsAtOnce,
    stories_of_disputes.RefundedThere,
    stories_of_disputes.Dispute,
    stories_of_disputes.DisputeStopsPayout,
    stories_of_disputes.DisputeWon,
    stories_of_disputes.DisputeLost,
    stories_of_holds.Hold,
    stories_of_holds.EndHold,
    stories_of_holds.HoldTooLate,
    stories_of_holds.HoldPayouts,
    stories_of_lines.OpenLines,
    stories_of_lines.Subscribe,
    stories_of_lines.Authorize,
    stories_of_lines.Capture,
    stories_of_lines.CapturedInPart,
    stories_of_lines.GiveBack,
    stories_of_lines.RefundLines,
    stories_of_payouts.Earn,
    stories_of_payouts.Payout,
    stories_of_payouts.PayoutFails,
    stories_of_payouts.PayoutReturns,
    stories_of_payouts.PayoutShrinks,
    stories_of_payouts.StaffEndIt,
    stories_of_payouts.StaffMarkItPaid,
    stories_of_payouts.Account,
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
    stories_of_changes.ChangeUp,
    stories_of_changes.ChangeToYear,
    stories_of_changes.ChangeAtPeriodEnd,
    stories_of_changes.ReplaceUnpaid,
    stories_of_changes.Undo,
    stories_of_changes.NobodyPays,
    stories_of_memberships.Join,
    stories_of_memberships.NextPeriod,
    stories_of_memberships.UseSession,
    stories_of_memberships.ReturnSession,
    stories_of_subscriptions.Resume,
    stories_of_subscriptions.ResumeAtItsTime,
    stories_of_tiers.Become,
    stories_of_tiers.StayFan,
    stories_of_tiers.StreamGoes,
    stories_of_subscriptions.CancelByStaff,
]
EVERY = 1 if os.environ.get("ESTUARY_SWEEP") == "all" else 7


@pytest.fixture
def crashes() -> Crashes:
    """When the process dies."""
    return Crashes()


@pytest.fixture
async def app(runtime_for: RuntimeFactory, stripe_base: str, crashes: Crashes) -> AsyncIterator[FastAPI]:
    """Payments, on a database and a connection to Stripe at which it dies."""
    async with crashing(await runtime_for("payments", env={"STRIPE_API_BASE": stripe_base}), crashes) as made:
        yield made


@pytest.fixture
def stage(market: Market, crashes: Crashes) -> Stage:
    """Where stories are played."""
    return Stage(market, crashes)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_rule_08_a_crash_anywhere_leaves_one_effect(
    stage: Stage, story: type[Story], say: Callable[[str], None]
) -> None:
    points = await play(story(stage), None)
    assert points, "nothing was stored and nobody was asked"
    # Where one sweep stops at these, the next one stops at others: each story starts with another point.
    for chosen in range(STORIES.index(story) % EVERY, len(points), EVERY):
        await play(story(stage), chosen)
    if EVERY == 1:
        say(f"{story.__name__}: {len(points)} points")


async def play(story: Story, chosen: int | None) -> list[str]:
    """Plays it with a crash at that point, and again after it; answers the points of the first time."""
    crashes = story.stage.crashes
    await story.prepare()
    with crashes.armed(chosen):
        await story.act()
    passed, hit = crashes.passed, crashes.hit
    await story.stage.hurry()
    await story.act()
    await story.settle()
    try:
        await story.check()
        assert await broken(story.market) == {}
    except (AssertionError, httpx2.HTTPError) as error:
        error.add_note(f"after {hit} (point {chosen} of {passed})")
        raise
    return passed

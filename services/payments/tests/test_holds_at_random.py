"""Holds and disputes that open and end at random while payouts are approved and transferred: no held money leaves.

By default one crowd of ten rounds; ESTUARY_CROWDS=20x30 takes twenty of thirty.
"""

import asyncio
import os
import random
from collections.abc import Awaitable, Callable

import pytest

from devtools.testing.crashes import Crashes
from services.payments.tests.books import differences
from services.payments.tests.crowds import Crowd
from services.payments.tests.scenes import Market
from services.payments.tests.stories import Stage
from services.payments.tests.test_invariants import broken

SEEDS, ROUNDS = map(int, os.environ.get("ESTUARY_CROWDS", "1x10").split("x"))
ACTS = 14
HELD = "select distinct line_id::text from payments.earnings where status = 'held'"


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
async def test_no_transfer_has_held_money(
    market: Market, buy_credits: Callable[[int], Awaitable[str]], seed: int, say: Callable[[str], None]
) -> None:
    await buy_credits(500_000)
    stage = Stage(market, Crashes())
    crowd = await Crowd.of(stage, random.Random(seed))
    for _ in range(4):
        await crowd.sell()
    for number in range(ROUNDS):
        await crowd.sell()
        await asyncio.gather(*(crowd.act() for _ in range(ACTS)))
        assert await broken(market) == {}, number
        if number % 2:
            await crowd.end_payouts()
    await crowd.end_all()
    for _ in range(6):
        await stage.work()
        await asyncio.sleep(0.1)
    assert await broken(market) == {}
    assert await crowd.transferred_though_held() == []
    assert crowd.let_go_though_held() == []
    assert await differences(stage) == []
    assert {row[0] for row in await market.sql(HELD)} <= crowd.lost
    for happened in ("approved 200", "approved 409", "transferred lines", "disputes", "refunded 200"):
        assert crowd.counts[happened], happened
    if SEEDS > 1:
        say(f"crowd {seed}: {dict(crowd.counts)}")

"""Holds of what a membership's session has paid for, which the platform bears."""

from datetime import timedelta

import pytest

from services.payments.tests.holding import held, let_go, lines_of
from services.payments.tests.members import Member, money
from services.payments.tests.scenes import Market, Sale
from services.payments.tests.subscribers import Subscriber
from services.payments.tests.test_invariants import broken


@pytest.fixture
def member(market: Market, subscriber: Subscriber) -> Member:
    return Member(market, subscriber)


async def earned(member: Member, price: int = 20_000) -> Sale:
    """A session that took place, and what it earned is available."""
    sale = await member.booked(price)
    await member.market.complete(sale)
    member.market.clock.advance(timedelta(hours=24))
    await member.market.work()
    return sale


async def test_what_is_given_back_while_it_is_held_is_gone(member: Member) -> None:
    await member.join(session_value=money(20_000))
    sale = await earned(member)
    cause_id = await held(member.market, line_ids=await lines_of(member.market, sale))
    assert await member.market.summary() == {"held": 16_000}
    await member.give_back(sale)
    assert await member.market.summary() == {"reversed": 16_000}
    await let_go(member.market, cause_id)
    assert await member.market.summary() == {"reversed": 16_000}
    assert await broken(member.market) == {}


async def test_a_payout_with_it_is_rejected_and_what_is_given_back_afterwards_is_no_debt(member: Member) -> None:
    await member.join(session_value=money(20_000))
    await member.market.account()
    sale = await earned(member)
    payout_id = await member.market.payout()
    cause_id = await held(member.market, line_ids=await lines_of(member.market, sale))
    assert (await member.market.show(payout_id))["reason"] == "held"
    await member.give_back(sale)
    await let_go(member.market, cause_id)
    assert await member.market.summary() == {"reversed": 16_000}
    assert await broken(member.market) == {}

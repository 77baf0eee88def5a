"""Holds of what a membership's session has paid for, which the platform bears."""

import asyncio
from datetime import timedelta

import pytest

from services.payments.chargebacks.service import sync_dispute
from services.payments.tests.disputes import DISPUTED, Disputes
from services.payments.tests.holding import held, let_go, lines_of
from services.payments.tests.members import Member, money
from services.payments.tests.scenes import Json, Market, Sale
from services.payments.tests.subscribers import Subscriber
from services.payments.tests.test_invariants import broken
from services.payments.tests.test_memberships import ZERO, bill_of
from shared.records.ids import new_id


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


@pytest.mark.parametrize(("how", "summary"), [("won", {"available": 8_000}), ("lost", {"held": 8_000})])
async def test_a_dispute_of_its_bill_holds_what_its_sessions_earned(member: Member, how: str, summary: Json) -> None:
    market, disputes = member.market, Disputes(member.market)
    await member.offer()
    made = await member.subscriber.subscribe("club")
    assert await member.subscriber.pay(made["payment"], DISPUTED) == "succeeded"
    await earned(member, 5000)
    sale = await member.booked()
    bill_id = await bill_of(member, made)
    bill = Sale(bill_id, market.snapshot(new_id(), {"order_id": str(bill_id)} | ZERO))
    await disputes.heard(bill)
    assert await market.summary() == {"held": 8_000}
    await market.complete(sale)
    market.clock.advance(timedelta(hours=24))
    await market.work()
    assert await market.summary() == {"held": 8_000}
    await disputes.ended(bill, how)
    assert await market.summary() == summary
    assert await broken(market) == {}


@pytest.mark.parametrize("times", [5, pytest.param(50, marks=pytest.mark.slow)])
async def test_sessions_used_while_the_dispute_opens_are_held_or_there_are_none(member: Member, times: int) -> None:
    market, disputes = member.market, Disputes(member.market)
    await member.offer(sessions=100)
    made = await member.subscriber.subscribe("club")
    assert await member.subscriber.pay(made["payment"], DISPUTED) == "succeeded"
    bill_id = await bill_of(member, made)
    bill = Sale(bill_id, market.snapshot(new_id(), {"order_id": str(bill_id)} | ZERO))
    opens = sync_dispute(market.runtime, await disputes.id_of(bill))
    answers, _ = await asyncio.gather(asyncio.gather(*(member.ask() for _ in range(times))), opens)
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert (await member.ask()).status_code == 409
    await member.subscriber.work()
    assert await broken(market) == {}

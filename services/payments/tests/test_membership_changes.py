"""What a change of membership grants: the difference, in the share of the period that is paid (MN-6)."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from fractions import Fraction
from math import floor
from random import Random

import pytest

from services.payments.memberships.domain import Allowance
from services.payments.tests.members import Member, money
from services.payments.tests.scenes import Json, Market
from services.payments.tests.subscribers import Subscriber, terms

Balance = Callable[..., Awaitable[tuple[int, int]]]
GOLD: Json = {"credits": money(4000), "sessions": 9, "session_value": money(9000)}
GOLD_PRICES = [{"interval": "month", "price": money(9000)}, {"interval": "year", "price": money(90_000)}]


@pytest.fixture
async def member(market: Market, subscriber: Subscriber) -> Member:
    """There is a better club too."""
    await subscriber.make_plan("gold", 9000, kind="membership", features=GOLD, prices=GOLD_PRICES)
    return Member(market, subscriber)


async def test_rule_mn_6_an_upgrade_grants_the_difference_for_what_is_left(member: Member, balance: Balance) -> None:
    made = await member.join()
    await member.subscriber.half(made)
    await member.subscriber.change_to(made["id"], "gold")
    assert await member.benefits(made) == (1000 + 1500, 2 + 3)
    assert (await balance(), await member.subscriber.paid()) == ((2500, 0), [3000, 3000])
    await member.subscriber.at(made["current_period_end"])
    assert await member.benefits(made) == (4000, 9)


async def test_not_before_it_is_paid(member: Member, balance: Balance) -> None:
    made = await member.join()
    await member.subscriber.wallet.run("delete from payments.payment_methods")
    await member.subscriber.change_to(made["id"], "gold")
    assert (await member.benefits(made), await balance()) == ((1000, 2), (1000, 0))


async def test_what_is_free_grants_nothing(member: Member, balance: Balance) -> None:
    made = await member.join()
    await member.subscriber.later(days=30, hours=23)
    changed = await member.subscriber.change_to(made["id"], "gold")
    assert changed["plan"]["code"] == "gold"
    assert (await member.benefits(made), await balance()) == ((1000, 2), (1000, 0))


async def test_up_spend_down_up_again_grants_once(member: Member, balance: Balance) -> None:
    made = await member.join()
    await member.subscriber.half(made)
    for code in ("gold", "club", "gold", "club"):
        await member.subscriber.ask_to_change(made["id"], code)
    assert (await balance(), await member.subscriber.paid()) == ((2500, 0), [3000, 3000])
    await member.subscriber.at(made["current_period_end"])
    assert (await member.benefits(made), await member.subscriber.paid()) == ((1000, 2), [3000, 3000, 3000])


async def test_a_year_that_follows_a_month_grants_its_own_less_what_is_not_used(
    member: Member, balance: Balance
) -> None:
    made = await member.join()
    await member.subscriber.half(made)
    await member.subscriber.change_to(made["id"], "gold", "year")
    assert await balance() == (1000 + 3500, 0)
    assert await member.benefits(made) == (1000 + 3500, 2 + 8)
    assert await member.subscriber.paid() == [3000, 88_500]
    await member.subscriber.at(made["current_period_end"])
    await member.subscriber.later(days=60)
    assert await member.benefits(made) == (1000 + 3500, 2 + 8)
    assert await balance() == (1000 + 3500, 0)


async def test_after_a_pause_the_plan_that_waited_is_in_force(member: Member) -> None:
    subscriber = member.subscriber
    made = await subscriber.active(code="gold")
    await member.offer()
    await subscriber.change_to(made["id"], "club")
    await subscriber.change(made["id"], "pause")
    await subscriber.at(made["current_period_end"])
    shown = await subscriber.show(made["id"])
    assert (shown["status"], shown["plan"]["code"]) == ("paused", "gold")
    answer = await subscriber.ask_to_change(made["id"], "club", "year")
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    await subscriber.later(days=10)
    resumed = (await subscriber.change(made["id"], "resume")).json()
    assert terms(resumed) == ("club", "month", 3000, None)
    assert await subscriber.paid() == [9000, 3000]


@pytest.mark.parametrize("begins", [False, True])
def test_never_more_than_the_share_that_is_paid(begins: bool) -> None:
    random, whole = Random(7), timedelta(days=31)
    for _ in range(2000):
        old, new = (Allowance(random.randrange(9000), random.randrange(30), random.randrange(9000)) for _ in range(2))
        left = timedelta(seconds=random.randrange(31 * 86_400 + 1))
        share = Fraction(int(left.total_seconds()), 31 * 86_400)
        added, mine = new.beyond(old, left, whole, begins=begins), Fraction(1) if begins else share
        assert added.credits == max(floor(new.credits * mine - old.credits * share), 0)
        assert added.sessions == max(floor(new.sessions * mine - old.sessions * share), 0)
        assert added.session_value == new.session_value

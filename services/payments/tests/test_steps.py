"""In currencies whose amounts Stripe takes in steps only, nothing is ever off the step. The sandbox refuses it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from services.payments.invariants import INVARIANTS
from services.payments.tests.sales import confirmed, line, put
from services.payments.tests.scenes import Json, Market
from services.payments.tests.test_people import open_earnings
from shared.records.currencies import payout_step, step

STEPPED = ["KWD", "ISK", "HUF"]
Buy = Callable[[int], Awaitable[str]]


@pytest.fixture(params=STEPPED)
def currency(request: pytest.FixtureRequest) -> str:
    """Each of them in turn."""
    code: str = request.param
    return code


async def broken(market: Market) -> list[str]:
    """The invariants that do not hold."""
    return [name for name, statement in INVARIANTS.items() if await market.sql(statement)]


def units(market: Market, count: int) -> int:
    """So many steps."""
    return count * step(market.currency)


async def test_sales_refunds_and_payouts_stay_on_the_step(market: Market, buy_credits: Buy) -> None:
    m = market.runtime.settings.payout_minimum
    await market.account()
    await buy_credits(units(market, 1777) if market.currency != "HUF" else 177_733)
    sales = [await market.earned(5 * m + units(market, 37), "max"), await market.earned(5 * m + units(market, 333))]
    for sale in sales:
        card, credits = await market.refunded(sale, units(market, 333))
        assert card % step(market.currency) == credits % step(market.currency) == 0
    payout_id = await market.payout()
    assert (await market.show(payout_id))["amount"]["amount"] % payout_step(market.currency) == 0
    before = (await market.show(payout_id))["amount"]["amount"]
    # The payout shrinks, and still it can be paid out.
    await market.refunded(sales[1], units(market, 101))
    left = (await market.show(payout_id))["amount"]["amount"]
    assert left < before
    assert left % payout_step(market.currency) == 0
    assert (await market.approve(payout_id)).status_code == 200
    await market.until(payout_id, "paid")
    market.clock.advance(timedelta(days=1))
    assert await market.sql("select 1 from payments.refunds where status <> 'succeeded'") == []
    assert await broken(market) == []
    summary = await market.summary()
    assert summary.get("available", 0) < payout_step(market.currency)
    assert await open_earnings(market) == 0


@pytest.mark.parametrize("currency", ["KWD", "ISK"])
async def test_lines_and_refunds_of_them_stay_on_the_step(market: Market) -> None:
    def money(amount: int) -> Json:
        return {"amount": amount, "currency": market.currency}

    whole, unit = units(market, 1777), step(market.currency)
    lines = [line(0, UUID(int=number), gross_amount=money(whole)) for number in (1, 2)]
    off = [each | {"gross_amount": money(whole + sign * unit // 2)} for each, sign in zip(lines, (1, -1), strict=True)]
    [error] = (await put(market, off)).json()["errors"]
    assert (error["field"], error["code"]) == ("lines.0.gross_amount.amount", "amount_off_step")
    sale = await confirmed(market, lines)
    answer = await market.refund(sale, lines=[{"line_id": lines[0]["id"], "amount": money(unit + 1)}])
    assert answer.json()["errors"][0]["code"] == "amount_off_step"
    await market.refunded(sale, units(market, 333))
    await market.refunded(sale)
    assert await broken(market) == []


async def test_a_payout_off_the_step_is_refused(market: Market) -> None:
    await market.account()
    answer = await market.ask(market.runtime.settings.payout_minimum + payout_step(market.currency) // 2)
    assert answer.status_code == 422
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [("amount.amount", "amount_off_step")]


async def test_what_a_refund_takes_of_a_transfer_leaves_what_can_be_paid_out(market: Market) -> None:
    await market.account()
    sale = await market.earned(10 * market.runtime.settings.payout_minimum)
    payout_id = await market.payout()
    before = (await market.approve(payout_id)).json()["amount"]["amount"]
    await market.refunded(sale, units(market, 101))
    after = (await market.until(payout_id, "paid"))["amount"]["amount"]
    assert after < before
    assert after % payout_step(market.currency) == 0
    assert await broken(market) == []
    assert "debt" not in await market.summary()

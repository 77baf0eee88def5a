"""Transfers that somebody reverses at Stripe, such as staff in its dashboard, before their bank payouts."""

from datetime import timedelta

import pytest

from services.payments.tests.faults import NOT_ENOUGH, Connection
from services.payments.tests.scenes import Market
from services.payments.tests.test_payouts_attention import broken, decide, reversed_amounts
from services.payments.tests.test_webhooks import event_of, signed


async def transferred(market: Market, connection: Connection) -> str:
    """A payout whose bank payout Stripe refuses, as where the account's balance does not cover it."""
    faults, away = connection
    await market.account()
    await market.earned()
    payout_id = await market.approved()
    faults.path, faults.answer = "/v1/payouts", NOT_ENOUGH
    for _ in range(2):
        await market.advance(away)
    return payout_id


async def reverse(market: Market, amount: int | None = None) -> str:
    """In Stripe's dashboard; answers the transfer's id."""
    ((transfer_id,),) = await market.sql("select transfer_id from payments.payouts")
    body = {} if amount is None else {"amount": str(amount)}
    answer = await market.stripe_api.post(f"/transfers/{transfer_id}/reversals", data=body)
    assert answer.status_code == 200, answer.text
    return str(transfer_id)


async def hear(market: Market, transfer_id: str) -> None:
    """The webhook, twice."""
    for _ in range(2):
        payload = event_of("transfer.reversed", transfer_id)
        answer = await market.api.post("/api/v1/webhooks/stripe/", content=payload, headers=signed(payload))
        assert answer.status_code == 200
        await market.work()


async def until_attention(market: Market, connection: Connection, payout_id: str) -> None:
    market.clock.advance(timedelta(days=1))
    await market.advance(connection[1])
    assert (await market.show(payout_id))["status"] == "needs_attention"


async def test_the_payout_fails_and_its_money_is_available_again(market: Market, connection: Connection) -> None:
    payout_id = await transferred(market, connection)
    await hear(market, await reverse(market))
    shown = await market.show(payout_id)
    assert (shown["status"], shown["reason"]) == ("failed", "The transfer was reversed at Stripe.")
    assert await market.summary() == {"available": 8000}
    assert await broken(market) == []
    connection[0].answer = None
    again = await market.payout()
    await market.approve(again)
    await market.until(again, "paid")
    assert await broken(market) == []


@pytest.mark.parametrize("amount", [None, 3000])
async def test_unheard_of_staff_end_the_payout_all_the_same(
    market: Market, connection: Connection, amount: int | None
) -> None:
    payout_id = await transferred(market, connection)
    await reverse(market, amount)
    await until_attention(market, connection, payout_id)
    answer = await decide(market, payout_id, "fail")
    assert (answer.status_code, answer.json().get("status")) == (200, "failed")
    assert await reversed_amounts(market) == [8000]
    assert await market.summary() == {"available": 8000}
    assert await broken(market) == []


async def test_a_part_leaves_the_rest_where_it_is(market: Market, connection: Connection) -> None:
    payout_id = await transferred(market, connection)
    await hear(market, await reverse(market, 3000))
    assert (await market.show(payout_id))["status"] == "processing"
    assert await market.summary() == {"in_payout": 8000}


async def test_what_the_bank_has_got_stays_paid(market: Market, connection: Connection) -> None:
    await market.account()
    await market.earned()
    paid = await market.paid_out()
    ((transfer_id,),) = await market.sql("select transfer_id from payments.payouts")
    await market.earned()
    faults, away = connection
    faults.path, faults.answer = "/v1/payouts", NOT_ENOUGH
    other = await market.approved()
    await market.advance(away)
    # With the other payout's money, which is all that the account has.
    assert (await market.stripe_api.post(f"/transfers/{transfer_id}/reversals")).status_code == 200
    await hear(market, str(transfer_id))
    assert [(await market.show(each))["status"] for each in (paid, other)] == ["paid", "processing"]
    assert await market.summary() == {"paid": 8000, "in_payout": 8000}


async def test_what_we_reversed_ourselves_is_no_news(market: Market, connection: Connection) -> None:
    payout_id = await transferred(market, connection)
    await until_attention(market, connection, payout_id)
    assert (await decide(market, payout_id, "fail")).status_code == 200
    ((transfer_id,),) = await market.sql("select transfer_id from payments.payouts")
    await hear(market, str(transfer_id))
    assert await market.summary() == {"available": 8000}
    assert await broken(market) == []

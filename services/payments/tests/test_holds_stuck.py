"""Holds of money that a payout has taken which waits for staff, its transfer's outcome unknown."""

from services.payments.payouts.jobs import learn_of_payouts
from services.payments.tests.faults import Connection
from services.payments.tests.holding import held
from services.payments.tests.scenes import Market
from services.payments.tests.test_invariants import broken
from services.payments.tests.test_payouts_attention import HOURS_AGO, decide, stuck


async def hold_all(market: Market) -> None:
    ((order_id,),) = await market.sql("select id from payments.orders")
    lines = await market.sql("select id from payments.order_lines where order_id = :id", id=order_id)
    await held(market, line_ids=[str(row[0]) for row in lines])


async def test_one_that_was_not_made_has_failed_once_that_is_known(market: Market, connection: Connection) -> None:
    payout_id = await stuck(market, connection)
    await hold_all(market)
    assert (await market.show(payout_id))["status"] == "needs_attention"
    assert await broken(market) == {}
    await market.owner_sql(HOURS_AGO)
    await learn_of_payouts(market.runtime)
    shown = await market.show(payout_id)
    assert (shown["status"], shown["reason"]) == ("failed", "held")
    assert await market.summary() == {"held": 8000}
    assert await broken(market) == {}


async def test_staff_who_paid_it_in_another_way_still_say_so(market: Market, connection: Connection) -> None:
    payout_id = await stuck(market, connection)
    await hold_all(market)
    await market.owner_sql(HOURS_AGO)
    assert (await decide(market, payout_id, "mark-paid", reference="by hand")).status_code == 200
    assert await market.summary() == {"paid": 8000}
    assert await broken(market) == {}

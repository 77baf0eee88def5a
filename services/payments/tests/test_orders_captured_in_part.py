"""Orders of which somebody captures less than was authorised in Stripe's dashboard: the rest counts as refunded."""

from typing import Any
from uuid import UUID

import pytest

from devtools.testing.crashes import Crashes
from devtools.testing.delivery import events_of
from services.payments.orders.jobs import reconcile_intents
from services.payments.tests.books import differences
from services.payments.tests.captures import ANNA, authorized, capture, capture_there, hear, status
from services.payments.tests.sales import earnings, line, put
from services.payments.tests.scenes import Market, Sale
from services.payments.tests.stories import Stage
from services.payments.tests.test_invariants import broken
from shared.events.booking import BookingConfirmed
from shared.events.payments import OrderRefunded
from shared.records.ids import new_id


@pytest.mark.parametrize("how", ["capture", "close", "webhook", "reconcile"])
async def test_the_order_is_paid_and_the_rest_went_back(market: Market, how: str, close_order: Any) -> None:
    anna, ben = line(6000, ANNA), line(4000, UUID(int=2))
    order_id = await authorized(market, anna, ben)
    intent_id = await capture_there(market, order_id, 7000)
    match how:
        case "capture":
            assert (await capture(market, order_id)).json()["status"] == "paid"
        case "close":
            assert (await close_order(order_id))["status"] == "paid"
        case "webhook":
            await hear(market, "payment_intent.succeeded", intent_id)
        case _:
            await market.owner_sql("update payments.orders set check_at = now() - interval '1 hour'")
            await reconcile_intents(market.runtime)
    assert await status(market, order_id) == "paid"
    refunded = [event for event in await events_of(market.runtime) if isinstance(event, OrderRefunded)]
    assert [[each.amount.amount for each in event.lines] for event in refunded] == [[1800, 1200]]
    assert await broken(market) == {}


async def test_what_stripe_shows_of_the_rest_is_that_refund(market: Market) -> None:
    order_id = await authorized(market)
    intent_id = await capture_there(market, order_id, 2500)
    listed = (await market.stripe_api.get("/refunds", params={"payment_intent": intent_id})).json()["data"]
    [released] = listed
    for _ in range(2):
        await hear(market, "refund.created", released["id"])
        await hear(market, "charge.refunded", released["charge"])
        await hear(market, "payment_intent.succeeded", intent_id)
    booked = await market.sql("select stripe_refund_id, card, status from payments.refunds")
    assert booked == [(released["id"], 7500, "succeeded")]
    assert await broken(market) == {}
    assert await differences(Stage(market, Crashes())) == []


async def test_what_was_captured_is_earned_and_can_be_refunded(market: Market, buy_credits: Any, balance: Any) -> None:
    await buy_credits(4000)
    of = line(10_000, ANNA)
    order = (await put(market, [of], capture="manual", credits="max")).json()
    await market.pay(order["order_id"])
    await capture_there(market, order["order_id"], 1000)
    await capture(market, order["order_id"])
    sale = Sale(UUID(order["order_id"]), market.snapshot(new_id(), order))
    await market.tell(BookingConfirmed(booking=sale.booking))
    assert await earnings(market, of) == [(4000, 1000, "pending")]
    assert await market.refunded(sale) == (1000, 4000)
    assert await balance() == (4000, 0)
    assert await broken(market) == {}


async def test_what_earns_at_payment_earns_what_was_captured(market: Market) -> None:
    of = line(1000, ANNA)
    order_id = await authorized(market, of, kind="fee")
    await capture_there(market, order_id, 999)
    await capture(market, order_id)
    assert await earnings(market, of) == [(799, 200, "pending")]
    assert await broken(market) == {}

"""Orders that are captured by hand: authorised first, then charged once, or given back."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import events_of
from services.payments.earnings.errors import NotPaid
from services.payments.orders import service
from services.payments.orders.captures import capture_order
from services.payments.orders.domain import OrderStatus
from services.payments.orders.jobs import reconcile_intents
from services.payments.stripe.errors import StripeRefused, StripeUnavailable
from services.payments.tests.captures import ANNA, authorized, capture, hear, intent, opened, status
from services.payments.tests.faults import AWAY, NOT_ENOUGH, Connection
from services.payments.tests.sales import earnings, line, put
from services.payments.tests.scenes import Market
from services.payments.tests.test_invariants import broken
from shared.events.booking import BookingConfirmed
from shared.events.payments import PaymentAuthorized, PaymentSucceeded
from shared.records.ids import new_id


class TestAuthorize:
    async def test_a_confirmed_card_is_authorised_and_nothing_is_paid(self, market: Market) -> None:
        order_id = await authorized(market)
        assert await status(market, order_id) == "authorized"
        [event] = await events_of(market.runtime)
        assert isinstance(event, PaymentAuthorized)
        assert str(event.order_id) == order_id
        assert event.capture_before > market.clock.now()
        assert await market.sql("select id from payments.ledger_transfers") == []
        assert (await market.pay(order_id))["status"] == "processing"
        assert len(await events_of(market.runtime)) == 1
        assert await broken(market) == {}

    async def test_held_credits_wait_for_the_capture(self, market: Market, buy_credits: Any, balance: Any) -> None:
        await buy_credits(4000)
        order_id = await authorized(market, credits="max")
        assert await balance() == (0, 4000)
        assert await broken(market) == {}
        await capture(market, order_id)
        assert await balance() == (0, 0)
        assert await broken(market) == {}

    async def test_what_credits_pay_alone_is_authorised_at_once(self, market: Market, buy_credits: Any) -> None:
        await buy_credits(10_000)
        order_id = await opened(market, credits="max")
        assert await status(market, order_id) == "authorized"
        assert (await capture(market, order_id)).json()["status"] == "paid"
        assert await broken(market) == {}

    async def test_the_reconcile_job_leaves_it_authorised(self, market: Market) -> None:
        order_id = await authorized(market)
        await market.owner_sql("update payments.orders set check_at = now() - interval '1 hour'")
        await reconcile_intents(market.runtime)
        assert (await intent(market, order_id))["status"] == "requires_capture"
        assert await status(market, order_id) == "authorized"

    async def test_stripe_is_asked_of_it_by_the_hour_and_within_a_minute_once_it_is_closing(
        self, market: Market, connection: Connection
    ) -> None:
        order_id = await authorized(market)
        await market.owner_sql("update payments.orders set check_at = now() - interval '1 hour'")
        await reconcile_intents(market.runtime)
        soon = "select check_at <= clock_timestamp() + interval '{}' from payments.orders"
        assert await market.sql(soon.format("59 minutes")) == [(False,)]
        faults, failing = connection
        faults.path, faults.answer = "/cancel", AWAY
        with pytest.raises(StripeUnavailable):
            await service.close_order(failing, UUID(order_id), "expired")
        assert await market.sql(soon.format("1 minute")) == [(True,)]

    async def test_it_outlives_the_time_to_pay(self, market: Market) -> None:
        order_id = await authorized(market)
        market.clock.advance(timedelta(hours=1))
        await market.work()
        assert await status(market, order_id) == "authorized"


class TestCapture:
    async def test_it_is_charged_once_and_whole(self, market: Market) -> None:
        order_id = await authorized(market)
        market.clock.advance(timedelta(days=1))
        answers = await asyncio.gather(*(capture(market, order_id) for _ in range(4)))
        assert {answer.status_code for answer in answers} == {200}
        assert {answer.json()["status"] for answer in answers} == {"paid"}
        assert (await intent(market, order_id))["amount_received"] == 10_000
        paid = [event for event in await events_of(market.runtime) if isinstance(event, PaymentSucceeded)]
        assert [event.paid_at for event in paid] == [market.clock.now()]
        assert len(await market.sql("select id from payments.ledger_transfers")) == 1
        assert await broken(market) == {}

    async def test_a_purchase_confirmed_before_it_earns_nothing_and_is_heard_of_again(self, market: Market) -> None:
        of = line(10_000, ANNA)
        order = (await put(market, [of], capture="manual")).json()
        await market.pay(order["order_id"])
        confirmed = BookingConfirmed(booking=market.snapshot(new_id(), order))
        with pytest.raises(NotPaid):
            await market.tell(confirmed)
        assert await earnings(market, of) == []
        await capture(market, order["order_id"])
        await market.tell(confirmed)
        assert await earnings(market, of) == [(8000, 2000, "pending")]
        assert await broken(market) == {}

    async def test_what_was_captured_at_stripe_is_paid(self, market: Market) -> None:
        of = line(1000, ANNA)
        order_id = await authorized(market, of, kind="subscription")
        assert await earnings(market, of) == []
        await market.stripe_api.post(f"/payment_intents/{(await intent(market, order_id))['id']}/capture")
        assert (await capture(market, order_id)).json()["status"] == "paid"
        assert await earnings(market, of) == [(800, 200, "pending")]

    async def test_what_stripe_has_refused_is_asked_for_anew(self, market: Market, connection: Connection) -> None:
        order_id = UUID(await authorized(market))
        faults, failing = connection
        faults.path, faults.answer = "/capture", NOT_ENOUGH
        with pytest.raises(StripeRefused):
            await capture_order(failing, order_id)
        [first] = faults.keys
        faults.answer, faults.refused = None, {first}
        assert (await capture_order(failing, order_id)).status is OrderStatus.PAID
        assert faults.keys[:2] == [first, first]
        assert await broken(market) == {}

    async def test_what_is_not_authorised_cannot_be(self, market: Market) -> None:
        order_id = await opened(market)
        answer = await capture(market, order_id)
        assert (answer.status_code, answer.json()["code"]) == (409, "not_authorized")
        assert (await capture(market, str(new_id()))).status_code == 404
        url = f"/internal/orders/{order_id}/capture/"
        assert (await market.api.post(url, headers=headers_for(market.client_id))).status_code == 401


class TestClose:
    async def test_closing_gives_the_authorisation_and_credits_back(
        self, market: Market, buy_credits: Any, balance: Any, close_order: Any
    ) -> None:
        await buy_credits(4000)
        order_id = await authorized(market, credits="max")
        assert (await close_order(order_id))["status"] == "cancelled"
        found = await intent(market, order_id)
        assert (found["status"], found["amount_received"]) == ("canceled", 0)
        assert await balance() == (4000, 0)
        answer = await capture(market, order_id)
        assert (answer.status_code, answer.json()["code"]) == (409, "not_authorized")
        assert await broken(market) == {}

    async def test_the_refund_that_stripe_shows_of_it_is_none(self, market: Market, close_order: Any) -> None:
        order_id = await authorized(market)
        await close_order(order_id)
        listed = await market.stripe_api.get(
            "/refunds", params={"payment_intent": (await intent(market, order_id))["id"]}
        )
        [released] = listed.json()["data"]
        await hear(market, "refund.created", released["id"])
        await hear(market, "charge.refunded", released["charge"])
        assert await market.sql("select id from payments.refunds") == []
        assert await broken(market) == {}

    async def test_what_the_bank_takes_back_is_cancelled(self, market: Market) -> None:
        order_id = await authorized(market)
        intent_id = (await intent(market, order_id))["id"]
        await market.stripe_api.post(f"/payment_intents/{intent_id}/cancel")
        await hear(market, "payment_intent.canceled", intent_id)
        assert await status(market, order_id) == "cancelled"

    async def test_what_credits_alone_pay_is_given_back_when_its_time_is_over(
        self, market: Market, buy_credits: Any, balance: Any
    ) -> None:
        await buy_credits(10_000)
        order_id = await opened(market, credits="max")
        [event] = [each for each in await events_of(market.runtime) if isinstance(each, PaymentAuthorized)]
        market.clock.set(event.capture_before)
        await market.work()
        assert await balance() == (0, 10_000)
        market.clock.advance(timedelta(minutes=1))
        await market.work()
        assert (await status(market, order_id), await balance()) == ("cancelled", (10_000, 0))
        assert (await capture(market, order_id)).json()["code"] == "not_authorized"
        assert await broken(market) == {}

    async def test_a_capture_that_comes_too_late_learns_so_and_the_credits_are_back(
        self, market: Market, buy_credits: Any, balance: Any
    ) -> None:
        await buy_credits(4000)
        order_id = await authorized(market, credits="max")
        await market.stripe_api.post(f"/payment_intents/{(await intent(market, order_id))['id']}/cancel")
        assert (await capture(market, order_id)).json()["code"] == "not_authorized"
        assert (await status(market, order_id), await balance()) == ("cancelled", (4000, 0))
        assert await broken(market) == {}

    @pytest.mark.parametrize("closes_first", [True, False])
    async def test_capture_beside_close_is_one_of_both(
        self, market: Market, close_order: Any, closes_first: bool
    ) -> None:
        order_id = await authorized(market)
        both: list[Any] = [capture(market, order_id), close_order(order_id)]
        await asyncio.gather(*(both[::-1] if closes_first else both))
        received = (await intent(market, order_id))["amount_received"]
        assert (await status(market, order_id), received) in [("paid", 10_000), ("cancelled", 0)]
        assert await broken(market) == {}


async def test_capture_is_one_of_two_words(market: Market) -> None:
    answer = await put(market, [line(100, ANNA)], capture="later")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "capture")

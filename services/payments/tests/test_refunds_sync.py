"""Refunds that change at Stripe after they were made, and refunds that were made there."""

import asyncio
from uuid import UUID

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.crashes import Crashes
from devtools.testing.delivery import events_of
from devtools.testing.waiting import PATIENCE
from services.payments.invariants import INVARIANTS
from services.payments.refunds import service
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe.gateway import StripeGateway
from services.payments.tests.scenes import Market, Sale
from services.payments.tests.stories import Stage
from services.payments.tests.test_refunds import preview
from services.payments.tests.test_webhooks import event_of, signed
from shared.events.payments import OrderRefunded, OrderRefundFailed
from shared.internal.payments import RefundRequest
from shared.records.ids import new_id
from shared.records.money import Money


@pytest.fixture
def hear(market: Market):
    """`await hear("refund.failed", id)`: Stripe's webhook arrives twice and is acted on."""

    async def post(kind: str, object_id: str) -> None:
        for _ in range(2):
            payload = event_of(kind, object_id)
            answer = await market.api.post("/api/v1/webhooks/stripe/", content=payload, headers=signed(payload))
            assert answer.status_code == 200
            await market.work()

    return post


async def refunds(market: Market, sale: Sale) -> list[tuple[str, int, int]]:
    """What the client sees."""
    url = f"/api/v1/payments/orders/{sale.order_id}/"
    shown = (await market.api.get(url, headers=headers_for(market.client_id))).json()["refunds"]
    return [(each["status"], each["card"]["amount"], each["credits"]["amount"]) for each in shown]


async def refund_that_waits(market: Market, sale: Sale, amount: int) -> None:
    """It is asked for while Stripe cannot be reached."""
    gateway = StripeGateway("sk_test_estuary", api_base="http://127.0.0.1:1")
    away = PaymentsRuntime.of(market.runtime, stripe=gateway, settings=market.runtime.settings)
    await service.refund(away, sale.order_id, RefundRequest(refund_id=new_id(), amount=Money(amount, "USD")))
    await gateway.close()


async def broken(market: Market) -> list[str]:
    return [name for name, query in INVARIANTS.items() if await market.sql(query)]


async def owed(market: Market) -> int:
    rows = await market.sql(
        "select coalesce(sum(case when t.credit_id = a.id then t.amount else -t.amount end), 0)"
        " from ledger_accounts a join ledger_transfers t on a.id in (t.debit_id, t.credit_id)"
        " where a.kind = 'refunds_owed'"
    )
    return int(rows[0][0])


@pytest.fixture
async def returned(market: Market, hear) -> Sale:
    """A sale of 10,000 whose refund of 4,000 succeeded, and failed at Stripe afterwards."""
    booking_id = new_id()
    order = await market.open_order(10_000, None, booking_id=str(booking_id))
    await market.pay(order["order_id"], "pm_card_refundFail")
    sale = Sale(UUID(order["order_id"]), market.snapshot(booking_id, order))
    assert await market.refunded(sale, 4_000) == (4_000, 0)
    assert await refunds(market, sale) == [("succeeded", 4_000, 0)]
    await asyncio.sleep(0.7)
    rows = await market.sql("select stripe_refund_id from refunds")
    await hear("refund.failed", rows[0][0])
    return sale


class TestFailsLater:
    async def test_is_failed_owed_and_told_once(self, market: Market, returned: Sale):
        assert await refunds(market, returned) == [("failed", 4_000, 0)]
        assert await owed(market) == 4_000
        published = [event for event in await events_of(market.runtime) if isinstance(event, OrderRefundFailed)]
        assert [event.card.amount for event in published] == [4_000]
        assert await broken(market) == []

    async def test_is_not_sent_again(self, market: Market, returned: Sale):
        intent = (await market.sql("select intent_id from orders"))[0][0]
        await market.work()
        listed = (await market.stripe_api.get("/refunds", params={"payment_intent": intent})).json()["data"]
        assert [refund["status"] for refund in listed] == ["failed"]

    async def test_a_later_refund_settles_it_first(self, market: Market, returned: Sale):
        assert await market.refunded(returned, 5_000) == (5_000, 0)
        assert await owed(market) == 0
        assert (await market.sql("select settles from refunds order by created_at, settles"))[-1][0] == 4_000
        assert await broken(market) == []

    async def test_all_that_is_left_includes_what_is_owed(self, market: Market, returned: Sale):
        assert await market.refunded(returned) == (10_000, 0)
        assert await preview(market, returned) == (0, 0)
        assert await broken(market) == []


class TestPending:
    async def test_is_pending_until_stripe_confirms_it(self, market: Market, hear):
        booking_id = new_id()
        order = await market.open_order(10_000, None, booking_id=str(booking_id))
        await market.pay(order["order_id"], "pm_card_pendingRefund")
        sale = Sale(UUID(order["order_id"]), market.snapshot(booking_id, order))
        assert await market.refunded(sale, 4_000) == (4_000, 0)
        ((first, made),) = await market.sql("select status, stripe_refund_id from refunds")
        async with asyncio.timeout(PATIENCE):
            while (await market.stripe_api.get(f"/refunds/{made}")).json()["status"] != "succeeded":  # noqa: ASYNC110  # the sandbox has no event for it
                await asyncio.sleep(0.05)
        await hear("refund.updated", made)
        assert (first, await refunds(market, sale)) == ("pending", [("succeeded", 4_000, 0)])
        assert len([event for event in await events_of(market.runtime) if isinstance(event, OrderRefunded)]) == 1

    @pytest.fixture
    async def waiting(self, market: Market, buy_credits) -> tuple[Sale, str]:
        """A sale, 4,000 of it by credits, whose full refund is pending at Stripe; and Stripe's id of the refund."""
        await buy_credits(4_000)
        booking_id = new_id()
        order = await market.open_order(10_000, 4_000, booking_id=str(booking_id))
        await market.pay(order["order_id"], "pm_card_pendingRefund")
        sale = Sale(UUID(order["order_id"]), market.snapshot(booking_id, order))
        assert await market.refunded(sale) == (6_000, 4_000)
        ((made,),) = await market.sql("select stripe_refund_id from refunds")
        return sale, str(made)

    async def test_one_that_fails_is_owed_and_not_sent_again(self, market: Market, hear, waiting: tuple[Sale, str]):
        sale, made = waiting
        await Stage(market, Crashes()).happen("refund_failed", made)
        await hear("refund.failed", made)
        assert await refunds(market, sale) == [("failed", 6_000, 4_000)]
        assert await owed(market) == 6_000
        await market.hurry("refunds")
        await market.work()
        intent = (await market.sql("select intent_id from orders where kind = 'booking'"))[0][0]
        listed = (await market.stripe_api.get("/refunds", params={"payment_intent": intent})).json()["data"]
        assert [refund["status"] for refund in listed] == ["failed"]
        assert await broken(market) == []

    async def test_what_went_back_as_credits_is_told_before_the_failure(
        self, market: Market, hear, waiting: tuple[Sale, str]
    ):
        await Stage(market, Crashes()).happen("refund_failed", waiting[1])
        await hear("refund.updated", waiting[1])
        published = [event for event in await events_of(market.runtime) if isinstance(event, OrderRefunded)]
        failed = [event for event in await events_of(market.runtime) if isinstance(event, OrderRefundFailed)]
        assert [(event.card.amount, event.credits.amount) for event in published] == [(0, 4_000)]
        assert [(event.card.amount, event.replaced) for event in failed] == [(6_000, False)]

    async def test_that_it_failed_before_its_answer_was_stored_counts(
        self, market: Market, hear, waiting: tuple[Sale, str]
    ):
        await Stage(market, Crashes()).happen("refund_failed", waiting[1])
        await market.owner_sql("update refunds set stripe_refund_id = null, next_try_at = now() + interval '1 hour'")
        await market.owner_sql("update provider_calls set outcome = 'unknown', answer = null where purpose = 'refund'")
        await hear("refund.failed", waiting[1])
        assert await refunds(market, waiting[0]) == [("failed", 6_000, 4_000)]
        assert await market.sql("select outcome from provider_calls where purpose = 'refund'") == [("done",)]
        assert await owed(market) == 6_000


class TestMadeAtStripe:
    @pytest.mark.parametrize("kind", ["refund.created", "charge.refunded"])
    async def test_is_booked_once_from_the_card_and_the_sellers_share(self, market: Market, hear, kind: str):
        sale = await market.earned()
        intent, charge = (await market.sql("select intent_id, charge_id from orders"))[0]
        made = await market.stripe_api.post("/refunds", data={"payment_intent": intent, "amount": "3000"})
        await hear(kind, made.json()["id"] if kind == "refund.created" else charge)
        assert await refunds(market, sale) == [("succeeded", 3_000, 0)]
        assert await market.summary() == {"available": 5_600, "reversed": 2_400}
        published = [event for event in await events_of(market.runtime) if isinstance(event, OrderRefunded)]
        assert [event.card.amount for event in published] == [3_000]
        assert await broken(market) == []

    async def test_is_booked_though_its_payment_was_not_heard_of_yet(self, market: Market, hear):
        order = await market.open_order(10_000)
        ((intent,),) = await market.sql("select intent_id from orders")
        paid = await market.stripe_api.post(
            f"/payment_intents/{intent}/confirm", data={"payment_method": "pm_card_visa"}
        )
        assert paid.json()["status"] == "succeeded"
        made = await market.stripe_api.post("/refunds", data={"payment_intent": intent, "amount": "3000"})
        await hear("refund.created", made.json()["id"])
        await hear("payment_intent.succeeded", intent)
        sale = Sale(UUID(order["order_id"]), market.snapshot(new_id(), order))
        assert await refunds(market, sale) == [("succeeded", 3_000, 0)]
        assert await broken(market) == []

    async def test_one_of_what_waits_to_be_sent_is_taken_for_it(self, market: Market, hear):
        sale = await market.sale()
        gateway = StripeGateway("sk_test_estuary", api_base="http://127.0.0.1:1")
        away = PaymentsRuntime.of(market.runtime, stripe=gateway, settings=market.runtime.settings)
        await service.refund(away, sale.order_id, RefundRequest(refund_id=new_id()))
        await gateway.close()
        intent = (await market.sql("select intent_id from orders"))[0][0]
        made = await market.stripe_api.post("/refunds", data={"payment_intent": intent})
        await hear("refund.created", made.json()["id"])
        assert await refunds(market, sale) == [("succeeded", 10_000, 0)]
        assert await market.sql("select outcome from provider_calls") == [("done",)]
        published = [event for event in await events_of(market.runtime) if isinstance(event, OrderRefunded)]
        assert [event.card.amount for event in published] == [10_000]

    async def test_one_of_more_than_is_left_ends_what_waits_to_be_sent(self, market: Market, hear):
        sale = await market.sale()
        await refund_that_waits(market, sale, 5_000)
        intent = (await market.sql("select intent_id from orders"))[0][0]
        made = await market.stripe_api.post("/refunds", data={"payment_intent": intent, "amount": "8000"})
        # Ours may still take effect: until that is known, the other waits.
        await hear("refund.created", made.json()["id"])
        assert await refunds(market, sale) == [("pending", 5_000, 0)]
        await market.owner_sql(
            "update provider_calls set last_sent_at = now() - interval '2 minutes', key_spent = true"
        )
        for table in ("refunds", "stripe_events"):
            await market.hurry(table)
            await market.work()
        assert sorted(await refunds(market, sale)) == [("failed", 5_000, 0), ("succeeded", 8_000, 0)]
        assert await owed(market) == 0
        assert await market.summary() == {"pending": 1_600, "reversed": 6_400}
        assert await market.refunded(sale) == (2_000, 0)
        assert await broken(market) == []
        # Who counts amounts by these events arrives at what really went back: 8,000, then 2,000.
        failed = [event for event in await events_of(market.runtime) if isinstance(event, OrderRefundFailed)]
        published = [event for event in await events_of(market.runtime) if isinstance(event, OrderRefunded)]
        assert [(event.card.amount, event.replaced) for event in failed] == [(5_000, True)]
        assert [event.card.amount for event in published] == [8_000, 2_000]

    async def test_what_a_replaced_refund_wanted_beyond_it_is_still_refunded(self, market: Market, hear):
        sale = await market.sale()
        await refund_that_waits(market, sale, 9_000)
        await market.owner_sql("update provider_calls set outcome = 'refused', superseded = true")
        intent = (await market.sql("select intent_id from orders"))[0][0]
        made = await market.stripe_api.post("/refunds", data={"payment_intent": intent, "amount": "2000"})
        await hear("refund.created", made.json()["id"])
        await market.hurry("refunds")
        await market.work()
        assert sorted(await refunds(market, sale)) == [
            ("failed", 9_000, 0),
            ("succeeded", 2_000, 0),
            ("succeeded", 7_000, 0),
        ]
        assert await owed(market) == 0
        assert await broken(market) == []

    async def test_our_own_refund_is_not_booked_twice(self, market: Market, hear):
        sale = await market.sale()
        await market.refunded(sale, 3_000)
        await hear("refund.created", (await market.sql("select stripe_refund_id from refunds"))[0][0])
        assert await refunds(market, sale) == [("succeeded", 3_000, 0)]

    async def test_a_cancellation_asks_only_for_what_is_left_at_stripe(self, market: Market):
        sale = await market.sale()
        intent = (await market.sql("select intent_id from orders"))[0][0]
        await market.stripe_api.post("/refunds", data={"payment_intent": intent, "amount": "3000"})
        assert await market.refunded(sale, 10_000, cancels=True) == (7_000, 0)
        assert sorted(await refunds(market, sale)) == [("succeeded", 3_000, 0), ("succeeded", 7_000, 0)]
        assert await broken(market) == []

    async def test_a_cancellation_after_all_went_back_at_stripe_refunds_nothing(self, market: Market):
        sale = await market.sale()
        intent = (await market.sql("select intent_id from orders"))[0][0]
        await market.stripe_api.post("/refunds", data={"payment_intent": intent})
        answer = await market.refund(sale, 10_000, cancels=True)
        assert answer.json()["code"] == "nothing_to_refund"
        assert await refunds(market, sale) == [("succeeded", 10_000, 0)]

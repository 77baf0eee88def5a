"""What went wrong in other shops that take money through Stripe must not go wrong here."""

import asyncio
from uuid import UUID

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import events_of
from services.payments.chargebacks.service import sync_dispute
from services.payments.orders.errors import IntentMismatch
from services.payments.refunds.sync import sync_charge, sync_refund
from services.payments.runtime import PaymentsRuntime
from services.payments.tests.disputes import DISPUTED, INQUIRY, Disputes
from services.payments.tests.faults import Faults
from services.payments.tests.scenes import Market, Sale
from services.payments.tests.test_invariants import broken
from services.payments.tests.test_webhooks import event_of, signed
from shared.events.booking import BookingConfirmed
from shared.events.payments import ChargebackLost, OrderRefunded, PaymentSucceeded
from shared.records.ids import new_id

WEBHOOKS = "/api/v1/webhooks/stripe/"


async def hear(market: Market, *events: str) -> None:
    """All arrive at the same moment."""
    answers = await asyncio.gather(*(market.api.post(WEBHOOKS, content=each, headers=signed(each)) for each in events))
    assert {answer.status_code for answer in answers} == {200}
    await market.work()


async def test_refunding_a_second_payment_of_an_order_does_not_refund_the_order(market: Market) -> None:
    sale = await market.sale()
    named = {"metadata[order_id]": str(sale.order_id), "transfer_group": f"order_{sale.order_id}"}
    body = named | {"amount": "10000", "currency": "usd", "confirm": "true", "payment_method": "pm_card_visa"}
    second = (await market.stripe_api.post("/payment_intents", data=body)).json()
    assert second["status"] == "succeeded"
    made = (await market.stripe_api.post("/refunds", data={"payment_intent": second["id"]})).json()
    with pytest.raises(IntentMismatch):
        await sync_refund(market.runtime, made["id"])
    assert await market.sql("select status, refunded_card from payments.orders") == [("paid", 0)]
    assert await market.summary() == {"pending": 8000}
    assert await broken(market) == {}


async def test_a_payment_whose_intent_was_never_stored_pays_its_order(market: Market) -> None:
    order = await market.open_order(10_000, booking_id=str(new_id()))
    ((intent,),) = await market.sql("select intent_id from payments.orders")
    await market.owner_sql("update payments.orders set intent_id = null, intent_status = null, client_secret = null")
    body = {"payment_method": "pm_card_visa", "return_url": "http://localhost:8000/"}
    assert (await market.stripe_api.post(f"/payment_intents/{intent}/confirm", data=body)).status_code == 200
    await hear(market, *(event_of("payment_intent.succeeded", intent) for _ in range(5)))
    assert await market.sql("select status, intent_id from payments.orders") == [("paid", intent)]
    paid = [event for event in await events_of(market.runtime) if isinstance(event, PaymentSucceeded)]
    assert [str(event.order_id) for event in paid] == [order["order_id"]]


async def test_the_same_card_is_asked_again_after_it_was_declined(market: Market) -> None:
    order = await market.open_order()
    tries = [await market.pay(order["order_id"], "pm_card_chargeDeclined") for _ in range(2)]
    assert [each["status"] for each in tries] == ["failed", "failed"]
    ((intent,),) = await market.sql("select intent_id from payments.orders")
    charges = (await market.stripe_api.get("/charges", params={"payment_intent": intent})).json()["data"]
    assert len(charges) == 2
    assert (await market.pay(order["order_id"]))["status"] == "succeeded"


async def test_one_event_that_comes_ten_times_at_once_is_one(market: Market) -> None:
    order = await market.open_order()
    await market.pay(order["order_id"])
    ((intent,),) = await market.sql("select intent_id from payments.orders")
    made = (await market.stripe_api.post("/refunds", data={"payment_intent": intent, "amount": "2500"})).json()
    await hear(market, *[event_of("refund.created", made["id"], "evt_same")] * 10)
    assert await market.sql("select card, status from payments.refunds") == [(2500, "succeeded")]
    assert await market.sql("select count(*) from payments.stripe_events") == [(1,)]


async def test_parts_that_were_refunded_there_one_after_the_other_are_each_booked(market: Market) -> None:
    order = await market.open_order()
    await market.pay(order["order_id"])
    ((intent,),) = await market.sql("select intent_id from payments.orders")
    for amount in ("1000", "1000", "3000"):
        made = (await market.stripe_api.post("/refunds", data={"payment_intent": intent, "amount": amount})).json()
    # Only the charge's event comes, at the end, and four times at once.
    await asyncio.gather(*(sync_charge(market.runtime, made["charge"]) for _ in range(4)))
    published = [event for event in await events_of(market.runtime) if isinstance(event, OrderRefunded)]
    assert sorted(event.card.amount for event in published) == [1000, 1000, 3000]
    assert await market.sql("select refunded_card from payments.orders") == [(5000,)]
    url = f"/api/v1/payments/orders/{UUID(order['order_id'])}/"
    shown = (await market.api.get(url, headers=headers_for(market.client_id))).json()
    assert sorted(each["card"]["amount"] for each in shown["refunds"]) == [1000, 1000, 3000]
    assert await broken(market) == {}


async def paid_unheard(market: Market, card: str) -> tuple[Sale, str]:
    """The client pays in the browser, and no webhook of that has come: the sale and its intent."""
    booking_id = new_id()
    order = await market.open_order(10_000, booking_id=str(booking_id))
    ((intent,),) = await market.sql("select intent_id from payments.orders")
    body = {"payment_method": card, "return_url": "http://localhost:8000/"}
    assert (await market.stripe_api.post(f"/payment_intents/{intent}/confirm", data=body)).status_code == 200
    return Sale(UUID(order["order_id"]), market.snapshot(booking_id, order)), intent


async def test_a_refunded_charge_of_a_payment_that_was_not_heard_of_is_booked(market: Market) -> None:
    _, intent = await paid_unheard(market, "pm_card_visa")
    made = (await market.stripe_api.post("/refunds", data={"payment_intent": intent, "amount": "2500"})).json()
    await hear(market, event_of("charge.refunded", made["charge"]))
    assert await market.sql("select status, refunded_card from payments.orders") == [("paid", 2500)]
    assert await market.sql("select card, status from payments.refunds") == [(2500, "succeeded")]
    assert await broken(market) == {}


async def test_a_dispute_of_a_payment_that_was_not_heard_of_holds_what_it_earns(
    market: Market, disputes: Disputes
) -> None:
    sale, _ = await paid_unheard(market, DISPUTED)
    dispute_id = await disputes.id_of(sale)
    await market.owner_sql("update payments.orders set intent_id = null, intent_status = null, client_secret = null")
    await hear(market, event_of("charge.dispute.created", dispute_id))
    assert await market.sql("select status, disputed from payments.orders") == [("paid", 10_000)]
    await market.tell(BookingConfirmed(booking=sale.booking))
    assert await market.summary() == {"held": 8000}


async def test_an_inquiry_that_becomes_a_dispute_of_another_amount_counts_with_that(
    market: Market, disputes: Disputes, connection: tuple[Faults, PaymentsRuntime]
) -> None:
    sale = await disputes.sale(card=INQUIRY)
    await disputes.heard(sale)
    faults, there = connection
    shown = (await market.stripe_api.get(f"/disputes/{await disputes.id_of(sale)}")).json()
    for status, amount in (("needs_response", 4000), ("needs_response", 4500), ("lost", 4500)):
        faults.others["GET", shown["id"]] = (200, shown | {"status": status, "amount": amount})
        await sync_dispute(there, shown["id"])
        assert await market.sql("select disputed from payments.orders") == [(amount,)]
    lost = [event for event in await events_of(market.runtime) if isinstance(event, ChargebackLost)]
    assert [event.amount.amount for event in lost] == [4500]


@pytest.mark.parametrize("kind", ["account.application.deauthorized", "account.external_account.updated"])
async def test_an_account_is_asked_for_whatever_part_of_it_has_changed(market: Market, kind: str) -> None:
    account = await market.account("weekly")
    await market.owner_sql("update payments.payout_accounts set payouts_enabled = false, needs_details = true")
    await hear(market, event_of(kind, "part_1", account=account["stripe_account_id"]))
    assert await market.sql("select payouts_enabled from payments.payout_accounts") == [(True,)]

"""Money is counted when its posting is committed, once, under what it means."""

from datetime import timedelta

from prometheus_client import REGISTRY

from services.payments.billing.metrics import measure_subscriptions
from services.payments.ledger.domain import Leg, client_credits, order_escrow, stripe_clearing
from services.payments.ledger.service import post
from services.payments.runtime import PaymentsRuntime
from services.payments.tests.subscribers import Subscriber
from shared.records.ids import new_id

ESCROW, CLEARING = order_escrow("SEK"), stripe_clearing("SEK")


def moved(what: str) -> float:
    labels = {"what": what, "currency": "SEK"}
    return REGISTRY.get_sample_value("estuary_payments_moved_minor_units_total", labels) or 0.0


async def test_committed_money_is_counted_once(runtime: PaymentsRuntime) -> None:
    event, before = new_id(), moved("charged")
    for _ in range(2):
        async with runtime.db.transaction() as session:
            await post(session, event, "test", [Leg(CLEARING, ESCROW, 700)], {})
            assert moved("charged") in {before, before + 700}
    assert moved("charged") == before + 700


async def test_refunds_are_told_apart_by_where_they_go(runtime: PaymentsRuntime) -> None:
    before = moved("refunded"), moved("credits_refunded")
    async with runtime.db.transaction() as session:
        legs = [Leg(ESCROW, CLEARING, 300), Leg(ESCROW, client_credits(new_id(), "SEK"), 200)]
        await post(session, new_id(), "test", legs, {})
    assert (moved("refunded"), moved("credits_refunded")) == (before[0] + 300, before[1] + 200)


async def test_what_is_rolled_back_is_not_counted(runtime: PaymentsRuntime) -> None:
    before = moved("charged")
    try:
        async with runtime.db.transaction() as session:
            await post(session, new_id(), "test", [Leg(CLEARING, ESCROW, 900)], {})
            raise LookupError
    except LookupError:
        assert moved("charged") == before


def measured(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(f"estuary_payments_{name}", labels)


async def test_living_and_due_subscriptions_are_counted(subscriber: Subscriber) -> None:
    made, ended = await subscriber.active(), measured("subscriptions_ended_total", reason="cancelled") or 0.0
    runtime = subscriber.wallet.runtime
    await measure_subscriptions(runtime)
    assert measured("subscriptions", kind="platform", status="active") == 1
    assert (measured("due_subscriptions"), measured("oldest_due_subscription_seconds")) == (0, 0)
    await subscriber.change(made["id"], "cancel")
    [(end,)] = await subscriber.wallet.sql("select next_at from payments.subscriptions")
    subscriber.wallet.clock.advance(end - subscriber.wallet.clock.now() + timedelta(minutes=2))
    await measure_subscriptions(runtime)
    assert (measured("due_subscriptions"), measured("oldest_due_subscription_seconds")) == (1, 120)
    await subscriber.work()
    await measure_subscriptions(runtime)
    assert measured("subscriptions", kind="platform", status="active") == 0
    assert measured("subscriptions_ended_total", reason="cancelled") == ended + 1

"""Several instances take the same steps at the same moment: each bill is charged once, and all go on."""

import asyncio
from datetime import timedelta

import pytest

from services.payments.billing.jobs import advance_subscriptions
from services.payments.tests.subscribers import Json, Subscriber
from services.payments.tests.vaults import Wallet
from shared.records.ids import new_id

INSTANCES = 4


async def subscribers(subscriber: Subscriber, number: int) -> list[tuple[Subscriber, Json]]:
    """So many, each with a card and an active subscription."""
    found, wallet = list[tuple[Subscriber, Json]](), subscriber.wallet
    for _ in range(number):
        own = Wallet(wallet.app, wallet.api, wallet.stripe_api, wallet.clock, new_id())
        one = Subscriber(own, new_id())
        found.append((one, await one.active()))
    return found


async def instances_work(subscriber: Subscriber) -> None:
    """All instances do what is due, until nothing is; what one had put off is due at once."""
    for _ in range(20):
        done = await asyncio.gather(*(advance_subscriptions(subscriber.wallet.runtime) for _ in range(INSTANCES)))
        await subscriber.wallet.due("subscriptions")
        if not any(done):
            return
    raise AssertionError("they never come to an end")


@pytest.mark.parametrize("number", [6, pytest.param(24, marks=pytest.mark.slow)])
async def test_each_renewal_is_charged_once(subscriber: Subscriber, number: int) -> None:
    everybody = await subscribers(subscriber, number)
    subscriber.wallet.clock.advance(timedelta(days=70))
    await instances_work(subscriber)
    for one, made in everybody:
        assert (await one.show(made["id"]))["status"] == "active"
        assert await one.paid() == [2900, 2900, 2900]


@pytest.mark.parametrize("number", [4, pytest.param(16, marks=pytest.mark.slow)])
async def test_each_failed_renewal_is_tried_once_a_time_and_ends_once(subscriber: Subscriber, number: int) -> None:
    everybody = await subscribers(subscriber, number)
    for (stripe_id,) in await subscriber.wallet.sql("select stripe_id from payments.payment_methods"):
        await subscriber.wallet.happen("card", stripe_id, declined="insufficient_funds")
    subscriber.wallet.clock.advance(timedelta(days=31))
    await instances_work(subscriber)
    tried = "select count(*) from payments.payment_attempts"
    assert (await subscriber.wallet.sql(tried))[0][0] == 2 * number
    subscriber.wallet.clock.advance(timedelta(days=8))
    await instances_work(subscriber)
    assert (await subscriber.wallet.sql(tried))[0][0] == 3 * number
    published = await subscriber.published()
    assert {name: published.count(name) for name in ("PastDue", "Ended")} == {"PastDue": number, "Ended": number}
    for one, made in everybody:
        assert (await one.show(made["id"]))["end_reason"] == "payment_failed"

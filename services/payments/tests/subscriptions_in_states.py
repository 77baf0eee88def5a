"""Subscriptions in each of their states: to a plan that begins with a trial, and can be paused."""

from datetime import timedelta

from services.payments.tests.subscribers import Json, Subscriber
from services.payments.tests.test_dunning import card_is
from services.payments.tests.test_renewals import moment

DAY = timedelta(days=1)


async def active(subscriber: Subscriber, interval: str = "month", **more: str) -> Json:
    """A subscription that can be paused, whose first period is paid; without a trial, which this user had before."""
    await subscriber.wallet.save()
    trial = await subscriber.subscribe("organizer")
    await subscriber.change(trial["id"], "cancel", at="now")
    return await subscriber.active(code="organizer", interval=interval, **more)


async def paused(subscriber: Subscriber, days: int = 40, **more: str) -> Json:
    """One whose pause has just begun, and lasts so many days."""
    made = await active(subscriber, **more)
    until = moment(made["current_period_end"]) + days * DAY
    answer = await subscriber.change(made["id"], "pause", until=until.isoformat())
    assert answer.status_code == 200, answer.text
    await subscriber.at(made["current_period_end"])
    shown = await subscriber.show(made["id"])
    assert shown["status"] == "paused", shown
    return shown


async def planned(subscriber: Subscriber) -> Json:
    made = await active(subscriber)
    return dict((await subscriber.change(made["id"], "pause")).json())


async def planned_and_cancelled(subscriber: Subscriber) -> Json:
    made = await planned(subscriber)
    return dict((await subscriber.change(made["id"], "cancel")).json())


async def trialing(subscriber: Subscriber) -> Json:
    await subscriber.wallet.save()
    return await subscriber.subscribe("organizer")


async def cancelled(subscriber: Subscriber) -> Json:
    made = await active(subscriber)
    return dict((await subscriber.change(made["id"], "cancel")).json())


async def incomplete(subscriber: Subscriber) -> Json:
    trial = await trialing(subscriber)
    await subscriber.change(trial["id"], "cancel", at="now")
    return await subscriber.subscribe("organizer")


async def past_due(subscriber: Subscriber) -> Json:
    made = await active(subscriber)
    await card_is(subscriber, declined="insufficient_funds")
    await subscriber.at(made["current_period_end"])
    return await subscriber.show(made["id"])


async def unpaid_after_pause(subscriber: Subscriber) -> Json:
    made = await paused(subscriber)
    await card_is(subscriber, declined="insufficient_funds")
    return dict((await subscriber.change(made["id"], "resume")).json())


async def ended(subscriber: Subscriber) -> Json:
    made = await paused(subscriber)
    return dict((await subscriber.change(made["id"], "cancel")).json())

"""Of which of its bills the user of a subscription is notified."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from devtools.testing.answers import a_subscription
from devtools.testing.delivery import deliver_twice
from services.notifications.notifications.models import StoredNotification
from shared.events.subscriptions import (
    SubscriptionChargeAnnounced,
    SubscriptionEnded,
    SubscriptionPastDue,
)
from shared.records.money import Money

AT = datetime(2027, 1, 8, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("event", "state", "kind"),
    [
        (SubscriptionPastDue, {"status": "past_due", "access_until": AT}, "subscription.payment_failed"),
        (SubscriptionChargeAnnounced, {"status": "trialing", "trial_until": AT}, "subscription.trial_ending"),
        (SubscriptionChargeAnnounced, {"status": "active", "current_period_end": AT}, "subscription.renewing"),
        (SubscriptionChargeAnnounced, {"status": "paused", "paused_until": AT}, "subscription.renewing"),
    ],
)
async def test_its_user_is_notified_once(
    app: Any, client_id: Any, event: Any, state: dict[str, Any], kind: str
) -> None:
    subscription = a_subscription(user_id=client_id, **state)
    await deliver_twice(app, event(subscription=subscription))
    async with app.state.runtime.db.read() as session:
        (notification,) = (await session.scalars(select(StoredNotification))).all()
    assert (notification.user_id, notification.type) == (client_id, kind)
    assert notification.data["subscription_id"] == str(subscription.id)
    assert "29.00 USD" in notification.title + notification.body
    assert "8 January 2027" in notification.body


async def test_a_bill_after_a_pause_is_to_be_paid_within_a_day(app: Any, client_id: Any) -> None:
    subscription = a_subscription(user_id=client_id, status="incomplete", access_until=AT)
    await deliver_twice(app, SubscriptionPastDue(subscription=subscription))
    async with app.state.runtime.db.read() as session:
        (notification,) = (await session.scalars(select(StoredNotification))).all()
    assert notification.type == "subscription.payment_failed"
    assert "29.00 USD" in notification.title + notification.body
    assert "within 24 hours" in notification.body


@pytest.mark.parametrize(("reason", "notices"), [("payment_failed", 1), ("cancelled", 0), ("unpaid", 0)])
async def test_the_end_is_said_where_the_last_try_has_failed(
    app: Any, client_id: Any, reason: str, notices: int
) -> None:
    ended = a_subscription(user_id=client_id, status="ended", end_reason=reason)
    await deliver_twice(app, SubscriptionEnded(subscription=ended))
    async with app.state.runtime.db.read() as session:
        found = (await session.scalars(select(StoredNotification))).all()
    assert [(each.type, each.title) for each in found] == [
        ("subscription.payment_failed", "Your subscription has ended")
    ] * notices


async def test_another_plan_that_begins_then_is_named_with_its_price(app: Any, client_id: Any) -> None:
    subscription = a_subscription(user_id=client_id, status="active", current_period_end=AT)
    event = SubscriptionChargeAnnounced(subscription=subscription, plan_name="Small", amount=Money(1900, "USD"))
    await deliver_twice(app, event)
    async with app.state.runtime.db.read() as session:
        (notification,) = (await session.scalars(select(StoredNotification))).all()
    assert "(Small)" in notification.body
    assert "19.00 USD" in notification.body

"""What payments' events about subscriptions mean for streams: what their users may see."""

from services.streams.streams.subscribing import keep
from services.streams.subscriptions.repository import Subscriptions
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.subscriptions import (
    SubscriptionActivated,
    SubscriptionChanged,
    SubscriptionEnded,
    SubscriptionEvent,
    SubscriptionPastDue,
    SubscriptionPaused,
    SubscriptionRenewed,
    SubscriptionResumed,
)

CHANGES = (
    SubscriptionRenewed,
    SubscriptionPastDue,
    SubscriptionChanged,
    SubscriptionPaused,
    SubscriptionResumed,
    SubscriptionEnded,
)


async def subscription_activated(session: Session, event: SubscriptionActivated) -> None:
    """Its user follows the stream as well."""
    await keep(session, event.subscription)


async def subscription_changed(session: Session, event: SubscriptionEvent) -> None:
    await Subscriptions(session).put(event.subscription)


CONSUMERS: Consumers = {
    **dict.fromkeys(CHANGES, subscription_changed),
    SubscriptionActivated: subscription_activated,
}

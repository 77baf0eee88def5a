"""Bodies of following and subscribing."""

from typing import Literal, Self
from uuid import UUID

from services.streams.follows.models import FREE, Follow
from services.streams.subscriptions.models import FanSubscription
from services.streams.tiers.schemas import Level
from shared.internal.subscriptions import ShownSubscription
from shared.records.money import Price
from shared.web.http import Body, UtcTime, View


class NewFollow(Body):
    """On which tier to follow. A paid one is billed each month; with a saved card the first month is paid at once.

    With `expected_price` only at that price.
    """

    tier_level: Level
    interval: Literal["month"] = "month"
    payment_method_id: UUID | None = None
    expected_price: Price | None = None


class SubscribedView(View):
    """The tier that was chosen, and of a paid one the subscription, with its bill until that is paid."""

    stream_id: UUID
    tier_level: int
    subscription: ShownSubscription | None = None


class FollowView(View):
    """A stream that the caller follows. `tier_level`: what they may see now, by a subscription to the end of `until`,
    or as everyone may."""

    stream_id: UUID
    tier_level: int
    source: Literal["follow", "subscription"]
    until: UtcTime | None
    subscription_id: UUID | None

    @classmethod
    def of(cls, follow: Follow, subscription: FanSubscription | None) -> Self:
        """The stream, with the subscription that is in force."""
        if subscription is None:
            return cls(stream_id=follow.stream_id, tier_level=FREE, source="follow", until=None, subscription_id=None)
        return cls(
            stream_id=follow.stream_id,
            tier_level=subscription.level,
            source="subscription",
            until=subscription.access_until,
            subscription_id=subscription.id,
        )

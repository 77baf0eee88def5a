"""What payments does for streams, whose tiers are plans, and what every service may ask of subscriptions.

All is safe to repeat.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, Strict

from shared.events.subscriptions import (
    SubscriptionSnapshot,
)
from shared.peers import Endpoint
from shared.records.money import Money, Price
from shared.web.http import Body, Text, UtcTime, View


class TierPlan(Body):
    """A paid tier of a stream as it can be subscribed to, each month; not `is_active`: nobody new can.

    Who has subscribed keeps the terms of that moment; where the stream `is_gone`, their subscriptions end. An older
    `version` than one that is known changes nothing.
    """

    stream_id: UUID
    practitioner_id: UUID
    level: Annotated[int, Strict(), Field(ge=1, le=1000)]
    name: Annotated[Text, Field(min_length=1, max_length=100)]
    price: Price
    is_active: Annotated[bool, Strict()]
    is_gone: Annotated[bool, Strict()] = False
    version: Annotated[int, Strict(), Field(ge=1)]


class KnownPlan(View):
    """The version of the plan that is known now."""

    version: int


class KnownSubscriptions(View):
    """Subscriptions in every state, newest first."""

    results: list[SubscriptionSnapshot]


class NewTierSubscription(Body):
    """Who subscribes to which plan of a stream's tier. With a saved card the first bill is charged to it at once."""

    user_id: UUID
    plan_id: UUID
    interval: Literal["month"]
    payment_method_id: UUID | None = None


class ShownBill(View):
    """The bill that its user has to pay; with whatever else payments shows of it."""

    model_config = ConfigDict(extra="allow")

    order_id: UUID
    client_secret: str | None
    publishable_key: str
    amount_due: Money
    status: str


class ShownSubscription(View):
    """A subscription as payments shows it to its user, with all fields of `GET /subscriptions/{id}/`."""

    model_config = ConfigDict(extra="allow")

    id: UUID
    kind: str
    interval: str
    price: Money
    status: str
    access_until: UtcTime | None
    payment: ShownBill | None


class TierSubscription(View):
    """The subscription for its user, and as events have it."""

    shown: ShownSubscription
    snapshot: SubscriptionSnapshot


PUT_TIER_PLAN = Endpoint("payments", "PUT", "/internal/plans/{plan_id}/", KnownPlan, TierPlan)
"""Offers a stream's tier as a plan, or takes it off; Invalid `below_minimum_charge`."""
PUT_TIER_SUBSCRIPTION = Endpoint(
    "payments", "PUT", "/internal/subscriptions/{subscription_id}/", TierSubscription, NewTierSubscription
)
"""Subscribes, or answers what this id is already; Conflict `already_subscribed`, `plan_inactive`."""
ACCESS = Endpoint("payments", "GET", "/internal/access/", KnownSubscriptions)
"""The subscriptions of `user_id` of that `kind`, for who has not had their events yet."""

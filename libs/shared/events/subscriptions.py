"""Events of payments about subscriptions."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.events.payments import PaymentsEvent
from shared.records.money import Money


class SubscriptionSnapshot(BaseModel):
    """A subscription as it is. `access_until` alone says how long it gives access (None: it gives none).

    `features` are those of the plan at the terms of the subscriber, `stream_id` is that of a stream's tier; an older
    `version` than one that is known says nothing new.
    """

    model_config = ConfigDict(frozen=True)

    id: UUID
    kind: str
    user_id: UUID
    practitioner_id: UUID | None
    stream_id: UUID | None = None
    plan_id: UUID
    plan_code: str
    level: int
    features: dict[str, Any]
    interval: str
    price: Money
    status: str
    current_period_end: datetime | None
    trial_until: datetime | None
    access_until: datetime | None
    retry_at: datetime | None
    end_reason: str | None
    version: int
    plan_name: str = ""
    paused_until: datetime | None = None


class SubscriptionEvent(PaymentsEvent):
    """An event about one subscription; ordered per subscription."""

    keyed_by: ClassVar[str] = "subscription.id"

    subscription: SubscriptionSnapshot


class SubscriptionActivated(SubscriptionEvent):
    """Its trial began, or its first period is paid: from here on it gives access."""


class SubscriptionRenewed(SubscriptionEvent):
    """A further period is paid, or the first one after a trial."""


class SubscriptionPastDue(SubscriptionEvent):
    """The bill of a period that has begun could not be charged; once for each try that failed.

    After a pause no period begins unpaid: its status is `incomplete`, and the bill waits for 24 hours.
    """


class SubscriptionChanged(SubscriptionEvent):
    """Its plan or interval is another; or it will end or pause by itself at the end of what is paid, or no more."""


class SubscriptionPaused(SubscriptionEvent):
    """The end of what is paid has come: it gives no access and is not billed, until it resumes."""


class SubscriptionResumed(SubscriptionEvent):
    """Its pause is over and a new period is paid, from which the following ones are counted."""


class SubscriptionChargeAnnounced(SubscriptionEvent):
    """It is charged in a few days: for the first time, at the end of its trial, or for another year. Once for each.

    `plan_name` and `amount` are those of another plan that begins then.
    """

    plan_name: str | None = None
    amount: Money | None = None


class SubscriptionEnded(SubscriptionEvent):
    """It is over, for `end_reason`."""

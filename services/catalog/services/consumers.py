"""What catalog does when an account ends, is suspended or restored, and when a practitioner changes plans."""

from datetime import datetime
from uuid import UUID

from services.catalog.plans.repository import Plans
from services.catalog.practitioners import service as practitioners
from services.catalog.services import service
from services.catalog.services.limits import fit_to_plan
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.identity import UserDeactivated, UserRestored, UserSuspended
from shared.events.subscriptions import (
    SubscriptionActivated,
    SubscriptionChanged,
    SubscriptionEnded,
    SubscriptionEvent,
    SubscriptionPastDue,
    SubscriptionRenewed,
)

PLATFORM = "platform"


async def user_deactivated(session: Session, event: UserDeactivated) -> None:
    """Takes the practitioner and their services out of every list; most accounts have no practitioner."""
    practitioner = await practitioners.deactivate(session, event.user_id, erased=False)
    if practitioner is not None:
        await service.publish_services_of(session, practitioner.id)


async def user_suspended(session: Session, event: UserSuspended) -> None:
    """Takes the practitioner and their services off sale; what is booked stays."""
    await _suspend(session, event.user_id, event.occurred_at)


async def user_restored(session: Session, event: UserRestored) -> None:
    """Puts them on sale again, if staff has approved the practitioner."""
    await _suspend(session, event.user_id, None)


async def _suspend(session: Session, user_id: UUID, since: datetime | None) -> None:
    practitioner = await practitioners.suspend(session, user_id, since)
    if practitioner is not None:
        await service.publish_services_of(session, practitioner.id)


async def _keep_plan(session: Session, event: SubscriptionEvent) -> UUID | None:
    """Stores the practitioner's subscription; None where it is another kind of one, or an older version."""
    subscription = event.subscription
    if subscription.kind != PLATFORM or subscription.practitioner_id is None:
        return None
    is_news = await Plans(session).put(subscription, subscription.practitioner_id)
    return subscription.practitioner_id if is_news else None


async def subscription_kept(session: Session, event: SubscriptionEvent) -> None:
    """The plan is known, for when limits are judged: at the next change, not when the same plan goes on."""
    await _keep_plan(session, event)


async def subscription_changed(session: Session, event: SubscriptionEvent) -> None:
    """A lower plan takes the newest services beyond it off sale, a higher one puts them back."""
    practitioner_id = await _keep_plan(session, event)
    if practitioner_id is not None:
        await fit_to_plan(session, practitioner_id)


CHANGES_OF_PLAN = (SubscriptionActivated, SubscriptionChanged, SubscriptionEnded)
SAME_PLAN = (SubscriptionRenewed, SubscriptionPastDue)


def consumers(*, plan_limits: bool) -> Consumers:
    """All reactions to events; without limits plans are kept in mind and change nothing."""
    return {
        UserDeactivated: user_deactivated,
        UserSuspended: user_suspended,
        UserRestored: user_restored,
        **dict.fromkeys(SAME_PLAN, subscription_kept),
        **dict.fromkeys(CHANGES_OF_PLAN, subscription_changed if plan_limits else subscription_kept),
    }

"""SQL of plans."""

from uuid import UUID

from sqlalchemy import select

from services.catalog.plans.models import PlatformSubscription
from shared.database import projection
from shared.database.repository import Repository
from shared.events.subscriptions import (
    SubscriptionSnapshot,
)

FREE_LIMIT = 2
"""Services on sale of who has no plan."""


class Plans(Repository):
    """What practitioners have subscribed to."""

    async def put(self, subscription: SubscriptionSnapshot, practitioner_id: UUID) -> bool:
        """Stores the subscription as it is now; False where a newer version is there."""
        row = {
            "id": subscription.id,
            "practitioner_id": practitioner_id,
            "service_limit": subscription.features["service_limit"],
            "access_until": subscription.access_until,
            "version": subscription.version,
        }
        return await projection.put(self.session, PlatformSubscription, row)

    async def service_limit(self, practitioner_id: UUID) -> int | None:
        """How many services the practitioner may have on sale now; None for any number."""
        in_force = select(PlatformSubscription.service_limit).where(
            PlatformSubscription.practitioner_id == practitioner_id,
            PlatformSubscription.access_until > self.session.now(),
        )
        limits = (await self.session.scalars(in_force)).all()
        known = [limit for limit in limits if limit is not None]
        return None if len(known) < len(limits) else max([FREE_LIMIT, *known])

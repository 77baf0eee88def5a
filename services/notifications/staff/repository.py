"""SQL of what staff are to be notified of."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from services.notifications.staff.models import StaffNotification
from shared.database.repository import Repository


class StaffNotifications(Repository):
    """Those of which staff are not notified yet."""

    async def add_once(self, **notification: Any) -> None:
        """Once per cause, as long as staff are not notified of it."""
        row = {**notification, "created_at": self.session.now()}
        await self.session.execute(insert(StaffNotification).values(row).on_conflict_do_nothing())

    async def waiting(self, limit: int) -> Sequence[StaffNotification]:
        """The oldest first."""
        oldest = select(StaffNotification).order_by(StaffNotification.id).limit(limit)
        return (await self.session.scalars(oldest)).all()

    async def remove(self, notification_id: UUID) -> None:
        """Staff are notified of it."""
        await self.session.execute(delete(StaffNotification).where(StaffNotification.id == notification_id))

    async def remove_payout(self, payout_id: UUID) -> None:
        """A newer state of that payout replaces it."""
        about = StaffNotification.data["payout_id"].astext == str(payout_id)
        await self.session.execute(delete(StaffNotification).where(about))

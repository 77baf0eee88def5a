"""What notifications tells the others."""

from typing import ClassVar
from uuid import UUID

from shared.events.base import Event


class NotificationCreated(Event):
    """A person got a notice in the in-app list. `notification_type` is the notice's `type`, as in the API."""

    topic: ClassVar[str] = "estuary.notifications"

    notification_id: UUID
    user_id: UUID
    notification_type: str

    @property
    def key(self) -> UUID:
        """A notice has one event only."""
        return self.notification_id

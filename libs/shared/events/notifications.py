"""Events of notifications."""

from typing import ClassVar
from uuid import UUID

from shared.events.base import Event


class NotificationCreated(Event):
    """A notification was added to a user's in-app list. `notification_type` is its `type` in the API."""

    topic: ClassVar[str] = "estuary.notifications"
    keyed_by: ClassVar[str] = "notification_id"

    notification_id: UUID
    user_id: UUID
    notification_type: str

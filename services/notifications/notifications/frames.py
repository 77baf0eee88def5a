"""The frames that bring stored notifications to a person's sockets. Each change of one has a cause of its own."""

from datetime import datetime

from services.notifications.live.models import StoredFrame
from services.notifications.live.service import NOTIFICATIONS
from services.notifications.notifications.models import StoredNotification
from services.notifications.notifications.schemas import NotificationView
from shared.records.ids import new_id


def frame_of_new(stored: StoredNotification) -> StoredFrame:
    """Brings a new one."""
    return _frame(stored, "notification.created", str(stored.id), stored.created_at)


def frame_of_count(stored: StoredNotification, at: datetime) -> StoredFrame:
    """Says that one counts more than before."""
    return _frame(stored, "notification.updated", f"{stored.id}:{stored.data['count']}", at)


def frame_of_read(stored: StoredNotification) -> StoredFrame:
    """Says that one was read, which happens once."""
    return _frame(stored, "notification.updated", f"{stored.id}:read", stored.read_at or stored.created_at)


def _frame(stored: StoredNotification, kind: str, cause: str, at: datetime) -> StoredFrame:
    return StoredFrame(
        id=new_id(),
        user_id=stored.user_id,
        channel=NOTIFICATIONS,
        cause=cause,
        type=kind,
        data=NotificationView.model_validate(stored).model_dump(mode="json"),
        created_at=at,
    )

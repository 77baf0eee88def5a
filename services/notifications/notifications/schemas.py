"""Bodies of the in-app list."""

from collections.abc import Sequence
from typing import Any, Self
from uuid import UUID

from services.notifications.notifications.models import StoredNotification
from shared.database.listing import Page
from shared.web.http import UtcTime, View
from shared.web.pagination import Listing


class NotificationView(View):
    """A notification, in the list and as the data of `notification.created`."""

    id: UUID
    type: str
    title: str
    body: str
    data: dict[str, Any]
    read_at: UtcTime | None
    created_at: UtcTime


class NotificationListing(Listing[NotificationView]):
    """A page of notifications, and how many of all are unread."""

    unread_count: int

    @classmethod
    def of_page(cls, found: Sequence[StoredNotification], total: int, page: Page, unread: int) -> Self:
        """The page, with the number of unread ones."""
        listing = Listing[NotificationView].of([NotificationView.model_validate(one) for one in found], total, page)
        return cls(**dict(listing), unread_count=unread)


class UnreadCount(View):
    """How many notifications are unread now."""

    unread_count: int

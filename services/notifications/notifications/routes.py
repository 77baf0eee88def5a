"""HTTP of the in-app list."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.notifications.notifications import service
from services.notifications.notifications.repository import Notifications
from services.notifications.notifications.runtime import NotifyRuntime
from services.notifications.notifications.schemas import NotificationListing, NotificationView, UnreadCount
from shared.errors import NotFound
from shared.web.http import Route, SessionDep, Signed, errors_of, runtime_of
from shared.web.pagination import Paging

RuntimeDep = Annotated[NotifyRuntime, Depends(runtime_of)]
router = APIRouter(prefix="/api/v1/notifications", tags=["notifications"], route_class=Route)


@router.get("/")
async def list_notifications(caller: Signed, session: SessionDep, page: Paging) -> NotificationListing:
    """The caller's notifications, newest first."""
    found, total = await Notifications(session).list(page, caller)
    unread = await Notifications(session).unread(caller)
    return NotificationListing.of_page(found, total, page, unread)


@router.post("/read-all/")
async def mark_all_notifications_read(caller: Signed, session: SessionDep, runtime: RuntimeDep) -> UnreadCount:
    await service.mark_all_read(runtime, session, caller)
    return UnreadCount(unread_count=0)


@router.post("/{notification_id}/read/", responses=errors_of(NotFound))
async def mark_notification_read(
    notification_id: UUID, caller: Signed, session: SessionDep, runtime: RuntimeDep
) -> NotificationView:
    return NotificationView.model_validate(await service.mark_read(runtime, session, notification_id, caller))

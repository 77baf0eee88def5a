"""HTTP and WebSockets of notifications."""

from uuid import UUID

from fastapi import APIRouter
from starlette.websockets import WebSocket

from services.notifications import service
from services.notifications.feeds import follow
from services.notifications.repository import Notices, Preferences
from services.notifications.schemas import NoticeListing, NoticeView, PreferencesChange, PreferencesView, Unread
from services.notifications.service import BOOKING_UPDATES, NOTICES
from shared.auth.verification import Who
from shared.database.session import Session
from shared.errors import NotFound
from shared.web.http import Route, SessionDep, Signed, errors_of
from shared.web.pagination import Paging

router = APIRouter(prefix="/api/v1/notifications", tags=["notifications"], route_class=Route)
sockets = APIRouter()


@router.get("/")
async def list_notices(who: Signed, session: SessionDep, page: Paging) -> NoticeListing:
    """The caller's notices, newest first."""
    notices, total = await Notices(session).list(who, page)
    unread = await Notices(session).unread(who)
    return NoticeListing.of_page(notices, total, page, unread)


@router.post("/read-all/")
async def read_all(who: Signed, session: SessionDep) -> Unread:
    await service.mark_all_read(session, who)
    return Unread(unread_count=0)


@router.get("/preferences/")
async def preferences(who: Signed, session: SessionDep) -> PreferencesView:
    """What may reach the caller, topic by topic; everything is on until switched off."""
    return await _preferences(session, who)


@router.put("/preferences/")
async def change_preferences(body: PreferencesChange, who: Signed, session: SessionDep) -> PreferencesView:
    """Sets the topics that are given; the others stay."""
    await service.change_preferences(session, who, body)
    return await _preferences(session, who)


@router.post("/{notice_id}/read/", responses=errors_of(NotFound))
async def mark_read(notice_id: UUID, who: Signed, session: SessionDep) -> NoticeView:
    return NoticeView.model_validate(await service.mark_read(session, who, notice_id))


@sockets.websocket("/ws/notifications/")
async def watch_notices(socket: WebSocket) -> None:
    """`notification.created` for each new notice of the caller, `notification.updated` when one is read or grows."""
    await follow(socket, NOTICES)


@sockets.websocket("/ws/booking-updates/")
async def watch_bookings(socket: WebSocket) -> None:
    """`booking.<status>` and `booking.rescheduled` for the caller's bookings, as client and as practitioner."""
    await follow(socket, BOOKING_UPDATES)


async def _preferences(session: Session, who: Who) -> PreferencesView:
    chosen = await Preferences(session).of(who.user_id)
    return PreferencesView.of(chosen)

"""WebSockets of notifications."""

from fastapi import APIRouter
from starlette.websockets import WebSocket

from services.notifications.live.feeds import follow
from services.notifications.live.service import BOOKING_UPDATES, NOTIFICATIONS

sockets = APIRouter()
READ_BOOKINGS = "bookings.read"
"""The frames are whole bookings."""


@sockets.websocket("/ws/notifications/")
async def watch_notifications(socket: WebSocket) -> None:
    """`notification.created` for each new one of the caller, `notification.updated` when one is read or grows."""
    await follow(socket, NOTIFICATIONS)


@sockets.websocket("/ws/booking-updates/")
async def watch_bookings(socket: WebSocket) -> None:
    """`booking.<status>` and `booking.rescheduled` for the caller's bookings, as client and as practitioner."""
    await follow(socket, BOOKING_UPDATES, READ_BOOKINGS)

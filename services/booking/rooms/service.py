"""Joining a room, and closing it when its booking is gone."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from livekit.api import AccessToken, VideoGrants

from services.booking.bookings.domain import RUNNING, Delivery
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.rooms.domain import is_open
from services.booking.rooms.errors import NoRoom, RoomNotOpen
from services.booking.rooms.repository import RoomClosures
from services.booking.sessions.models import CalendarSession
from services.booking.sessions.repository import Sessions
from services.booking.settings import BookingSettings
from shared.auth.verification import Caller
from shared.database.session import Session

DEVELOPMENT_URL = "ws://127.0.0.1:7880"


@dataclass(frozen=True)
class Ticket:
    """What a browser needs to join."""

    url: str
    room: str
    token: str


async def room_ticket(session: Session, settings: BookingSettings, caller: Caller, booking_id: UUID) -> Ticket:
    """A LiveKit token for the booking's room, made here, good until the end of the session."""
    booking = await Bookings(session).get_visible(booking_id, caller)
    if booking.delivery is Delivery.IN_PERSON:
        raise NoRoom
    now = session.now()
    in_time = is_open(booking.start_time, booking.end_time, now, settings.room_opens)
    if booking.status not in RUNNING or not in_time:
        raise RoomNotOpen
    room = await Sessions(session).room_of(booking.session_id)
    token = _token(settings, caller.user_id, room, booking.end_time - now)
    return Ticket(settings.livekit_url or DEVELOPMENT_URL, room, token)


async def close_room(session: Session, booking: Booking, left: CalendarSession) -> None:
    """Notes that a cancelled booking's room is to be closed; of a group that goes on, only its client has to leave."""
    if left.active:
        await leave_room(session, booking, left)
    elif booking.delivery is Delivery.ONLINE:
        RoomClosures(session).add(booking.id, left.room, None)


async def leave_room(session: Session, booking: Booking, left: CalendarSession, room_now: str | None = None) -> None:
    """Notes that a client has to leave a session's room, unless another seat of the same session is theirs.

    `room_now`: the room of the session to which the booking was moved, which may be the same.
    """
    if booking.delivery is Delivery.IN_PERSON or left.room == room_now:
        return
    if not await Bookings(session).has_other_seat(booking, left.id):
        RoomClosures(session).add(booking.id, left.room, str(booking.client_id))


def _token(settings: BookingSettings, user_id: UUID, room: str, lifetime: timedelta) -> str:
    return (
        AccessToken(settings.livekit_api_key, settings.livekit_api_secret)
        .with_identity(str(user_id))
        .with_ttl(lifetime)
        .with_grants(VideoGrants(room_join=True, room=room))
        .to_jwt()
    )

"""Joining a room, and closing it when its booking is gone."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from livekit.api import AccessToken, VideoGrants
from sqlalchemy import exists, select

from services.booking.bookings.domain import BookingStatus, Delivery
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.errors import NoRoom, RoomNotOpen
from services.booking.reservations.models import Reservation
from services.booking.reservations.repository import Reservations
from services.booking.rooms.domain import is_open
from services.booking.rooms.models import RoomClosure
from services.booking.runtime import settings_of
from services.booking.settings import BookingSettings
from shared.auth.verification import Who
from shared.database.session import Session
from shared.records.clock import machine_now

DEVELOPMENT_URL = "ws://127.0.0.1:7880"
TAKES_PLACE = (BookingStatus.CONFIRMED, BookingStatus.IN_PROGRESS)


@dataclass(frozen=True)
class Ticket:
    """What a browser needs to join."""

    url: str
    room: str
    token: str


async def room_ticket(session: Session, who: Who, booking_id: UUID) -> Ticket:
    """A LiveKit token for the booking's room, made here, good until the end of the session."""
    booking = await Bookings(session).get_visible(booking_id, who)
    if booking.delivery is Delivery.IN_PERSON:
        raise NoRoom
    settings, now = settings_of(session), session.now()
    in_time = is_open(booking.start_time, booking.end_time, now, settings.room_opens)
    if booking.status not in TAKES_PLACE or not in_time:
        raise RoomNotOpen
    room = await Reservations(session).room_of(booking.reservation_id)
    token = _token(settings, who.user_id, room, booking.end_time - now)
    return Ticket(settings.livekit_url or DEVELOPMENT_URL, room, token)


async def close_room(session: Session, booking: Booking, left: Reservation) -> None:
    """Notes that a cancelled booking's room is to be closed; of a group that goes on, only its client has to leave."""
    if left.active:
        await leave_session(session, booking, left)
    elif booking.delivery is Delivery.ONLINE:
        _note(session, booking, left, None)


async def leave_session(session: Session, booking: Booking, left: Reservation, room_now: str | None = None) -> None:
    """Notes that a client has to leave a session's room, unless another seat of the same session is theirs.

    `room_now`: the room of the session to which the booking was moved, which may be the same.
    """
    if booking.delivery is Delivery.IN_PERSON or left.room == room_now:
        return
    other = exists().where(
        Booking.reservation_id == left.id, Booking.client_id == booking.client_id, Booking.id != booking.id
    )
    if not (await session.execute(select(other))).scalar_one():
        _note(session, booking, left, str(booking.client_id))


def _note(session: Session, booking: Booking, left: Reservation, participant: str | None) -> None:
    closure = RoomClosure(
        booking_id=booking.id,
        room=left.room,
        participant=participant,
        created_at=session.now(),
        attempt_at=machine_now(),
    )
    session.add(closure)
    session.wake_jobs_after_commit("close_rooms")


def _token(settings: BookingSettings, user_id: UUID, room: str, lifetime: timedelta) -> str:
    return (
        AccessToken(settings.livekit_api_key, settings.livekit_api_secret)
        .with_identity(str(user_id))
        .with_ttl(lifetime)
        .with_grants(VideoGrants(room_join=True, room=room))
        .to_jwt()
    )

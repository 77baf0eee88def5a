"""Joining a room, and closing it when its booking is gone."""

from uuid import UUID

from services.booking.bookings.domain import RUNNING, Delivery
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.rooms.domain import is_open
from services.booking.rooms.errors import NoRoom, RoomNotOpen
from services.booking.rooms.repository import RoomClosures
from services.booking.runtime import BookingRuntime
from services.booking.sessions.models import CalendarSession
from services.booking.sessions.repository import Sessions
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.video import Ticket


async def room_ticket(session: Session, runtime: BookingRuntime, caller: Caller, booking_id: UUID) -> Ticket:
    """What lets the caller join the booking's room, until the end of the session."""
    booking, _ = await Bookings(session).get_as(booking_id, caller)
    if booking.delivery is Delivery.IN_PERSON:
        raise NoRoom
    now = session.now()
    in_time = is_open(booking.start_time, booking.end_time, now, runtime.settings.room_opens)
    if booking.status not in RUNNING or booking.is_parent or not in_time:
        raise RoomNotOpen
    room = await Sessions(session).room_of(booking.session_id)
    return runtime.video.ticket(caller.user_id, room, booking.end_time - now)


async def close_room(session: Session, booking: Booking, left: CalendarSession) -> None:
    """Notes that a cancelled booking's room is to be closed; of a group that goes on, only its client has to leave.

    Where the whole session is cancelled its last booking closes the room.
    """
    if left.active:
        await leave_room(session, booking, left)
    elif not left.taken and booking.delivery is Delivery.ONLINE:
        RoomClosures(session).add(booking.id, left.room, None)


async def leave_room(session: Session, booking: Booking, left: CalendarSession, room_now: str | None = None) -> None:
    """Notes that a client has to leave a session's room, unless another seat of the same session is theirs.

    `room_now`: the room of the session to which the booking was moved, which may be the same.
    """
    if booking.delivery is Delivery.IN_PERSON or left.room == room_now:
        return
    if not await Bookings(session).has_other_seat(booking, left.id):
        RoomClosures(session).add(booking.id, left.room, str(booking.client_id))

"""Moving a session: the calendar's row and all its bookings together, or nothing."""

from datetime import datetime
from uuid import UUID

from services.booking.bookings.domain import Party
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.bookings.service import check_start, note_move, rules_of_move, seat_of
from services.booking.checkout.steps import expire_overdue_within
from services.booking.errors import AlreadyStarted
from services.booking.offerings.repository import Offerings, ServiceWithHours
from services.booking.reservations.models import Reservation
from services.booking.reservations.repository import Reservations, Seat
from shared.auth.verification import Who
from shared.database.session import Session
from shared.errors import NotFound
from shared.records.ids import new_id
from shared.records.state import IllegalTransition


async def move(session: Session, who: Who, session_id: UUID, start: datetime) -> tuple[Reservation, int]:
    """Moves the session and its bookings, as the practitioner's move of each; the same start changes nothing.

    Answers the session, and how many of the service's seats are left in it.
    Raises NotFound, IllegalTransition for a session without bookings, AlreadyStarted, StartNotOffered, SlotTaken.
    """
    moved = await _locked(session, who, session_id)
    if not moved.active:
        raise IllegalTransition("A session that nobody has booked cannot be moved.")
    if moved.start_time <= session.now():
        raise AlreadyStarted
    offer = await _offer(session, moved)
    left = max(offer.offering.max_participants - moved.taken, 0)
    if start == moved.start_time:
        return moved, left
    bookings = await Bookings(session).of_session(session_id)
    await Reservations(session).move(moved, _seat(session, moved, offer, start))
    move_id = new_id()
    for booking in bookings:
        _follow(session, booking, start, move_id)
    return moved, left


async def _locked(session: Session, who: Who, session_id: UUID) -> Reservation:
    """Its bookings first, as in every other use case; who books a seat meanwhile waits, and joins it no more.

    Before all that, holds that have run out leave the calendar.
    """
    reservations = Reservations(session)
    found = await reservations.find(session_id)
    if found is None or found.practitioner_id != who.practitioner_id:
        raise NotFound
    await expire_overdue_within(session, found.practitioner_id)
    await Bookings(session).of_session(session_id)
    await reservations.lock_calendar(found.practitioner_id)
    return await reservations.find(session_id, lock=True) or found


async def _offer(session: Session, moved: Reservation) -> ServiceWithHours:
    offer: ServiceWithHours | None = await Offerings(session).find(moved.service_id)
    if offer is None:
        raise NotFound
    return offer


def _seat(session: Session, moved: Reservation, offer: ServiceWithHours, start: datetime) -> Seat:
    rules = rules_of_move(moved.end_time - moved.start_time, offer, Party.PRACTITIONER)
    check_start(offer, start, session.now(), rules)
    return seat_of(offer, start, start + rules.duration)


def _follow(session: Session, booking: Booking, start: datetime, move_id: UUID) -> None:
    """An unpaid hold follows too, and still ends at the latest at the start."""
    booking.expires_at = min(booking.expires_at, start)
    note_move(session, booking, start, Party.PRACTITIONER, move_id)

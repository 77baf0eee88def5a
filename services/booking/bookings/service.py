"""What people do with a booking that exists: read, note, move, finish."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from services.booking.bookings.domain import OVER, TRANSITIONS, BookingStatus, Party, has_ended, may_correct
from services.booking.bookings.events import snapshot_of
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.checkout.steps import expire_overdue_within
from services.booking.errors import AlreadyStarted, NotEnded, SlotTaken, StartNotOffered, TooLateToMove
from services.booking.offerings.repository import Offerings, ServiceWithHours
from services.booking.reservations.domain import room_of_booking
from services.booking.reservations.repository import Reservations, Seat
from services.booking.rooms.service import leave_session
from services.booking.schedules.domain import SlotRules, StartRefused, refusal
from shared.auth.verification import Who
from shared.database.session import Session
from shared.errors import FieldError, NotFound
from shared.events.booking import BookingCompleted, BookingNoShow, BookingRescheduled
from shared.messaging.outbox import emit
from shared.records.state import IllegalTransition, transition

FINISHED = {BookingStatus.COMPLETED: BookingCompleted, BookingStatus.NO_SHOW: BookingNoShow}
RUNNING = (BookingStatus.CONFIRMED, BookingStatus.IN_PROGRESS)
SENTENCES = {
    StartRefused.TOO_SOON: "This start is in the past or too soon.",
    StartRefused.BEYOND_HORIZON: "This start is too far ahead.",
    StartRefused.OUTSIDE_HOURS: "This start is outside the practitioner's hours.",
    StartRefused.OFF_GRID: "This start is not on the service's grid.",
}


def party_of(booking: Booking, who: Who) -> Party:
    """In which role the person acts on this booking; whoever has no part in it is staff."""
    if booking.client_id == who.user_id:
        return Party.CLIENT
    return Party.PRACTITIONER if booking.practitioner_user_id == who.user_id else Party.STAFF


def check_start(offer: ServiceWithHours, start: datetime, now: datetime, rules: SlotRules | None = None) -> None:
    """Raises StartNotOffered, its field error telling why, unless hours, notice, horizon and grid allow the start.

    `rules` replaces the service's own.
    """
    reason = refusal(offer.hours, rules or offer.offering.rules, start, now)
    if reason is not None:
        error = FieldError(field="start_time", message=SENTENCES[reason], code=reason.value)
        raise StartNotOffered(SENTENCES[reason], code="invalid", errors=[error])


def seat_of(offer: ServiceWithHours, start: datetime, end: datetime) -> Seat:
    """A seat of that service at that time."""
    offering = offer.offering
    return Seat(offering.practitioner_id, offering.service_id, start, end, offering.rules)


async def write_notes(session: Session, who: Who, booking_id: UUID, notes: str | None) -> Booking:
    """The client's notes for the practitioner."""
    booking = await Bookings(session).get_of_client(booking_id, who, lock=True)
    booking.notes = notes
    return booking


async def finish(session: Session, who: Who, booking_id: UUID, as_: BookingStatus) -> Booking:
    """The practitioner says after the end how it went: completed or no-show. The same again changes nothing.

    A no-show is said, or a completed booking corrected to one, until 24 h after the end; IllegalTransition later.
    """
    booking = await Bookings(session).get_of_practitioner(booking_id, who, lock=True)
    if booking.status is as_:
        return booking
    now = session.now()
    if booking.status in RUNNING and not has_ended(booking.end_time, now):
        raise NotEnded
    if as_ is BookingStatus.NO_SHOW and not may_correct(booking.end_time, now):
        raise IllegalTransition("A booking becomes a no_show until 24 hours after its end.")
    mark_finished(session, booking, as_, booking.completed_at or now)
    return booking


def mark_finished(session: Session, booking: Booking, as_: BookingStatus, at: datetime) -> None:
    """Ends a booking whose lock is held; its earning's hold period counts from `at`."""
    transition(booking, as_, TRANSITIONS)
    booking.completed_at = at
    emit(session, FINISHED[as_](booking=snapshot_of(booking), completed_at=at))


async def reschedule(session: Session, who: Who, booking_id: UUID, start: datetime) -> Booking:
    """Moves a confirmed booking to another start of the same service, through the same constraint (rule 3)."""
    booking = await Bookings(session).get_visible(booking_id, who, lock=True)
    _check_movable(session, who, booking)
    if start == booking.start_time:
        return booking
    offer = await Offerings(session).find(booking.service_id)
    if offer is None:
        raise NotFound
    if offer.has_overdue_holds:
        await expire_overdue_within(session, booking.practitioner_id)
    rules = rules_of_move(booking.terms.duration, offer, party_of(booking, who))
    check_start(offer, start, session.now(), rules)
    await _move(session, booking, seat_of(offer, start, start + rules.duration), party_of(booking, who))
    return booking


async def accept_move(session: Session, who: Who, booking_id: UUID) -> Booking:
    """The client agrees to the start that somebody else chose; again changes nothing.

    Raises AlreadyStarted, and IllegalTransition for a booking that takes place no more or was never moved.
    """
    booking = await Bookings(session).get_of_client(booking_id, who, lock=True)
    if booking.status not in {*RUNNING, *OVER} or booking.moved_by is None:
        raise IllegalTransition(f"There is no move of this booking, which is {booking.status.value}, to accept.")
    if booking.start_time <= session.now():
        raise AlreadyStarted
    booking.agreed_start_time = None
    return booking


def rules_of_move(duration: timedelta, offer: ServiceWithHours, by: Party) -> SlotRules:
    """The duration stays; the practitioner's notice binds clients only."""
    rules = replace(offer.offering.rules, duration=duration)
    return rules if by is Party.CLIENT else replace(rules, notice=timedelta(0))


def _check_movable(session: Session, who: Who, booking: Booking) -> None:
    if booking.status not in RUNNING:
        raise IllegalTransition(f"A booking that is {booking.status.value} cannot be moved.")
    now = session.now()
    if booking.start_time <= now:
        raise AlreadyStarted
    if not booking.terms.may_move(party_of(booking, who), now):
        raise TooLateToMove


async def _move(session: Session, booking: Booking, seat: Seat, by: Party) -> None:
    reservations = Reservations(session)
    await reservations.lock_calendar(booking.practitioner_id)
    left = await reservations.leave(booking)
    kept = await reservations.is_room_in_use(booking.practitioner_id, room_of_booking(booking.id))
    booking.reservation_id = await reservations.take(seat, None if kept else booking.id)
    if booking.reservation_id is None:
        raise SlotTaken
    if left is not None:
        await reservations.restore_buffers(left)
        await leave_session(session, booking, left, await reservations.room_of(booking.reservation_id))
    note_move(session, booking, seat.start, by)


def note_move(
    session: Session, booking: Booking, start: datetime, by: Party, session_move_id: UUID | None = None
) -> None:
    """The booking, whose seat is at that start by now, is moved; the client's own move is agreed.

    A hold is not announced: nobody has heard of it yet but its client, who sees it before paying.
    """
    terms = booking.terms
    booking.start_time, booking.end_time = start, start + terms.duration
    booking.agreed_start_time = None if by is Party.CLIENT else terms.agreed_start
    booking.moved_by = by
    booking.start_version += 1
    if booking.status in RUNNING:
        moved = {"previous_start_time": terms.start, "session_move_id": session_move_id}
        emit(session, BookingRescheduled(booking=snapshot_of(booking), **moved))

"""Moving one booking, or a session with all its bookings, through the constraint that every booking passes (rule 3)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.booking.bookings.domain import OVER, RUNNING, BookingKind, Party
from services.booking.bookings.errors import AlreadyStarted
from services.booking.bookings.events import snapshot_of
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.bookings.service import follow_parts
from services.booking.calendars.announced import seat_at
from services.booking.calendars.errors import StartNotOffered
from services.booking.calendars.events import session_snapshot_of
from services.booking.calendars.places import choose_location
from services.booking.calendars.repository import Dates, ServicesWithHours, ServiceWithHours
from services.booking.calendars.seats import move_seats, seat_of, take_seat
from services.booking.calendars.service import check_start, rules_of_move
from services.booking.checkout.steps import expire_overdue_within
from services.booking.holds.checks import check_client_limits
from services.booking.holds.repository import Holds
from services.booking.holds.requested import decide_by
from services.booking.holds.seats import offer_seat
from services.booking.locations.errors import UnknownLocation
from services.booking.locations.repository import Locations
from services.booking.passes.service import check_validity, keep_valid
from services.booking.reschedules.errors import MoveChildren, MovesWithCourse, StartChanged, TooLateToMove, TooManyMoves
from services.booking.rooms.service import leave_room
from services.booking.sessions.domain import room_of_booking
from services.booking.sessions.errors import SlotTaken
from services.booking.sessions.models import CalendarSession
from services.booking.sessions.repository import Seat, Sessions
from shared.auth.verification import Caller
from shared.database.repository import found
from shared.database.session import Session
from shared.errors import NotFound
from shared.events.booking import BookingDeclined, BookingRequested, BookingRescheduled, DeclineCause
from shared.events.sessions import SessionMoved
from shared.messaging.outbox import emit
from shared.records.ids import new_id
from shared.records.state import IllegalTransition


async def reschedule(session: Session, caller: Caller, booking_id: UUID, start: datetime) -> Booking:
    """Moves a confirmed booking to another start of the same service; where its practitioner decides about bookings,
    a client asks for that.

    Raises NotFound, IllegalTransition, AlreadyStarted, TooLateToMove, TooManyMoves, StartNotOffered, MoveChildren,
    MovesWithCourse, ClientLimitReached, SessionLimitReached, SlotTaken.
    """
    booking, party = await Bookings(session).get_as(booking_id, caller, lock=True)
    _check_movable(booking, party, session.now())
    if start == booking.start_time:
        return booking
    if not booking.terms.has_move_left(party):
        raise TooManyMoves
    bookable = await _service_of(session, booking.service_id)
    if bookable.has_overdue_holds:
        await expire_overdue_within(session, booking.practitioner_id)
    rules = rules_of_move(booking.terms.duration, bookable, party)
    check_start(bookable, start, session.now(), rules)
    if booking.pass_id is not None and party is Party.CLIENT:
        await check_validity(session, booking.pass_id, start)
    if booking.is_request and party is Party.CLIENT:
        return _ask(session, booking, bookable, start)
    return await _move_to(session, booking, bookable, start, party)


async def move_as_asked(session: Session, caller: Caller, booking_id: UUID) -> Booking:
    """Moves a booking to where its client wants to have it, as the client's own move (BK-4).

    Raises NotFound, IllegalTransition where nothing is asked any more, ClientLimitReached, SessionLimitReached, and
    SlotTaken: then `decline_move` is next.
    """
    booking = await Bookings(session).get_of_practitioner(booking_id, caller, lock=True)
    start, until, now = booking.requested_start_time, booking.decide_by, session.now()
    if start is None or until is None or until <= now or booking.status not in RUNNING or booking.start_time <= now:
        raise IllegalTransition("Nobody asks any more to move this booking.")
    bookable = await _service_of(session, booking.service_id)
    if bookable.has_overdue_holds:
        await expire_overdue_within(session, booking.practitioner_id)
    try:
        check_start(bookable, start, now, rules_of_move(booking.terms.duration, bookable, Party.PRACTITIONER))
    except StartNotOffered as error:
        raise SlotTaken(error.detail) from error
    return await _move_to(session, booking, bookable, start, Party.CLIENT)


def decline_move(session: Session, booking: Booking, cause: DeclineCause, reason: str | None = None) -> Booking:
    """The locked booking stays where it is."""
    asked = booking.requested_start_time
    booking.drop_move()
    emit(
        session,
        BookingDeclined(booking=snapshot_of(booking), cause=cause, reason=reason, requested_start_time=asked),
    )
    return booking


def _ask(session: Session, booking: Booking, bookable: ServiceWithHours, start: datetime) -> Booking:
    """Of what a practitioner decides about, a client's move is a request too: the seat stays until it is accepted."""
    if booking.requested_start_time != start:
        booking.requested_start_time = start
        booking.decide_by = min(decide_by(bookable.service, start, session.now()), booking.start_time)
        emit(session, BookingRequested(booking=snapshot_of(booking)))
    return booking


async def _move_to(
    session: Session, booking: Booking, bookable: ServiceWithHours, start: datetime, party: Party
) -> Booking:
    seat = await seat_at(session, bookable, start, booking.terms.duration, present=booking.location_id)
    await Holds(session).lock(booking.client_id, booking.service_id)
    await check_client_limits(session, booking.client_id, bookable, [start], booking)
    await _change_seat(session, booking, seat)
    _note_move(session, booking, seat, party)
    if booking.pass_id is not None:
        await keep_valid(session, booking.pass_id, start)
    await follow_parts(session, booking)
    return booking


async def accept_move(session: Session, caller: Caller, booking_id: UUID, seen: datetime | None = None) -> Booking:
    """The client agrees to the start that another person chose, `seen` if that is given; again changes nothing.

    Raises AlreadyStarted, StartChanged; IllegalTransition for a booking that takes place no more or was never moved.
    """
    booking = await Bookings(session).get_of_client(booking_id, caller, lock=True)
    if booking.status not in {*RUNNING, *OVER} or booking.moved_by is None:
        raise IllegalTransition(f"There is no move of this booking, which is {booking.status.value}, to accept.")
    if booking.start_time <= session.now():
        raise AlreadyStarted
    if seen not in (None, booking.start_time):
        raise StartChanged(booking.start_time)
    booking.agreed_start_time = None
    return booking


async def move_session(
    session: Session, caller: Caller, session_id: UUID, start: datetime, location_id: UUID | None
) -> tuple[CalendarSession, int]:
    """Moves the session and its bookings, as the practitioner's move of each; the same start and place change nothing.

    It stays where it is unless a location is given. A date that was announced need only stay ahead, and free. Answers
    the session, and how many of the service's seats are left in it. Raises NotFound, IllegalTransition for a session
    that takes place no more, AlreadyStarted, StartNotOffered, LocationNotOffered, LocationMissing, UnknownLocation,
    SessionLimitReached, SlotTaken.
    """
    [moved], bookable = await lock_own(session, caller, session_id)
    check_ahead(moved, session.now())
    left = bookable.service.max_participants - moved.taken
    if (start, location_id or moved.location_id) == (moved.start_time, moved.location_id):
        return moved, left
    bookings, previous = await Bookings(session).of_session(session_id), moved.start_time
    seat = await _seat_of_move(session, moved, bookable, start, location_id)
    await move_seats(session, moved, seat)
    move_id = new_id()
    for booking in bookings:
        _follow(session, booking, seat, move_id)
        if booking.pass_id is not None:
            await keep_valid(session, booking.pass_id, start)
        await follow_parts(session, booking)
    emit(session, SessionMoved(session=session_snapshot_of(moved, bookable), previous_start_time=previous))
    return moved, left


async def lock_own(
    session: Session, caller: Caller, session_id: UUID, *, following: bool = False
) -> tuple[Sequence[CalendarSession], ServiceWithHours]:
    """The practitioner's session, and with `following` the later dates of its series, locked with their bookings.

    Those first, as in every other use case; a booking that comes meanwhile waits. Holds that have run out leave the
    calendar before. Raises NotFound.
    """
    sessions = Sessions(session)
    found = await sessions.find(session_id)
    if found is None or found.practitioner_id != caller.practitioner_id:
        raise NotFound
    bookable = await _service_of(session, found.service_id)
    await expire_overdue_within(session, found.practitioner_id)
    ids = [session_id, *(await Dates(session).following(found) if following else ())]
    await Bookings(session).of_session(*ids)
    await sessions.lock_calendar(found.practitioner_id)
    return [each for id_ in ids if (each := await sessions.find(id_, lock=True))], bookable


def check_ahead(session: CalendarSession, now: datetime) -> None:
    """Raises AlreadyStarted, or IllegalTransition for a session that takes place no more."""
    if not session.active:
        raise IllegalTransition("This session was cancelled, or has no bookings.")
    if session.start_time <= now:
        raise AlreadyStarted


def _check_movable(booking: Booking, by: Party, now: datetime) -> None:
    if booking.is_parent:
        raise MoveChildren
    if booking.kind is BookingKind.COURSE:
        raise MovesWithCourse
    if booking.status not in RUNNING:
        raise IllegalTransition(f"A booking that is {booking.status.value} cannot be moved.")
    if booking.start_time <= now:
        raise AlreadyStarted
    if not booking.terms.may_move(by, now):
        raise TooLateToMove


async def _service_of(session: Session, service_id: UUID) -> ServiceWithHours:
    """Locked before any session is: whoever changes its buffers takes the locks in this order too."""
    return found(await ServicesWithHours(session).find(service_id, lock=True))


async def _change_seat(session: Session, booking: Booking, seat: Seat) -> None:
    """The room of a one-to-one booking comes along, unless the session that it leaves goes on there."""
    sessions = Sessions(session)
    await sessions.lock_calendar(booking.practitioner_id)
    left = None if booking.session_id is None else await _leave(session, booking.session_id, seat)
    kept = await sessions.is_room_in_use(booking.practitioner_id, room_of_booking(booking.id))
    booking.session_id = await take_seat(session, seat, None if kept else booking.id)
    if booking.session_id is None:
        raise SlotTaken
    if left is not None:
        await sessions.restore_buffers(left)
        await leave_room(session, booking, left, await sessions.room_of(booking.session_id))


async def _leave(session: Session, session_id: UUID, seat: Seat) -> CalendarSession:
    """The seat that is left is offered to the first who waits for it, unless the move needs its time."""
    sessions = Sessions(session)
    needed = seat.needs(await sessions.get(session_id))
    return (None if needed else await offer_seat(session, session_id)) or await sessions.leave(session_id)


def _note_move(session: Session, booking: Booking, to: Seat, by: Party, session_move_id: UUID | None = None) -> None:
    """Moves the booking, which has that seat already; the client's own move is agreed.

    The move of a hold is not published: only its client knows it, and sees the start before paying.
    """
    terms = booking.terms
    booking.start_time, booking.end_time, booking.location_id = to.start, to.end, to.location_id
    booking.agreed_start_time = None if by is Party.CLIENT else terms.agreed_start
    booking.moved_by = by
    booking.drop_move()
    booking.clear_attendance()
    booking.client_moves += terms.counts(by)
    booking.start_version += 1
    if booking.status in RUNNING:
        moved = {"previous_start_time": terms.start, "session_move_id": session_move_id}
        emit(session, BookingRescheduled(booking=snapshot_of(booking), **moved))


async def _seat_of_move(
    session: Session, moved: CalendarSession, bookable: ServiceWithHours, start: datetime, wanted: UUID | None
) -> Seat:
    """What binds a start binds the practitioner too, but for the notice; limits do not bind a date."""
    rules = rules_of_move(moved.end_time - moved.start_time, bookable, Party.PRACTITIONER)
    check_start(bookable, start, session.now(), rules)
    end, present = start + rules.duration, moved.location_id
    if not moved.announced:
        return seat_of(bookable, start, end, choose_location(bookable, start, rules, wanted, present))
    if wanted is not None and wanted not in await Locations(session).of(moved.practitioner_id):
        raise UnknownLocation(field="location_id")
    return replace(seat_of(bookable, start, end, wanted or present), limits=())


def _follow(session: Session, booking: Booking, to: Seat, move_id: UUID) -> None:
    """A hold follows too, and still ends at the latest at the start."""
    booking.expires_at = min(booking.expires_at, to.start)
    _note_move(session, booking, to, Party.PRACTITIONER, move_id)

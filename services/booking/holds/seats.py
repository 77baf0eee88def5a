"""Giving a seat back: to the first who waits for it, else to everybody.

All of it happens in the transaction that frees the seat, under the lock of its calendar: `taken` of the session does
not change when the seat is offered, so that it can never be booked in between.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.booking.bookings.models import Booking
from services.booking.calendars.errors import StartNotOffered
from services.booking.calendars.repository import ServicesWithHours, ServiceWithHours
from services.booking.calendars.service import check_start
from services.booking.sessions.models import CalendarSession
from services.booking.sessions.repository import Sessions
from services.booking.time_off.repository import TimesOff
from services.booking.waitlist_entries.domain import TRANSITIONS, EntryStatus, offer_end
from services.booking.waitlist_entries.models import WaitlistEntry
from services.booking.waitlist_entries.repository import Entries
from shared.database.session import Session
from shared.events.booking import SeatOffered
from shared.messaging.outbox import emit
from shared.records.state import transition


async def release_seat(session: Session, booking: Booking) -> CalendarSession | None:
    """Gives the booking's seat back, and answers the session as it is then; None if it had no seat."""
    session_id, booking.session_id = booking.session_id, None
    booking.clear_attendance()
    booking.drop_move()
    if session_id is None:
        return None
    await Sessions(session).lock_calendar(booking.practitioner_id)
    return await free_seat(session, session_id)


async def free_seat(session: Session, session_id: UUID) -> CalendarSession:
    """Gives one seat of that session back, whose calendar is locked, and answers the session as it is then."""
    return await offer_seat(session, session_id) or await Sessions(session).release(session_id)


async def offer_seat(session: Session, session_id: UUID) -> CalendarSession | None:
    """Offers a taken seat, which is wanted no more, to the first who waits for it; None if it cannot be offered."""
    entry = await Entries(session).first_waiting(session_id)
    if entry is None:
        return None
    bookable = await ServicesWithHours(session).find(entry.service_id)
    held = await Sessions(session).get(session_id)
    if bookable is None or not await _is_sold(session, bookable, held):
        return None
    until = offer_end(session.now(), timedelta(minutes=bookable.service.offer_minutes), entry.offers_until)
    await give_to(session, entry, bookable, [session_id], until)
    return held


async def give_to(
    session: Session,
    entry: WaitlistEntry,
    bookable: ServiceWithHours,
    session_ids: Collection[UUID],
    until: datetime,
) -> None:
    """Taken seats are that entry's until then, and its client is notified."""
    transition(entry, EntryStatus.OFFERED, TRANSITIONS)
    entry.offer_expires_at = until
    await Entries(session).take_up(entry, session_ids)  # the next seat that is freed is the next one's
    emit(session, _offered(entry, bookable, until))


async def restore_offer(session: Session, head: Booking, seats: Collection[Booking]) -> Sequence[UUID]:
    """Of a hold that is about to be deleted: its seats are offered again as before, where they had been offered.

    Answers the sessions with seats that are to be freed instead; their calendar is locked.
    """
    await Sessions(session).lock_calendar(head.practitioner_id)
    held = [seat.session_id for seat in seats if seat.session_id is not None]
    entry = await Entries(session).find_of_booking(head.id)
    if entry is None:
        return held
    entry.booking_id = None
    transition(entry, EntryStatus.OFFERED, TRANSITIONS)
    await Entries(session).take_up(entry, held)
    return []


async def end_entry(session: Session, entry: WaitlistEntry, status: EntryStatus) -> None:
    """Ends an open entry, whose calendar is locked; a seat that it held is the next one's."""
    held = await Entries(session).give_up(entry)
    transition(entry, status, TRANSITIONS)
    await session.flush()
    for session_id in held:
        await free_seat(session, session_id)


async def _is_sold(session: Session, bookable: ServiceWithHours, held: CalendarSession) -> bool:
    """Whether that start could be booked now if the seat were free."""
    service = bookable.service
    if not (service.is_active and service.has_waitlist and bookable.may_sell):
        return False
    if held.taken > service.max_participants:
        return False
    try:
        check_start(bookable, held.start_time, session.now())
    except StartNotOffered:
        return False
    return not await TimesOff(session).covers(held.practitioner_id, held.start_time, held.end_time)


def _offered(entry: WaitlistEntry, bookable: ServiceWithHours, until: datetime) -> SeatOffered:
    return SeatOffered(
        entry_id=entry.id,
        user_id=entry.user_id,
        service_id=entry.service_id,
        service_title=bookable.service.title,
        practitioner_user_id=bookable.service.practitioner_user_id,
        timezone=bookable.hours.timezone,
        start_time=entry.start_time,
        expires_at=until,
    )

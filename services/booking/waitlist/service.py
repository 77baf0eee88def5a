"""Joining and leaving a waitlist, and inviting a client."""

from datetime import datetime, timedelta
from uuid import UUID

from services.booking.calendars.announced import seat_whenever
from services.booking.calendars.errors import StartNotOffered
from services.booking.calendars.repository import ServiceWithHours
from services.booking.calendars.seats import take_time_and_units
from services.booking.calendars.service import check_start, is_open, open_service
from services.booking.checkout.expiry import expire_overdue
from services.booking.holds.errors import OwnService
from services.booking.holds.repository import Holds
from services.booking.holds.seats import end_entry, give_to
from services.booking.holds.service import policy_of
from services.booking.peers import name_of_user
from services.booking.runtime import BookingRuntime
from services.booking.schedules.service import demand_own
from services.booking.sessions.errors import SlotTaken
from services.booking.sessions.repository import Sessions
from services.booking.waitlist.errors import NotFull, NoWaitlist, UnknownClient
from services.booking.waitlist.schemas import InviteBody
from services.booking.waitlist_entries.domain import OPEN, EntryStatus
from services.booking.waitlist_entries.models import WaitlistEntry
from services.booking.waitlist_entries.repository import Entries
from shared.auth.verification import Caller
from shared.database.repository import found
from shared.database.session import Session
from shared.errors import FieldError

FARTHEST_INVITE = timedelta(days=3 * 365)
Made = tuple[WaitlistEntry, bool]
"""An entry, and whether it is new."""


async def service_to_wait_for(runtime: BookingRuntime, caller: Caller, service_id: UUID) -> ServiceWithHours:
    """The service, whose overdue holds are gone. Raises NotFound, OwnService."""
    bookable = await open_service(runtime, service_id)
    if bookable.service.practitioner_user_id == caller.user_id:
        raise OwnService(field="service_id")
    await _expire_overdue(runtime, bookable)
    return bookable


async def join(
    session: Session, runtime: BookingRuntime, caller: Caller, bookable: ServiceWithHours, start: datetime
) -> Made:
    """The caller's entry for that start, at the end of the list unless there is one.

    Raises StartNotOffered, NotFull, NoWaitlist.
    """
    service, entries = bookable.service, Entries(session)
    await Sessions(session).lock_calendar(service.practitioner_id)
    known = await entries.find_open(service.service_id, start, caller.user_id)
    if known is not None:
        return known, False
    offers_until = start - policy_of(runtime.settings, service).full_until
    await _check_full(session, bookable, start, offers_until)
    entry = _new_entry(session, bookable, caller.user_id, start, offers_until)
    return await entries.add(entry), True


async def leave(session: Session, caller: Caller, entry_id: UUID) -> None:
    """The caller waits no more; an offered seat is the next one's. Of what has ended nothing changes."""
    entry = await Entries(session).get_of(caller.user_id, entry_id)
    await Sessions(session).lock_calendar(entry.practitioner_id)
    entry = found(await Entries(session).find(entry_id, lock=True))
    if entry.status in OPEN:
        await end_entry(session, entry, EntryStatus.LEFT)


async def service_to_invite_to(
    runtime: BookingRuntime, caller: Caller, service_id: UUID, wanted: InviteBody
) -> ServiceWithHours:
    """The caller's own service, whose overdue holds are gone. Raises NotFound, StartNotOffered, UnknownClient."""
    bookable = await open_service(runtime, service_id)
    demand_own(caller, bookable.service.practitioner_id)
    if wanted.client_id == caller.user_id:
        raise OwnService(field="client_id")
    ahead = wanted.start_time - runtime.clock.now()
    if not timedelta(0) < ahead <= FARTHEST_INVITE:
        reason = FieldError(field="start_time", message="Choose a time to come, within three years.", code="invalid")
        raise StartNotOffered(errors=[reason])
    if await name_of_user(runtime.peers, wanted.client_id) is None:
        raise UnknownClient
    await _expire_overdue(runtime, bookable)
    return bookable


async def invite(session: Session, bookable: ServiceWithHours, wanted: InviteBody) -> Made:
    """An entry to which a seat is offered at once, whatever hours, notice and limits say; the same again is the same.

    Raises StartNotOffered for a date that there is not, SlotTaken.
    """
    service, start = bookable.service, wanted.start_time
    buffers = await Holds(session).lock(wanted.client_id, service.service_id)
    await Sessions(session).lock_calendar(service.practitioner_id)
    entry = await Entries(session).find_open(service.service_id, start, wanted.client_id)
    if entry is not None and entry.status is EntryStatus.OFFERED:
        return entry, False
    seat = (await seat_whenever(session, bookable, start)).with_buffers(*buffers)
    session_id = await take_time_and_units(session, seat, None)
    if session_id is None:
        raise SlotTaken
    until = min(session.now() + timedelta(hours=wanted.valid_hours), start)
    entry = entry or _new_entry(session, bookable, wanted.client_id, start, until)
    entry.is_invited = True
    session.add(entry)
    await give_to(session, entry, bookable, [session_id], until)
    return entry, True


async def _expire_overdue(runtime: BookingRuntime, bookable: ServiceWithHours) -> None:
    if bookable.has_overdue_holds:
        await expire_overdue(runtime.db, bookable.service.practitioner_id)


async def _check_full(session: Session, bookable: ServiceWithHours, start: datetime, offers_until: datetime) -> None:
    """Raises unless a session of that start has no seat left, and one that is given back would still be offered."""
    check_start(bookable, start, session.now())
    await seat_whenever(session, bookable, start)
    if not bookable.service.has_waitlist:
        raise NoWaitlist
    if await is_open(session, bookable, start):
        raise NotFull
    full = await Sessions(session).is_held(bookable.service.service_id, start)
    if not full or session.now() >= offers_until:
        raise NoWaitlist


def _new_entry(
    session: Session, bookable: ServiceWithHours, user_id: UUID, start: datetime, offers_until: datetime
) -> WaitlistEntry:
    service = bookable.service
    return WaitlistEntry(
        service_id=service.service_id,
        practitioner_id=service.practitioner_id,
        user_id=user_id,
        start_time=start,
        status=EntryStatus.WAITING,
        is_invited=False,
        offers_until=offers_until,
        created_at=session.now(),
    )

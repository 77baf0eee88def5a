"""Announcing the dates of workshops and courses, and cancelling a session with all its bookings."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.booking.bookings.repository import Bookings
from services.booking.calendars.announced import announce
from services.booking.calendars.events import session_snapshot_of
from services.booking.calendars.places import usual_location
from services.booking.calendars.repository import Dates, ServicesWithHours, ServiceWithHours
from services.booking.calendars.schemas import DateView, SessionView
from services.booking.calendars.seats import seat_of
from services.booking.cancellations.on_behalf import cancel_with_session
from services.booking.checkout.expiry import expire_overdue
from services.booking.dates.errors import HasEnrolments, NotForType
from services.booking.dates.planning import SERIES, Planned, plan, recurrence_of
from services.booking.dates.recurrence import Recurrence
from services.booking.dates.repository import AllSeries
from services.booking.dates.schemas import AnnouncedView, DatesBody, NewSeries
from services.booking.holds.seats import end_entry
from services.booking.locations.service import check_locations
from services.booking.reschedules.service import check_ahead, lock_own
from services.booking.runtime import BookingRuntime
from services.booking.schedules import service as schedules
from services.booking.schedules.domain import DAY
from services.booking.schedules.models import NamedSchedule, Schedule
from services.booking.schedules.schemas import ScheduleBody, ScheduleChoice
from services.booking.service_copies.models import BookableService
from services.booking.service_copies.repository import BookableServices
from services.booking.service_copies.service import known_service
from services.booking.sessions.errors import SlotTaken
from services.booking.sessions.models import CalendarSession, Series
from services.booking.sessions.repository import Sessions
from services.booking.waitlist_entries.domain import EntryStatus
from services.booking.waitlist_entries.repository import Entries
from shared.auth.verification import Caller
from shared.database.idempotency import IdempotentOperation
from shared.database.listing import Found, Page
from shared.database.repository import found
from shared.database.session import Session
from shared.errors import FieldError, NotFound
from shared.events.sessions import SessionCancelled, SessionScheduled
from shared.messaging.outbox import emit
from shared.records.ids import new_id
from shared.records.times import render_utc


async def announce_dates(
    runtime: BookingRuntime, caller: Caller, service_id: UUID, wanted: DatesBody, once: IdempotentOperation
) -> AnnouncedView:
    """Announces all of the dates, or none.

    Raises NotFound, NotForType, UnknownLocation, StartNotOffered, BadRule, NoDates, TooManyDates, HasEnrolments,
    SlotTaken.
    """
    service = await _own_service(runtime, caller, service_id)
    if not service.has_dates:
        raise NotForType(field="dates" if wanted.dates else SERIES)
    now = runtime.clock.now()
    await check_locations(runtime, service.practitioner_id, wanted.locations())
    recurrence = recurrence_of(wanted.series, service, now) if wanted.series else None
    planned = plan(wanted, recurrence, service, now)
    await expire_overdue(runtime.db, service.practitioner_id)
    async with runtime.db.transaction() as session:
        await once.start(session)
        bookable = await _locked(session, service_id)
        series_id = await _add_series(session, service, recurrence, wanted.series) if recurrence else None
        announced = await _announce_all(session, bookable, planned, series_id)
        positions = await Dates(session).positions(service_id, [each.id for each in announced])
        seats = bookable.service.max_participants
        view = AnnouncedView(results=[DateView.of(each, seats, positions[each.id], now) for each in announced])
        await once.done(session, 201, view)
    return view


async def cancel_session(
    session: Session, caller: Caller, session_id: UUID, reason: str | None, *, following: bool
) -> SessionView:
    """Cancels one's own session with all its bookings, each of which gets its whole price back; again changes nothing.

    With `following` the later dates of the same series too, which ends with that.
    Raises NotFound, AlreadyStarted, IllegalTransition.
    """
    sessions, bookable = await lock_own(session, caller, session_id, following=following)
    first = sessions[0]
    if first.cancelled_at is None:
        check_ahead(first, session.now())
    ending = [each for each in sessions if each.cancelled_at is None]
    together = {"cancellation_id": new_id(), "cancelled_together": len(ending), "cancelled_at": session.now()}
    for each in ending:
        await _cancel(session, each, reason)
        emit(session, SessionCancelled(session=session_snapshot_of(each, bookable), **together))
    if following and first.series_id is not None:
        await AllSeries(session).end(first.series_id)
    session.wake_jobs_after_commit("finish_cancellations")
    positions = await Dates(session).positions(first.service_id, [first.id])
    return SessionView.of(first, 0, positions.get(first.id), session.now())


async def dates_of(
    runtime: BookingRuntime, caller: Caller | None, service_id: UUID, page: Page
) -> Found[DateView] | None:
    """All dates of a service, over and cancelled ones too; of one off sale for its practitioner alone.

    None for a service that has hours instead. Raises NotFound.
    """
    service = await known_service(runtime, service_id)
    if not service.has_dates:
        return None
    if not service.is_active and (caller is None or caller.practitioner_id != service.practitioner_id):
        raise NotFound
    seats = service.max_participants
    async with runtime.db.read() as session:
        rows, total = await Dates(session).list(service_id, page)
        now = session.now()
    return [DateView.of(each, seats - taken, position, now) for each, taken, position in rows], total


async def replace_hours(
    runtime: BookingRuntime, caller: Caller, service_id: UUID, body: ScheduleBody | ScheduleChoice
) -> Schedule | NamedSchedule:
    """Gives a service that is sold within hours its own, or those of a named schedule.

    Raises NotFound, NotForType, UnknownSchedule.
    """
    service = await _own_service(runtime, caller, service_id)
    if service.has_dates:
        raise NotForType(field="schedule_id" if isinstance(body, ScheduleChoice) else "weekly")
    if isinstance(body, ScheduleChoice):
        return await schedules.choose_schedule(runtime, caller, service_id, body.schedule_id)
    return await schedules.replace_service_schedule(runtime, caller, service_id, body)


async def _own_service(runtime: BookingRuntime, caller: Caller, service_id: UUID) -> BookableService:
    service = await known_service(runtime, service_id)
    schedules.demand_own(caller, service.practitioner_id)
    return service


async def _locked(session: Session, service_id: UUID) -> ServiceWithHours:
    """The service, which sells no seat until the commit, then its practitioner's calendar; raises HasEnrolments."""
    await BookableServices(session).lock([service_id])
    bookable = found(await ServicesWithHours(session).find(service_id, lock=True))
    if bookable.service.service_type == "course" and await Dates(session).has_seats_taken(service_id):
        raise HasEnrolments
    await Sessions(session).lock_calendar(bookable.service.practitioner_id)
    return bookable


async def _add_series(
    session: Session, service: BookableService, recurrence: Recurrence, wanted: NewSeries | None
) -> UUID:
    until = recurrence.last_to_write(session.now()) + DAY if recurrence.rule.is_endless else None
    series = Series(
        id=new_id(),
        practitioner_id=service.practitioner_id,
        service_id=service.service_id,
        rrule=recurrence.rule.text,
        start_date=recurrence.first,
        start_time=recurrence.clock,
        timezone=recurrence.timezone,
        left_out=sorted(recurrence.left_out),
        location_id=wanted.location_id if wanted else None,
        written_until=until,
        write_at=recurrence.when_to_write(until) if until else None,
        created_at=session.now(),
    )
    await AllSeries(session).add(series)
    return series.id


async def _announce_all(
    session: Session, bookable: ServiceWithHours, planned: Iterable[Planned], series_id: UUID | None
) -> Sequence[CalendarSession]:
    """In order of time; raises SlotTaken, which names each that collides."""
    announced, taken = [], []
    for each in sorted(planned, key=lambda one: one.start):
        seat = seat_of(bookable, each.start, each.end, each.location_id or usual_location(bookable))
        opened = await announce(session, seat, series_id if each.field == SERIES else None)
        announced.append(opened)
        if opened is None:
            message = f"{render_utc(each.start)} is taken."
            taken.append(FieldError(field=each.field, message=message, code=SlotTaken.code))
    if taken:
        raise SlotTaken(errors=taken)
    sessions = await Sessions(session).list_by_ids([id_ for id_ in announced if id_ is not None])
    for one in sessions:
        emit(session, SessionScheduled(session=session_snapshot_of(one, bookable)))
    return sessions


async def _cancel(session: Session, cancelled: CalendarSession, reason: str | None) -> None:
    """The calendar has the time back with the last of its bookings, which nobody who waits is offered."""
    await Sessions(session).cancel(cancelled)
    for entry in await Entries(session).all_for(cancelled.service_id, cancelled.start_time):
        await end_entry(session, entry, EntryStatus.CLOSED)
    for booking in await Bookings(session).of_session(cancelled.id):
        await cancel_with_session(session, booking, reason)
    await session.refresh(cancelled)
    await Sessions(session).restore_buffers(cancelled)

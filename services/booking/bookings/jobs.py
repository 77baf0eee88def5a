"""Bookings start and are completed as time passes; names of clients that no event brought are fetched."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from services.booking.bookings.domain import TRANSITIONS, BookingStatus, ended_as
from services.booking.bookings.events import snapshot_of
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings, Due
from services.booking.bookings.service import mark_finished
from services.booking.peers import name_of_user
from services.booking.people.repository import Names
from services.booking.runtime import BookingRuntime
from shared.database.erasure import may_store
from shared.database.session import Session
from shared.events.booking import BookingStarted
from shared.messaging.outbox import emit
from shared.records.state import transition
from shared.work.jobs import Job, Jobs, each, each_page

NAMES_AT_ONCE = 50


async def start_bookings(runtime: BookingRuntime) -> int:
    """Confirmed bookings whose start has come are in progress; each in a transaction of its own."""
    now = runtime.clock.now()
    return await each_page(
        runtime.db, lambda session, after: Bookings(session).due_to_start(now, after), partial(_start, runtime)
    )


async def complete_bookings(runtime: BookingRuntime) -> int:
    """What the practitioner has not completed counts as completed some hours after its end, from that moment on.

    Where it was marked whether the client came, it is over at its end.
    """
    now = runtime.clock.now()
    ended_by = now - runtime.settings.complete_after
    complete = partial(_complete, runtime)
    marked = await each_page(runtime.db, lambda session, after: Bookings(session).marked_ended(now, after), complete)
    return marked + await each_page(
        runtime.db, lambda session, after: Bookings(session).due_to_end(ended_by, after), complete
    )


async def fetch_missing_names(runtime: BookingRuntime) -> int:
    """Asks identity for names that no event brought; returns how many came. A closed account has none."""
    async with runtime.db.transaction() as session:
        await Bookings(session).ask_for_names()
        missing = await Names(session).missing(NAMES_AT_ONCE)
    return await each(missing, partial(_fetch_name, runtime))


async def _fetch_name(runtime: BookingRuntime, user_id: UUID) -> bool:
    name = await name_of_user(runtime.peers, user_id)
    async with runtime.db.transaction() as session:
        if name is None or not await may_store(session, user_id):
            await Names(session).remove(user_id)
            return False
        await Names(session).fill(user_id, name.first_name, name.last_name)
    return True


async def _start(runtime: BookingRuntime, due: Due) -> bool:
    async with runtime.db.transaction() as session:
        booking = await _locked(session, due, BookingStatus.CONFIRMED)
        if booking is None or booking.start_time > session.now():
            return False
        transition(booking, BookingStatus.IN_PROGRESS, TRANSITIONS)
        emit(session, BookingStarted(booking=snapshot_of(booking)))
        return True


async def _complete(runtime: BookingRuntime, due: Due) -> bool:
    async with runtime.db.transaction() as session:
        booking = await _locked(session, due, BookingStatus.IN_PROGRESS)
        if booking is None:
            return False
        wait: timedelta = timedelta() if booking.mark else runtime.settings.complete_after
        completed_at: datetime = booking.end_time + wait
        if completed_at > session.now():
            return False
        await mark_finished(session, booking, ended_as(booking.mark), completed_at)
        return True


async def _locked(session: Session, due: Due, status: BookingStatus) -> Booking | None:
    """The booking if it is still in that status and no other transaction has its lock."""
    booking = await Bookings(session).find(due.id, lock=True, skip_locked=True)
    return booking if booking is not None and booking.status is status else None


JOBS: Jobs = {
    "start_bookings": Job(start_bookings, every=1.0),
    "complete_bookings": Job(complete_bookings, every=1.0),
    "fetch_missing_names": Job(fetch_missing_names, every=30.0),
}

"""Time passes: bookings start, and end by themselves when nobody says how they went."""

from datetime import datetime, timedelta

from sqlalchemy import BindParameter, ColumnElement, bindparam, select

from services.booking.bookings.domain import TRANSITIONS, BookingStatus
from services.booking.bookings.events import snapshot_of
from services.booking.bookings.models import Booking
from services.booking.bookings.service import mark_finished
from services.booking.runtime import BookingRuntime
from shared.database.session import Session, table_of
from shared.database.statements import CompiledStatement
from shared.events.booking import BookingStarted
from shared.messaging.outbox import emit
from shared.records.state import transition
from shared.work.jobs import Job, Jobs

BATCH = 50


async def start_bookings(runtime: BookingRuntime) -> int:
    """Confirmed bookings whose start has come are in progress."""
    if not await _any(runtime, HAS_COME, runtime.clock.now()):
        return 0
    async with runtime.db.transaction() as session:
        has_come = (Booking.status == BookingStatus.CONFIRMED) & (Booking.start_time <= session.now())
        due = await _locked(session, has_come)
        for booking in due:
            transition(booking, BookingStatus.IN_PROGRESS, TRANSITIONS)
            emit(session, BookingStarted(booking=snapshot_of(booking)))
        return len(due)


async def complete_bookings(runtime: BookingRuntime) -> int:
    """What nobody completed counts as completed some hours after its end, from that very moment on."""
    wait: timedelta = runtime.settings.complete_after
    if not await _any(runtime, HAS_ENDED, runtime.clock.now() - wait):
        return 0
    async with runtime.db.transaction() as session:
        ended = (Booking.status == BookingStatus.IN_PROGRESS) & (Booking.end_time <= session.now() - wait)
        due = await _locked(session, ended)
        for booking in due:
            mark_finished(session, booking, BookingStatus.COMPLETED, booking.end_time + wait)
        return len(due)


async def _any(runtime: BookingRuntime, due: CompiledStatement, moment: datetime) -> bool:
    """A look first: mostly there is nothing to begin a transaction for."""
    async with runtime.db.read() as session:
        return bool(await session.run(due, {"moment": moment}))


async def _locked(session: Session, which: ColumnElement[bool]) -> list[Booking]:
    statement = select(Booking).where(which).order_by(Booking.id).limit(BATCH)
    return list((await session.execute(statement.with_for_update(skip_locked=True))).scalars())


BOOKING = table_of(Booking)
MOMENT: BindParameter[datetime] = bindparam("moment")
_ONE = select(BOOKING.c.id).limit(1)
HAS_COME = CompiledStatement(_ONE.where(BOOKING.c.status == BookingStatus.CONFIRMED, BOOKING.c.start_time <= MOMENT))
HAS_ENDED = CompiledStatement(_ONE.where(BOOKING.c.status == BookingStatus.IN_PROGRESS, BOOKING.c.end_time <= MOMENT))
JOBS: Jobs = {
    "start_bookings": Job(start_bookings, every=1.0),
    "complete_bookings": Job(complete_bookings, every=1.0),
}

"""Stored time off, and the bookings that it does not touch."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, delete, func, or_, select
from sqlalchemy.dialects.postgresql import TSTZRANGE

from services.booking.bookings.domain import RUNNING, BookingStatus
from services.booking.bookings.models import Booking
from services.booking.sessions.models import CalendarSession
from services.booking.time_off.models import TimeOff
from shared.database.listing import Found, ListOf, Page
from shared.database.repository import Repository
from shared.database.session import TIMESTAMPTZ, table_of
from shared.database.statements import CompiledStatement

SOONEST_FIRST = ListOf(TimeOff, {"start_time": TimeOff.start_time}, default="start_time", last=TimeOff.id)


class TimesOff(Repository):
    """Time off of practitioners."""

    async def add(self, off: TimeOff) -> None:
        """Stores new time off."""
        self.session.add(off)
        await self.session.flush()

    async def remove(self, practitioner_id: UUID, time_off_id: UUID) -> bool:
        """Whether there was such time off of that practitioner, which is open again."""
        its = (TimeOff.id == time_off_id, TimeOff.practitioner_id == practitioner_id)
        statement = delete(TimeOff).where(*its).returning(TimeOff.id)
        return (await self.session.execute(statement)).scalar_one_or_none() is not None

    async def covers(self, practitioner_id: UUID, start: datetime, end: datetime) -> bool:
        """Whether any of that time is taken off."""
        asked = {"practitioner": practitioner_id, "start": start, "end": end}
        return (await self.session.first(COVERS, asked)) is not None

    async def conflicts(self, ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
        """The bookings that take place, or wait for their payment, in each such time; those without any are missing."""
        waits = and_(Booking.status == BookingStatus.PENDING_PAYMENT, Booking.expires_at > self.session.now())
        statement = (
            select(TimeOff.id, Booking.id)
            .join(CalendarSession, IN_THAT_TIME)
            .join(Booking, Booking.session_id == CalendarSession.id)
            .where(TimeOff.id.in_(ids), or_(waits, Booking.status.in_(RUNNING)))
            .order_by(Booking.start_time, Booking.id)
        )
        found: dict[UUID, list[UUID]] = {}
        for time_off_id, booking_id in (await self.session.execute(statement)).all():
            found.setdefault(time_off_id, []).append(booking_id)
        return found

    async def list(self, practitioner_id: UUID, page: Page) -> Found[TimeOff]:
        """All of a practitioner's, past ones too."""
        query = select(TimeOff).where(TimeOff.practitioner_id == practitioner_id)
        return await SOONEST_FIRST.page(self.session, query, page)


IN_THAT_TIME = and_(
    CalendarSession.practitioner_id == TimeOff.practitioner_id,
    CalendarSession.active,
    func.tstzrange(CalendarSession.start_time, CalendarSession.blocked_until, type_=TSTZRANGE).op("&&")(
        func.tstzrange(TimeOff.start_time, TimeOff.end_time, type_=TSTZRANGE)
    ),
    CalendarSession.end_time > TimeOff.start_time,
)
"""The range is that of a constraint of sessions, whose index finds them."""
OFF = table_of(TimeOff)
# Runs once in every checkout: `benchmarks/checkouts.py`.
COVERS = CompiledStatement(
    select(OFF.c.id)
    .where(
        OFF.c.practitioner_id == bindparam("practitioner", type_=Uuid),
        OFF.c.start_time < bindparam("end", type_=TIMESTAMPTZ),
        OFF.c.end_time > bindparam("start", type_=TIMESTAMPTZ),
    )
    .limit(1)
)

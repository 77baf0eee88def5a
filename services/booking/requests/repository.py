"""Requests that wait: for their practitioner, past their deadline, or for a time that another has got."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select, text

from services.booking.bookings.domain import BookingStatus
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import PAGE_OF_DUE, Due
from shared.database.repository import Repository
from shared.database.session import TIMESTAMPTZ, table_of
from shared.database.statements import CompiledStatement
from shared.records.ids import NIL_UUID


class Requests(Repository):
    """Bookings that their practitioner has to decide about."""

    async def overdue(self, now: datetime, after: Due | None) -> Sequence[Due]:
        """The next page, after that one, of those whose deadline has come; the earliest first."""
        last = after or Due(NIL_UUID, datetime.min.replace(tzinfo=now.tzinfo))
        asked = {"now": now, "after": last.moment, "after_id": last.id}
        return [Due(row.id, row.decide_by) for row in await self.session.run(OVERDUE, asked)]

    async def rivals(self, after: UUID | None) -> Sequence[UUID]:
        """The next page, after that id, of those that no longer fit beside what somebody else has booked."""
        asked = {"after": after or NIL_UUID, "limit": PAGE_OF_DUE}
        return list(await self.session.scalars(RIVALS, asked))

    async def no_longer_fits(self, booking_id: UUID) -> bool:
        """Whether that request, which is locked, is one of them."""
        return (await self.session.execute(NO_LONGER_FITS, {"booking": booking_id})).first() is not None

    async def open(self) -> tuple[int, datetime | None]:
        """How many wait, and since when the oldest was sent."""
        counted = select(func.count(), func.min(Booking.created_at)).where(Booking.status == BookingStatus.REQUESTED)
        count, oldest = (await self.session.execute(counted)).one()
        return count, oldest


BOOKING = table_of(Booking)
OVERDUE = CompiledStatement(
    select(BOOKING.c.id, BOOKING.c.decide_by)
    .where(
        (BOOKING.c.status == BookingStatus.REQUESTED) | BOOKING.c.requested_start_time.is_not(None),
        BOOKING.c.decide_by <= bindparam("now", type_=TIMESTAMPTZ),
        (BOOKING.c.decide_by > bindparam("after", type_=TIMESTAMPTZ))
        | (
            (BOOKING.c.decide_by == bindparam("after", type_=TIMESTAMPTZ))
            & (BOOKING.c.id > bindparam("after_id", type_=Uuid))
        ),
    )
    .order_by(BOOKING.c.decide_by, BOOKING.c.id)
    .limit(PAGE_OF_DUE)
)
# In the way is a session of the practitioner's, other than the booking's own, whose padded time meets the wanted one
# (the two constraints of sessions), and which is another one than is wanted, or full; only what is bought counts: a
# hold may end. What is full in part with holds is full when they are paid.
IN_THE_WAY = """
    select r.id from booking.bookings r
      join booking.service_copies o on o.service_id = r.service_id
      cross join lateral (select coalesce(r.requested_start_time, r.start_time) as start_time,
                                 coalesce(r.requested_start_time, r.start_time) + (r.end_time - r.start_time)
                                     as end_time) w
     where (r.status = 'requested' or r.requested_start_time is not null) and r.decide_by is not null
       and {which}
       and exists (
           select 1 from booking.sessions s
            where s.practitioner_id = r.practitioner_id and s.active and s.id is distinct from r.session_id
              and (tstzrange(s.start_time, s.blocked_until)
                       && tstzrange(w.start_time, w.end_time + make_interval(mins => o.buffer_after_minutes))
                   or tstzrange(s.blocked_from, s.end_time)
                       && tstzrange(w.start_time - make_interval(mins => o.buffer_before_minutes), w.end_time))
              and exists (select 1 from booking.bookings b
                           where b.session_id = s.id and b.status in ('confirmed', 'in_progress'))
              and ((s.service_id, s.start_time) <> (r.service_id, w.start_time)
                   or s.taken >= s.capacity
                      and not exists (select 1 from booking.bookings b
                                       where b.session_id = s.id and b.status in ('pending_payment', 'requested'))))
"""
RIVALS = text(IN_THE_WAY.format(which="r.id > :after") + "order by r.id limit :limit").columns(Booking.id)
NO_LONGER_FITS = text(IN_THE_WAY.format(which="r.id = :booking"))

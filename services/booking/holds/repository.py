"""What one client holds, counted under a lock of that client; and the buffers of what is to be held."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, String, Uuid, bindparam, func, select

from services.booking.bookings.domain import BookingStatus
from services.booking.bookings.models import Booking
from services.booking.passes.domain import PassStatus
from services.booking.passes.models import Pass
from services.booking.service_copies.models import BookableService
from shared.database.repository import Repository, found
from shared.database.session import table_of
from shared.database.statements import CompiledStatement

Week = tuple[datetime, datetime]


class Held(NamedTuple):
    """Coming free bookings at one practitioner, unpaid holds and passes anywhere, and those at that practitioner."""

    free_there: int = 0
    unpaid: int = 0
    unpaid_there: int = 0


class Seats(NamedTuple):
    """How many a client has in a service: whose time is not over, and in one week."""

    open: int
    in_week: int


class Buffers(NamedTuple):
    """The present ones of a service."""

    before: timedelta
    after: timedelta


class Holds(Repository):
    """The holds of clients."""

    async def lock(self, client_id: UUID, service_id: UUID) -> Buffers:
        """Until this transaction ends nothing is counted for the same client elsewhere, and no buffers are changed.

        New buffers are given to all sessions that there are: one that was opened meanwhile would keep the old ones.
        """
        asked = {"lock": f"client {client_id}", "service": service_id}
        locked = found(await self.session.first(LOCK, asked), "service")
        before, after = locked.buffer_before_minutes, locked.buffer_after_minutes
        return Buffers(timedelta(minutes=before), timedelta(minutes=after))

    async def lock_client(self, client_id: UUID) -> None:
        """Until this transaction ends nothing is counted for the same client elsewhere."""
        lock = func.pg_advisory_xact_lock(func.hashtextextended(f"client {client_id}", 0))
        await self.session.execute(select(lock))

    async def count(self, client_id: UUID, practitioner_id: UUID) -> Held:
        """What the client holds, who is locked."""
        asked = {"client": client_id, "practitioner": practitioner_id, "now": self.session.now()}
        return Held(*(await self.session.first(COUNTS, asked) or ()))

    async def seats_of(self, client_id: UUID, service_id: UUID, week: Week) -> Seats:
        """The seats in that service of the client, who is locked."""
        now = self.session.now()
        statement = select(
            func.count().filter(Booking.end_time > now),
            func.count().filter(Booking.start_time >= week[0], Booking.start_time < week[1]),
        ).where(
            Booking.client_id == client_id,
            Booking.service_id == service_id,
            Booking.session_id.is_not(None),
            (Booking.status != BookingStatus.PENDING_PAYMENT) | (Booking.expires_at > now),
        )
        return Seats(*(await self.session.execute(statement)).one())


# Both run once in every checkout: `benchmarks/checkouts.py`.
BOOKING, SERVICE, PASS = table_of(Booking), table_of(BookableService), table_of(Pass)
NOW: BindParameter[datetime] = bindparam("now")
THERE = BOOKING.c.practitioner_id == bindparam("practitioner", type_=Uuid)
WAITS = BOOKING.c.status == BookingStatus.PENDING_PAYMENT
UNDECIDED = BOOKING.c.status == BookingStatus.REQUESTED
UNPAID = (UNDECIDED | (WAITS & (BOOKING.c.expires_at > NOW))) & (BOOKING.c.total_amount > 0)
FREE = (BOOKING.c.total_amount == 0) & BOOKING.c.value_amount.is_(None) & (BOOKING.c.start_time > NOW)
LOCK = CompiledStatement(
    select(
        func.pg_advisory_xact_lock(func.hashtextextended(bindparam("lock", type_=String), 0)),
        SERVICE.c.buffer_before_minutes,
        SERVICE.c.buffer_after_minutes,
    )
    .where(SERVICE.c.service_id == bindparam("service", type_=Uuid))
    .with_for_update(read=True)
)
PASSES = select(func.count()).where(
    PASS.c.client_id == bindparam("client", type_=Uuid),
    PASS.c.status == PassStatus.PENDING_PAYMENT,
    PASS.c.held_until > NOW,
)
COUNTS = CompiledStatement(
    select(
        func.count().filter(FREE & THERE).label("free_there"),
        (func.count().filter(UNPAID) + PASSES.scalar_subquery()).label("unpaid"),
        (
            func.count().filter(UNPAID & THERE)
            + PASSES.where(PASS.c.practitioner_id == bindparam("practitioner", type_=Uuid)).scalar_subquery()
        ).label("unpaid_there"),
    ).where(
        BOOKING.c.client_id == bindparam("client", type_=Uuid),
        BOOKING.c.parent_id.is_(None),  # what is bought as one is one hold
        WAITS | UNDECIDED | (BOOKING.c.status == BookingStatus.CONFIRMED),
    )
)

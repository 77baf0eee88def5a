"""What one client holds, counted under a lock of that client."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, String, Uuid, bindparam, func, select

from services.booking.bookings.domain import BookingStatus
from services.booking.bookings.models import Booking
from shared.database.repository import Repository
from shared.database.session import table_of
from shared.database.statements import CompiledStatement


class Held(NamedTuple):
    """Coming free bookings at one practitioner, unpaid holds anywhere, unpaid holds at that practitioner."""

    free_there: int = 0
    unpaid: int = 0
    unpaid_there: int = 0


class Holds(Repository):
    """The holds of clients."""

    async def lock_and_count(self, client_id: UUID, practitioner_id: UUID) -> Held:
        """What the client holds; until this transaction ends nothing is counted for the same client elsewhere."""
        await self.session.run(LOCK, {"lock": f"client {client_id}"})
        asked = {"client": client_id, "practitioner": practitioner_id, "now": self.session.now()}
        return Held(*(await self.session.first(COUNTS, asked) or ()))


# Both run once in every checkout: `benchmarks/checkouts.py`.
BOOKING = table_of(Booking)
NOW: BindParameter[datetime] = bindparam("now")
THERE = BOOKING.c.practitioner_id == bindparam("practitioner", type_=Uuid)
UNPAID = (
    (BOOKING.c.status == BookingStatus.PENDING_PAYMENT) & (BOOKING.c.total_amount > 0) & (BOOKING.c.expires_at > NOW)
)
FREE = (BOOKING.c.total_amount == 0) & (BOOKING.c.start_time > NOW)
COMING = (BookingStatus.PENDING_PAYMENT, BookingStatus.CONFIRMED)
LOCK = CompiledStatement(select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("lock", type_=String), 0))))
COUNTS = CompiledStatement(
    select(
        func.count().filter(FREE & THERE).label("free_there"),
        func.count().filter(UNPAID).label("unpaid"),
        func.count().filter(UNPAID & THERE).label("unpaid_there"),
    ).where(
        BOOKING.c.client_id == bindparam("client", type_=Uuid),
        (BOOKING.c.status == COMING[0]) | (BOOKING.c.status == COMING[1]),
    )
)

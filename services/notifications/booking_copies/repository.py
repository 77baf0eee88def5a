"""SQL of booking's bookings."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from services.notifications.booking_copies.models import BookingCopy
from shared.database.repository import Repository
from shared.database.session import table_of
from shared.database.statements import CompiledStatement
from shared.events.booking import BookingSnapshot


class BookingCopies(Repository):
    """Bookings as booking's events say."""

    async def put(self, booking: BookingSnapshot, terms: dict[str, str]) -> None:
        """Writes the booking as its latest event says; locks it until the commit."""
        await self.session.run(PUT, {**{name: getattr(booking, name) for name in COPIED}, "terms": terms})

    async def get(self, booking_id: UUID) -> BookingCopy:
        """Locked."""
        return await self.session.get_one(BookingCopy, booking_id, with_for_update=True)

    async def seats(self, practitioner_user_id: UUID, start_time: datetime) -> int:
        """How many people come at that time: a practitioner cannot have two sessions at once."""
        seats = select(func.count()).where(BookingCopy.practitioner_user_id == practitioner_user_id)
        same = (BookingCopy.start_time == start_time, BookingCopy.status == "confirmed", ~BookingCopy.is_parent)
        return await self.session.scalar(seats.where(*same)) or 0


BOOKING = table_of(BookingCopy)
COPIED = [column.key for column in BOOKING.columns if column.key != "terms"]


def _put() -> Any:
    row = insert(BOOKING)
    new = {column.key: column for column in row.excluded if column.key != "id"}
    return row.on_conflict_do_update(index_elements=["id"], set_=new)


# Compiled for benchmarks/checkouts.py: every event of a booking writes it.
PUT = CompiledStatement(_put())

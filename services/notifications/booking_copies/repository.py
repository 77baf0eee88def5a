"""SQL of booking's bookings."""

from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert

from services.notifications.booking_copies.domain import BookingState
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

    async def of_session(self, practitioner_user_id: UUID, start_time: datetime) -> list[BookingState]:
        """The bookings with which people come at that time."""
        return await self._states(*_same_session(practitioner_user_id, start_time))

    async def parts_of(self, parent_id: UUID) -> list[BookingState]:
        """The sessions that were bought as one, in order of time."""
        return await self._states(BookingCopy.parent_id == parent_id)

    async def _states(self, *which: ColumnElement[bool]) -> list[BookingState]:
        columns = [getattr(BookingCopy, field.name) for field in fields(BookingState)]
        wanted = select(*columns).where(*which).order_by(BookingCopy.start_time, BookingCopy.id)
        return [BookingState(*row) for row in await self.session.execute(wanted)]

    async def seats(self, practitioner_user_id: UUID, start_time: datetime) -> int:
        """How many people come at that time: a practitioner cannot have two sessions at once."""
        seats = select(func.count()).where(*_same_session(practitioner_user_id, start_time))
        return await self.session.scalar(seats) or 0


def _same_session(practitioner_user_id: UUID, start_time: datetime) -> tuple[ColumnElement[bool], ...]:
    is_theirs = BookingCopy.practitioner_user_id == practitioner_user_id
    return is_theirs, BookingCopy.start_time == start_time, BookingCopy.status == "confirmed", ~BookingCopy.is_parent


BOOKING = table_of(BookingCopy)
COPIED = [column.key for column in BOOKING.columns if column.key != "terms"]


def _put() -> Any:
    row = insert(BOOKING)
    new = {column.key: column for column in row.excluded if column.key != "id"}
    return row.on_conflict_do_update(index_elements=["id"], set_=new)


# Compiled for benchmarks/checkouts.py: every event of a booking writes it.
PUT = CompiledStatement(_put())

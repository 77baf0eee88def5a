"""Holds that have run out, released in transactions of their own, one booking each."""

from uuid import UUID

from sqlalchemy import bindparam, select

from services.booking.bookings.domain import BookingStatus
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.checkout.saga import Event
from services.booking.checkout.steps import advance
from shared.database.session import Database, table_of
from shared.database.statements import CompiledStatement

BATCH = 100
BOOKING = table_of(Booking)
_OVERDUE = (
    select(BOOKING.c.id)
    .where(BOOKING.c.status == BookingStatus.PENDING_PAYMENT, BOOKING.c.expires_at <= bindparam("now"))
    .order_by(BOOKING.c.expires_at, BOOKING.c.id)
    .limit(BATCH)
)
OVERDUE = CompiledStatement(_OVERDUE)
OVERDUE_OF = CompiledStatement(_OVERDUE.where(BOOKING.c.practitioner_id == bindparam("practitioner")))


async def overdue_holds(db: Database, practitioner_id: UUID | None = None) -> list[UUID]:
    """Pending bookings whose deadline has come, oldest first."""
    asked: dict[str, object] = {"now": db.clock.now()}
    if practitioner_id is not None:
        asked["practitioner"] = practitioner_id
    async with db.read() as session:
        return [row.id for row in await session.run(OVERDUE_OF if practitioner_id else OVERDUE, asked)]


async def expire_overdue_of(db: Database, practitioner_id: UUID) -> None:
    """Frees a practitioner's time before somebody takes it. Waits for whoever is expiring the same hold just now."""
    for booking_id in await overdue_holds(db, practitioner_id):
        await expire(db, booking_id, skip_locked=False)


async def expire(db: Database, booking_id: UUID, *, skip_locked: bool) -> bool:
    """Expires the booking if it still waits for its payment past its deadline; its order is closed after that."""
    async with db.transaction() as session:
        booking = await Bookings(session).find(booking_id, lock=True, skip_locked=skip_locked)
        if booking is None or booking.status is not BookingStatus.PENDING_PAYMENT or booking.expires_at > session.now():
            return False
        await advance(session, booking, Event.DEADLINE)
        return True

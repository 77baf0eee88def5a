"""How much of the calendars one client may take without paying; counted under a lock of the client."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, String, Uuid, bindparam, func, select

from services.booking.bookings.domain import BookingStatus
from services.booking.bookings.models import Booking
from services.booking.errors import TooManyHolds
from services.booking.offerings.models import Offering
from services.booking.settings import BookingSettings
from shared.database.session import Session, table_of
from shared.database.statements import CompiledStatement


async def check_limits(session: Session, settings: BookingSettings, client_id: UUID, offering: Offering) -> None:
    """Raises TooManyHolds if one more seat of that service is one too many for the client.

    Another booking of the same client waits until this transaction ends, so no two of them see the same count.
    """
    await session.run(LOCK, {"lock": f"client {client_id}"})
    asked = {"client": client_id, "practitioner": offering.practitioner_id, "now": session.now()}
    free, held, held_there = await session.first(COUNTS, asked) or (0, 0, 0)
    if offering.price_amount == 0:
        full = free >= settings.max_free_bookings
    else:
        full = held >= settings.max_open_holds or held_there >= settings.max_open_holds_per_practitioner
    if full:
        raise TooManyHolds


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
        func.count().filter(FREE & THERE).label("free"),
        func.count().filter(UNPAID).label("held"),
        func.count().filter(UNPAID & THERE).label("held_there"),
    ).where(
        BOOKING.c.client_id == bindparam("client", type_=Uuid),
        (BOOKING.c.status == COMING[0]) | (BOOKING.c.status == COMING[1]),
    )
)

"""Holds that have run out, expired in transactions of their own, one purchase each."""

from functools import partial
from uuid import UUID

from services.booking.bookings.repository import Bookings, Due
from services.booking.checkout.repository import Checkouts
from services.booking.checkout.steps import expire
from shared.database.session import Database
from shared.work.jobs import each_page


async def expire_overdue(db: Database, practitioner_id: UUID | None = None) -> int:
    """Expires all holds whose deadline has come, or those of one practitioner; returns how many.

    For one practitioner it waits for whoever is expiring the same hold just now, so that their time is free after it.
    """
    now = db.clock.now()
    return await each_page(
        db,
        lambda session, after: Bookings(session).overdue_holds(now, after, practitioner_id),
        partial(_expire, db, skip_locked=practitioner_id is None),
    )


async def _expire(db: Database, due: Due, *, skip_locked: bool) -> bool:
    async with db.transaction() as session:
        checkout = await Checkouts(session).find(due.id, lock=True, skip_locked=skip_locked)
        return checkout is not None and await expire(session, checkout)

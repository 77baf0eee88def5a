"""Holds that have run out, expired in transactions of their own, one purchase each."""

from functools import partial
from uuid import UUID

from services.booking.bookings.repository import Bookings
from services.booking.checkout.repository import Checkouts
from services.booking.checkout.steps import expire
from services.booking.passes.repository import Passes
from shared.database.session import Database
from shared.work.jobs import each, each_page


async def expire_overdue(db: Database, practitioner_id: UUID | None = None) -> int:
    """Expires all holds whose deadline has come, or those of one practitioner; returns how many.

    For one practitioner it waits for whoever is expiring the same hold just now, so that their time is free after it.
    """
    now = db.clock.now()
    return await each_page(
        db,
        lambda session, after: Bookings(session).overdue_holds(now, after, practitioner_id),
        lambda due: _expire(db, due.id, skip_locked=practitioner_id is None),
    )


async def expire_passes(db: Database) -> int:
    """Voids the passes that were not paid in time."""
    async with db.read() as session:
        overdue = await Passes(session).overdue(db.clock.now())
    return await each(overdue, partial(_expire, db, skip_locked=True))


async def _expire(db: Database, purchase_id: UUID, *, skip_locked: bool) -> bool:
    async with db.transaction() as session:
        checkout = await Checkouts(session).find(purchase_id, lock=True, skip_locked=skip_locked)
        return checkout is not None and await expire(session, checkout)

"""Offers that run out pass to the next; who waits for what has begun, or is sold no more, is waited for no more."""

from functools import partial

from services.booking.holds.seats import end_entry
from services.booking.runtime import BookingRuntime
from services.booking.sessions.repository import Sessions
from services.booking.waitlist.metrics import JOBS as MEASURING
from services.booking.waitlist_entries.repository import DueEntry, Entries
from shared.work.jobs import Job, Jobs, each_page


async def end_entries(runtime: BookingRuntime) -> int:
    """Ends all open entries that cannot stay, each in a transaction of its own; returns how many."""
    now = runtime.clock.now()
    return await each_page(runtime.db, lambda session, after: Entries(session).due(now, after), partial(_end, runtime))


async def _end(runtime: BookingRuntime, due: DueEntry) -> bool:
    async with runtime.db.transaction() as session:
        await Sessions(session).lock_calendar(due.practitioner_id)
        ends = await Entries(session).end_of(due.id)
        entry = await Entries(session).find(due.id, lock=True)
        if ends is None or entry is None:
            return False
        await end_entry(session, entry, ends)
        return True


JOBS: Jobs = {"end_waitlist_entries": Job(end_entries, every=1.0), **MEASURING}

"""Cancels what people who are gone leave behind, each booking in a transaction of its own.

It looks for bookings, not for events: a hold that was taken while the news was on its way, and one that is confirmed
after it, are found as well. The refund is asked for by `finish_cancellations`.
"""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from services.booking.bookings.domain import Party
from services.booking.cancellations.service import cancel_for
from services.booking.peers import name_of_user
from services.booking.people.names import Names
from services.booking.people.repository import Cause, Departures, Left
from services.booking.runtime import BookingRuntime
from shared.errors import AppError
from shared.observability.logs import logger
from shared.work.jobs import Job, Jobs, each, each_page

BATCH = 50
ENDS = {
    Cause.PRACTITIONER_GONE: (Party.PRACTITIONER, "The practitioner's account was closed."),
    Cause.APPROVAL_LOST: (Party.PRACTITIONER, "The practitioner can no longer be booked."),
    Cause.CLIENT_GONE: (Party.CLIENT, "The client's account was closed."),
}
log = logger()


async def cancel_left_behind(runtime: BookingRuntime) -> int:
    """Cancels all of it; returns how many were cancelled."""
    now = runtime.clock.now()

    async def page(after: Left | None) -> Sequence[Left]:
        async with runtime.db.read() as session:
            return await Departures(session).left_behind(now, after)

    return await each_page(page, partial(_cancel, runtime))


async def _cancel(runtime: BookingRuntime, left: Left) -> bool:
    """Cancels it, unless that cannot be done now: it has just begun, or somebody else cancelled it."""
    booking_id, cause = left
    try:
        async with runtime.db.transaction() as session:
            by, reason = ENDS[cause]
            await cancel_for(session, by, booking_id, reason, only_held=cause is Cause.APPROVAL_LOST)
            session.wake_jobs_after_commit("finish_cancellations")
    except AppError as error:
        log.warning("booking.left_behind", booking=str(booking_id), error=repr(error))
        return False
    return True


async def fetch_missing_names(runtime: BookingRuntime) -> int:
    """Asks identity for names that no event brought; returns how many came. A person who is gone has none."""
    async with runtime.db.transaction() as session:
        await Names(session).ask_for_unknown()
        missing = await Names(session).missing(BATCH)
    return await each(missing, partial(_fetch_name, runtime))


async def _fetch_name(runtime: BookingRuntime, user_id: UUID) -> bool:
    name = await name_of_user(runtime.peers, user_id)
    async with runtime.db.transaction() as session:
        if name is None:
            await Names(session).remove(user_id)
        else:
            await Names(session).fill(user_id, name.first_name, name.last_name)
    return name is not None


JOBS: Jobs = {
    "fetch_missing_names": Job(fetch_missing_names, every=30.0),
    "cancel_left_behind": Job(cancel_left_behind, every=1.0),
}

"""Cancels what closed accounts leave behind, each booking in a transaction of its own.

It looks for bookings, not for events: a hold that was taken while the event was on its way, and one that is confirmed
after it, are found as well. The refund is asked for by `finish_cancellations`.
"""

from functools import partial

from services.booking.bookings.domain import Party
from services.booking.cancellations.on_behalf import cancel_for
from services.booking.departures.repository import Cause, Left, LeftBehind
from services.booking.pass_sales.returns import return_for
from services.booking.runtime import BookingRuntime
from shared.errors import AppError
from shared.observability.logs import logger
from shared.work.jobs import Job, Jobs, each, each_page

ENDS = {
    Cause.PRACTITIONER_GONE: (Party.PRACTITIONER, "The practitioner's account was closed."),
    Cause.APPROVAL_LOST: (Party.PRACTITIONER, "The practitioner can no longer be booked."),
    Cause.CLIENT_GONE: (Party.CLIENT, "The client's account was closed."),
}
log = logger()


async def cancel_left_behind(runtime: BookingRuntime) -> int:
    """Cancels all of it; returns how many were cancelled."""
    now = runtime.clock.now()
    return await each_page(
        runtime.db, lambda session, after: LeftBehind(session).page(now, after), partial(_cancel, runtime)
    )


async def return_left_passes(runtime: BookingRuntime) -> int:
    """Ends the passes of closed accounts; returns how many."""
    async with runtime.db.read() as session:
        left = await LeftBehind(session).passes()
    return await each(left, partial(_return, runtime))


async def _return(runtime: BookingRuntime, left: Left) -> bool:
    pass_id, cause = left
    async with runtime.db.transaction() as session:
        await return_for(session, ENDS[cause][0], pass_id)
        session.wake_jobs_after_commit("finish_returns")
    return True


async def _cancel(runtime: BookingRuntime, left: Left) -> bool:
    """Cancels it, unless that cannot be done now: it has just begun, or was cancelled meanwhile."""
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


JOBS: Jobs = {
    "cancel_left_behind": Job(cancel_left_behind, every=1.0),
    "return_left_passes": Job(return_left_passes, every=5.0),
}

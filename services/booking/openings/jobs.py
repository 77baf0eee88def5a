"""Openings are computed anew where something changed, and as time passes."""

from functools import partial
from uuid import UUID

from services.booking.openings.metrics import JOBS as MEASURING
from services.booking.openings.repository import Openings
from services.booking.openings.service import refresh
from services.booking.runtime import BookingRuntime
from shared.work.jobs import Job, Jobs, each


async def refresh_openings(runtime: BookingRuntime) -> int:
    """Those of each marked practitioner, each in a transaction of its own; a mark that was not finished stays.

    Returns 0, so that the next run is three seconds later: however many changes there are, a practitioner's openings
    are computed once for all of them.
    """
    async with runtime.db.read() as session:
        due = await Openings(session).due()
    await each(due, partial(_refresh, runtime))
    return 0


async def _refresh(runtime: BookingRuntime, practitioner_id: UUID) -> bool:
    async with runtime.db.transaction() as session:
        await refresh(session, practitioner_id)
    return True


JOBS: Jobs = {
    "refresh_openings": Job(refresh_openings, every=3.0),
    **MEASURING,
}

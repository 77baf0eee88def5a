"""Requests end without their practitioner: in silence, or because another has their time."""

from functools import partial
from uuid import UUID

from services.booking.bookings.repository import Due
from services.booking.checkout.repository import Checkouts
from services.booking.checkout.saga import Event, State
from services.booking.checkout.steps import decline, expire
from services.booking.requests.metrics import JOBS as MEASURING
from services.booking.requests.repository import Requests
from services.booking.reschedules.service import decline_move
from services.booking.runtime import BookingRuntime
from shared.work.jobs import Job, Jobs, each_page


async def expire_requests(runtime: BookingRuntime) -> int:
    """Expires what nobody has decided in time, each in a transaction of its own; what was to be moved stays."""
    now = runtime.clock.now()
    return await each_page(
        runtime.db, lambda session, after: Requests(session).overdue(now, after), partial(_expire, runtime)
    )


async def decline_rivals(runtime: BookingRuntime) -> int:
    """Declines requests for a time that somebody else has got (rule 6)."""
    return await each_page(
        runtime.db, lambda session, after: Requests(session).rivals(after), partial(_decline_rival, runtime)
    )


async def _expire(runtime: BookingRuntime, due: Due) -> bool:
    async with runtime.db.transaction() as session:
        checkout = await Checkouts(session).find(due.id, lock=True, skip_locked=True)
        if checkout is None:
            return False
        booking = checkout.booking
        if booking.requested_start_time is None:
            return await expire(session, checkout)
        if booking.decide_by is not None and booking.decide_by <= session.now():
            decline_move(session, booking, "silence")
        return True


async def _decline_rival(runtime: BookingRuntime, booking_id: UUID) -> bool:
    async with runtime.db.transaction() as session:
        checkout = await Checkouts(session).find(booking_id, lock=True, skip_locked=True)
        if checkout is None or not await Requests(session).no_longer_fits(booking_id):
            return False
        if checkout.booking.requested_start_time is not None:
            decline_move(session, checkout.booking, "slot_taken")
        elif checkout.state is State.AUTHORIZED:
            await decline(session, checkout, Event.DECLINED, "slot_taken")
        return True


JOBS: Jobs = {
    "expire_requests": Job(expire_requests, every=0.5),
    "decline_rivals": Job(decline_rivals, every=1.0),
    **MEASURING,
}

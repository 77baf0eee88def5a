"""Charges fees whose time has come."""

from functools import partial

from services.booking.fee_terms.repository import BACK_OFF, Fees
from services.booking.fees.service import charge_fee
from services.booking.runtime import BookingRuntime
from shared.work.attempts import try_each
from shared.work.jobs import Job, Jobs


async def charge_fees(runtime: BookingRuntime) -> int:
    """Charges what has been due for a day and was not waived; tries again, ever more slowly, until it is known."""
    now = runtime.clock.now()
    async with runtime.db.read() as session:
        if not await Fees(session).any_to_charge(now):
            return 0
    async with runtime.db.autocommit() as session:
        await Fees(session).begin(now)
    async with runtime.db.autocommit() as session:
        claimed = await Fees(session).claim()
    return await try_each(runtime.db, claimed, partial(charge_fee, runtime), BACK_OFF)


JOBS: Jobs = {"charge_fees": Job(charge_fees, every=1.0)}

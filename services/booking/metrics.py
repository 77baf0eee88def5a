"""Metrics of booking: checkouts on their way, and how old the oldest is. One that does not move is what to look at."""

from collections.abc import Mapping
from datetime import datetime

from prometheus_client import Gauge
from sqlalchemy import func, select

from services.booking.bookings.domain import BookingStatus
from services.booking.bookings.models import Booking
from services.booking.checkout.models import Checkout
from services.booking.checkout.saga import COMMANDS, State
from services.booking.runtime import BookingRuntime
from shared.work.jobs import Job, Jobs

OPEN = Gauge("estuary_booking_open_checkouts", "Checkouts that are not final, by the saga's state", ["state"])
OLDEST = Gauge("estuary_booking_oldest_checkout_seconds", "Age of the oldest of them in business time, 0 if none")
ON_THE_WAY = (State.AWAITING, *COMMANDS)


async def measure_checkouts(runtime: BookingRuntime) -> int:
    """Counts what is not final; both ways there are short, however many bookings there are."""
    found: dict[State, tuple[int, datetime]] = {}
    columns = select(Checkout.state, func.count(), func.min(Booking.created_at)).group_by(Checkout.state)
    joined = columns.join(Booking, Booking.id == Checkout.booking_id)
    async with runtime.db.read() as session:
        for short in (Booking.status == BookingStatus.PENDING_PAYMENT, Checkout.state.in_(COMMANDS)):
            rows = (await session.execute(joined.where(short))).all()
            found |= {state: (count, oldest) for state, count, oldest in rows}
        _say(found, session.now())
    return 0


def _say(found: Mapping[State, tuple[int, datetime]], now: datetime) -> None:
    for state in ON_THE_WAY:
        OPEN.labels(state.value).set(found[state][0] if state in found else 0)
    ages = [(now - found[state][1]).total_seconds() for state in ON_THE_WAY if state in found]
    OLDEST.set(max(ages, default=0.0))


JOBS: Jobs = {"measure_checkouts": Job(measure_checkouts, every=5.0, gauges=(OPEN,))}

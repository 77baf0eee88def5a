"""Metrics of checkouts: those on their way, and how old the oldest is. One that does not move is what to look at."""

from collections.abc import Mapping
from datetime import datetime

from prometheus_client import Counter, Gauge

from services.booking.checkout.repository import Checkouts
from services.booking.checkout.saga import COMMANDS, State
from services.booking.runtime import BookingRuntime
from shared.work.jobs import Job, Jobs

OPEN = Gauge("estuary_booking_open_checkouts", "Checkouts that are not final, by the saga's state", ["state"])
OLDEST = Gauge("estuary_booking_oldest_checkout_seconds", "Age of the oldest of them in business time, 0 if none")
IMPOSSIBLE_EVENTS = Counter(
    "estuary_booking_impossible_checkout_events_total",
    "Events that the checkout saga neither moves on nor ignores in that state",
    ["state", "event"],
)
ON_THE_WAY = (State.AWAITING, State.DEFERRED, *COMMANDS)
"""Of requests that wait for their practitioner there are other metrics."""


async def measure_checkouts(runtime: BookingRuntime) -> int:
    """Counts what is not final."""
    async with runtime.db.read() as session:
        found = await Checkouts(session).open_by_state()
        _set(found, session.now())
    return 0


def _set(found: Mapping[State, tuple[int, datetime]], now: datetime) -> None:
    for state in ON_THE_WAY:
        OPEN.labels(state.value).set(found[state][0] if state in found else 0)
    ages = [(now - found[state][1]).total_seconds() for state in ON_THE_WAY if state in found]
    OLDEST.set(max(ages, default=0.0))


JOBS: Jobs = {"measure_checkouts": Job(measure_checkouts, every=5.0, gauges=(OPEN,))}

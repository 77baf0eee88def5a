"""Metrics of offers: how many seats are offered, and since when the oldest offer is overdue."""

from prometheus_client import Gauge

from services.booking.runtime import BookingRuntime
from services.booking.waitlist_entries.repository import Entries
from shared.work.jobs import Job, Jobs

OPEN = Gauge("estuary_booking_open_offers", "Seats that are offered to somebody who waited, or was invited")
OVERDUE = Gauge("estuary_booking_overdue_offer_seconds", "Since when the oldest offer should have passed on, 0 if none")


async def measure_offers(runtime: BookingRuntime) -> int:
    """Counts the open offers."""
    async with runtime.db.read() as session:
        count, first = await Entries(session).open_offers()
        late = 0.0 if first is None else (session.now() - first).total_seconds()
    OPEN.set(count)
    OVERDUE.set(max(late, 0.0))
    return 0


JOBS: Jobs = {"measure_offers": Job(measure_offers, every=5.0)}

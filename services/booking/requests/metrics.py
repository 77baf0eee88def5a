"""Metrics of requests: how many wait for their practitioner, and for how long the oldest does."""

from prometheus_client import Gauge

from services.booking.requests.repository import Requests
from services.booking.runtime import BookingRuntime
from shared.work.jobs import Job, Jobs

OPEN = Gauge("estuary_booking_open_requests", "Requests that wait for their practitioner")
OLDEST = Gauge("estuary_booking_oldest_request_seconds", "Age of the oldest of them in business time, 0 if none")


async def measure_requests(runtime: BookingRuntime) -> int:
    """Counts the open requests."""
    async with runtime.db.read() as session:
        count, oldest = await Requests(session).open()
        age = 0.0 if oldest is None else (session.now() - oldest).total_seconds()
    OPEN.set(count)
    OLDEST.set(age)
    return 0


JOBS: Jobs = {"measure_requests": Job(measure_requests, every=5.0)}

"""How late openings are."""

from prometheus_client import Gauge

from services.booking.openings.repository import Openings
from services.booking.runtime import BookingRuntime
from shared.work.jobs import Job, Jobs

LAG = Gauge("estuary_booking_openings_lag_seconds", "For how long the oldest change has waited to be seen in searches")


async def measure_openings(runtime: BookingRuntime) -> int:
    """Reads when the oldest mark was left."""
    async with runtime.db.read() as session:
        LAG.set(await Openings(session).lag())
    return 0


JOBS: Jobs = {"measure_openings": Job(measure_openings, every=5.0)}

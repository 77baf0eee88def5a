"""Fetches names that came before messaging stored them."""

from services.messaging.directory.peers import fetch_missing_practitioners
from services.messaging.directory.repository import Practitioners
from shared.runtime import Runtime
from shared.work.jobs import Job

PRACTITIONERS_PER_RUN = 20


async def fetch_missing_display_names(runtime: Runtime) -> int:
    """Asks catalog for the names of practitioners that were stored without one."""
    async with runtime.db.read() as session:
        nameless = await Practitioners(session).without_name(PRACTITIONERS_PER_RUN)
    await fetch_missing_practitioners(runtime, nameless)
    return len(nameless)


JOBS = {"fetch_missing_display_names": Job(fetch_missing_display_names, every=30.0)}

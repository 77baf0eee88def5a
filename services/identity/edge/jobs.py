"""Periodic work of the edge."""

from datetime import timedelta

from services.identity.edge.repository import Switches
from services.identity.runtime import IdentityRuntime
from shared.auth.verification import EDGE_CHANGED
from shared.records.clock import machine_now
from shared.work.jobs import Job, Jobs

ANNOUNCED_FOR = timedelta(minutes=1)


async def announce_read_only(runtime: IdentityRuntime) -> int:
    """Has every process read again after the switch was used, for a minute: the command line has no bus."""
    async with runtime.db.read() as session:
        switch = await Switches(session).read_only()
    if switch is not None and switch.changed_at > machine_now() - ANNOUNCED_FOR:
        await runtime.bus.broadcast(EDGE_CHANGED, {})
    return 0


JOBS: Jobs = {"announce_read_only": Job(announce_read_only, every=1.0)}

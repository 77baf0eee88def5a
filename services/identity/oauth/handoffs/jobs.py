"""Periodic work of hand-offs, in machine time."""

from services.identity.oauth.handoffs.repository import HandOffs
from services.identity.runtime import IdentityRuntime
from shared.records.clock import machine_now
from shared.work.jobs import Job, Jobs


async def prune_handoffs(runtime: IdentityRuntime) -> int:
    """Deletes what has expired."""
    async with runtime.db.autocommit() as session:
        return await HandOffs(session).prune(machine_now())


JOBS: Jobs = {"prune_handoffs": Job(prune_handoffs, every=60.0)}

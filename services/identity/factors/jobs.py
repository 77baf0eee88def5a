"""Periodic work of factors."""

from services.identity.factors.repository import Tickets
from services.identity.runtime import IdentityRuntime
from shared.work.jobs import Job, Jobs


async def prune_tickets(runtime: IdentityRuntime) -> int:
    """Deletes tickets that have expired."""
    async with runtime.db.autocommit() as session:
        return await Tickets(session).prune()


JOBS: Jobs = {"prune_tickets": Job(prune_tickets, every=60.0)}

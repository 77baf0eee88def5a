"""Periodic work of factors."""

from services.identity.factors.repository import Tickets
from services.identity.runtime import IdentityRuntime
from shared.work.retention import Retention, retention_jobs


async def prune_tickets(runtime: IdentityRuntime) -> int:
    """Deletes tickets that have expired."""
    async with runtime.db.autocommit() as session:
        return await Tickets(session).prune()


JOBS = retention_jobs(Retention("tickets", "a minute after they expired", prune_tickets, every=60.0))

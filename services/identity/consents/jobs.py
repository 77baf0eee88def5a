"""Deletes what people decided once its term is over."""

from services.identity.consents.repository import Consents
from shared.runtime import Runtime
from shared.work.retention import Retention, retention_jobs


async def prune_consents(runtime: Runtime) -> int:
    """Deletes the decisions of accounts that were closed three years ago."""
    async with runtime.db.transaction() as session:
        return await Consents(session).prune(runtime.clock.now())


JOBS = retention_jobs(Retention("consents", "3 years after the account's end", prune_consents))

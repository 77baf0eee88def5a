"""Gathers exports, and deletes those that have expired."""

from functools import partial

from services.identity.exports import service
from services.identity.exports.domain import BACK_OFF
from services.identity.exports.models import Export
from services.identity.exports.repository import Exports
from services.identity.runtime import IdentityRuntime
from shared.work.attempts import claim, try_each
from shared.work.jobs import Job, Jobs
from shared.work.retention import Retention, retention_jobs

CONCURRENCY = 5


async def make_exports(runtime: IdentityRuntime) -> int:
    """Gathers those that were asked for; one that a dead process left goes on where it was."""
    async with runtime.db.autocommit() as session:
        claimed = await claim(session, Export, CONCURRENCY, BACK_OFF)
    return await try_each(runtime.db, claimed, partial(_make, runtime), BACK_OFF)


async def _make(runtime: IdentityRuntime, claimed: Export) -> bool:
    if service.is_hopeless(claimed):
        return await service.give_up(runtime, claimed.id)
    return await service.gather(runtime, claimed)


async def prune_exports(runtime: IdentityRuntime) -> int:
    """Deletes what has expired."""
    async with runtime.db.autocommit() as session:
        return await Exports(session).prune(runtime.clock.now())


JOBS: Jobs = {
    "make_exports": Job(make_exports, every=5.0),
    **retention_jobs(Retention("exports", "7 days", prune_exports, every=60.0)),
}

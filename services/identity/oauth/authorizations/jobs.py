"""Periodic work of codes, in machine time."""

from services.identity.oauth.authorizations.domain import USED_KEPT
from services.identity.oauth.authorizations.repository import Codes
from services.identity.runtime import IdentityRuntime
from shared.records.clock import machine_now
from shared.work.jobs import Job, Jobs


async def prune_codes(runtime: IdentityRuntime) -> int:
    """Deletes codes a day after their time."""
    async with runtime.db.autocommit() as session:
        return await Codes(session).prune(machine_now() - USED_KEPT)


JOBS: Jobs = {"prune_codes": Job(prune_codes, every=60.0)}

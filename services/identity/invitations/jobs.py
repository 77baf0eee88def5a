"""Periodic work of invitations."""

from services.identity.invitations.domain import KEPT
from services.identity.invitations.repository import Invitations
from services.identity.runtime import IdentityRuntime
from shared.records.clock import machine_now
from shared.work.jobs import Job, Jobs


async def prune_invitations(runtime: IdentityRuntime) -> int:
    """Deletes invitations a month after they expired."""
    async with runtime.db.autocommit() as session:
        return await Invitations(session).prune(machine_now() - KEPT)


JOBS: Jobs = {"prune_invitations": Job(prune_invitations, every=3600.0)}

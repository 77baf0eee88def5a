"""Periodic work of identity, in machine time."""

from datetime import timedelta

from services.identity.repository import Sessions
from services.identity.runtime import IdentityRuntime
from services.identity.service import announce
from shared.records.clock import machine_now
from shared.work.jobs import Job, Jobs

# Long enough to answer "who was signed in when", short enough to forget.
KEEP_ENDED = timedelta(days=30)
ANNOUNCED_FOR = timedelta(minutes=1)


async def rotate_signing_keys(runtime: IdentityRuntime) -> int:
    """Makes a new signing key when the newest is old, and drops those that no token in force can carry."""
    age = timedelta(days=runtime.settings.key_rotation_days)
    async with runtime.db.transaction() as session:
        return await runtime.keyring.rotate_if_older(session, age, machine_now())


async def prune_sessions(runtime: IdentityRuntime) -> int:
    """Forgets sessions a month after their end, with their refresh tokens."""
    async with runtime.db.transaction() as session:
        return await Sessions(session).prune(machine_now() - KEEP_ENDED)


async def announce_taken_roles(runtime: IdentityRuntime) -> int:
    """Tells every process of the sessions that ended with a role, for a minute.

    Roles are taken where there is no bus: by the command line, and in a consumer's transaction.
    """
    async with runtime.db.read() as session:
        ended = await Sessions(session).taken_since(machine_now() - ANNOUNCED_FOR)
    await announce(runtime, ended)
    return 0


JOBS: Jobs = {
    "rotate_signing_keys": Job(rotate_signing_keys, every=3600.0),
    "announce_taken_roles": Job(announce_taken_roles, every=1.0),
    "prune_sessions": Job(prune_sessions, every=3600.0),
}

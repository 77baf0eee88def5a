"""Periodic work of sign-in sessions, in machine time."""

from datetime import timedelta

from services.identity.runtime import IdentityRuntime
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.service import announce
from shared.records.clock import machine_now
from shared.work.jobs import Job, Jobs
from shared.work.retention import Retention, retention_jobs

# Long enough to answer "who was signed in when".
RETENTION = timedelta(days=30)
ANNOUNCED_FOR = timedelta(minutes=1)


async def prune_sessions(runtime: IdentityRuntime) -> int:
    """Deletes sessions a month after their end, with their refresh tokens."""
    async with runtime.db.autocommit() as session:
        return await SignInSessions(session).prune(machine_now() - RETENTION)


async def announce_taken_roles(runtime: IdentityRuntime) -> int:
    """Announces the sessions that ended with a role to every process, for a minute, and those of apps.

    They end where there is no bus: by the command line, and in a consumer's transaction.
    """
    async with runtime.db.read() as session:
        ended = await SignInSessions(session).taken_since(machine_now() - ANNOUNCED_FOR)
    await announce(runtime, ended)
    return 0


JOBS: Jobs = {
    "announce_taken_roles": Job(announce_taken_roles, every=2.0),
    **retention_jobs(Retention("sign_in_sessions", "30 days after their end", prune_sessions)),
}

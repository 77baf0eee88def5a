"""Fetches the names of participants that no event has brought."""

from services.messaging.directory.peers import fetch_missing_users
from services.messaging.directory.repository import Users
from services.messaging.participants.repository import Participants
from shared.errors import NotFound
from shared.runtime import Runtime
from shared.work.jobs import Job

USERS_PER_RUN = 20


async def fetch_missing_names(runtime: Runtime) -> int:
    """Asks identity for participants without a name; one that identity does not know has no account any more."""
    async with runtime.db.read() as session:
        missing = await Participants(session).without_user(USERS_PER_RUN)
    for user_id in missing:
        try:
            await fetch_missing_users(runtime, [user_id])
        except NotFound:
            async with runtime.db.autocommit() as session:
                await Users(session).deactivate(user_id, session.now())
    return len(missing)


JOBS = {"fetch_missing_names": Job(fetch_missing_names, every=30.0)}

"""Fetches the names of users who wrote before their event came."""

from services.streams.directory.domain import short_name
from services.streams.directory.repository import Users
from shared.errors import NotFound
from shared.internal.identity import USER
from shared.runtime import Runtime
from shared.work.jobs import Job

NAMES_PER_RUN = 20
NO_NAME = ""


async def fetch_missing_names(runtime: Runtime) -> int:
    """Asks identity; a user whom identity does not know has no name."""
    async with runtime.db.read() as session:
        nameless = await Users(session).without_name(NAMES_PER_RUN)
    for user_id in nameless:
        try:
            user = await runtime.peers.ask(USER, user_id=user_id)
            name = short_name(user.first_name, user.last_name)
        except NotFound:
            name = NO_NAME
        async with runtime.db.autocommit() as session:
            await Users(session).fill_name(user_id, name)
    return len(nameless)


JOBS = {"fetch_missing_names": Job(fetch_missing_names, every=10.0)}

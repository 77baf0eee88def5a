"""What messaging does by itself: it learns names of which it could not hear when they were told."""

from services.messaging.contacts import People, Practitioners
from services.messaging.peers import learn_people, learn_practitioners
from shared.errors import NotFound
from shared.runtime import Runtime
from shared.work.jobs import Job

PEOPLE_A_RUN = 20


async def learn_members(runtime: Runtime) -> int:
    """Asks identity about members of whom no event has told; whom it does not know has no account any more."""
    async with runtime.db.read() as session:
        unknown = await People(session).unknown(PEOPLE_A_RUN)
    for user_id in unknown:
        try:
            await learn_people(runtime, [user_id])
        except NotFound:
            async with runtime.db.transaction() as session:
                await People(session).forget_name(user_id, session.now())
    return len(unknown)


async def learn_display_names(runtime: Runtime) -> int:
    """Asks catalog for the names of practitioners of whom it told before names were kept."""
    async with runtime.db.read() as session:
        nameless = await Practitioners(session).nameless(PEOPLE_A_RUN)
    await learn_practitioners(runtime, nameless)
    return len(nameless)


JOBS = {
    "learn_members": Job(learn_members, every=30.0),
    "learn_display_names": Job(learn_display_names, every=30.0),
}

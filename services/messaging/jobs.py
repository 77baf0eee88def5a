"""What messaging does by itself: it learns the names of members who registered before it could hear of them."""

from services.messaging.contacts import People
from services.messaging.peers import learn_people
from shared.errors import NotFound
from shared.jobs import Job
from shared.runtime import Runtime

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


JOBS = {"learn_members": Job(learn_members, every=30.0)}

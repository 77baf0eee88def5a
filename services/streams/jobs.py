"""What streams does by itself: publish what is due, tell followers, learn names."""

from services.streams.comments.domain import short_name
from services.streams.comments.repository import People
from services.streams.posts import service
from services.streams.posts.repository import Posts
from shared.errors import NotFound
from shared.runtime import Runtime
from shared.work.jobs import Job

POSTS_A_RUN = 100
NAMES_A_RUN = 20
NO_NAME = ""


async def publish_due(runtime: Runtime) -> int:
    """Marks scheduled posts whose moment has come, and tells of each once. They have been visible since that moment."""
    async with runtime.db.transaction() as session:
        due = await Posts(session).due(POSTS_A_RUN)
        for post in due:
            service.publish(session, post)
    return len(due)


async def announce_posts(runtime: Runtime) -> int:
    """Tells one batch of followers of one post."""
    async with runtime.db.transaction() as session:
        post = await Posts(session).next_to_announce()
        if post is None:
            return 0
        await service.announce(session, post)
    return 1


async def learn_names(runtime: Runtime) -> int:
    """Asks identity who wrote, where its event has not come; somebody whom identity does not know has no name."""
    async with runtime.db.read() as session:
        unnamed = await People(session).unnamed(NAMES_A_RUN)
    for user_id in unnamed:
        try:
            user = await runtime.peers.get("identity", f"/internal/users/{user_id}/")
            name = short_name(user["first_name"], user["last_name"])
        except NotFound:
            name = NO_NAME
        async with runtime.db.transaction() as session:
            await People(session).learn(user_id, name)
    return len(unnamed)


JOBS = {
    "publish_due": Job(publish_due, every=1.0),
    "announce_posts": Job(announce_posts, every=2.0),
    "learn_names": Job(learn_names, every=10.0),
}

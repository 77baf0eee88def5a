"""Publishes scheduled posts, and announces posts to followers."""

from services.streams.posts import service
from services.streams.posts.repository import Posts
from shared.runtime import Runtime
from shared.work.jobs import Job

POSTS_PER_RUN = 100


async def publish_due(runtime: Runtime) -> int:
    """Marks scheduled posts whose moment has come, once each. They have been visible since that moment."""
    async with runtime.db.transaction() as session:
        due = await Posts(session).due(POSTS_PER_RUN)
        for post in due:
            service.publish(session, post)
    return len(due)


async def announce_posts(runtime: Runtime) -> int:
    """Announces one post to one batch of followers."""
    async with runtime.db.transaction() as session:
        post = await Posts(session).next_to_announce()
        if post is None:
            return 0
        await service.announce(session, post)
    return 1


JOBS = {"publish_due": Job(publish_due, every=1.0), "announce_posts": Job(announce_posts, every=2.0)}

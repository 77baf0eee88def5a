"""What notifications does when something happened in a stream. Streams says who may know; no event carries a body.

The news is about the stream's owner, who gave the titles: of an owner who is gone there is none.
"""

from services.notifications import service
from services.notifications.domain import Topic
from services.notifications.groups import send_grouped
from services.notifications.people import People
from services.notifications.service import Notification
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.streams import CommentCreated, PostAnnounced


async def post_announced(session: Session, event: PostAnnounced) -> None:
    """A notice and a mail to each follower of the batch, by title."""
    if await _owner_is_gone(session, event):
        return
    news = [
        Notification(
            user_id=user_id,
            topic=Topic.POSTS,
            type="post.published",
            template="post.published",
            cause=f"post.published:{event.post_id}",
            facts={"stream": event.stream_title, "post": event.title},
            data={"post_id": str(event.post_id), "stream_id": str(event.stream_id)},
            about=event.owner_id,
        )
        for user_id in event.recipient_ids
    ]
    await service.tell(session, news)


async def comment_created(session: Session, event: CommentCreated) -> None:
    """One notice for all unread comments of a post, or of a stream itself; a mail would be one too many."""
    if await _owner_is_gone(session, event):
        return
    on = {"stream_id": str(event.stream_id), "post_id": str(event.post_id) if event.post_id else None}
    news = [
        Notification(
            user_id=user_id,
            topic=Topic.COMMENTS,
            type="comment.created",
            template="comment.created",
            cause=f"comment.created:{event.comment_id}",
            facts={"subject": event.subject_title},
            data={"comment_id": str(event.comment_id)},
            about=event.owner_id,
            by_mail=False,
        )
        for user_id in event.recipient_ids
    ]
    await send_grouped(session, news, on)


async def _owner_is_gone(session: Session, event: PostAnnounced | CommentCreated) -> bool:
    return event.owner_id is not None and await People(session).is_gone(event.owner_id)


CONSUMERS: Consumers = {PostAnnounced: post_announced, CommentCreated: comment_created}

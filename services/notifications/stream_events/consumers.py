"""What follows from posts and comments. Streams names the recipients; no event carries a body.

Such a notification is about the stream's owner, who gave the titles: of an owner who was erased there is none.
"""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from services.notifications.channels.mail.repository import Mails
from services.notifications.handlers import Handlers
from services.notifications.notifications.domain import Notification
from services.notifications.notifications.grouping import send_grouped
from services.notifications.notifications.runtime import NotifyRuntime
from services.notifications.notifications.service import notify
from services.notifications.people.repository import People
from services.notifications.preferences.domain import Topic
from services.notifications.templates.domain import Params
from shared.database.session import Session
from shared.events.streams import CommentCreated, PostAnnounced, PostDeleted


async def post_announced(runtime: NotifyRuntime, session: Session, event: PostAnnounced) -> None:
    """In the app and by mail to each follower of the batch, by title."""
    if await _owner_is_gone(session, event):
        return
    params = {"stream": event.stream_title, "post": event.title}
    data = {"post_id": str(event.post_id), "stream_id": str(event.stream_id)}
    await notify(runtime, session, _to_each(event, Topic.POSTS, "post.published", event.post_id, params, data))


async def post_deleted(runtime: NotifyRuntime, session: Session, event: PostDeleted) -> None:
    """What waits to be mailed about it would lead nowhere."""
    await Mails(session).drop_post(event.post_id)


async def comment_created(runtime: NotifyRuntime, session: Session, event: CommentCreated) -> None:
    """One notification for all unread comments of a post, or of a stream itself; no mail."""
    if await _owner_is_gone(session, event):
        return
    on = {"stream_id": str(event.stream_id), "post_id": str(event.post_id) if event.post_id else None}
    params, data = {"subject": event.subject_title}, {"comment_id": str(event.comment_id)}
    notifications = _to_each(event, Topic.COMMENTS, "comment.created", event.comment_id, params, data)
    await send_grouped(runtime, session, [replace(item, outbound=False) for item in notifications], on)


def _to_each(
    event: PostAnnounced | CommentCreated, topic: Topic, kind: str, what: UUID, params: Params, data: Mapping[str, str]
) -> list[Notification]:
    """One to each recipient of the event, once of that post or comment."""
    cause, owner = f"{kind}:{what}", event.owner_id
    return [
        Notification(user_id, topic, kind, kind, cause, params, data, about=owner) for user_id in event.recipient_ids
    ]


async def _owner_is_gone(session: Session, event: PostAnnounced | CommentCreated) -> bool:
    return event.owner_id is not None and await People(session).is_deactivated(event.owner_id)


CONSUMERS: Handlers = {
    PostAnnounced: post_announced,
    PostDeleted: post_deleted,
    CommentCreated: comment_created,
}

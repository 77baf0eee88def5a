"""What people are notified of unread messages: in the app at once, by mail after five minutes without reading."""

from dataclasses import replace
from uuid import UUID

from services.notifications.notifications.domain import Notification
from services.notifications.notifications.runtime import NotifyRuntime
from services.notifications.notifications.service import notify
from services.notifications.preferences.domain import Topic
from services.notifications.unread.repository import UnreadConversations, cause_of
from shared.database.session import Session
from shared.events.messaging import MessageCreated


async def send_mail(runtime: NotifyRuntime, session: Session, user_id: UUID, conversation_id: UUID) -> None:
    """The mail about a conversation that has waited for five minutes; nothing where it was read meanwhile."""
    unread = await UnreadConversations(session).find_due(user_id, conversation_id)
    if unread is not None:
        unread.mail_due_at = None
        mail = _notification(user_id, conversation_id, unread.first_message_id, unread.subject)
        await notify(runtime, session, [replace(mail, in_app=False)])


def in_app_of(event: MessageCreated, user_id: UUID) -> Notification:
    """The notification in the app that begins with that message."""
    data = {
        "conversation_id": str(event.conversation_id),
        "message_id": str(event.message_id),
        "sender_id": str(event.sender_id),
        "count": 1,
    }
    shown = _notification(user_id, event.conversation_id, event.message_id, event.subject)
    return replace(shown, data=data, outbound=False)


def _notification(user_id: UUID, conversation_id: UUID, message_id: UUID, subject: str | None) -> Notification:
    return Notification(
        user_id=user_id,
        topic=Topic.MESSAGES,
        type="message.created",
        template="message.created/about" if subject else "message.created",
        cause=cause_of(conversation_id, message_id),
        params={"subject": subject or ""},
        data={},
    )

"""What follows from messages and receipts."""

from services.notifications.channels.mail.repository import Mails
from services.notifications.handlers import Handlers
from services.notifications.live.service import publish
from services.notifications.notifications.frames import frame_of_count, frame_of_read
from services.notifications.notifications.repository import Notifications
from services.notifications.notifications.runtime import NotifyRuntime
from services.notifications.notifications.service import notify
from services.notifications.unread.domain import UNREAD_FOR
from services.notifications.unread.models import UnreadConversation
from services.notifications.unread.repository import UnreadConversations, cause_of
from services.notifications.unread.service import in_app_of
from shared.database.erasure import remember
from shared.database.session import Session
from shared.events.messaging import ConversationRead, MessageCreated, SubjectForgotten


async def message_created(runtime: NotifyRuntime, session: Session, event: MessageCreated) -> None:
    """A member who is away gets a notification, or one more in it; a mail is due to every member who does not read."""
    unread = UnreadConversations(session)
    await unread.begin(event, event.created_at + UNREAD_FOR)
    if not event.away_ids:
        return
    counted = await unread.count_in_notifications(event.conversation_id, event.away_ids)
    have_one = {stored.user_id for stored in counted}
    others = [user_id for user_id in event.away_ids if user_id not in have_one]
    await unread.mark_notified(event.conversation_id, others, event.message_id)
    frames = [frame_of_count(stored, session.now()) for stored in counted]
    await notify(runtime, session, [in_app_of(event, user_id) for user_id in others], frames)


async def conversation_read(runtime: NotifyRuntime, session: Session, event: ConversationRead) -> None:
    """Once everything is read, the notification is as well, and a mail that still waits has become useless."""
    if event.unread_count:
        return
    unread = await UnreadConversations(session).end(event.user_id, event.conversation_id)
    if unread is None:
        return
    await _mark_read(runtime, session, unread, event)
    await Mails(session).drop(unread.user_id, cause_of(unread.conversation_id, unread.first_message_id))


async def _mark_read(
    runtime: NotifyRuntime, session: Session, unread: UnreadConversation, event: ConversationRead
) -> None:
    if unread.notified_message_id is None:
        return
    cause = cause_of(unread.conversation_id, unread.notified_message_id)
    marked = await Notifications(session).mark_read(unread.user_id, cause, event.read_at)
    await publish(runtime.broadcaster, session, [frame_of_read(stored) for stored in marked])


async def subject_forgotten(runtime: NotifyRuntime, session: Session, event: SubjectForgotten) -> None:
    """A message that comes late brings it back nowhere."""
    await remember(session, [event.conversation_id])
    await UnreadConversations(session).erase_subject(event.conversation_id, event.member_ids)


CONSUMERS: Handlers = {
    MessageCreated: message_created,
    ConversationRead: conversation_read,
    SubjectForgotten: subject_forgotten,
}

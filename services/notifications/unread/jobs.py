"""Mails about unread messages."""

from services.notifications.notifications.runtime import NotifyRuntime
from services.notifications.unread.repository import UnreadConversations
from services.notifications.unread.service import send_mail
from shared.work.jobs import Job, Jobs

UNREAD_A_RUN = 100


async def mail_unread(runtime: NotifyRuntime) -> int:
    """Mails to those who have not read for five minutes, a transaction per person and conversation."""
    async with runtime.db.read() as session:
        due = await UnreadConversations(session).due(UNREAD_A_RUN)
    for user_id, conversation_id in due:
        async with runtime.db.transaction() as session:
            await send_mail(runtime, session, user_id, conversation_id)
    return len(due)


JOBS: Jobs = {"mail_unread": Job(mail_unread, every=1.0)}

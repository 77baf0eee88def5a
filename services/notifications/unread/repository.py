"""SQL of who has unread messages where; whole conversations at a time, since a conversation may have 200 members."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from services.notifications.notifications.models import StoredNotification
from services.notifications.people.repository import ids_of
from services.notifications.templates.texts import TEXTS
from services.notifications.unread.models import UnreadConversation
from shared.database.repository import Repository
from shared.database.session import TIMESTAMPTZ, table_of
from shared.events.messaging import MessageCreated


class UnreadConversations(Repository):
    """Conversations of which a person has not read everything."""

    async def begin(self, event: MessageCreated, mail_due_at: datetime) -> None:
        """From the first unread message on; the later ones change nothing."""
        if event.recipient_ids:
            first = {"message": event.message_id, "about": event.subject, "due": mail_due_at}
            where = {"users": event.recipient_ids, "conversation": event.conversation_id}
            await self.session.execute(BEGIN, where | first)

    async def count_in_notifications(
        self, conversation_id: UUID, user_ids: Iterable[UUID]
    ) -> Sequence[StoredNotification]:
        """Counts one more message in these people's unread notifications of that conversation; returns those."""
        stored, unread = StoredNotification, UnreadConversation
        cause = func.concat("message.created:", conversation_id, ":", unread.notified_message_id)
        more = func.to_jsonb(stored.data["count"].as_integer() + 1)
        theirs = (unread.conversation_id == conversation_id, unread.user_id.in_(list(user_ids)))
        same = (stored.user_id == unread.user_id, stored.cause == cause, stored.read_at.is_(None))
        counted = update(stored).where(*theirs, *same).values(data=func.jsonb_set(stored.data, ["count"], more))
        fresh = {"synchronize_session": False, "populate_existing": True}
        return (await self.session.scalars(counted.returning(stored).execution_options(**fresh))).all()

    async def mark_notified(self, conversation_id: UUID, user_ids: Iterable[UUID], message_id: UUID) -> None:
        """Stores with which message these people's notification began."""
        await self.session.execute(self._of(conversation_id, user_ids).values(notified_message_id=message_id))

    async def end(self, user_id: UUID, conversation_id: UUID) -> UnreadConversation | None:
        """Everything is read; returns the row that was there."""
        own = delete(UnreadConversation).where(
            UnreadConversation.user_id == user_id, UnreadConversation.conversation_id == conversation_id
        )
        return await self.session.scalar(own.returning(UnreadConversation))

    async def end_all(self, user_id: UUID) -> None:
        """Removes all rows of that person."""
        await self.session.execute(delete(UnreadConversation).where(UnreadConversation.user_id == user_id))

    async def erase_subject(self, conversation_id: UUID, user_ids: Sequence[UUID]) -> None:
        """Neither these people's notifications, mails, frames nor stored answers name the subject any more."""
        await self.session.execute(self._of(conversation_id, user_ids).values(subject=None))
        values = {**ids_of(user_ids), "begins": cause_of(conversation_id, "%")}
        for statement in ERASE_SUBJECT:
            await self.session.execute(text(statement), values)

    async def due(self, limit: int) -> Sequence[tuple[UUID, UUID]]:
        """Person and conversation of the mails whose moment has come, those that wait longest first."""
        unread = UnreadConversation
        due = select(unread.user_id, unread.conversation_id).where(unread.mail_due_at <= self.session.now())
        rows = await self.session.execute(due.order_by(unread.mail_due_at).limit(limit))
        return [(user_id, conversation_id) for user_id, conversation_id in rows]

    async def find_due(self, user_id: UUID, conversation_id: UUID) -> UnreadConversation | None:
        """Locked; None where it was read meanwhile."""
        own = select(UnreadConversation).where(
            UnreadConversation.user_id == user_id, UnreadConversation.conversation_id == conversation_id
        )
        due = own.where(UnreadConversation.mail_due_at <= self.session.now())
        return await self.session.scalar(due.with_for_update())

    def _of(self, conversation_id: UUID, user_ids: Iterable[UUID]) -> Any:
        return update(UnreadConversation).where(
            UnreadConversation.conversation_id == conversation_id, UnreadConversation.user_id.in_(list(user_ids))
        )


def cause_of(conversation_id: UUID, message_id: UUID | str) -> str:
    """The cause of the notification that began with that message."""
    return f"message.created:{conversation_id}:{message_id}"


def _begin() -> Any:
    """One statement of one shape: rows of values would be compiled anew for each number of members."""
    user_id = func.unnest(bindparam("users", type_=ARRAY(Uuid))).column_valued("user_id")
    same = [bindparam("conversation", type_=Uuid), bindparam("message", type_=Uuid), bindparam("about", type_=Text)]
    rows = select(user_id, *same, bindparam("due", type_=TIMESTAMPTZ)).order_by(user_id)
    columns = ["user_id", "conversation_id", "first_message_id", "subject", "mail_due_at"]
    return insert(table_of(UnreadConversation)).from_select(columns, rows).on_conflict_do_nothing()


BEGIN = _begin()
PLAIN = TEXTS["message.created"]
THEIRS = "user_id = any(cast(cast(:ids as text[]) as uuid[])) and cause like :begins"
ERASE_SUBJECT = (
    f"""
    update notifications.notifications set template = 'message.created', params = params - 'subject',
        title = '{PLAIN.title}', body = '{PLAIN.body}'
    where {THEIRS}
    """,
    f"update notifications.mails set template = 'message.created', params = params - 'subject' where {THEIRS}",
    f"""
    update notifications.frames f set data = f.data || jsonb_build_object('title', n.title, 'body', n.body)
    from (select id, user_id, title, body from notifications.notifications where {THEIRS}) n
    where f.user_id = n.user_id and f.channel = 'notifications' and f.data ->> 'id' = n.id::text
    """,
    f"""
    delete from notifications.idempotency i
    using (select id, user_id from notifications.notifications where {THEIRS}) n
    where i.principal = n.user_id and i.status is not null and strpos(convert_from(i.body, 'UTF8'), n.id::text) > 0
    """,
)

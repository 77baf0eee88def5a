"""SQL of who has unread messages where; whole conversations at a time, since a conversation may have 200 members."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from services.notifications.models import Notice, Unread
from shared.database.session import TIMESTAMPTZ, Session, table_of
from shared.database.statements import CompiledStatement
from shared.events.messaging import MessageCreated


class UnreadConversations:
    """Conversations in which somebody has not read everything."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def begin(self, event: MessageCreated, mail_due_at: datetime) -> None:
        """From the first unread message on; the later ones change nothing."""
        if event.recipient_ids:
            first = {"message": event.message_id, "about": event.subject, "due": mail_due_at}
            where = {"users": event.recipient_ids, "conversation": event.conversation_id}
            await self.session.run(BEGIN, where | first)

    async def add_to_notices(self, conversation_id: UUID, user_ids: Iterable[UUID]) -> Sequence[Notice]:
        """Counts one more message in these people's unread notices of that conversation; returns the notices."""
        cause = func.concat("message.created:", conversation_id, ":", Unread.told_of)
        more = func.to_jsonb(Notice.data["count"].as_integer() + 1)
        present = (
            update(Notice)
            .where(
                Unread.conversation_id == conversation_id,
                Unread.user_id.in_(list(user_ids)),
                Notice.user_id == Unread.user_id,
                Notice.cause == cause,
                Notice.read_at.is_(None),
            )
            .values(data=func.jsonb_set(Notice.data, ["count"], more))
            .returning(Notice)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        return (await self.session.scalars(present)).all()

    async def told(self, conversation_id: UUID, user_ids: Iterable[UUID], message_id: UUID) -> None:
        """Remembers with which message these people's notice began."""
        theirs = update(Unread).where(Unread.conversation_id == conversation_id, Unread.user_id.in_(list(user_ids)))
        await self.session.execute(theirs.values(told_of=message_id))

    async def end(self, user_id: UUID, conversation_id: UUID) -> Unread | None:
        """Everything is read; returns what was known of it."""
        own = delete(Unread).where(Unread.user_id == user_id, Unread.conversation_id == conversation_id)
        return await self.session.scalar(own.returning(Unread))

    async def forget_subject(self, conversation_id: UUID, user_ids: Iterable[UUID]) -> None:
        """What the conversation is about is said to these people no more."""
        theirs = update(Unread).where(Unread.conversation_id == conversation_id, Unread.user_id.in_(list(user_ids)))
        await self.session.execute(theirs.values(subject=None))

    async def end_all(self, user_id: UUID) -> None:
        """The person reads nothing any more."""
        await self.session.execute(delete(Unread).where(Unread.user_id == user_id))

    async def due(self, limit: int) -> Sequence[tuple[UUID, UUID]]:
        """Person and conversation of the mails whose moment has come, those that wait longest first."""
        found = await self.session.run(DUE, {"now": self.session.now(), "limit": limit})
        return [(row.user_id, row.conversation_id) for row in found]

    async def find_due(self, user_id: UUID, conversation_id: UUID) -> Unread | None:
        """Locked; None where it was read meanwhile."""
        own = select(Unread).where(Unread.user_id == user_id, Unread.conversation_id == conversation_id)
        return await self.session.scalar(own.where(Unread.mail_due_at <= self.session.now()).with_for_update())


UNREAD = table_of(Unread)
DUE = CompiledStatement(
    select(UNREAD.c.user_id, UNREAD.c.conversation_id)
    .where(UNREAD.c.mail_due_at <= bindparam("now"))
    .order_by(UNREAD.c.mail_due_at)
    .limit(bindparam("limit"))
)


def _begin() -> Any:
    """One statement of one shape: rows of values would be put together anew for each message and its members."""
    user_id = func.unnest(bindparam("users", type_=ARRAY(Uuid))).column_valued("user_id")
    same = [bindparam("conversation", type_=Uuid), bindparam("message", type_=Uuid), bindparam("about", type_=Text)]
    rows = select(user_id, *same, bindparam("due", type_=TIMESTAMPTZ)).order_by(user_id)
    columns = ["user_id", "conversation_id", "first_message_id", "subject", "mail_due_at"]
    return insert(table_of(Unread)).from_select(columns, rows).on_conflict_do_nothing()


BEGIN = CompiledStatement(_begin())

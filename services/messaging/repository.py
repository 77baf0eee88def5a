"""SQL of conversations. What belongs to members is read through the member who asks."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from services.messaging.domain import Other, receipt_frame_id
from services.messaging.models import Block, Conversation, Departure, Member, Message, Person
from services.messaging.search import is_about, is_said
from shared.auth.verification import Who
from shared.database.session import Session, table_of, values_of
from shared.database.statements import CompiledStatement
from shared.errors import NotFound
from shared.live.sockets import Frame
from shared.records.times import render_utc
from shared.web.pagination import Page, one_page, ordered

ORDERINGS: dict[str, ColumnElement[Any]] = {
    "active_at": Conversation.active_at.expression,
    "created_at": Conversation.created_at.expression,
}
SAID: dict[str, ColumnElement[Any]] = {"created_at": Message.seq.expression}
SAID_ANYWHERE: dict[str, ColumnElement[Any]] = {"created_at": Message.created_at.expression}


class Conversations:
    """Conversations, visible to their members."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def add(self, conversation: Conversation, members: Iterable[UUID]) -> bool:
        """Stores it with its members; False where the same one is there (a twin is waited for)."""
        if not await self.session.run(ADD, values_of(conversation)):
            return False
        rows = [{"conversation_id": conversation.id, "user_id": user_id} for user_id in members]
        await self.session.run_many(ADD_MEMBER, rows)
        return True

    async def find_same(self, key: str, booking_id: UUID | None) -> Conversation | None:
        """The conversation about that booking, or else of exactly these people."""
        if booking_id is not None:
            return await self.session.scalar(select(Conversation).where(Conversation.booking_id == booking_id))
        same = select(Conversation).where(Conversation.participants_key == key, Conversation.booking_id.is_(None))
        return await self.session.scalar(same)

    async def get(self, who: Who, conversation_id: UUID, *, lock: bool = False) -> Conversation:
        """Raises NotFound for who is no member too."""
        query = select(Conversation).where(Conversation.id == conversation_id, self._has(who.user_id))
        found = await self.session.scalar(query.with_for_update() if lock else query)
        if found is None:
            raise NotFound("There is no such conversation.")
        return found

    async def list(self, who: Who, page: Page, booking_id: UUID | None) -> tuple[Sequence[Conversation], int]:
        """Newest activity first; `page.search` looks into subjects and messages."""
        own: Select[Any] = select(Conversation.id).where(self._has(who.user_id))
        if booking_id is not None:
            own = own.where(Conversation.booking_id == booking_id)
        if page.search is not None:
            said = _within_own(who, select(Message.conversation_id)).where(is_said(page.search))
            own = own.where(or_(is_about(page.search), Conversation.id.in_(said)))
        query = ordered(own, page.ordering, ORDERINGS, "-active_at").order_by(Conversation.id.desc())
        return await one_page(self.session, Conversation, query, page)

    def _has(self, user_id: UUID) -> Any:
        return exists().where(Member.conversation_id == Conversation.id, Member.user_id == user_id)


class Members:
    """Who takes part, and how far they have read."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def get(self, who: Who, conversation_id: UUID) -> Member:
        """The caller's own membership as it is now; raises NotFound."""
        query = select(Member).where(Member.conversation_id == conversation_id, Member.user_id == who.user_id)
        found = await self.session.scalar(query.execution_options(populate_existing=True))
        if found is None:
            raise NotFound("There is no such conversation.")
        return found

    async def others(self, who: Who, conversation_id: UUID) -> list[Other]:
        """All but the caller."""
        blocked = exists().where(
            or_(
                and_(Block.blocker_id == Member.user_id, Block.blocked_id == who.user_id),
                and_(Block.blocker_id == who.user_id, Block.blocked_id == Member.user_id),
            )
        )
        query = (
            select(Member.user_id, Person.deactivated_at.is_(None), blocked)
            .outerjoin(Person, Person.user_id == Member.user_id)
            .where(Member.conversation_id == conversation_id, Member.user_id != who.user_id)
            .order_by(Member.user_id)
        )
        return [Other(*row) for row in await self.session.execute(query)]

    async def depart(self, who: Who, conversation_id: UUID) -> None:
        """The caller is no member any more; that they were is kept."""
        mine = (Member.conversation_id == conversation_id, Member.user_id == who.user_id)
        await self.session.execute(delete(Member).where(*mine))
        self.session.add(Departure(conversation_id=conversation_id, user_id=who.user_id, left_at=self.session.now()))

    async def ids(self, conversation_id: UUID) -> set[UUID]:
        """All members."""
        return set(await self.session.scalars(select(Member.user_id).where(Member.conversation_id == conversation_id)))

    async def ever(self, conversation_id: UUID) -> list[UUID]:
        """All members, and who was one and has left."""
        there = select(Member.user_id).where(Member.conversation_id == conversation_id)
        left = select(Departure.user_id).where(Departure.conversation_id == conversation_id)
        return sorted(await self.session.scalars(there.union(left)))

    async def with_people(self, conversation_ids: Sequence[UUID]) -> Sequence[tuple[Member, Person | None]]:
        """The members of these conversations, each with what is known of the person."""
        query = select(Member, Person).outerjoin(Person, Person.user_id == Member.user_id)
        query = query.where(Member.conversation_id.in_(conversation_ids)).order_by(Member.user_id)
        return [(member, person) for member, person in await self.session.execute(query)]

    async def unread(self, user_id: UUID, conversation_ids: Sequence[UUID]) -> dict[UUID, int]:
        """How many messages of others lie behind what the person has read; 0 is left out."""
        query = (
            select(Message.conversation_id, func.count())
            .join(Member, and_(Member.conversation_id == Message.conversation_id, Member.user_id == user_id))
            .where(
                Message.conversation_id.in_(conversation_ids),
                Message.seq > Member.read_seq,
                Message.sender_id != user_id,
            )
            .group_by(Message.conversation_id)
        )
        return {row[0]: row[1] for row in await self.session.execute(query)}


class Messages:
    """What was said."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def find_sent(self, conversation_id: UUID, sender_id: UUID, client_id: str | None) -> Message | None:
        """The message that the sender has sent here under that name."""
        if client_id is None:
            return None
        return await self.session.scalar(
            select(Message).where(
                Message.conversation_id == conversation_id,
                Message.sender_id == sender_id,
                Message.client_id == client_id,
            )
        )

    async def get(self, conversation_id: UUID, message_id: UUID) -> Message:
        """Raises NotFound for a message of another conversation too."""
        query = select(Message).where(Message.id == message_id, Message.conversation_id == conversation_id)
        found = await self.session.scalar(query)
        if found is None:
            raise NotFound("There is no such message in this conversation.")
        return found

    async def list(
        self, conversation_id: UUID, page: Page, before: UUID | None = None, after: UUID | None = None
    ) -> tuple[Sequence[Message], int]:
        """Newest first, of those that lie between the two messages; raises NotFound where one is not of here."""
        query: Select[Any] = select(Message.id).where(Message.conversation_id == conversation_id)
        if before is not None:
            query = query.where(Message.seq < (await self.get(conversation_id, before)).seq)
        if after is not None:
            query = query.where(Message.seq > (await self.get(conversation_id, after)).seq)
        return await self._page(query, page, SAID)

    async def search(self, who: Who, page: Page) -> tuple[Sequence[Message], int]:
        """In all conversations of the caller, newest first."""
        return await self._page(_within_own(who, select(Message.id)), page, SAID_ANYWHERE, Message.id.desc())

    async def latest(self, conversations: Sequence[Conversation]) -> dict[UUID, Message]:
        """The newest message of each, where there is one."""
        ids = [each.last_message_id for each in conversations if each.last_message_id is not None]
        found = await self.session.scalars(select(Message).where(Message.id.in_(ids)))
        return {message.conversation_id: message for message in found}

    async def _page(
        self, query: Select[Any], page: Page, orderings: dict[str, ColumnElement[Any]], *then: ColumnElement[Any]
    ) -> tuple[Sequence[Message], int]:
        if page.search is not None:
            query = query.where(is_said(page.search))
        query = ordered(query, page.ordering, orderings, "-created_at").order_by(*then)
        return await one_page(self.session, Message, query, page)


def _within_own(who: Who, query: Select[Any]) -> Select[Any]:
    """Of the messages those in the caller's conversations, found through these: not through everybody's words."""
    return query.join(Member, Member.conversation_id == Message.conversation_id).where(Member.user_id == who.user_id)


LAST = text("select last_seq from messaging.conversations where id = :conversation_id")
# One statement: two would see two states, and a number that is given in between would be passed over.
BEHIND = text("""
    (select m.seq, m.id, m.sender_id as user_id, m.body, m.client_id, m.created_at, false as is_receipt
     from messaging.messages m where m.conversation_id = :conversation_id and m.seq > :seq
     order by m.seq limit :number)
    union all
    (select r.receipt_seq, r.read_up_to, r.user_id, null, null, r.read_at, true
     from messaging.members r where r.conversation_id = :conversation_id and r.receipt_seq > :seq
     order by r.receipt_seq limit :number)
    order by seq limit :number
""")


class Frames:
    """A conversation's messages and latest receipts as one numbered sequence."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def last(self, conversation_id: UUID) -> int:
        """The number that was given last."""
        return await self.session.scalar(LAST, {"conversation_id": conversation_id}) or 0

    async def number_of(self, conversation_id: UUID, message_id: UUID) -> int:
        """The message's number; 0, which is before the first, where there is no such message here."""
        query = select(Message.seq).where(Message.id == message_id, Message.conversation_id == conversation_id)
        return await self.session.scalar(query) or 0

    async def after(self, conversation_id: UUID, seq: int, limit: int) -> Sequence[Frame]:
        """The frames behind that number, in their order."""
        given = {"conversation_id": conversation_id, "seq": seq, "number": limit}
        return [_frame(conversation_id, row) for row in await self.session.execute(BEHIND, given)]


def _frame(conversation_id: UUID, row: Any) -> Frame:
    if row.is_receipt:
        read = {"user_id": str(row.user_id), "up_to": str(row.id)}
        return Frame(row.seq, receipt_frame_id(conversation_id, row.seq), "message.read", read, row.created_at)
    return frame_of(
        Message(
            id=row.id,
            conversation_id=conversation_id,
            seq=row.seq,
            sender_id=row.user_id,
            body=row.body,
            client_id=row.client_id,
            created_at=row.created_at,
        )
    )


def frame_of(message: Message) -> Frame:
    """The message as the sockets tell of it: as `MessageView` shows it, without the cost of a view."""
    said = {
        "id": str(message.id),
        "conversation_id": str(message.conversation_id),
        "sender_id": str(message.sender_id),
        "body": message.body,
        "client_id": message.client_id,
        "created_at": render_utc(message.created_at),
    }
    return Frame(message.seq, message.id, "message.created", said, message.created_at)


ADD = CompiledStatement(insert(table_of(Conversation)).on_conflict_do_nothing().returning(table_of(Conversation).c.id))
ADD_MEMBER = CompiledStatement(insert(table_of(Member)))

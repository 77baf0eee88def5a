"""SQL of messages. The two statements of `MessageWrites` are on the way of every message to its readers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    func,
    literal_column,
    select,
    text,
    union_all,
    update,
)

from services.messaging.messages.models import Message
from services.messaging.participants.domain import OtherParticipant
from services.messaging.participants.models import Participant
from shared.auth.verification import Caller
from shared.database import search
from shared.database.listing import Found, ListOf, Page
from shared.database.repository import Repository, found
from shared.database.session import values_of
from shared.database.statements import CompiledStatement
from shared.errors import NotFound

FOLDED_BODY: ColumnElement[str] = Message.folded.expression
_OCTETS, _MOST_OCTETS = func.octet_length(FOLDED_BODY), literal_column("2000", Integer)
LENGTHS: tuple[ColumnElement[bool], ...] = (_OCTETS <= _MOST_OCTETS, _OCTETS > _MOST_OCTETS)
"""Short messages and long ones, each in an index of their own: a search reads the short ones without the table."""
IN_CONVERSATION = ListOf(Message, {"created_at": Message.seq})
IN_ALL_CONVERSATIONS = ListOf(Message, {"created_at": Message.created_at}, last=Message.id.desc())


class Messages(Repository):
    """Messages, as participants read them."""

    async def find_sent(self, conversation_id: UUID, sender_id: UUID, client_id: str | None) -> Message | None:
        """The message that the sender has sent here under that client_id."""
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
        return found(await self.session.scalar(query), "message in this conversation")

    async def list(
        self, conversation_id: UUID, page: Page, before: UUID | None = None, after: UUID | None = None
    ) -> Found[Message]:
        """Newest first, of those between the two messages; raises NotFound where one is of another conversation."""
        query = select(Message).where(Message.conversation_id == conversation_id)
        if before is not None:
            query = query.where(Message.seq < (await self.get(conversation_id, before)).seq)
        if after is not None:
            query = query.where(Message.seq > (await self.get(conversation_id, after)).seq)
        return await self._page(query, page, IN_CONVERSATION)

    async def search(self, caller: Caller, page: Page) -> Found[Message]:
        """In all conversations of the caller, newest first."""
        own = within_own_conversations(select(Message), caller)
        return await self._page(own, page, IN_ALL_CONVERSATIONS)

    async def by_ids(self, message_ids: Iterable[UUID]) -> dict[UUID, Message]:
        """These messages, by their conversation: at most one of each; one query."""
        found = await self.session.scalars(select(Message).where(Message.id.in_(list(message_ids))))
        return {message.conversation_id: message for message in found}

    async def unread_counts(self, user_id: UUID, conversation_ids: Sequence[UUID]) -> dict[UUID, int]:
        """How many messages of others lie behind what the user has read; 0 is left out. One query."""
        query = (
            select(Message.conversation_id, func.count())
            .join(
                Participant,
                and_(Participant.conversation_id == Message.conversation_id, Participant.user_id == user_id),
            )
            .where(
                Message.conversation_id.in_(conversation_ids),
                Message.seq > Participant.read_seq,
                Message.sender_id != user_id,
            )
            .group_by(Message.conversation_id)
        )
        return {row[0]: row[1] for row in await self.session.execute(query)}

    async def erase_content(self, sender_id: UUID) -> None:
        """Empties the sender's messages. The rows stay, so that the others' conversations have no gaps."""
        own = update(Message).where(Message.sender_id == sender_id, Message.body != "")
        await self.session.execute(own.values(body="", client_id=None))

    async def _page(self, query: Select[Any], page: Page, order: ListOf[Message]) -> Found[Message]:
        """What a search finds is kept, to be counted and sorted."""
        if page.search is None:
            return await order.page(self.session, query, page)
        kept = _matching(query, search.SearchTerms.of(page.search))
        total = select(func.count()).select_from(kept).scalar_subquery()
        return await _kept(order, kept).found(self.session, select(kept.c.id), page, total)


@dataclass(frozen=True, slots=True)
class SendContext:
    """A conversation that is locked for a message, with its participants beside the sender."""

    is_closed: bool
    last_seq: int
    booking_id: UUID | None
    subject: str | None
    others: list[OtherParticipant]


class MessageWrites(Repository):
    """Locks a conversation and stores a message in it."""

    async def lock(self, conversation_id: UUID, caller: Caller) -> SendContext:
        """Locks the conversation until the commit; raises NotFound where the caller does not take part."""
        row = found(
            await self.session.first(LOCK, {"sender": caller.user_id, "conversation_id": conversation_id}),
            "conversation",
        )
        deactivated, blocked = set(row.deactivated), set(row.blocked)
        others = [OtherParticipant(user_id, user_id not in deactivated, user_id in blocked) for user_id in row.others]
        return SendContext(row.is_closed, row.last_seq, row.booking_id, row.subject, others)

    async def store(self, message: Message) -> frozenset[UUID] | None:
        """Stores the message as the newest of its locked conversation; None where its client_id is there already.

        Returns the participants of now. Where `lock` had to wait, what it read is older than the lock, and one may
        have left meanwhile. Raises NotFound where that was the sender.
        """
        row = await self.session.first(STORE, values_of(message))
        if row is None:
            return None
        if message.sender_id not in row.participants:
            raise NotFound("There is no such conversation.")
        return frozenset(row.participants)


def fold(text: ColumnElement[Any]) -> ColumnElement[str]:
    """The text in lower case and without accents, as people compare it."""
    return func.messaging.fold(text, type_=Text)


def _matching(query: Select[Any], terms: search.SearchTerms) -> CTE:
    """Of the messages those that contain the terms, looked for once."""
    contains = search.holds(fold, FOLDED_BODY, terms)
    matching = query.with_only_columns(Message.id, Message.created_at, Message.seq).where(contains)
    found = union_all(*(matching.where(length) for length in LENGTHS))
    return found.cte("found").prefix_with("MATERIALIZED")


def _kept(order: ListOf[Message], kept: CTE) -> ListOf[Message]:
    """The same order of what is kept."""
    orderings = {name: kept.c[cast(Any, column).key] for name, column in order.orderings.items()}
    return replace(order, orderings=orderings, last=kept.c.id.desc())


def within_own_conversations(query: Select[Any], caller: Caller) -> Select[Any]:
    """Of the messages those in the caller's conversations, found through these and not through all messages."""
    own = query.join(Participant, Participant.conversation_id == Message.conversation_id)
    return own.where(Participant.user_id == caller.user_id)


LOCK = CompiledStatement(  # benchmarks/fanout.py
    text("""
    select c.status = 'closed' as is_closed, c.last_seq, c.booking_id, c.subject,
        array(select p.user_id from messaging.participants p
              where p.conversation_id = c.id and p.user_id <> :sender order by p.user_id) as others,
        array(select u.user_id from messaging.participants p join messaging.users u on u.user_id = p.user_id
              where p.conversation_id = c.id and u.deactivated_at is not null) as deactivated,
        array(select p.user_id from messaging.participants p join messaging.blocks b
              on b.blocker_id = :sender and b.blocked_id = p.user_id
                  or b.blocked_id = :sender and b.blocker_id = p.user_id
              where p.conversation_id = c.id) as blocked
    from messaging.conversations c
    where c.id = :conversation_id
      and exists (select from messaging.participants p where p.conversation_id = c.id and p.user_id = :sender)
    for update of c
""")
)

STORE = CompiledStatement(  # benchmarks/fanout.py
    text("""
    with stored as (
        insert into messaging.messages (id, conversation_id, seq, sender_id, body, client_id, created_at)
        values (:id, :conversation_id, :seq, :sender_id, :body, :client_id, :created_at)
        on conflict (conversation_id, sender_id, client_id) where client_id is not null do nothing
        returning id
    ), moved as (
        update messaging.conversations set last_seq = :seq, last_message_id = :id, active_at = :created_at
        where id = :conversation_id and exists (select from stored)
    ), noted as (
        update messaging.participants set has_written = true
        where conversation_id = :conversation_id and user_id = :sender_id and not has_written
          and exists (select from stored)
    )
    select array(select p.user_id from messaging.participants p where p.conversation_id = :conversation_id)
        as participants
    from stored
""")
)

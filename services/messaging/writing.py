"""The SQL of one message's way in: two statements, built once, since everybody who reads waits for them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from services.messaging.domain import ConversationStatus, Other
from services.messaging.models import Message
from shared.auth.verification import Who
from shared.database.session import Session, values_of
from shared.database.statements import CompiledStatement
from shared.errors import NotFound

LOCK = CompiledStatement(
    text("""
    select c.status, c.last_seq, c.booking_id, c.subject,
        array(select m.user_id from messaging.members m
              where m.conversation_id = c.id and m.user_id <> :writer order by m.user_id) as others,
        array(select p.user_id from messaging.members m join messaging.people p on p.user_id = m.user_id
              where m.conversation_id = c.id and p.deactivated_at is not null) as gone,
        array(select m.user_id from messaging.members m join messaging.blocks b
              on b.blocker_id = :writer and b.blocked_id = m.user_id
                  or b.blocked_id = :writer and b.blocker_id = m.user_id
              where m.conversation_id = c.id) as blocked
    from messaging.conversations c
    where c.id = :conversation_id
      and exists (select from messaging.members m where m.conversation_id = c.id and m.user_id = :writer)
    for update of c
""")
)

STORE = CompiledStatement(
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
        update messaging.members set has_written = true
        where conversation_id = :conversation_id and user_id = :sender_id and not has_written
          and exists (select from stored)
    )
    select id from stored
""")
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A conversation that is locked for writing, as the writer stands in it."""

    status: ConversationStatus
    last_seq: int
    booking_id: UUID | None
    subject: str | None
    others: list[Other]


async def lock(session: Session, who: Who, conversation_id: UUID) -> Standing:
    """Locks the conversation until the commit; raises NotFound for who is no member too."""
    row = await session.first(LOCK, {"writer": who.user_id, "conversation_id": conversation_id})
    if row is None:
        raise NotFound("There is no such conversation.")
    gone, blocked = set(row.gone), set(row.blocked)
    others = [Other(user_id, user_id not in gone, user_id in blocked) for user_id in row.others]
    return Standing(ConversationStatus(row.status), row.last_seq, row.booking_id, row.subject, others)


async def store(session: Session, message: Message) -> bool:
    """Stores the message as the newest of its locked conversation; False where its client_id is there already."""
    return await session.first(STORE, values_of(message)) is not None

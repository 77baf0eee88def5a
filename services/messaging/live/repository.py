"""SQL of frames: a conversation's messages and latest receipts as one numbered sequence."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from services.messaging.live.domain import receipt_frame_id
from services.messaging.messages.models import Message
from shared.database.repository import Repository
from shared.live.feeds import Frame
from shared.records.times import render_utc


class Frames(Repository):
    """What the sockets of a conversation send."""

    async def last(self, conversation_id: UUID) -> int:
        """The number that was given last; 0 before the first."""
        return await self.session.scalar(LAST, {"conversation_id": conversation_id}) or 0

    async def number_of(self, conversation_id: UUID, message_id: UUID) -> int:
        """The message's number; 0, which is before the first, where there is no such message here."""
        query = select(Message.seq).where(Message.id == message_id, Message.conversation_id == conversation_id)
        return await self.session.scalar(query) or 0

    async def after(self, conversation_id: UUID, seq: int, limit: int) -> Sequence[Frame]:
        """The frames behind that number, in their order."""
        given = {"conversation_id": conversation_id, "seq": seq, "number": limit}
        return [_frame(conversation_id, row) for row in await self.session.execute(AFTER, given)]


def frame_of(message: Message) -> Frame:
    """The message as sockets send it: the fields of `MessageView`, without the cost of a view."""
    data = {
        "id": str(message.id),
        "conversation_id": str(message.conversation_id),
        "sender_id": str(message.sender_id),
        "body": message.body,
        "client_id": message.client_id,
        "created_at": render_utc(message.created_at),
    }
    return Frame(message.seq, message.id, "message.created", data, message.created_at)


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


LAST = text("select last_seq from messaging.conversations where id = :conversation_id")
# One statement: two would see two states, and a number that is given in between would be passed over.
AFTER = text("""
    (select m.seq, m.id, m.sender_id as user_id, m.body, m.client_id, m.created_at, false as is_receipt
     from messaging.messages m where m.conversation_id = :conversation_id and m.seq > :seq
     order by m.seq limit :number)
    union all
    (select p.receipt_seq, p.read_up_to, p.user_id, null, null, p.read_at, true
     from messaging.participants p where p.conversation_id = :conversation_id and p.receipt_seq > :seq
     order by p.receipt_seq limit :number)
    order by seq limit :number
""")

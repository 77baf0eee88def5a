"""The use case of messages: send."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.messaging.messages.errors import ConversationClosed
from services.messaging.messages.live_updates import LiveUpdates
from services.messaging.messages.models import Message
from services.messaging.messages.repository import Messages, MessageWrites, SendContext
from services.messaging.messages.schemas import NewMessage
from services.messaging.metrics import MESSAGES, RESENT
from services.messaging.participants import domain
from services.messaging.participants.domain import OtherParticipant
from services.messaging.participants.errors import Blocked
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.errors import AppError, Conflict
from shared.events.messaging import MessageCreated
from shared.messaging.outbox import emit
from shared.records.ids import new_id


@dataclass(frozen=True, slots=True)
class Sent:
    """A message; not `is_new` where it came before under the same client_id."""

    message: Message
    is_new: bool


async def send(session: Session, conversation_id: UUID, caller: Caller, given: NewMessage, live: LiveUpdates) -> Sent:
    """Stores the message as the next of the conversation, once per client_id.

    Raises NotFound, Blocked, ConversationClosed; a message that was stored before is returned all the same.
    """
    context = await MessageWrites(session).lock(conversation_id, caller)
    refusal = refusal_of(context.others, is_closed=context.is_closed)
    message = _message(session, conversation_id, caller, context.last_seq + 1, given)
    if refusal is None and (participants := await MessageWrites(session).store(message)) is not None:
        _publish(session, context, message, participants, live)
        return Sent(message, is_new=True)
    known = await Messages(session).find_sent(conversation_id, caller.user_id, given.client_id)
    if known is not None:
        RESENT.inc()
        return Sent(known, is_new=False)
    raise refusal or Conflict("The message could not be stored.")


def refusal_of(others: Sequence[OtherParticipant], *, is_closed: bool) -> AppError | None:
    """Why the caller cannot write to these participants; None where it can be written."""
    if domain.is_blocked(others):
        return Blocked()
    if is_closed or domain.is_deserted(others):
        return ConversationClosed()
    return None


def _message(session: Session, conversation_id: UUID, caller: Caller, seq: int, given: NewMessage) -> Message:
    return Message(
        id=new_id(),
        conversation_id=conversation_id,
        seq=seq,
        sender_id=caller.user_id,
        body=given.body,
        client_id=given.client_id,
        created_at=session.now(),
    )


def _publish(
    session: Session, context: SendContext, message: Message, participants: frozenset[UUID], live: LiveUpdates
) -> None:
    notified = [other.user_id for other in context.others if other.is_active and not other.is_blocked]
    recipients = [user_id for user_id in notified if user_id in participants]
    emit(
        session,
        MessageCreated(
            conversation_id=message.conversation_id,
            message_id=message.id,
            sender_id=message.sender_id,
            recipient_ids=recipients,
            away_ids=live.without_open_chat(message.conversation_id, recipients),
            booking_id=context.booking_id,
            subject=context.subject,
            created_at=message.created_at,
        ),
    )
    session.after_commit(MESSAGES.inc)
    live.message_stored(session, message)

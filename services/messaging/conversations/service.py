"""The use cases of an open conversation: read, block, leave."""

from uuid import UUID

from services.messaging.conversations.models import Conversation
from services.messaging.conversations.repository import Conversations
from services.messaging.messages.live_updates import LiveUpdates
from services.messaging.messages.repository import Messages
from services.messaging.participants import domain
from services.messaging.participants.errors import FixedParticipants, UserToBlockMissing
from services.messaging.participants.repository import Blocks, Participants
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.errors import Forbidden, NotFound
from shared.events.messaging import ConversationRead
from shared.messaging.outbox import emit


async def mark_read(session: Session, conversation_id: UUID, caller: Caller, up_to: UUID, live: LiveUpdates) -> None:
    """The caller has read up to that message; one that was read before changes nothing. Raises NotFound."""
    participants = Participants(session)
    await participants.get(conversation_id, caller)
    message = await Messages(session).get(conversation_id, up_to)
    if message.seq <= (await participants.get(conversation_id, caller)).read_seq:
        return
    conversation = await Conversations(session).get(conversation_id, caller, lock=True)
    participant = await participants.get(conversation_id, caller)
    if message.seq <= participant.read_seq:
        return
    conversation.last_seq += 1
    participant.receipt_seq, participant.read_seq = conversation.last_seq, message.seq
    participant.read_up_to, participant.read_at = message.id, session.now()
    await session.flush()
    unread = await Messages(session).unread_counts(caller.user_id, [conversation_id])
    _publish_read(session, conversation_id, caller, message.id, unread.get(conversation_id, 0))
    live.receipt_stored(session, conversation_id)


async def leave(session: Session, conversation_id: UUID, caller: Caller, user_id: UUID, live: LiveUpdates) -> None:
    """The caller, who is `user_id`, leaves a conversation of three or more, and has no access to it any more.

    Raises NotFound where the caller or `user_id` does not take part, Forbidden for another user, FixedParticipants.
    """
    conversation = await Conversations(session).get(conversation_id, caller, lock=True)
    user_ids = await Participants(session).ids(conversation_id)
    if user_id not in user_ids:
        raise NotFound("There is no such participant in this conversation.")
    if user_id != caller.user_id:
        raise Forbidden("You can only leave a conversation yourself.")
    if conversation.booking_id is not None or len(user_ids) < domain.SMALLEST_GROUP:
        raise FixedParticipants
    await Participants(session).remove(conversation_id, caller)
    conversation.participants_key = domain.key_after_departure(conversation_id)
    _publish_departure(session, conversation, caller, live)


async def block(session: Session, conversation_id: UUID, caller: Caller, user_id: UUID | None) -> None:
    """Blocks that participant; in a conversation of two the other one. Raises NotFound, UserToBlockMissing."""
    await Blocks(session).add(await _blocked_user(session, conversation_id, caller, user_id), caller)


async def unblock(session: Session, conversation_id: UUID, caller: Caller, user_id: UUID | None) -> None:
    """Ends the caller's own block; the other's stays. Raises NotFound, UserToBlockMissing."""
    await Blocks(session).remove(await _blocked_user(session, conversation_id, caller, user_id), caller)


def _publish_departure(session: Session, conversation: Conversation, caller: Caller, live: LiveUpdates) -> None:
    """Nothing there is unread for the caller any more, and their sockets end."""
    if conversation.last_message_id is not None:
        _publish_read(session, conversation.id, caller, conversation.last_message_id, 0)
    live.participant_left(session, conversation.id, caller.user_id)


def _publish_read(session: Session, conversation_id: UUID, caller: Caller, up_to: UUID, unread_count: int) -> None:
    emit(
        session,
        ConversationRead(
            conversation_id=conversation_id,
            user_id=caller.user_id,
            up_to=up_to,
            unread_count=unread_count,
            read_at=session.now(),
        ),
    )


async def _blocked_user(session: Session, conversation_id: UUID, caller: Caller, user_id: UUID | None) -> UUID:
    await Participants(session).get(conversation_id, caller)
    others = [other.user_id for other in await Participants(session).others(conversation_id, caller)]
    if user_id is None and len(others) != 1:
        raise UserToBlockMissing(field="user_id")
    if user_id is not None and user_id not in others:
        raise NotFound("There is no such participant in this conversation.")
    return user_id or others[0]

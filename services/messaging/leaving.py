"""Leaving a conversation: for its member alone, and only where two remain who can go on."""

from typing import cast
from uuid import UUID

from services.messaging import domain
from services.messaging.errors import FixedMembers
from services.messaging.models import Conversation
from services.messaging.repository import Conversations, Members
from shared.auth.verification import Who
from shared.database.session import Session
from shared.errors import Forbidden, NotFound
from shared.events.messaging import ConversationRead
from shared.live.sockets import Hints
from shared.messaging.outbox import emit


async def leave(session: Session, who: Who, conversation_id: UUID, user_id: UUID) -> None:
    """Takes the caller out of a conversation of three or more: they see and hear nothing of it any more.

    Raises NotFound for who is no member, Forbidden for another member, FixedMembers.
    """
    conversation = await Conversations(session).get(who, conversation_id, lock=True)
    members = await Members(session).ids(conversation_id)
    if user_id not in members:
        raise NotFound("There is no such person in this conversation.")
    if user_id != who.user_id:
        raise Forbidden("Nobody takes another person out of a conversation.")
    if conversation.booking_id is not None or len(members) < domain.GROUP:
        raise FixedMembers
    await Members(session).depart(who, conversation_id)
    conversation.participants_key = domain.key_of_its_own(conversation_id)
    _tell(session, conversation, user_id)


def _tell(session: Session, conversation: Conversation, user_id: UUID) -> None:
    """Nothing there is unread for them any more, and their sockets end."""
    if conversation.last_message_id is not None:
        emit(
            session,
            ConversationRead(
                conversation_id=conversation.id,
                user_id=user_id,
                up_to=conversation.last_message_id,
                unread_count=0,
                read_at=session.now(),
            ),
        )
    hints = cast(Hints, session.info["hints"])
    hints.after_commit(session, [domain.feed_key(conversation.id)], left=str(user_id))

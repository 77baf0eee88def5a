"""Passes what was stored to the open chats of every process."""

from collections.abc import Iterable
from uuid import UUID

from services.messaging.live.domain import feed_key
from services.messaging.live.live_conversations import LiveConversations
from services.messaging.live.presence import Presence
from services.messaging.messages.models import Message
from shared.database.session import Session
from shared.live.broadcaster import Broadcaster


class ChatUpdates:
    """The process's `LiveUpdates`."""

    def __init__(self, broadcaster: Broadcaster, presence: Presence, conversations: LiveConversations) -> None:
        self._broadcaster, self._presence, self._conversations = broadcaster, presence, conversations

    def without_open_chat(self, conversation_id: UUID, user_ids: Iterable[UUID]) -> list[UUID]:
        """See `LiveUpdates`."""
        return [user_id for user_id in user_ids if not self._presence.is_online((conversation_id, user_id))]

    def message_stored(self, session: Session, message: Message) -> None:
        """See `LiveUpdates`."""
        session.after_commit(lambda: self._conversations.add(message))
        self._broadcaster.after_commit(session, [feed_key(message.conversation_id)], seq=message.seq)

    def receipt_stored(self, session: Session, conversation_id: UUID) -> None:
        """See `LiveUpdates`."""
        self._broadcaster.after_commit(session, [feed_key(conversation_id)])

    def participant_left(self, session: Session, conversation_id: UUID, user_id: UUID) -> None:
        """See `LiveUpdates`."""
        self._broadcaster.after_commit(session, [feed_key(conversation_id)], left=str(user_id))

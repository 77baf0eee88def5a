"""Conversations as their participants see them: a constant number of queries, however many there are."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from services.messaging.conversations.models import Conversation
from services.messaging.conversations.schemas import ConversationView, ParticipantView
from services.messaging.directory.models import User
from services.messaging.messages.models import Message
from services.messaging.messages.repository import Messages
from services.messaging.messages.schemas import MessageView
from services.messaging.participants.models import Participant
from services.messaging.participants.repository import Participants
from shared.auth.verification import Caller
from shared.database.session import Session


async def views_of(session: Session, conversations: Sequence[Conversation], caller: Caller) -> list[ConversationView]:
    """Each with its participants, newest message and the caller's unread count: three queries."""
    ids = [conversation.id for conversation in conversations]
    if not ids:
        return []
    participants: dict[UUID, list[ParticipantView]] = defaultdict(list)
    for participant, user in await Participants(session).with_users(ids):
        participants[participant.conversation_id].append(_participant(participant, user))
    latest = await Messages(session).by_ids(each.last_message_id for each in conversations if each.last_message_id)
    unread = await Messages(session).unread_counts(caller.user_id, ids)
    return [_view(each, participants[each.id], latest.get(each.id), unread.get(each.id, 0)) for each in conversations]


async def view_of(session: Session, conversation: Conversation, caller: Caller) -> ConversationView:
    """One of them."""
    return (await views_of(session, [conversation], caller))[0]


def _participant(participant: Participant, user: User | None) -> ParticipantView:
    return ParticipantView(
        user_id=participant.user_id,
        name=None if user is None else _name(user),
        is_active=user is None or user.deactivated_at is None,
        read_up_to=participant.read_up_to,
    )


def _name(user: User) -> str | None:
    names = [user.display_name] if user.display_name else [user.first_name, user.last_name]
    return " ".join(name for name in names if name) or None


def _view(
    conversation: Conversation, participants: list[ParticipantView], latest: Message | None, unread: int
) -> ConversationView:
    return ConversationView(
        id=conversation.id,
        participants=participants,
        booking_id=conversation.booking_id,
        subject=conversation.subject,
        status=conversation.status.value,
        last_message=None if latest is None else MessageView.model_validate(latest),
        unread_count=unread,
        created_at=conversation.created_at,
    )

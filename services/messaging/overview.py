"""Conversations as their members see them: a constant number of queries, however many there are."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from services.messaging.models import Conversation, Member, Message, Person
from services.messaging.repository import Members, Messages
from services.messaging.schemas import ConversationView, MessageView, ParticipantView
from shared.auth.verification import Who
from shared.database.session import Session


async def shown(session: Session, who: Who, conversations: Sequence[Conversation]) -> list[ConversationView]:
    """Each with its participants, newest message and the caller's unread count: three queries."""
    ids = [conversation.id for conversation in conversations]
    if not ids:
        return []
    people: dict[UUID, list[ParticipantView]] = defaultdict(list)
    for member, person in await Members(session).with_people(ids):
        people[member.conversation_id].append(_participant(member, person))
    latest = await Messages(session).latest(conversations)
    unread = await Members(session).unread(who.user_id, ids)
    return [_view(each, people[each.id], latest.get(each.id), unread.get(each.id, 0)) for each in conversations]


async def show(session: Session, who: Who, conversation: Conversation) -> ConversationView:
    """One of them."""
    return (await shown(session, who, [conversation]))[0]


def _participant(member: Member, person: Person | None) -> ParticipantView:
    return ParticipantView(
        user_id=member.user_id,
        name=None if person is None else _name(person),
        is_active=person is None or person.deactivated_at is None,
        read_up_to=member.read_up_to,
    )


def _name(person: Person) -> str | None:
    names = [person.display_name] if person.display_name else [person.first_name, person.last_name]
    return " ".join(name for name in names if name) or None


def _view(
    conversation: Conversation, people: list[ParticipantView], latest: Message | None, unread: int
) -> ConversationView:
    return ConversationView(
        id=conversation.id,
        participants=people,
        booking_id=conversation.booking_id,
        subject=conversation.subject,
        status=conversation.status.value,
        last_message=None if latest is None else MessageView.model_validate(latest),
        unread_count=unread,
        created_at=conversation.created_at,
    )

"""What becomes of a closed account: its names go; on erasure everything that the user wrote too."""

from collections.abc import Collection
from uuid import UUID

from services.messaging.conversations.repository import Conversations
from services.messaging.directory.repository import Users
from services.messaging.messages.repository import Messages
from services.messaging.moderation.repository import Reports
from services.messaging.participants.repository import Participants
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.identity import ErasureRequested, UserDeactivated
from shared.events.messaging import SubjectForgotten
from shared.messaging.outbox import emit


async def user_deactivated(session: Session, event: UserDeactivated) -> None:
    """That they wrote stays visible to the others, and what they wrote stays too."""
    await Users(session).deactivate(event.user_id, session.now())


async def erase(session: Session, event: ErasureRequested) -> Collection[UUID]:
    """What they wrote goes; the conversations are given whose subjects went too."""
    await Users(session).deactivate(event.user_id, session.now())
    await Messages(session).erase_content(event.user_id)
    await Reports(session).erase_reasons(event.user_id)
    erased = await Conversations(session).erase_subjects(event.user_id)
    for conversation_id in erased:
        user_ids = await Participants(session).present_and_former(conversation_id)
        emit(session, SubjectForgotten(conversation_id=conversation_id, member_ids=user_ids))
    return erased


CONSUMERS: Consumers = {UserDeactivated: user_deactivated}

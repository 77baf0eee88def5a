"""What becomes of a closed account: its names go; on erasure everything that the user wrote too."""

from services.messaging.conversations.repository import Conversations
from services.messaging.directory.repository import Users
from services.messaging.messages.repository import Messages
from services.messaging.moderation.repository import Reports
from services.messaging.participants.repository import Participants
from shared.database import idempotency
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.identity import UserDeactivated
from shared.events.messaging import SubjectForgotten
from shared.messaging.outbox import emit


async def user_deactivated(session: Session, event: UserDeactivated) -> None:
    """That they wrote stays visible to the others; what they wrote stays too, unless they asked for erasure."""
    await Users(session).deactivate(event.user_id, session.now())
    if not event.erased:
        return
    await Messages(session).erase_content(event.user_id)
    await Reports(session).erase_reasons(event.user_id)
    for conversation_id in await Conversations(session).erase_subjects(event.user_id):
        user_ids = await Participants(session).present_and_former(conversation_id)
        emit(session, SubjectForgotten(conversation_id=conversation_id, member_ids=user_ids))
    await idempotency.forget(session, event.user_id, mentions=True)


CONSUMERS: Consumers = {UserDeactivated: user_deactivated}

"""What must always hold in schema `messaging`: each statement returns no rows."""

from services.messaging.conversations import invariants as conversations
from services.messaging.directory import invariants as directory
from services.messaging.messages import invariants as messages
from services.messaging.moderation import invariants as moderation
from services.messaging.participants import invariants as participants

INVARIANTS: dict[str, str] = {
    **directory.INVARIANTS,
    **participants.INVARIANTS,
    **messages.INVARIANTS,
    **conversations.INVARIANTS,
    **moderation.INVARIANTS,
}

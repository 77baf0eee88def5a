"""The states of a conversation."""

from enum import StrEnum


class ConversationStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


TRANSITIONS: dict[ConversationStatus, frozenset[ConversationStatus]] = {
    ConversationStatus.OPEN: frozenset({ConversationStatus.CLOSED}),
    ConversationStatus.CLOSED: frozenset(),
}

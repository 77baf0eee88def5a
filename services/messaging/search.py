"""Search in what somebody may read: the wanted words as they stand, without regard to case and accents."""

from typing import Any

from sqlalchemy import ColumnElement, Text, func, literal_column

from services.messaging.models import Conversation
from shared.database import search

SAID: ColumnElement[str] = literal_column("messaging.messages.folded", Text)


def fold(text: ColumnElement[Any]) -> ColumnElement[str]:
    """The text in lower case and without accents, as people compare it."""
    return func.messaging.fold(text, type_=Text)


def is_said(query: str) -> ColumnElement[bool]:
    """Whether a message contains the query, and none of the words behind a hyphen (`-word`)."""
    return search.holds(fold, SAID, search.SearchTerms.of(query))


def is_about(query: str) -> ColumnElement[bool]:
    """The same of a conversation's subject."""
    return search.holds(fold, fold(Conversation.subject.expression), search.SearchTerms.of(query))

"""Search in folded columns: words in any order, or the query as it stands, without regard to case and accents."""

from typing import Any

from sqlalchemy import ColumnElement, Text, func, true

from shared import search


def fold(text: ColumnElement[Any]) -> ColumnElement[str]:
    """The text in lower case and without accents, as people compare and sort it."""
    return func.streams.fold(text, type_=Text)


def matches(folded: ColumnElement[str], query: str) -> ColumnElement[bool]:
    """Whether the text has the wanted words, or contains them as they stand, and none of the excluded (`-word`).

    `folded` went through `streams.fold`.
    """
    words = search.Words.of(query)
    document: ColumnElement[Any] = func.to_tsvector(search.ENGLISH, folded)
    none_excluded = search.excludes(fold, folded, document, words)
    if not words.wanted:
        return true() & none_excluded
    has_words = document.bool_op("@@")(search.query_of(fold, words.wanted))
    return (folded.like(search.pattern(fold, words.wanted)) | has_words) & none_excluded

"""Conditions in SQL for folded columns: words in any order or as they stand, without regard to case and accents."""

from typing import Any

from sqlalchemy import ColumnElement, Text, func, true

from shared.database import search


def fold(text: ColumnElement[Any]) -> ColumnElement[str]:
    """The text in lower case and without accents, as people compare and sort it."""
    return func.streams.fold(text, type_=Text)


def matches(folded: ColumnElement[str], words_of: ColumnElement[Any], query: str) -> ColumnElement[bool]:
    """Whether the text has the wanted words, or contains them as they stand, and none of the excluded (`-word`).

    `folded` is a column that went through `streams.fold`, `words_of` one with its words.
    """
    words, kept = search.SearchTerms.of(query), has_none_excluded(folded, words_of, query)
    if not words.wanted:
        return true() & kept
    has_words = words_of.bool_op("@@")(search.query_of(fold, words.wanted))
    return (search.has(fold, folded, words.wanted, indexed=True) | has_words) & kept


def has_none_excluded(folded: ColumnElement[str], words_of: ColumnElement[Any], query: str) -> ColumnElement[bool]:
    """Whether the text has none of the excluded words."""
    return search.excludes(fold, folded, words_of, search.SearchTerms.of(query))

"""Search in catalog's tables: stemmed words, parts of names, and names with a typo, without regard to accents."""

from typing import Any

from sqlalchemy import ColumnElement, Float, Text, func, literal, literal_column, true
from sqlalchemy.dialects.postgresql import TSVECTOR

from shared import search


def fold(text: ColumnElement[Any]) -> ColumnElement[str]:
    """The text in lower case and without accents, as people compare and sort it."""
    return func.catalog.fold(text, type_=Text)


class Search:
    """A search for `query` in a table that has the generated columns `folded` (names) and `document` (all words)."""

    def __init__(self, table: str, query: str) -> None:
        """`table` is a name of ours, with its schema; `query` is the client's."""
        self._words = search.Words.of(query)
        self._wanted = fold(literal(self._words.wanted, Text))
        self._query = search.query_of(fold, self._words.wanted)
        self._folded: ColumnElement[str] = literal_column(f"{table}.folded", Text)
        self._document = literal_column(f"{table}.document", TSVECTOR)

    def matches(self) -> ColumnElement[bool]:
        """All wanted words anywhere and no excluded one; or the query within a name, or close to a name.

        Numbers forgive no typo.
        """
        return self._has_wanted() & search.excludes(fold, self._folded, self._document, self._words)

    def _has_wanted(self) -> ColumnElement[bool]:
        if not self._words.wanted:
            return true()
        pattern = search.pattern(fold, self._words.wanted)
        found = self._document.bool_op("@@")(self._query) | self._folded.like(pattern)
        if any(character.isdigit() for character in self._words.wanted):
            return found
        return found | self._wanted.bool_op("<%")(self._folded)

    def relevance(self) -> ColumnElement[float]:
        """Higher is better: how well the name fits, then how often the words occur."""
        rank = func.ts_rank(self._document, self._query, type_=Float)
        return func.word_similarity(self._wanted, self._folded, type_=Float) + rank

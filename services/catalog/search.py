"""Search in catalog's tables: stemmed words, parts of names, and names with a typo, without regard to accents."""

from sqlalchemy import ColumnElement, Float, Text, func, literal, literal_column
from sqlalchemy.dialects.postgresql import TSVECTOR


class Search:
    """A search for `query` in a table that has the generated columns `folded` (names) and `document` (all words)."""

    def __init__(self, table: str, query: str) -> None:
        """`table` is a name of ours, with its schema; `query` is the client's."""
        self._query = query
        self._wanted = func.catalog.fold(literal(query, Text))
        self._words = func.websearch_to_tsquery(literal_column("'english'::regconfig"), self._wanted)
        self._folded: ColumnElement[str] = literal_column(f"{table}.folded", Text)
        self._document = literal_column(f"{table}.document", TSVECTOR)

    def matches(self) -> ColumnElement[bool]:
        """All words anywhere, or the query within a name, or close to a name; numbers forgive no typo."""
        pattern = func.catalog.fold(literal(f"%{_escaped(self._query)}%", Text))
        found = self._document.bool_op("@@")(self._words) | self._folded.like(pattern)
        if any(character.isdigit() for character in self._query):
            return found
        return found | self._wanted.bool_op("<%")(self._folded)

    def relevance(self) -> ColumnElement[float]:
        """Higher is better: how well the name fits, then how often the words occur."""
        rank = func.ts_rank(self._document, self._words, type_=Float)
        return func.word_similarity(self._wanted, self._folded, type_=Float) + rank


def _escaped(query: str) -> str:
    return query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

"""Search in folded columns: words in any order, or the query as it stands, without regard to case and accents."""

from typing import Any

from sqlalchemy import ColumnElement, Text, func, literal, literal_column


def matches(folded: ColumnElement[str], query: str) -> ColumnElement[bool]:
    """Whether the text contains the query, or all its words; `folded` went through `streams.fold`."""
    english: ColumnElement[Any] = literal_column("'english'::regconfig")
    wanted = func.streams.fold(literal(query, Text))
    words = func.websearch_to_tsquery(english, wanted)
    pattern = func.streams.fold(literal(f"%{_escaped(query)}%", Text))
    return folded.like(pattern) | func.to_tsvector(english, folded).bool_op("@@")(words)


def _escaped(query: str) -> str:
    return query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

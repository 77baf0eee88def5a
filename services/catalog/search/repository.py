"""Search in catalog's tables: stemmed words, parts of names, and names with a typo, without regard to accents."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, Text, false, func, literal, literal_column, true
from sqlalchemy.dialects.postgresql import TSVECTOR

from shared.database import search
from shared.database.listing import ListOf, Page
from shared.database.session import Session

RANKED = 500
"""Up to that many matches are ranked one by one; of more, the newest come first."""
TYPO_TOLERANT_FROM = 4
"""Characters: in shorter words a typo makes another word."""


def fold(text: ColumnElement[Any]) -> ColumnElement[str]:
    """The text in lower case and without accents, as people compare and sort it."""
    return func.catalog.fold(text, type_=Text)


class Search:
    """A search for `query` in a table that has the generated columns `folded` (names) and `document` (all words)."""

    def __init__(self, table: str, query: str) -> None:
        """`table` is a name of ours, with its schema; `query` is the client's."""
        self._terms = search.SearchTerms.of(query)
        self._wanted = search.once(fold(literal(self._terms.wanted, Text)))
        self._query = search.query_of(fold, self._terms.wanted)
        self._folded: ColumnElement[str] = literal_column(f"{table}.folded", Text)
        self._document = literal_column(f"{table}.document", TSVECTOR)

    def matches(self, *, indexed: bool = True) -> ColumnElement[bool]:
        """All wanted words anywhere, or the query within a name; and no excluded word.

        Not `indexed` where so many match that a list finds its page sooner by walking along its order.
        """
        wanted = self._terms.wanted
        found = search.has(fold, self._folded, wanted, indexed=indexed)
        if any(map(str.isalnum, wanted)):
            has_words = self._document.bool_op("@@")(self._query)
            found = found | (has_words if indexed else func.coalesce(has_words, false()))
        return (found if wanted else true()) & self._none_excluded()

    @property
    def tolerates_typos(self) -> bool:
        """Whether it is worth looking for a name that is spelt differently: a number with a typo is another number."""
        wanted = self._terms.wanted
        return sum(map(str.isalpha, wanted)) >= TYPO_TOLERANT_FROM and not any(map(str.isdigit, wanted))

    def resembles(self) -> ColumnElement[bool]:
        """A name that is close to the query, for a query without any match."""
        return self._wanted.bool_op("<%")(self._folded) & self._none_excluded()

    def relevance(self) -> ColumnElement[float]:
        """Higher is better: how well the name fits, then how often the words occur."""
        rank = func.ts_rank(self._document, self._query, type_=Float)
        return func.word_similarity(self._wanted, self._folded, type_=Float) + rank

    def _none_excluded(self) -> ColumnElement[bool]:
        return search.excludes(fold, self._folded, self._document, self._terms)


@dataclass(frozen=True)
class Listed:
    """What a list is taken from: its rows, and how many they are."""

    order: ListOf[Any]
    rows: Select[Any]
    count: Select[Any]

    def where(self, condition: ColumnElement[bool]) -> "Listed":
        """Those of them."""
        return replace(self, rows=self.rows.where(condition), count=self.count.where(condition))

    async def page(self, session: Session, page: Page, search: Search | None) -> tuple[Sequence[Any], int]:
        """One page and the total: two queries, or three where a search finds nothing but what is spelt differently."""
        if search is None:
            return await self._rows(session, page, self.rows), await self._total(session)
        listed, walked = self.where(search.matches()), search.matches(indexed=False)
        total = await listed._total(session)
        if not total and search.tolerates_typos:
            walked = search.resembles()
            listed = self.where(walked)
            total = await listed._total(session)
        if total > RANKED:
            return await self._rows(session, page, self.rows.where(walked)), total
        best_first = [search.relevance().desc()] if page.ordering is None else []
        return await self._rows(session, page, listed.rows.order_by(*best_first)), total

    async def _total(self, session: Session) -> int:
        return await session.scalar(self.count) or 0

    async def _rows(self, session: Session, page: Page, rows: Select[Any]) -> Sequence[Any]:
        return (await session.scalars(self.order.limited(rows, page))).all()

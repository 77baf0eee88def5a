"""Search in catalog's tables: stemmed words, parts of names, and names with a typo, without regard to accents."""

import string
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Float,
    Integer,
    Select,
    Text,
    any_,
    case,
    cast,
    column,
    false,
    func,
    literal,
    literal_column,
    not_,
    select,
    true,
)
from sqlalchemy import table as table_of_columns
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from shared.database import search
from shared.database.listing import ListOf, Page
from shared.database.session import Session

RANKED = 500
"""Up to that many matches are ranked one by one; of more, the newest come first."""
TYPO_TOLERANT_FROM = 4
"""Characters: in shorter words a typo makes another word."""
LONGEST_ENDING = 40
"""Characters of the endings in the index."""
LONGEST_FOLDED = LONGEST_ENDING // 2
"""Characters of a word that begins an ending, whatever it is folded to: some characters become two."""
AROUND = frozenset(string.punctuation) - set("+-./@_~")
"""Signs that leave a word by itself: Postgres makes two of `+95k` and `sun..`, for which it would read services."""


def fold(text: ColumnElement[Any]) -> ColumnElement[str]:
    """The text in lower case and without accents, as people compare and sort it."""
    return func.catalog.fold(text, type_=Text)


class NamesAndWords:
    """The index of services on sale that has the words of a service and the endings of its title's words in one.

    It finds single words, each by itself, without a look at the services: what begins an ending is part of a title.
    """

    SEARCHED = literal_column("catalog.searched(catalog.services.document, catalog.services.folded)", TSVECTOR)

    @staticmethod
    def finds(words: Sequence[str]) -> bool:
        """Whether the index can tell: of several words side by side it cannot."""
        return all(map(_is_single, words))

    @classmethod
    def has(cls, wanted: str, excluded: Sequence[str]) -> ColumnElement[bool]:
        """That the wanted word occurs, and none of the excluded ones does."""
        query = cls._occurrence(wanted)
        for word in excluded:
            query = query.bool_op("&&")(func.tsquery_not(cls._occurrence(word)))
        return cls.SEARCHED.bool_op("@@")(search.once(query))

    @classmethod
    def has_words(cls, words: str) -> ColumnElement[bool]:
        """That all of them occur as words."""
        return cls.SEARCHED.bool_op("@@")(search.query_of(fold, words))

    @classmethod
    def may_be_unseen(cls, words: str) -> ColumnElement[bool]:
        """That a document may lack the words though they stand in the title: in a tag, or each of them a stop word."""
        nodes = func.numnode(search.unmade_query_of(fold, words), type_=Integer)
        begins = case((nodes == 0, cls._ending(words.split()[0])), else_=cls._ending("<"))
        return cls.SEARCHED.bool_op("@@")(search.once(begins))

    @classmethod
    def has_any(cls, words: Sequence[str]) -> ColumnElement[bool]:
        """That one of the words occurs."""
        queries = [cls._occurrence(word) for word in words]
        return cls.SEARCHED.bool_op("@@")(search.once(reduce(_or_else, queries)))

    @classmethod
    def _occurrence(cls, word: str) -> ColumnElement[Any]:
        """As a word, whatever its grammatical form, or within one of the title's words."""
        ending = cls._ending(word)
        return _or_else(search.unmade_query_of(fold, word), ending) if _has_alphanumeric(word) else ending

    @staticmethod
    def _ending(word: str) -> ColumnElement[Any]:
        escaped: ColumnElement[str] = fold(literal(word, Text))
        for special, twice in (("\\", "\\\\"), ("'", "''")):  # a character may be folded to one and an apostrophe
            escaped = func.replace(escaped, special, twice, type_=Text)
        return cast(literal("'<", Text).concat(escaped).concat(literal("':*", Text)), TSQUERY)


def _is_single(word: str) -> bool:
    """One run of alphanumeric characters, signs around them or not; or signs alone."""
    run = word.strip(string.punctuation)
    longest = LONGEST_ENDING if word.isascii() else LONGEST_FOLDED
    alone = not run or AROUND.issuperset(word.replace(run, "", 1))
    return len(word) <= longest and all(map(_is_plain, run)) and alone


def _has_alphanumeric(words: str) -> bool:
    return any(map(str.isalnum, words))


def _is_plain(character: str) -> bool:
    return character.isalpha() or character.isdecimal()


def _or_else(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.tsquery_or(one, other, type_=TSQUERY)


class Search:
    """A search for `query` in a table that has the generated columns `folded` (names) and `document` (all words)."""

    def __init__(self, table: str, query: str, *, on_sale: bool = False) -> None:
        """`table` is a name of ours in this schema; `query` is the client's.

        `on_sale`: among the services that are active, and only those, so that `NamesAndWords` can be asked.
        """
        self._terms = search.SearchTerms.of(query)
        self._wanted = search.once(fold(literal(self._terms.wanted, Text)))
        self._query = search.query_of(fold, self._terms.wanted)
        self._table, self._on_sale = table, on_sale
        self._folded: ColumnElement[str] = literal_column(f"catalog.{table}.folded", Text)
        self._document = literal_column(f"catalog.{table}.document", TSVECTOR)

    def matches(self) -> ColumnElement[bool]:
        """All wanted words anywhere, or the query within a name; and no excluded word."""
        if self._is_plain:
            return NamesAndWords.has(self._terms.wanted, self._terms.excluded)
        return self._is_wanted() & self._none_excluded()

    def matches_read(self) -> ColumnElement[bool]:
        """The same of services that are read anyway, one by one."""
        found = search.has(fold, self._folded, self._terms.wanted) if self._terms.wanted else true()
        if self._has_words:
            found = found | func.coalesce(self._document.bool_op("@@")(self._query), false())
        return found & self._none_excluded()

    def counting(self, count: Select[Any]) -> Select[Any]:
        """How many of those that `count` counts match: of the wanted ones, all but those with an excluded word."""
        if self._is_plain:
            return count.where(self.matches())
        if self._words_are_whole:
            return self._counting_words(count)
        excluded, wanted = self._terms.excluded, count.where(self._is_wanted(counted=True))
        if not (excluded and self._on_sale and NamesAndWords.finds(excluded)):
            return wanted.where(self._none_excluded())
        others = wanted.where(NamesAndWords.has_any(excluded))
        return select(wanted.scalar_subquery() - others.scalar_subquery())

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

    @property
    def _is_plain(self) -> bool:
        wanted, excluded = self._terms.wanted, self._terms.excluded
        return self._on_sale and bool(wanted) and NamesAndWords.finds([wanted, *excluded])

    @property
    def _has_words(self) -> bool:
        return _has_alphanumeric(self._terms.wanted)

    @property
    def _words_are_whole(self) -> bool:
        """Whether all is wanted whose name has each of several words whole, not only as a part of a longer one.

        That is sure of those between two others; it is so of all where the first and the last stand there too.
        """
        words = self._terms.wanted.lower().split()
        plain = all(word.isascii() and word.isalnum() and word != "or" for word in words)
        several = len(words) > 1 and set(words) == set(words[1:-1])
        return self._on_sale and not self._terms.excluded and plain and several

    def _counting_words(self, count: Select[Any]) -> Select[Any]:
        """By the words; and by names that have none for a document: in `<` and `>`, or where all are too common."""
        by_words = count.where(NamesAndWords.has_words(self._terms.wanted))
        unseen = NamesAndWords.may_be_unseen(self._terms.wanted), not_(self._document.bool_op("@@")(self._query))
        by_name = count.where(*unseen, self.matches_read())
        return select(by_words.scalar_subquery() + by_name.scalar_subquery())

    def _is_wanted(self, *, counted: bool = False) -> ColumnElement[bool]:
        """Signs are counted in the index of names itself; elsewhere this only tells which services to read."""
        if not self._terms.wanted:
            return true()
        if self._on_sale and (self._has_words or not counted):
            in_name = self._is_named()
        else:
            in_name = search.has(fold, self._folded, self._terms.wanted, indexed=True)
        return in_name | self._document.bool_op("@@")(self._query) if self._has_words else in_name

    def _is_named(self) -> ColumnElement[bool]:
        """By an index that has all names: what is found by trigrams must be read, to be sure that it is right."""
        columns: list[Any] = [column("id"), column("folded", Text), column("is_active", Boolean)]
        names = table_of_columns("services", *columns, schema="catalog").alias("names")
        named = select(names.c.id).where(names.c.is_active, search.has(fold, names.c.folded, self._terms.wanted))
        return literal_column("catalog.services.id").bool_op("=")(any_(func.array(named.scalar_subquery())))

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
            total = await self._total(session)
            return await self._rows(session, page, self.rows, total), total
        listed, walked = self.where(search.matches()), search.matches_read()
        total = await session.scalar(search.counting(self.count)) or 0
        if not total and search.tolerates_typos:
            walked = search.resembles()
            listed = self.where(walked)
            total = await listed._total(session)
        if total > RANKED:
            return await self._rows(session, page, self.rows.where(walked), total), total
        best_first = [search.relevance().desc()] if page.ordering is None else []
        return await self._rows(session, page, listed.rows.order_by(*best_first), total), total

    async def _total(self, session: Session) -> int:
        return await session.scalar(self.count) or 0

    async def _rows(self, session: Session, page: Page, rows: Select[Any], total: int) -> Sequence[Any]:
        query = self.order.limited(rows, page)
        return (await session.scalars(query)).all() if total > page.offset else []

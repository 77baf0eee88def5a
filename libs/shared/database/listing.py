"""Lists: which rows, in which order, how many in all, and one page of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, select

from shared.database.session import Session
from shared.errors import Invalid

Row = TypeVar("Row", bound=Any)
Query = Select[*tuple[Any, ...]]
Statement = TypeVar("Statement", bound=Query)
Found = tuple[Sequence[Row], int]
"""One page of rows, and how many there are in all."""
Columns = SQLColumnExpression[Any] | tuple[SQLColumnExpression[Any], ...]
Search = Callable[[str], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Page:
    """What the client asked of a list. `ordering` names columns, `-` before one reverses it."""

    limit: int = 20
    offset: int = 0
    ordering: str | None = None
    search: str | None = None


def given(filters: Mapping[Any, Any]) -> list[ColumnElement[bool]]:
    """A condition for each column with a value; None filters nothing."""
    return [column == value for column, value in filters.items() if value is not None]


@dataclass(frozen=True)
class ListOf(Generic[Row]):
    """How a list of `entity` is ordered and searched.

    A name in `orderings` may stand for several columns: a title is ordered by its folded text, then as it is written.
    `default` is the ordering where none is asked for; `last` decides between rows that are equal in it. A list without
    `search` disregards what is searched for.
    """

    entity: type[Row]
    orderings: Mapping[str, Columns]
    default: str = "-created_at"
    last: Columns = ()
    search: Search | None = None

    async def page(self, session: Session, query: Query, page: Page, search: Search | None = None) -> Found[Row]:
        """The page's rows and the total, in two statements. `query` selects the entity; `search` replaces the list's.

        A search looks at all that it may find once, and counts it meanwhile: a second look would cost as much again.
        """
        condition = search or self.search
        if page.search is not None and condition is not None:
            ids = query.where(condition(page.search)).with_only_columns(self.entity.id)
            return await self.found(session, ids, page, func.count().over())
        return (await session.scalars(self.limited(query, page))).all(), await self.total(session, query)

    async def rows(self, session: Session, query: Query, page: Page) -> Found[Any]:
        """The same for a query that selects more than the entity."""
        if page.search is not None and self.search is not None:
            query = query.where(self.search(page.search))
        return (await session.execute(self.limited(query, page))).all(), await self.total(session, query)

    def limited(self, query: Statement, page: Page) -> Statement:
        """The page of the query, in its order."""
        return self.ordered(query, page).limit(page.limit).offset(page.offset)

    def ordered(self, query: Statement, page: Page) -> Statement:
        """The query in the order that is asked for; Invalid `unknown_ordering` for a name that the list has not."""
        for name in (page.ordering or self.default).split(","):
            found = self.orderings.get(name.strip().removeprefix("-"))
            if found is None:
                allowed = ", ".join(self.orderings)
                raise Invalid(f"Order by one of: {allowed}.", code="unknown_ordering", field="ordering")
            for column in _each(found):
                query = query.order_by(column.desc() if name.strip().startswith("-") else column.asc())
        return query.order_by(*_each(self.last))

    async def total(self, session: Session, query: Query) -> int:
        """How many rows the query finds; what it selects, and its order, play no part."""
        counted = query.with_only_columns(func.count()).select_from(self.entity).order_by(None)
        return await session.scalar(counted) or 0

    async def found(self, session: Session, ids: Query, page: Page, total: ColumnElement[int]) -> Found[Row]:
        """The page of what a search found: `ids` selects the ids of all of it, and `total` is how it is counted."""
        found = (await session.execute(self.limited(ids.add_columns(total), page))).all()
        if not found:
            everything = select(func.count()).select_from(ids.subquery())
            return [], (await session.scalar(everything) or 0) if page.offset else 0
        key = self.entity.id
        wanted = [row[0] for row in found]
        rows = {row.id: row for row in await session.scalars(select(self.entity).where(key.in_(wanted)))}
        return [rows[id_] for id_ in wanted if id_ in rows], found[0][1]


def _each(columns: Columns) -> tuple[SQLColumnExpression[Any], ...]:
    return columns if isinstance(columns, tuple) else (columns,)

"""Lists: one envelope, `limit` 20 and at most 100, ordering by named columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import AfterValidator, BaseModel
from sqlalchemy import ColumnElement, Select, func, select

from shared.database.session import Session
from shared.errors import Invalid
from shared.records.times import whole_text

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Any)
Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True, slots=True)
class Page:
    """What the client asked of a list."""

    limit: int = 20
    offset: int = 0
    ordering: str | None = None
    search: str | None = None


async def page_of(
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
    ordering: Annotated[str | None, Query(max_length=100, description="Columns, `-` before one to reverse")] = None,
    search: Annotated[str | None, Query(max_length=200), AfterValidator(whole_text)] = None,
) -> Page:
    """The paging part of the query string."""
    return Page(limit, offset, ordering or None, (search or "").strip() or None)


Paging = Annotated[Page, Depends(page_of)]


class Listing(BaseModel, Generic[Item]):
    """The envelope of every list."""

    results: list[Item]
    total: int
    limit: int
    offset: int
    has_more: bool

    @classmethod
    def of(cls, results: Sequence[Any], total: int, page: Page) -> "Listing[Item]":
        """One page of `total` in all."""
        more = page.offset + len(results) < total
        return cls(results=list(results), total=total, limit=page.limit, offset=page.offset, has_more=more)


async def one_page(session: Session, entity: type[Row], query: Select[Any], page: Page) -> tuple[Sequence[Row], int]:
    """The page's rows and the total, in two queries. `query` selects ids, in their order.

    A search looks at all that it may find once, and counts it meanwhile: a second look would cost as much again.
    """
    if page.search is not None:
        return await _searched(session, entity, query, page)
    rows = await session.scalars(query.with_only_columns(entity).limit(page.limit).offset(page.offset))
    return rows.all(), await _count(session, query)


async def _searched(session: Session, entity: type[Row], query: Select[Any], page: Page) -> tuple[Sequence[Row], int]:
    counted = query.add_columns(func.count().over()).limit(page.limit).offset(page.offset)
    found = (await session.execute(counted)).all()
    if not found:
        return [], await _count(session, query) if page.offset else 0
    id_column = query.selected_columns[0]
    ids = [row[0] for row in found]
    rows = {row.id: row for row in await session.scalars(select(entity).where(id_column.in_(ids)))}
    return [rows[id_] for id_ in ids if id_ in rows], found[0][1]


async def _count(session: Session, query: Select[Any]) -> int:
    return await session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def ordered(
    statement: Statement,
    ordering: str | None,
    columns: Mapping[str, ColumnElement[Any] | tuple[ColumnElement[Any], ...]],
    default: str,
) -> Statement:
    """Orders by the named columns (`-created_at,price`); Invalid `unknown_ordering` for any other name.

    A name may stand for several columns: a title is ordered by its folded text, then as it is written.
    """
    for name in (ordering or default).split(","):
        found = columns.get(name.strip().removeprefix("-"))
        if found is None:
            allowed = ", ".join(columns)
            raise Invalid(f"Order by one of: {allowed}.", code="unknown_ordering", field="ordering")
        for column in found if isinstance(found, tuple) else (found,):
            statement = statement.order_by(column.desc() if name.strip().startswith("-") else column.asc())
    return statement

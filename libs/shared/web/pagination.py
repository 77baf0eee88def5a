"""Lists over HTTP: one envelope, `limit` 20 and at most 100, ordering by named columns."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Generic, TypeVar, get_args

from fastapi import Depends, Query
from pydantic import AfterValidator, BaseModel

from shared.database.listing import Page
from shared.records.times import whole_text

Item = TypeVar("Item")


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
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """`ListingOfOrderView`, of a union `ListingOfPostViewOrLockedPostView`."""
        return f"{cls.__name__}Of{'Or'.join(_names_in(params[0]))}"

    @classmethod
    def of(cls, results: Sequence[Any], total: int, page: Page) -> "Listing[Item]":
        """One page of `total` in all."""
        more = page.offset + len(results) < total
        return cls(results=list(results), total=total, limit=page.limit, offset=page.offset, has_more=more)

    @classmethod
    def whole(cls, results: Sequence[Any]) -> "Listing[Item]":
        """All there is, in one page."""
        number = len(results)
        return cls(results=list(results), total=number, limit=number, offset=0, has_more=False)


def _names_in(kind: Any) -> Iterator[str]:
    if inner := get_args(kind):
        for part in inner:
            yield from _names_in(part)
    elif isinstance(kind, type):
        yield kind.__name__

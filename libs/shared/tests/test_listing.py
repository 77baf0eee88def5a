"""Lists: filters, order, total and page, in two statements whatever their length."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import literal, select

from devtools.testing.observation import statements
from shared.database.listing import ListOf, Page, given
from shared.database.search import says
from shared.database.session import Database
from shared.errors import Invalid
from shared.tests.conftest import Thing

START = datetime(2026, 12, 1, tzinfo=UTC)
HOURS = {"Ana": 0, "Bo": 1, "Bob": 1, "Cleo": 2, "Dan": 3}
LIST = ListOf(
    Thing, {"name": Thing.name, "at": Thing.at}, default="-at", last=Thing.name, search=partial(says, Thing.name)
)


@pytest.fixture
async def db(toy) -> Database:
    db = toy.state.runtime.db
    async with db.transaction() as session:
        session.add_all([Thing(name=name, at=START + timedelta(hours=hours)) for name, hours in HOURS.items()])
    return db


async def listed(db: Database, *conditions, **asked) -> tuple[list[str], int]:
    async with db.read() as session:
        rows, total = await LIST.page(session, select(Thing).where(*conditions), Page(**asked))
    return [row.name for row in rows], total


async def test_without_an_ordering_the_default_counts_and_then_the_last_column(db):
    assert await listed(db) == (["Dan", "Cleo", "Bo", "Bob", "Ana"], 5)


async def test_several_columns_and_a_page(db):
    assert await listed(db, ordering="at, -name", limit=2, offset=1) == (["Bob", "Bo"], 5)


async def test_an_ordering_that_the_list_has_not_is_refused(db):
    with pytest.raises(Invalid) as refused:
        await listed(db, ordering="-name,id")
    assert (refused.value.code, refused.value.detail) == ("unknown_ordering", "Order by one of: name, at.")


async def test_a_filter_without_a_value_filters_nothing(db):
    assert await listed(db, *given({Thing.name: None})) == await listed(db)
    assert await listed(db, *given({Thing.name: "Bo", Thing.at: None})) == (["Bo"], 1)


@pytest.mark.parametrize(
    ("offset", "found"), [(0, ["Cleo"]), (1, ["Bo"]), (2, ["Bob"]), (3, [])], ids=["first", "second", "last", "behind"]
)
async def test_a_search_has_the_total_of_all_its_pages(db, offset, found):
    assert await listed(db, search="o", limit=1, offset=offset) == (found, 3)


async def test_a_search_that_finds_nothing(db):
    assert await listed(db, search="zoe") == ([], 0)


async def test_a_list_without_a_search_disregards_it(db):
    async with db.read() as session:
        rows, total = await ListOf(Thing, {"name": Thing.name}, "name").page(session, select(Thing), Page(search="zoe"))
    assert (len(rows), total) == (5, 5)


async def test_rows_of_more_than_the_entity(db):
    async with db.read() as session:
        query = select(Thing, literal(7)).where(Thing.name != "Bob")
        rows, total = await LIST.rows(session, query, Page(limit=1, search="o"))
    assert ([(thing.name, number) for thing, number in rows], total) == ([("Cleo", 7)], 2)


@pytest.mark.parametrize("search", [None, "o"])
@pytest.mark.parametrize("limit", [1, 100])
async def test_two_statements_whatever_the_length(db, limit, search):
    with statements(db) as sent:
        await listed(db, limit=limit, search=search)
    assert len(sent) == 2

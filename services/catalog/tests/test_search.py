"""What an index says of a search, and what each service says that is read: the same."""

import unicodedata

import pytest
from sqlalchemy import func, select

from services.catalog.search.repository import Search
from services.catalog.services.models import Service
from services.catalog.tests.conftest import API

SERVICES = f"{API}/services/"
TITLES = (
    "Yoga für Anfänger",
    "Hatha-yoga & breath",
    "yogalates",
    "Post-natal yoga, 100% calm",
    "Coaching: die ŉ'te Stunde",
    "日本語の授業",
    "Привет, мир",
    "½ day of K-95",
    "a b c",
    "back\\slash <b>bold</b>",
    "O'Neill's running class",
    "\uff26\uff55\uff4c\uff4c width",
    "Strasse, Straße",
    "x" * 60,
    "sun sun sun",
    "xsun sun suns",
    "<sun sun sun>",
    'rise "sun (sun) sun! /sun sun:*',
    "the the the sun",
    "!" * 60,
)
WORDS = (
    *("yoga", "YOGA", "oga", "yo", "y", "fur", "FÜR", "anfang", "running", "runs", "unning", "the", "or", "授業", "本"),
    *(
        "мир",
        "ми",
        "½",
        "95",
        "K-95",
        "ŉ",
        "ŉ'te",
        "neill",
        "o'neill",
        "\\",
        "<b",
        "<b>",
        "'",
        "''",
        ":*",
        "|",
        "!yoga",
    ),
    *("a", "b", "strasse", "straße", "full", "idth", "x" * 20, "x" * 21, "x" * 60, "x" * 61, "%", "_", "&", "quiet"),
    *(
        "a b",
        "b a",
        "yoga breath",
        '"yoga breath"',
        "yoga or running",
        "yoga, 100%",
        "post-natal",
        '"yoga',
        "yoga yoga",
    ),
)
EXCLUDED = ("", "-yoga", "-breath -anfang", "-x", "-post-natal", "-'x", "-quiet")
PUNCTUATED = (
    *('"sun', "(sun", "(-sun", "sun)", "sun!", "sun-", "/sun", "'sun'", ":sun:", "<sun", "!?%_", "!" * 40, "!" * 41),
    *("+95k", "sun.."),
)
REPEATED = ("sun sun sun", "SUN sun Sun sun", "suns sun suns", "sun the sun the sun", "the the the", "or or or")
QUERIES = [
    *(f"{word} {more}".strip() for word in ("", *WORDS) for more in EXCLUDED),
    *(f"{word} {more}".strip() for word in (*PUNCTUATED, *REPEATED) for more in ("", "-sun! -(yoga")),
]


@pytest.fixture
async def offered(maya):
    for number, title in enumerate(TITLES):
        description = ("Quiet breath.", "Running classes, the K-95.", "a")[number % 3]
        await maya.creates_service(title=title, description=description, category="other")


@pytest.mark.parametrize("on_sale", [True, False])
async def test_an_index_and_the_services_say_the_same(app, offered, on_sale):
    different = []
    async with app.state.runtime.db.read() as session:
        of_active = select(Service.id).where(Service.is_active)
        for query in filter(None, QUERIES):
            search = Search("services", query, on_sale=on_sale)
            by_index = set((await session.scalars(of_active.where(search.matches()))).all())
            by_reading = set((await session.scalars(of_active.where(search.matches_read()))).all())
            counted = await session.scalar(search.counting(select(func.count()).select_from(Service)))
            if not (by_index == by_reading and counted == len(by_reading)):
                different.append((query, len(by_index), len(by_reading), counted))
    assert different == []


class TestLimits:
    @pytest.mark.parametrize("path", ["services", "practitioners"])
    async def test_more_than_five_excluded_words_are_refused(self, client, maya, path):
        query = {"search": "yoga -a -b -c -d -e -f"}
        assert (await client.get(f"{API}/{path}/", params=query)).status_code == 422
        assert (await client.get(f"{API}/{path}/", params={"search": "yoga -a -b -c -d -e -e -E"})).status_code == 200
        refused = (await client.get(f"{API}/{path}/", params=query)).json()
        assert [(error["field"], error["code"]) for error in refused["errors"]] == [("search", "too_many_words")]

    @pytest.mark.parametrize("query", [{"ordering": "password", "search": "zzz"}, {"ordering": "password"}])
    async def test_an_unknown_order_is_refused_also_of_nothing(self, client, query):
        assert (await client.get(SERVICES, params=query)).status_code == 422

    async def test_a_page_behind_the_last_has_the_total_too(self, client, offered):
        page = (await client.get(SERVICES, params={"search": "yoga", "offset": 50})).json()
        assert (page["results"], page["total"]) == ([], 4)

    async def test_only_what_is_on_sale_is_counted(self, client, maya, offered):
        rows = (await client.get(SERVICES, params={"search": "yoga"})).json()["results"]
        withdrawn = next(row["id"] for row in rows if row["title"].startswith("Post-natal"))
        await client.delete(f"{SERVICES}{withdrawn}/", headers=maya.headers)
        for query, total in (("yoga", 3), ("-yoga", len(TITLES) - 4), ('"yoga', 2), ("-", 2)):
            assert (await client.get(SERVICES, params={"search": query})).json()["total"] == total, query


async def test_decomposed_characters_are_those_that_people_type(client, maya):
    await maya.creates_service(title="요가 수업", description="Quiet breath.", category="other")
    for query in ("요가", unicodedata.normalize("NFD", "요가"), "-" + unicodedata.normalize("NFD", "수업")):
        found = (await client.get(SERVICES, params={"search": query})).json()["total"]
        assert found == (0 if query.startswith("-") else 1), query

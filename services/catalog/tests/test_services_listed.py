"""Lists of services: order, filters, search, what each reader sees."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from devtools.testing.callers import headers_for
from services.catalog.services.models import Service
from services.catalog.tests.conftest import API
from shared.records.ids import new_id

SERVICES = f"{API}/services/"


class TestList:
    async def titles(self, client, path=SERVICES, headers=None, **query):
        answer = await client.get(path, params=query, headers=headers)
        assert answer.status_code == 200, answer.text
        return [row["title"] for row in answer.json()["results"]]

    @pytest.fixture
    async def three(self, maya, practitioner, clock):
        """Cheap massage, then dear Café concert by another, then middling meditation."""
        other = await practitioner(display_name="Bob")
        for person, title, category, cents in (
            (maya, "Deep massage", "wellness", 1000),
            (other, "Café concert", "music", 9000),
            (maya, "Guided meditation", "wellness", 5000),
        ):
            await person.creates_service(title=title, category=category, price={"amount": cents, "currency": "USD"})
            clock.advance(timedelta(minutes=1))

    async def test_newest_first_in_pages(self, client, three):
        assert await self.titles(client) == ["Guided meditation", "Café concert", "Deep massage"]
        page = (await client.get(SERVICES, params={"limit": 1, "offset": 1})).json()
        assert {name: page[name] for name in ("total", "limit", "offset", "has_more")} == {
            "total": 3,
            "limit": 1,
            "offset": 1,
            "has_more": True,
        }
        assert page["results"][0]["title"] == "Café concert"

    @pytest.mark.parametrize(
        ("ordering", "expected"),
        [
            ("price", ["Deep massage", "Guided meditation", "Café concert"]),
            ("-price", ["Café concert", "Guided meditation", "Deep massage"]),
            ("title", ["Café concert", "Deep massage", "Guided meditation"]),
            ("created_at", ["Deep massage", "Café concert", "Guided meditation"]),
        ],
    )
    async def test_orders_by_named_columns(self, client, three, ordering, expected):
        assert await self.titles(client, ordering=ordering) == expected

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"category": "music"}, ["Café concert"]),
            ({"category": "nothing"}, []),
            ({"price_min": "50"}, ["Guided meditation", "Café concert"]),
            ({"price_max": "50.00"}, ["Guided meditation", "Deep massage"]),
            ({"price_min": "10.01", "price_max": "89.99"}, ["Guided meditation"]),
            ({"service_type": "session", "category": "music"}, ["Café concert"]),
            ({"service_type": "workshop"}, []),
            ({"practitioner_id": str(new_id())}, []),
        ],
    )
    async def test_filters(self, client, three, query, expected):
        assert await self.titles(client, **query) == expected

    @pytest.mark.parametrize(
        ("search", "expected"),
        [
            ("cafe", ["Café concert"]),
            ("CAFÉ", ["Café concert"]),
            ("massages", ["Deep massage"]),
            ("medit", ["Guided meditation"]),
            ("meditaton", ["Guided meditation"]),
            ("100%", []),
            ("'; drop table", []),
            ("quiet concert", ["Café concert"]),
        ],
    )
    async def test_search(self, client, three, search, expected):
        assert await self.titles(client, search=search) == expected

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"ordering": "password"}, "ordering"),
            ({"category": "a\x00"}, "category"),
            ({"price_min": "NaN"}, "price_min"),
            ({"price_max": "-1"}, "price_max"),
            ({"price_max": "1e400"}, "price_max"),
            ({"service_type": "banquet"}, "service_type"),
            ({"practitioner_id": "me"}, "practitioner_id"),
            ({"limit": "101"}, "limit"),
        ],
    )
    async def test_a_bad_query_is_422(self, client, query, field):
        answer = await client.get(SERVICES, params=query)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)

    @pytest.mark.parametrize(
        ("search", "titles"),
        [
            ("-natal", {"Hatha yoga", "Model K-95 workshop", "100% focus"}),
            ("-95", {"Post-natal yoga", "Hatha yoga", "100% focus"}),
            ("yoga -hatha", {"Post-natal yoga"}),
            ("post-natal", {"Post-natal yoga"}),
            ("\uff05", {"100% focus"}),  # the full-width sign is folded to `%`, which stays a sign
            ("_", set()),
            ("-" * 33, set()),
            ("yoga " + "-" * 40 + "x" + "-" * 40, {"Post-natal yoga", "Hatha yoga"}),  # close enough to a name
            ("--hatha", {"Post-natal yoga", "Model K-95 workshop", "100% focus"}),
        ],
    )
    async def test_hyphens_exclude_and_signs_are_signs(self, client, maya, search, titles):
        for title in ("Post-natal yoga", "Hatha yoga", "Model K-95 workshop", "100% focus"):
            await maya.creates_service(title=title, description="About it.", category="other")
        answer = await client.get(SERVICES, params={"search": search})
        assert answer.status_code == 200
        assert {row["title"] for row in answer.json()["results"]} == titles

    @pytest.mark.parametrize("search", ["concert", "conccert"])
    async def test_of_more_than_are_ranked_the_newest_come_first(self, client, three, maya, search, monkeypatch):
        monkeypatch.setattr("services.catalog.search.repository.RANKED", 1)
        await maya.creates_service(title="Concert", description="Loud.", category="music")
        answer = (await client.get(SERVICES, params={"search": search})).json()
        assert ([row["title"] for row in answer["results"]], answer["total"]) == (["Concert", "Café concert"], 2)

    async def test_titles_are_ordered_as_people_read_them(self, client, maya):
        wanted = ["\u00e4hnlich", "apple tart", "Bread", "carrot", "\u00c9clair", "fig", "Zest"]
        for title in sorted(wanted):
            await maya.creates_service(title=title, description="About it.", category="other")
        for ordering, expected in (("title", wanted), ("-title", wanted[::-1])):
            rows = (await client.get(SERVICES, params={"ordering": ordering})).json()["results"]
            assert [row["title"] for row in rows] == expected

    @pytest.mark.parametrize("query", [{"search": "a\x00b"}, {"category": "\x00"}])
    async def test_nul_is_422(self, client, query):
        assert (await client.get(SERVICES, params=query)).status_code == 422

    async def test_a_bad_token_is_401_though_none_is_needed(self, client):
        for path in (SERVICES, f"{SERVICES}categories/", f"{API}/practitioners/"):
            assert (await client.get(path, headers={"Authorization": "Bearer nonsense"})).status_code == 401

    async def test_selects_fields(self, client, three):
        rows = (await client.get(SERVICES, params={"fields": "title", "category": "music"})).json()["results"]
        assert rows == [{"title": "Café concert"}]

    async def test_takes_two_queries_however_long(self, client, three, statements):
        for limit in (1, 3):
            with statements() as made:
                await client.get(SERVICES, params={"limit": limit, "search": "m"})
            assert len(made) == 2


class TestAnOldPriceThatNoCardCanPay:
    @pytest.fixture
    async def cheap(self, app, maya):
        """A service from before such prices were refused."""
        shown = await maya.creates_service()
        async with app.state.runtime.db.transaction() as session:
            await session.execute(update(Service).values(price_amount=30))
        return shown["id"]

    async def test_leaves_every_list_but_its_owners_until_it_changes(self, client, maya, cheap):
        own = f"{API}/practitioners/{maya.id}/services/"
        ways = [(SERVICES, None), (SERVICES, maya.headers), (own, None), (own, headers_for())]
        for path, headers in ways:
            assert (await client.get(path, headers=headers)).json()["total"] == 0
        assert (await client.get(own, headers=maya.headers)).json()["total"] == 1
        change = {"price": {"amount": 0, "currency": "USD"}}
        assert (await client.put(SERVICES + cheap, json=change, headers=maya.headers)).status_code == 200
        for path, headers in ways:
            assert (await client.get(path, headers=headers)).json()["total"] == 1


class TestListOfPractitioner:
    async def test_shows_the_owner_also_what_is_withdrawn(self, client, maya):
        path = f"{API}/practitioners/{maya.id}/services/"
        kept, gone = await maya.creates_service(title="Kept"), await maya.creates_service(title="Gone")
        await client.delete(SERVICES + gone["id"], headers=maya.headers)
        assert [row["id"] for row in (await client.get(path)).json()["results"]] == [kept["id"]]
        own = (await client.get(path, headers=maya.headers)).json()
        assert {row["id"] for row in own["results"]} == {kept["id"], gone["id"]}

    async def test_of_an_unapproved_or_unknown_one_is_404(self, client, applicant):
        for practitioner_id in ((await applicant()).id, new_id()):
            assert (await client.get(f"{API}/practitioners/{practitioner_id}/services/")).status_code == 404

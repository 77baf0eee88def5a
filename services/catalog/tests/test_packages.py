"""Packages and bundles: their prices, what may be in them, and who sees them."""

import pytest

from devtools.testing.callers import headers_for, service_headers
from services.catalog.packages.domain import less_discount
from services.catalog.tests.conftest import API

PACKAGES, BUNDLES = f"{API}/packages/", f"{API}/bundles/"
ABSENT = "0198c0de-7000-7000-8000-000000000001"


def usd(amount):
    return {"amount": amount, "currency": "USD"}


def item(*services, quantity=1):
    return {"service_ids": [each["id"] for each in services], "quantity": quantity}


@pytest.fixture
async def cheap(maya):
    return await maya.creates_service(price=usd(3_333))


@pytest.fixture
async def dear(maya):
    return await maya.creates_service(price=usd(12_500), service_type="workshop")


@pytest.fixture
async def course(maya):
    return await maya.creates_service(price=usd(40_000), service_type="course")


@pytest.fixture
def sells(client, maya):
    async def post(path, status=201, headers=None, **body):
        answer = await client.post(path, json={"title": "Together", **body}, headers=headers or maya.headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    return post


@pytest.mark.parametrize(
    ("amount", "percentage", "currency", "price"),
    [(10_001, 50, "USD", 5_001), (9_999, 0, "USD", 9_999), (1_001, 10, "USD", 901), (300, 50, "ISK", 200)],
)
def test_a_discount_is_rounded_half_up(amount, percentage, currency, price):
    assert less_discount(amount, percentage, currency) == price


class TestPackage:
    async def test_costs_the_sum_less_the_discount(self, client, maya, cheap, dear, sells):
        assert (await client.post(PACKAGES, json={})).status_code == 401
        assert (await client.post(PACKAGES, json={}, headers=headers_for())).status_code == 403
        items = [item(cheap, dear, quantity=2), item(cheap)]
        made = await sells(PACKAGES, items=items, discount_percentage=10)
        assert (made["price"], made["savings_amount"]) == (usd(25_500), usd(2_833))
        assert (made["session_count"], made["items"], made["is_active"]) == (3, items, True)
        assert (made["valid_for_days"], made["refund_days"], made["description"]) == (365, 14, "")
        assert (await client.get(PACKAGES + made["id"] + "/")).json() == made
        listed = (await client.get(f"{PACKAGES}?practitioner_id={maya.id}")).json()
        assert listed["results"] == [made]
        await client.put(f"{API}/services/{dear['id']}/", json={"price": usd(10_000)}, headers=maya.headers)
        assert (await client.get(PACKAGES + made["id"] + "/")).json()["price"] == usd(21_000)

    async def test_a_change_replaces_what_is_given(self, client, maya, cheap, dear, practitioner, sells):
        made = await sells(PACKAGES, items=[item(cheap, quantity=3)], description="Thrice.")
        path = PACKAGES + made["id"] + "/"
        stranger = await practitioner()
        assert (await client.put(path, json={}, headers=stranger.headers)).status_code == 404
        change = {"items": [item(dear), item(cheap, quantity=2)], "discount_percentage": 50}
        changed = (await client.put(path, json=change, headers=maya.headers)).json()
        assert {name: changed[name] for name in change} == change
        assert (changed["price"], changed["description"], changed["title"]) == (usd(9_583), "Thrice.", "Together")
        for name in ("title", "items", "discount_percentage", "is_active"):
            refused = await client.put(path, json={name: None}, headers=maya.headers)
            assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, name)

    async def test_withdrawn_it_stays_for_its_owner(self, client, maya, cheap, sells):
        made = await sells(PACKAGES, items=[item(cheap)])
        path, own = PACKAGES + made["id"] + "/", f"{PACKAGES}?practitioner_id={maya.id}"
        for _ in range(2):
            assert (await client.delete(path, headers=maya.headers)).status_code == 204
        assert (await client.get(path)).status_code == 404
        assert (await client.get(path, headers=maya.headers)).json()["is_active"] is False
        assert (await client.get(own)).json()["total"] == 0
        assert (await client.get(own, headers=maya.headers)).json()["total"] == 1
        assert (await client.put(path, json={"is_active": True}, headers=maya.headers)).status_code == 200
        assert (await client.get(path)).status_code == 200

    async def test_is_on_sale_while_each_part_is(self, client, maya, cheap, dear, sells):
        made = await sells(PACKAGES, items=[item(cheap, dear), item(cheap)])
        bundle = await sells(BUNDLES, items=[{"package_id": made["id"]}], total_price=usd(10_000))
        paths = (PACKAGES + made["id"] + "/", BUNDLES + bundle["id"] + "/")
        for service, seen, price in ((dear, 200, usd(6_666)), (cheap, 404, None)):
            await client.delete(f"{API}/services/{service['id']}/", headers=maya.headers)
            assert [(await client.get(path)).status_code for path in paths] == [seen, seen]
            if price:
                assert [(await client.get(path)).json()["price"] for path in paths] == [price, price]
        assert [(await client.get(path)).json()["total"] for path in (PACKAGES, BUNDLES)] == [0, 0]
        inside = (await client.get(f"/internal/packages/{bundle['id']}/", headers=service_headers())).json()
        assert inside["is_on_sale"] is False

    @pytest.mark.parametrize(
        ("change", "status", "field", "code"),
        [
            ({"items": []}, 422, "items", "too_short"),
            ({"items": [{"service_ids": [], "quantity": 1}]}, 422, "items.0.service_ids", "too_short"),
            (
                {"items": [{"service_ids": [ABSENT]}]},
                404,
                "items.0.service_ids.0",
                "unknown_part",
            ),
            ({"discount_percentage": 91}, 422, "discount_percentage", "less_than_equal"),
            ({"discount_percentage": -1}, 422, "discount_percentage", "greater_than_equal"),
            ({"valid_for_days": 0}, 422, "valid_for_days", "greater_than_equal"),
            ({"valid_for_days": 1_096}, 422, "valid_for_days", "less_than_equal"),
            ({"refund_days": 366}, 422, "refund_days", "less_than_equal"),
            ({"total_price": usd(1_000)}, 422, "total_price", "extra_forbidden"),
        ],
        ids=lambda given: next(iter(given)) if isinstance(given, dict) else None,
    )
    async def test_a_bad_field_is_named(self, cheap, sells, change, status, field, code):
        refused = await sells(PACKAGES, status, **{"items": [item(cheap)], **change})
        assert [(error["field"], error["code"]) for error in refused["errors"]] == [(field, code)]

    async def test_a_wrong_part_is_named(self, maya, practitioner, cheap, course, sells):
        others = await (await practitioner()).creates_service()
        precious = await maya.creates_service(price=usd(99_999_999))
        wrong = [
            (404, [item(cheap), item(cheap, others)], "items.1.service_ids.1"),
            (422, [item(cheap), item(course)], "items.1"),
            (422, [item(cheap, cheap)], "items.0.service_ids"),
            (422, [item(cheap, quantity=101)], "items.0.quantity"),
            (422, [item(cheap, quantity=100)] * 11, "items"),
            (422, [item(precious, quantity=2)], "items"),
        ]
        for status, items, field in wrong:
            refused = await sells(PACKAGES, status, items=items)
            assert [error["field"] for error in refused["errors"]] == [field]
        too_cheap = await sells(PACKAGES, 201, items=[item(cheap)], discount_percentage=90)
        assert too_cheap["price"] == usd(333)


class TestBundle:
    async def test_has_a_price_of_its_own_and_shows_its_parts(self, client, cheap, dear, course, sells):
        inner = await sells(PACKAGES, items=[item(cheap, quantity=3)], discount_percentage=20)
        items = [
            {"service_ids": [course["id"]], "package_id": None, "quantity": 1},
            {"service_ids": None, "package_id": inner["id"], "quantity": 1},
            {"service_ids": [dear["id"]], "package_id": None, "quantity": 2},
        ]
        given = [{name: value for name, value in each.items() if value is not None} for each in items]
        made = await sells(BUNDLES, items=given, total_price=usd(60_000))
        assert (made["price"], made["total_price"], made["savings_amount"]) == (usd(60_000), usd(60_000), usd(14_999))
        assert (made["items"], made["session_count"]) == (items, 6)
        assert (await client.get(BUNDLES)).json()["results"] == [made]
        assert (await client.get(PACKAGES + made["id"] + "/")).status_code == 404
        path = f"/internal/packages/{made['id']}/"
        assert (await client.get(path)).status_code == 401
        inside = (await client.get(path, headers=service_headers())).json()
        assert (inside["kind"], inside["price"], inside["version"], inside["is_on_sale"]) == (
            "bundle",
            usd(60_000),
            1,
            True,
        )
        parts = [(part["quantity"], part["single_price"]["amount"], part["is_course"]) for part in inside["parts"]]
        assert parts == [(1, 40_000, True), (3, 3_333, False), (2, 12_500, False)]

    async def test_what_cannot_be_sold_so_names_its_field(self, client, practitioner, cheap, course, sells, maya):
        other = await practitioner()
        others = await other.creates_service()
        theirs = await sells(PACKAGES, headers=other.headers, items=[item(others)])
        made = await sells(BUNDLES, items=[item(cheap)], total_price=usd(3_333))
        wrong = [
            (422, {"items": [item(cheap)], "total_price": usd(3_334)}, "total_price", "above_parts"),
            (422, {"items": [item(cheap)], "total_price": usd(-1)}, "total_price.amount", "greater_than_equal"),
            (422, {"items": [item(cheap)], "total_price": usd(49)}, "total_price", "below_minimum_charge"),
            (422, {"items": [item(course, quantity=2)]}, "items.0", "course_apart"),
            (422, {"items": [item(cheap), item(cheap, course)]}, "items.1", "course_apart"),
            (404, {"items": [item(cheap), {"package_id": theirs["id"]}]}, "items.1.package_id", "unknown_part"),
            (404, {"items": [{"package_id": made["id"]}]}, "items.0.package_id", "unknown_part"),
            (422, {"items": [{"quantity": 1}]}, "items.0", "one_of"),
            (422, {"items": [{"package_id": made["id"], "quantity": 2}]}, "items.0", "package_once"),
        ]
        for status, body, field, code in wrong:
            refused = await sells(BUNDLES, status, **{"total_price": usd(1_000), **body})
            assert [(error["field"], error["code"]) for error in refused["errors"]] == [(field, code)]
        refused = await client.put(BUNDLES + made["id"] + "/", json={"total_price": usd(3_334)}, headers=maya.headers)
        assert (refused.status_code, refused.json()["code"]) == (422, "above_parts")
        own = BUNDLES + made["id"] + "/"
        assert (await client.get(own)).json() == made
        renamed = await client.put(own, json={"title": "All of it"}, headers=maya.headers)
        assert renamed.json() == made | {"title": "All of it"}
        assert (await client.delete(own, headers=maya.headers)).status_code == 204
        assert (await client.get(BUNDLES)).json()["total"] == 0


async def test_a_list_asks_the_same_few_queries_however_long(client, cheap, dear, sells, statements):
    counts = []
    for _ in range(2):
        inner = await sells(PACKAGES, items=[item(cheap, dear, quantity=2), item(cheap)])
        await sells(BUNDLES, items=[{"package_id": inner["id"]}, item(dear)], total_price=usd(1_000))
        with statements() as made:
            assert (await client.get(BUNDLES)).status_code == 200
        counts.append(len(made))
    assert counts[0] == counts[1] <= 8

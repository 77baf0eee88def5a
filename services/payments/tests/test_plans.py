"""Plans: seeded, listed, made and changed by staff."""

from typing import Any

import httpx2
import pytest

from devtools.testing.callers import headers_for
from services.payments.plans.service import seed_plans
from services.payments.runtime import PaymentsRuntime
from services.payments.tests.scenes import Market
from shared.records.ids import new_id

Json = dict[str, Any]
STUDIO: Json = {
    "kind": "platform",
    "code": "studio",
    "name": "Studio",
    "level": 3,
    "prices": [{"interval": "month", "price": {"amount": 4900, "currency": "USD"}}],
    "features": {"service_limit": 50, "commission_rate": "0.1200", "figures": "all"},
}


def priced(amount: Any, currency: str = "USD") -> Json:
    return STUDIO | {"prices": [{"interval": "month", "price": {"amount": amount, "currency": currency}}]}


async def listed(market: Market, query: str = "") -> list[Json]:
    answer = await market.api.get(f"/api/v1/plans/{query}")
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["results"]
    return found


async def made(market: Market, **changes: Any) -> Json:
    answer = await market.api.post("/api/v1/admin/plans/", json=STUDIO | changes, headers=market.staff)
    assert answer.status_code == 201, answer.text
    plan: Json = answer.json()
    return plan


def refusal(answer: httpx2.Response) -> tuple[int, str, list[str]]:
    problem = answer.json()
    return answer.status_code, problem["code"], [error["field"] for error in problem["errors"]]


class TestListPlans:
    @pytest.mark.parametrize(
        ("currency", "entry", "premium", "organizer"),
        [
            ("USD", (2900, 29000), (7900, 79000), (4900, 49000)),
            ("JPY", (2900, 29000), (7900, 79000), (4900, 49000)),
            ("KWD", (29000, 290000), (79000, 790000), (49000, 490000)),
        ],
    )
    async def test_a_new_install_has_three(
        self,
        market: Market,
        currency: str,
        entry: tuple[int, int],
        premium: tuple[int, int],
        organizer: tuple[int, int],
    ) -> None:
        for _ in range(2):
            await seed_plans(market.runtime.db, currency)
        platform = await listed(market, "?kind=platform")
        assert [plan["code"] for plan in platform] == ["entry", "premium"]
        found = {
            plan["code"]: tuple(each["price"]["amount"] for each in plan["prices"]) for plan in await listed(market)
        }
        assert found == {"entry": entry, "premium": premium, "organizer": organizer}
        assert [each["interval"] for each in platform[0]["prices"]] == ["month", "year"]
        assert platform[0]["features"] == {"service_limit": 20, "commission_rate": "0.1500", "figures": "all"}
        assert platform[1]["features"]["service_limit"] is None
        (gate,) = await listed(market, "?kind=organizer")
        assert (gate["trial_days"], gate["features"]) == (14, {})

    async def test_staff_s_change_of_a_seeded_one_survives_the_next_start(self, market: Market) -> None:
        await seed_plans(market.runtime.db, "USD")
        entry = (await listed(market, "?kind=platform"))[0]
        body = STUDIO | {"code": "entry", "name": "Start"}
        changed = await market.api.put(f"/api/v1/admin/plans/{entry['id']}/", json=body, headers=market.staff)
        assert changed.status_code == 200, changed.text
        await seed_plans(market.runtime.db, "USD")
        assert [plan["name"] for plan in await listed(market, "?kind=platform")] == ["Premium", "Start"]


class TestCreatePlan:
    async def test_it_is_offered(self, market: Market) -> None:
        plan = await made(market)
        assert plan == STUDIO | {"id": plan["id"], "stream_id": None, "trial_days": 0, "is_active": True, "version": 1}
        assert await listed(market) == [plan]

    async def test_not_while_it_is_inactive(self, market: Market) -> None:
        await made(market, is_active=False)
        assert await listed(market) == []

    async def test_it_may_cost_nothing(self, market: Market) -> None:
        plan = await made(market, prices=priced(0)["prices"])
        assert plan["prices"][0]["price"]["amount"] == 0

    async def test_a_code_is_one_plan_s(self, market: Market) -> None:
        await made(market)
        answer = await market.api.post("/api/v1/admin/plans/", json=STUDIO, headers=market.staff)
        assert refusal(answer) == (409, "code_taken", ["code"])

    @pytest.mark.parametrize(
        ("body", "code", "field"),
        [
            (priced(49), "below_minimum_charge", "prices.0.price"),
            (priced(4900, "EUR"), "unsupported_currency", "prices.0.price.currency"),
            (priced(-1), "greater_than_equal", "prices.0.price.amount"),
            (priced(100_000_000), "less_than_equal", "prices.0.price.amount"),
            (priced(49.5), "int_type", "prices.0.price.amount"),
            (STUDIO | {"prices": []}, "too_short", "prices"),
            (STUDIO | {"prices": STUDIO["prices"] * 2}, "duplicate_interval", "prices"),
            (STUDIO | {"features": {**STUDIO["features"], "figures": "none"}}, "enum", "features.figures"),
            (STUDIO | {"kind": "organizer", "features": {"figures": "all"}}, "extra_forbidden", "features.figures"),
            (STUDIO | {"kind": "gift"}, "enum", "kind"),
            (STUDIO | {"code": "No Code"}, "string_pattern_mismatch", "code"),
            (STUDIO | {"trial_days": -1}, "greater_than_equal", "trial_days"),
        ],
    )
    async def test_bad_input_names_its_field_and_changes_nothing(
        self, market: Market, body: Json, code: str, field: str
    ) -> None:
        answer = await market.api.post("/api/v1/admin/plans/", json=body, headers=market.staff)
        assert answer.status_code == 422, answer.text
        assert [(error["code"], error["field"]) for error in answer.json()["errors"]] == [(code, field)]
        assert await listed(market) == []

    @pytest.mark.parametrize("rate", ["0.15", "1.5000", "0.15000", 0.15])
    async def test_a_rate_has_four_places(self, market: Market, rate: Any) -> None:
        body = STUDIO | {"features": STUDIO["features"] | {"commission_rate": rate}}
        answer = await market.api.post("/api/v1/admin/plans/", json=body, headers=market.staff)
        assert [error["field"] for error in answer.json()["errors"]] == ["features.commission_rate"]

    async def test_strangers_make_none(self, market: Market) -> None:
        answers = [
            await market.api.post("/api/v1/admin/plans/", json=STUDIO, headers=headers)
            for headers in ({}, headers_for(new_id()), market.practitioner)
        ]
        assert [answer.status_code for answer in answers] == [401, 403, 403]


class TestChangePlan:
    async def change(self, market: Market, plan_id: Any, **changes: Any) -> httpx2.Response:
        return await market.api.put(f"/api/v1/admin/plans/{plan_id}/", json=STUDIO | changes, headers=market.staff)

    async def test_it_is_as_given(self, market: Market) -> None:
        plan = await made(market)
        prices = [
            {"interval": "month", "price": {"amount": 5900, "currency": "USD"}},
            {"interval": "year", "price": {"amount": 59000, "currency": "USD"}},
        ]
        changed = await self.change(market, plan["id"], name="Atelier", prices=prices)
        assert changed.json() == plan | {"name": "Atelier", "prices": prices, "version": 2}
        assert await listed(market) == [changed.json()]
        again = await self.change(market, plan["id"], name="Atelier", prices=prices[1:], is_active=False)
        assert (again.json()["prices"], again.json()["version"]) == (prices[1:], 3)
        assert await listed(market) == []

    async def test_a_stale_version_changes_nothing(self, market: Market) -> None:
        plan = await made(market)
        assert (await self.change(market, plan["id"], version=1)).json()["version"] == 2
        assert refusal(await self.change(market, plan["id"], version=1)) == (409, "version_conflict", ["version"])

    async def test_it_keeps_its_kind_and_takes_no_other_s_code(self, market: Market) -> None:
        plan, other = await made(market), await made(market, code="other")
        answer = await self.change(market, plan["id"], kind="organizer", features={})
        assert refusal(answer) == (422, "kind_fixed", ["kind"])
        assert refusal(await self.change(market, plan["id"], code="other")) == (409, "code_taken", ["code"])
        assert await listed(market) == [plan, other]

    async def test_a_plan_that_is_not_there(self, market: Market) -> None:
        assert (await self.change(market, new_id())).status_code == 404

    async def test_every_change_is_in_the_audit_log(self, market: Market, runtime: PaymentsRuntime) -> None:
        plan = await made(market)
        await self.change(market, plan["id"], name="Atelier")
        audit = runtime.db.system_tables.audit
        async with runtime.db.read() as session:
            rows = (await session.execute(audit.select().order_by(audit.c.id))).all()
        assert [(row.action, row.before.get("name"), row.after["name"]) for row in rows] == [
            ("plan.create", None, "Studio"),
            ("plan.change", "Studio", "Atelier"),
        ]

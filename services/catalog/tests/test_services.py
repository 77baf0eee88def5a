import asyncio
from uuid import UUID

import pytest

from devtools.testing.bodies import SERVICE
from devtools.testing.callers import headers_for, service_headers
from devtools.testing.delivery import events_of
from services.catalog.tests.conftest import API, RESOURCE_ID
from shared.events.catalog import ServiceCreated, ServiceDeactivated, ServiceEvent, ServiceUpdated
from shared.records.ids import new_id

SERVICES = f"{API}/services/"
OPTIONAL = (
    "max_participants",
    "buffer_before_minutes",
    "buffer_after_minutes",
    "min_notice_minutes",
    "slot_interval_minutes",
    "horizon_days",
    "cancel_policy",
    "reschedule_hours",
    "max_reschedules",
    "reminders_minutes",
    "booking_mode",
    "decide_within_hours",
    "limits",
    "waitlist",
    "offer_minutes",
    "series_max",
    "fees",
    "late_join",
    "certificate_percent",
    "resources",
)
TERMS = {
    "booking_mode": "request",
    "decide_within_hours": 336,
    "limits": {"sessions_per_day": 3, "sessions_per_week": None, "open_per_client": 1, "per_client_per_week": 2},
    "waitlist": False,
    "offer_minutes": 15,
    "series_max": 26,
    "fees": {"no_show": {"amount": 2_000, "currency": "USD"}, "late_cancel": {"amount": 0, "currency": "USD"}},
    "late_join": False,
    "certificate_percent": 80,
    "resources": [{"any_of": [str(RESOURCE_ID)], "quantity": 2}],
}


def needing(*resources, quantity=1):
    return {"resources": [{"any_of": list(resources), "quantity": quantity}]}


async def published(app):
    return [event for event in await events_of(app.state.runtime) if isinstance(event, ServiceEvent)]


class TestCreate:
    async def test_anonymous_is_401_and_without_the_role_403(self, client):
        assert (await client.post(SERVICES, json=SERVICE)).status_code == 401
        assert (await client.post(SERVICES, json=SERVICE, headers=headers_for())).status_code == 403

    async def test_a_token_older_than_the_decision_is_403(self, client, applicant):
        person = await applicant()
        answer = await client.post(SERVICES, json=SERVICE, headers=person.headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "practitioner_required")

    async def test_answers_the_service_with_its_defaults(self, client, maya):
        shown = await maya.creates_service()
        assert UUID(shown["id"]).version == 7
        assert {name: shown[name] for name in SERVICE} == SERVICE
        assert (shown["practitioner_id"], shown["practitioner_name"]) == (str(maya.id), "Maya Ríos")
        assert (shown["max_participants"], shown["slot_interval_minutes"], shown["horizon_days"]) == (1, 60, 90)
        assert (shown["buffer_before_minutes"], shown["buffer_after_minutes"], shown["min_notice_minutes"]) == (0, 0, 0)
        assert (shown["is_active"], shown["created_at"]) == (True, "2026-12-01T08:00:00Z")
        assert (await client.get(f"{SERVICES}{shown['id']}")).json() == shown

    async def test_tells_the_others(self, app, maya):
        shown = await maya.creates_service(slot_interval_minutes=30)
        [event] = await published(app)
        assert isinstance(event, ServiceCreated)
        snapshot = event.service.model_dump(mode="json")
        assert snapshot["service_id"] == shown["id"]
        assert (snapshot["practitioner_user_id"], snapshot["version"]) == (str(maya.user_id), 1)
        assert (snapshot["price"], snapshot["slot_interval_minutes"]) == (SERVICE["price"], 30)

    async def test_a_free_service_is_fine(self, maya):
        free = {"amount": 0, "currency": "USD"}
        assert (await maya.creates_service(price=free))["price"] == free

    @pytest.mark.parametrize(
        ("change", "field", "code"),
        [
            ({"service_type": "banquet"}, "service_type", "enum"),
            ({"category": "astrology"}, "category", "unknown_category"),
            ({"price": {"amount": 100, "currency": "EUR"}}, "price.currency", "unsupported_currency"),
            ({"price": {"amount": 100_000_000, "currency": "USD"}}, "price.amount", "less_than_equal"),
            ({"price": {"amount": -1, "currency": "USD"}}, "price.amount", "greater_than_equal"),
            ({"price": {"amount": 10.5, "currency": "USD"}}, "price.amount", "int_type"),
            ({"price": {"amount": "100", "currency": "USD"}}, "price.amount", "int_type"),
            ({"price": {"amount": 1, "currency": "USD"}}, "price", "below_minimum_charge"),
            ({"price": {"amount": 49, "currency": "USD"}}, "price", "below_minimum_charge"),
            ({"title": ""}, "title", "too_short"),
            ({"title": "x" * 201}, "title", "too_long"),
            ({"title": "a\x00b"}, "title", "invisible_text"),
            ({"description": "x" * 10_001}, "description", "too_long"),
            ({"duration_minutes": 4}, "duration_minutes", "greater_than_equal"),
            ({"duration_minutes": 1441}, "duration_minutes", "less_than_equal"),
            ({"duration_minutes": "60"}, "duration_minutes", "int_type"),
            ({"duration_minutes": True}, "duration_minutes", "int_type"),
            ({"max_participants": 0}, "max_participants", "greater_than_equal"),
            ({"max_participants": 10**30}, "max_participants", "less_than_equal"),
            ({"delivery": "by_post"}, "delivery", "enum"),
            ({"horizon_days": 0}, "horizon_days", "greater_than_equal"),
            ({"is_active": False}, "is_active", "extra_forbidden"),
            ({"cancel_policy": {"full_hours": 721}}, "cancel_policy.full_hours", "less_than_equal"),
            ({"cancel_policy": {"full_hours": -1}}, "cancel_policy.full_hours", "greater_than_equal"),
            ({"cancel_policy": {"full_hours": 2, "part_hours": 3}}, "cancel_policy.part_hours", "part_after_full"),
            ({"cancel_policy": {"part_percent": 101}}, "cancel_policy.part_percent", "less_than_equal"),
            ({"cancel_policy": {"hours": 1}}, "cancel_policy.hours", "extra_forbidden"),
            ({"reschedule_hours": "24"}, "reschedule_hours", "int_type"),
            ({"max_reschedules": -1}, "max_reschedules", "greater_than_equal"),
            ({"reminders_minutes": [9]}, "reminders_minutes.0", "greater_than_equal"),
            ({"reminders_minutes": [30, 20_161]}, "reminders_minutes.1", "less_than_equal"),
            ({"reminders_minutes": [30, 60, 30]}, "reminders_minutes", "duplicate"),
            ({"reminders_minutes": [10, 20, 30, 40, 50, 60]}, "reminders_minutes", "too_long"),
            ({"booking_mode": "quote"}, "booking_mode", "enum"),
            ({"decide_within_hours": 0}, "decide_within_hours", "greater_than_equal"),
            ({"decide_within_hours": 337}, "decide_within_hours", "less_than_equal"),
            ({"limits": {"sessions_per_day": -1}}, "limits.sessions_per_day", "greater_than_equal"),
            ({"limits": {"per_client_per_week": 0}}, "limits.per_client_per_week", "greater_than_equal"),
            ({"limits": {"per_year": 1}}, "limits.per_year", "extra_forbidden"),
            ({"waitlist": "yes"}, "waitlist", "bool_type"),
            ({"offer_minutes": 14}, "offer_minutes", "greater_than_equal"),
            ({"offer_minutes": 4_321}, "offer_minutes", "less_than_equal"),
            ({"series_max": 1}, "series_max", "too_short_a_series"),
            ({"series_max": 27}, "series_max", "less_than_equal"),
            ({"fees": {"no_show": {"amount": -1, "currency": "USD"}}}, "fees.no_show.amount", "greater_than_equal"),
            ({"fees": {"no_show": {"amount": 49, "currency": "USD"}}}, "fees.no_show", "below_minimum_charge"),
            (
                {"fees": {"late_cancel": {"amount": 100, "currency": "EUR"}}},
                "fees.late_cancel.currency",
                "unsupported_currency",
            ),
            ({"certificate_percent": 101}, "certificate_percent", "less_than_equal"),
            (needing(), "resources.0.any_of", "too_short"),
            (needing(str(RESOURCE_ID), str(RESOURCE_ID)), "resources.0.any_of", "duplicate"),
            (needing(str(RESOURCE_ID), quantity=0), "resources.0.quantity", "greater_than_equal"),
            (needing(str(RESOURCE_ID), str(UUID(int=6))), "resources.0.any_of.1", "unknown_resource"),
            ({"service_type": "course", "booking_mode": "request"}, "booking_mode", "not_for_type"),
            ({"service_type": "workshop", "series_max": 2}, "series_max", "not_for_type"),
        ],
    )
    async def test_a_bad_field_is_named(self, client, maya, change, field, code):
        answer = await client.post(SERVICES, json={**SERVICE, **change}, headers=maya.headers)
        assert answer.status_code == 422
        assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]

    async def test_the_least_that_a_card_can_pay_is_fine(self, maya):
        assert (await maya.creates_service(price={"amount": 50, "currency": "USD"}))["price"]["amount"] == 50

    async def test_a_repeat_with_the_same_key_makes_one_service(self, client, maya):
        headers = {**maya.headers, "Idempotency-Key": "once"}
        first = await client.post(SERVICES, json=SERVICE, headers=headers)
        again = await client.post(SERVICES, json=SERVICE, headers=headers)
        other = await client.post(SERVICES, json={**SERVICE, "title": "Other"}, headers=headers)
        assert (again.content, again.headers["Idempotent-Replayed"]) == (first.content, "true")
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
        assert (await client.get(SERVICES)).json()["total"] == 1


class TestChange:
    async def test_anonymous_401_role_403_stranger_404(self, client, maya, practitioner):
        path = SERVICES + (await maya.creates_service())["id"] + "/"
        assert (await client.put(path, json={})).status_code == 401
        assert (await client.put(path, json={}, headers=headers_for())).status_code == 403
        assert (await client.put(path, json={}, headers=(await practitioner()).headers)).status_code == 404

    async def test_changes_what_is_given_and_tells_the_others(self, app, client, maya):
        before = await maya.creates_service()
        change = {"title": "Evening yoga", "price": {"amount": 100, "currency": "USD"}, "duration_minutes": 90}
        after = (await client.put(SERVICES + before["id"], json=change, headers=maya.headers)).json()
        assert after == {**before, **change, "slot_interval_minutes": 90}
        event = (await published(app))[-1]
        assert isinstance(event, ServiceUpdated)
        assert (event.service.version, event.service.title) == (2, "Evening yoga")

    async def test_checks_as_the_creation_does(self, client, maya):
        path = SERVICES + (await maya.creates_service())["id"]
        wrong = (needing(str(UUID(int=6))), {"service_type": "banquet"})
        for change in (*wrong, {"category": "x"}, {"price": {"amount": 1, "currency": "EUR"}}):
            assert (await client.put(path, json=change, headers=maya.headers)).status_code == 422

    async def test_a_price_that_no_card_can_pay_is_422(self, client, maya):
        path = SERVICES + (await maya.creates_service())["id"]
        answer = await client.put(path, json={"price": {"amount": 49, "currency": "USD"}}, headers=maya.headers)
        errors = [(error["field"], error["code"]) for error in answer.json()["errors"]]
        assert (answer.status_code, errors) == (422, [("price", "below_minimum_charge")])

    async def test_requests_and_series_are_for_sessions_alone(self, app, client, maya):
        sold_on_request = await maya.creates_service(**TERMS)
        snapshot = (await published(app))[-1].service
        assert (snapshot.resources[0].any_of, snapshot.resources[0].quantity) == ((RESOURCE_ID,), 2)
        assert (snapshot.limits.open_per_client, snapshot.no_show_fee_amount, snapshot.series_max) == (1, 2_000, 26)
        path = SERVICES + sold_on_request["id"]
        refused = await client.put(path, json={"service_type": "workshop"}, headers=maya.headers)
        errors = [(error["field"], error["code"]) for error in refused.json()["errors"]]
        assert (refused.status_code, refused.json()["code"]) == (422, "not_for_type")
        assert errors == [("booking_mode", "not_for_type"), ("series_max", "not_for_type")]
        change = {"service_type": "course", "booking_mode": None, "series_max": None}
        changed = (await client.put(path, json=change, headers=maya.headers)).json()
        assert (changed["service_type"], changed["booking_mode"], changed["series_max"]) == ("course", "instant", 0)
        assert (await client.put(path, json={"series_max": 2}, headers=maya.headers)).status_code == 422

    async def test_null_sets_an_optional_field_back(self, client, maya):
        plain = await maya.creates_service()
        chosen = await maya.creates_service(
            max_participants=5,
            buffer_before_minutes=10,
            buffer_after_minutes=15,
            min_notice_minutes=120,
            slot_interval_minutes=30,
            horizon_days=7,
            cancel_policy={"full_hours": 48, "part_hours": 48, "part_percent": 0},
            reschedule_hours=0,
            max_reschedules=2,
            reminders_minutes=[20, 60],
            **TERMS,
        )
        assert {name: chosen[name] for name in TERMS} == TERMS
        assert chosen["reminders_minutes"] == [60, 20]
        for name in OPTIONAL:
            assert chosen[name] != plain[name]
            after = await client.put(SERVICES + chosen["id"], json={name: None}, headers=maya.headers)
            assert (after.status_code, after.json()[name]) == (200, plain[name])

    @pytest.mark.parametrize("name", [*SERVICE, "is_active"])
    async def test_null_is_no_value_of_a_required_field(self, client, maya, name):
        shown = await maya.creates_service()
        answer = await client.put(SERVICES + shown["id"], json={name: None}, headers=maya.headers)
        assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [name])
        assert (await client.get(SERVICES + shown["id"])).json() == shown

    async def test_parallel_changes_keep_versions_in_order(self, app, client, maya):
        path = SERVICES + (await maya.creates_service())["id"]
        changes = [client.put(path, json={"title": f"Title {n}"}, headers=maya.headers) for n in range(8)]
        assert {answer.status_code for answer in await asyncio.gather(*changes)} == {200}
        assert [event.service.version for event in await published(app)] == list(range(1, 10))


class TestWithdraw:
    async def test_anonymous_401_role_403_stranger_404(self, client, maya, practitioner):
        path = SERVICES + (await maya.creates_service())["id"] + "/"
        assert (await client.delete(path)).status_code == 401
        assert (await client.delete(path, headers=headers_for())).status_code == 403
        assert (await client.delete(path, headers=(await practitioner()).headers)).status_code == 404

    async def test_it_is_gone_for_others_and_stays_for_its_owner(self, app, client, maya):
        path = SERVICES + (await maya.creates_service())["id"] + "/"
        answer = await client.delete(path, headers=maya.headers)
        assert (answer.status_code, answer.content) == (204, b"")
        assert (await client.get(path)).status_code == 404
        assert (await client.get(path, headers=headers_for())).status_code == 404
        assert (await client.get(path, headers=maya.headers)).json()["is_active"] is False
        assert (await client.get(SERVICES, headers=maya.headers)).json()["results"] == []
        event = (await published(app))[-1]
        assert (type(event), event.service.is_active) == (ServiceDeactivated, False)

    async def test_a_second_time_changes_nothing(self, app, client, maya):
        path = SERVICES + (await maya.creates_service())["id"] + "/"
        for _ in range(2):
            assert (await client.delete(path, headers=maya.headers)).status_code == 204
        assert len(await published(app)) == 2

    async def test_it_can_be_offered_again(self, client, maya):
        path = SERVICES + (await maya.creates_service())["id"] + "/"
        await client.delete(path, headers=maya.headers)
        assert (await client.put(path, json={"is_active": True}, headers=maya.headers)).status_code == 200
        assert (await client.get(path)).status_code == 200


class TestCategories:
    async def test_the_nine_are_always_there(self, client):
        rows = (await client.get(f"{SERVICES}categories/")).json()
        slugs = ["wellness", "yoga", "therapy", "coaching", "teaching", "music", "fitness", "events", "other"]
        assert [row["slug"] for row in rows] == slugs
        assert rows[0] == {"slug": "wellness", "name": "Wellness"}


class TestInternal:
    async def test_shows_a_withdrawn_service_to_services_only(self, app, client, maya):
        service_id = (await maya.creates_service())["id"]
        await client.delete(SERVICES + service_id, headers=maya.headers)
        path = f"/internal/services/{service_id}/"
        assert (await client.get(path)).status_code == 401
        shown = (await client.get(path, headers=service_headers())).json()
        assert shown == (await published(app))[-1].service.model_dump(mode="json")
        assert (await client.get(f"/internal/services/{new_id()}/", headers=service_headers())).status_code == 404

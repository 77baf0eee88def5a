"""How many services a practitioner may have on sale, by their plan."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from devtools.testing.answers import a_subscription
from devtools.testing.bodies import SERVICE
from devtools.testing.callers import service_headers
from devtools.testing.delivery import deliver_twice, events_of
from services.catalog.tests.conftest import API
from shared.events.catalog import ServiceDeactivated, ServiceUpdated
from shared.events.subscriptions import (
    SubscriptionActivated,
    SubscriptionChanged,
    SubscriptionEnded,
    SubscriptionEvent,
    SubscriptionPastDue,
    SubscriptionRenewed,
)
from shared.records.ids import new_id

ENTRY, PREMIUM, THREE = 20, None, 3


@pytest.fixture
def plan_limits() -> str:
    """As an install has them."""
    return "on"


@pytest.fixture
def subscribed(app, maya, clock):
    """`await subscribed(SubscriptionActivated, 20)`: payments publishes the practitioner's subscription."""

    async def publish(
        event: type[SubscriptionEvent],
        limit: int | None,
        *,
        version: int = 1,
        subscription_id: UUID | None = None,
        access_until: datetime | None = None,
        **changes: Any,
    ) -> UUID:
        features = {"service_limit": limit, "commission_rate": "0.1500", "figures": "all"}
        given: dict[str, Any] = {
            "id": subscription_id or new_id(),
            "user_id": maya.user_id,
            "practitioner_id": maya.id,
            "features": features,
            "access_until": access_until or clock.now() + timedelta(days=31),
            "version": version,
        }
        snapshot = a_subscription(**given | changes)
        await deliver_twice(app, event(subscription=snapshot))
        return snapshot.id

    return publish


@pytest.fixture
def create(client, maya):
    async def call() -> int:
        answer = await client.post(f"{API}/services/", json=SERVICE, headers=maya.headers)
        return answer.status_code

    return call


@pytest.fixture
def on_sale(client, maya, clock):
    """`await on_sale()`: for each service, oldest first, whether it is on sale and why not."""

    async def look() -> list[tuple[bool, str | None]]:
        path = f"{API}/practitioners/{maya.id}/services/?ordering=created_at"
        rows = (await client.get(path, headers=maya.headers)).json()["results"]
        return [(row["is_active"], row["inactive_reason"]) for row in rows]

    return look


YES, OFF, WITHDRAWN = (True, None), (False, "plan_limit"), (False, None)


@pytest.fixture
def several(maya, clock):
    async def make(number: int) -> list[str]:
        made = []
        for _ in range(number):
            clock.advance(timedelta(seconds=1))
            made.append((await maya.creates_service())["id"])
        return made

    return make


async def test_two_without_a_plan(client, maya, create, several):
    await several(2)
    answer = await client.post(f"{API}/services/", json=SERVICE, headers=maya.headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "plan_limit")


async def test_parallel_calls_make_none_beyond_the_limit(create, on_sale):
    statuses = await asyncio.gather(*(create() for _ in range(50)))
    assert sorted(set(statuses)) == [201, 409]
    assert statuses.count(201) == 2
    assert await on_sale() == [YES, YES]


async def test_what_is_withdrawn_does_not_count_until_it_is_back(client, maya, several):
    first, *_ = await several(2)
    assert (await client.delete(f"{API}/services/{first}/", headers=maya.headers)).status_code == 204
    await several(1)
    path = f"{API}/services/{first}/"
    answer = await client.put(path, json={"is_active": True}, headers=maya.headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "plan_limit")
    changed = await client.put(path, json={"title": "Evening yoga"}, headers=maya.headers)
    assert changed.status_code == 200


async def test_parallel_activations_too(client, maya, several):
    services = []
    for _ in range(4):
        services += await several(1)
        await client.delete(f"{API}/services/{services[-1]}/", headers=maya.headers)
    calls = (client.put(f"{API}/services/{one}/", json={"is_active": True}, headers=maya.headers) for one in services)
    assert sorted(answer.status_code for answer in await asyncio.gather(*calls)) == [200, 200, 409, 409]


async def test_what_is_on_sale_may_be_said_to_be(client, maya, several):
    first, _ = await several(2)
    answer = await client.put(f"{API}/services/{first}/", json={"is_active": True}, headers=maya.headers)
    assert answer.status_code == 200


@pytest.mark.parametrize(("limit", "allowed"), [(THREE, 3), (PREMIUM, 5)])
async def test_a_plan_allows_more(subscribed, create, limit, allowed):
    await subscribed(SubscriptionActivated, limit)
    assert [await create() for _ in range(5)] == [201] * allowed + [409] * (5 - allowed)


async def test_access_alone_decides_how_long(subscribed, create, clock):
    await subscribed(SubscriptionActivated, ENTRY, access_until=clock.now() + timedelta(hours=1))
    assert [await create() for _ in range(2)] == [201, 201]
    clock.advance(timedelta(hours=1))
    assert await create() == 409


async def test_another_kind_of_plan_allows_nothing(subscribed, create, several):
    await several(2)
    await subscribed(SubscriptionActivated, None, kind="organizer", practitioner_id=None, features={})
    assert await create() == 409


async def test_a_lower_plan_takes_the_newest_off_and_a_higher_one_puts_them_back(
    app, client, maya, subscribed, several, on_sale
):
    plan = await subscribed(SubscriptionActivated, PREMIUM)
    services = await several(5)
    await client.delete(f"{API}/services/{services[1]}/", headers=maya.headers)
    await subscribed(SubscriptionChanged, THREE, subscription_id=plan, version=2)
    assert await on_sale() == [YES, WITHDRAWN, YES, YES, OFF]
    await subscribed(SubscriptionEnded, THREE, subscription_id=plan, version=3, access_until=None, status="ended")
    await subscribed(SubscriptionChanged, PREMIUM, subscription_id=plan, version=2)
    await subscribed(SubscriptionActivated, PREMIUM)
    assert await on_sale() == [YES, WITHDRAWN, YES, YES, YES]
    published = [type(event) for event in await events_of(app.state.runtime)][-4:]
    assert published.count(ServiceDeactivated) <= 2
    assert published[-1] is ServiceUpdated


async def test_an_ended_plan_leaves_two(subscribed, several, on_sale, clock):
    plan = await subscribed(SubscriptionActivated, PREMIUM)
    await several(4)
    await subscribed(
        SubscriptionEnded, PREMIUM, subscription_id=plan, version=2, access_until=clock.now(), status="ended"
    )
    assert await on_sale() == [YES, YES, OFF, OFF]


async def test_a_renewal_changes_nothing(client, maya, subscribed, several, on_sale):
    plan = await subscribed(SubscriptionActivated, PREMIUM)
    services = await several(4)
    await subscribed(SubscriptionChanged, THREE, subscription_id=plan, version=2)
    await client.delete(f"{API}/services/{services[0]}/", headers=maya.headers)
    newest = await several(1)
    assert newest
    before = await on_sale()
    assert before == [WITHDRAWN, YES, YES, OFF, YES]
    await subscribed(SubscriptionRenewed, THREE, subscription_id=plan, version=3)
    assert await on_sale() == before


@pytest.mark.parametrize("same_plan", [SubscriptionRenewed, SubscriptionPastDue])
async def test_what_was_beyond_the_limit_before_limits_stays_while_the_plan_is_the_same(
    subscribed, several, on_sale, same_plan
):
    plan = await subscribed(SubscriptionActivated, PREMIUM)
    await several(4)
    await subscribed(same_plan, THREE, subscription_id=plan, version=2)
    assert await on_sale() == [YES] * 4
    await subscribed(SubscriptionChanged, THREE, subscription_id=plan, version=3)
    assert await on_sale() == [YES, YES, YES, OFF]


async def test_its_practitioner_decides_about_what_the_plan_took_off(client, maya, subscribed, several, on_sale):
    plan = await subscribed(SubscriptionActivated, PREMIUM)
    services = await several(3)
    await subscribed(SubscriptionChanged, 2, subscription_id=plan, version=2)
    await client.delete(f"{API}/services/{services[2]}/", headers=maya.headers)
    assert await on_sale() == [YES, YES, WITHDRAWN]
    await subscribed(SubscriptionChanged, PREMIUM, subscription_id=plan, version=3)
    assert await on_sale() == [YES, YES, WITHDRAWN]


async def over(client, person, limit):
    path = f"/internal/practitioners/{person.id}/services-over-limit/?limit={limit}"
    answer = await client.get(path, headers=service_headers())
    assert answer.status_code == 200, answer.text
    return answer.json()["count"]


async def test_internally_how_many_a_plan_would_take_off(client, maya, subscribed, several):
    await subscribed(SubscriptionActivated, PREMIUM)
    services = await several(4)
    await client.delete(f"{API}/services/{services[0]}/", headers=maya.headers)
    assert [await over(client, maya, limit) for limit in (0, 2, 3, 20)] == [3, 1, 0, 0]
    path = f"/internal/practitioners/{maya.id}/services-over-limit/"
    assert (await client.get(f"{path}?limit=2", headers=maya.headers)).status_code == 401
    assert (await client.get(f"{path}?limit=-1", headers=service_headers())).status_code == 422


class TestWithoutLimits:
    @pytest.fixture
    def plan_limits(self) -> str:
        return "off"

    async def test_plans_are_known_and_change_nothing(self, subscribed, several, on_sale):
        plan = await subscribed(SubscriptionActivated, THREE)
        await several(4)
        await subscribed(SubscriptionEnded, THREE, subscription_id=plan, version=2, access_until=None, status="ended")
        assert await on_sale() == [YES] * 4

    async def test_no_plan_takes_any_off(self, client, maya, several):
        await several(3)
        assert await over(client, maya, 2) == 0

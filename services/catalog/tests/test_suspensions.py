"""A practitioner whose account is suspended is not on sale until it is restored."""

import pytest

from devtools.testing.delivery import deliver, deliver_twice, events_of
from services.catalog.tests.conftest import API
from shared.events.catalog import ServiceUpdated
from shared.events.identity import UserRestored, UserSuspended
from shared.records.ids import new_id


@pytest.fixture
def suspend(app, maya):
    async def call(kind=UserSuspended) -> None:
        await deliver_twice(app, kind(user_id=maya.user_id, practitioner_id=maya.id))

    return call


async def published(app) -> list[bool]:
    events = [event for event in await events_of(app.state.runtime) if isinstance(event, ServiceUpdated)]
    return [event.service.is_active for event in events]


async def test_out_of_every_list_and_back(app, client, maya, suspend):
    service = await maya.creates_service()
    paths = [f"/services/{service['id']}/", f"/practitioners/{maya.id}/"]
    for kind, status, total in ((UserSuspended, 404, 0), (UserRestored, 200, 1)):
        await suspend(kind)
        assert [(await client.get(API + path)).status_code for path in paths] == [status, status]
        for path in ("/services/", "/practitioners/", f"/practitioners/{maya.id}/services/", "/services/?search=yoga"):
            assert (await client.get(API + path)).json().get("total", 0) == total
    assert await published(app) == [False, True]


async def test_nothing_new_is_offered_meanwhile(client, maya, suspend):
    await suspend()
    answer = await client.post(f"{API}/services/", json={}, headers=maya.headers)
    assert answer.status_code in {403, 409, 422}
    with pytest.raises(AssertionError):
        await maya.creates_service()


async def test_who_is_no_practitioner_changes_nothing(app):
    await deliver(app, UserSuspended(user_id=new_id(), practitioner_id=None))
    await deliver(app, UserRestored(user_id=new_id(), practitioner_id=None))
    assert await published(app) == []


async def test_a_lost_approval_is_not_restored(app, client, maya, staff, suspend):
    service = await maya.creates_service()
    await suspend()
    path = f"{API}/admin/practitioners/{maya.id}/verification/"
    assert (await client.post(path, json={"decision": "reject"}, headers=staff)).status_code == 200
    await suspend(UserRestored)
    assert (await client.get(f"{API}/services/{service['id']}/")).status_code == 404

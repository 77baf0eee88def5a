"""A practitioner whose account was deactivated is found nowhere, with what they offered."""

import pytest
from sqlalchemy import text

from devtools.testing.callers import headers_for, service_headers
from devtools.testing.delivery import deliver, deliver_twice, erase, events_of
from services.catalog.tests.conftest import API, PROFILE
from shared.events.catalog import PractitionerUpdated, ServiceUpdated
from shared.events.identity import UserDeactivated
from shared.records.ids import new_id


async def listed(client, path: str) -> int:
    return len((await client.get(f"{API}{path}")).json()["results"])


@pytest.mark.parametrize("erased", [False, True])
async def test_profile_and_services_are_404_and_out_of_lists_and_search(app, client, maya, erased):
    service = await maya.creates_service()
    await deliver_twice(app, UserDeactivated(user_id=maya.user_id))
    if erased:
        await erase(app, maya.user_id, maya.id)
    for path in (
        f"/practitioners/{maya.id}/",
        f"/practitioners/{maya.id}/services/",
        f"/services/{service['id']}/",
    ):
        assert (await client.get(f"{API}{path}")).status_code == 404
        assert (await client.get(f"{API}{path}", headers=maya.headers)).status_code == 404
    for path in ("/practitioners/", "/practitioners/?search=maya", "/services/", "/services/?search=yoga"):
        assert await listed(client, path) == 0


async def test_the_others_hear_that_the_services_can_be_booked_no_more_and_that_once(app, maya):
    await maya.creates_service()
    for _ in range(2):
        await deliver(app, UserDeactivated(user_id=maya.user_id))
    published_events = [event for event in await events_of(app.state.runtime) if isinstance(event, ServiceUpdated)]
    assert [event.service.is_active for event in published_events] == [False]


@pytest.mark.parametrize("deactivated_before", [False, True])
async def test_of_an_erased_one_nothing_that_they_wrote_is_left(app, client, maya, staff, deactivated_before):
    service = await maya.creates_service(title="Yoga with Maya", description="By Maya")
    if deactivated_before:
        await deliver(app, UserDeactivated(user_id=maya.user_id))
    await erase(app, maya.user_id)
    [profile] = (await client.get(f"{API}/admin/practitioners/", headers=staff)).json()["results"]
    assert (profile["display_name"], profile["bio"], profile["specializations"]) == ("Erased account", "", [])
    shown = await client.get(f"{API}/services/{service['id']}/", headers=staff)
    assert "Maya" not in shown.text
    published_events = [event for event in await events_of(app.state.runtime) if isinstance(event, PractitionerUpdated)]
    assert published_events[-1].display_name == "Erased account"


async def test_of_an_erased_one_no_table_keeps_a_word(app, client, staff):
    user_id = new_id()
    headers = {**headers_for(user_id), "Idempotency-Key": "apply"}
    applied = (await client.post(f"{API}/practitioners/apply/", json=PROFILE, headers=headers)).json()
    path, decision = f"{API}/admin/practitioners/{applied['id']}/verification/", {"decision": "needs_changes"}
    await client.post(path, json=decision | {"note": "Dear Maya!"}, headers={**staff, "Idempotency-Key": "decide"})
    await erase(app, user_id)
    async with app.state.runtime.db.read() as session:
        log = (await session.scalars(text("select after from catalog.audit where action <> 'audit.erase'"))).all()
        answers = (await session.scalars(text("select key from catalog.idempotency"))).all()
    assert (log, answers) == ([{}], [])


async def test_the_other_services_learn_that_they_are_not_approved(app, client, maya):
    await deliver(app, UserDeactivated(user_id=maya.user_id))
    for path in (f"by-user/{maya.user_id}", maya.id):
        answer = await client.get(f"/internal/practitioners/{path}/", headers=service_headers())
        assert answer.json()["verification_status"] == "rejected"


async def test_nobody_decides_about_or_changes_who_is_gone(app, client, maya, decide):
    await maya.creates_service()
    await deliver(app, UserDeactivated(user_id=maya.user_id))
    answer = await decide(maya, "reject")
    assert (answer.status_code, answer.json()["code"]) == (409, "account_deactivated")
    path = f"{API}/practitioners/{maya.id}/"
    assert (await client.put(path, json={"bio": "Back"}, headers=maya.headers)).status_code == 404


async def test_a_client_without_a_profile_is_nobody_here(app, client, maya):
    await maya.creates_service()
    await erase(app, new_id())
    assert await listed(client, "/services/") == 1

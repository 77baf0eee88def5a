import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from devtools.testing.callers import headers_for, service_headers
from devtools.testing.delivery import events_of
from services.catalog.invariants import INVARIANTS
from services.catalog.tests.conftest import API, PROFILE
from shared.events.catalog import (
    PractitionerApplied,
    PractitionerEvent,
    PractitionerUpdated,
    PractitionerVerificationChanged,
    ServiceEvent,
    ServiceUpdated,
)
from shared.records.ids import new_id


async def published(app, kind):
    return [event for event in await events_of(app.state.runtime) if isinstance(event, kind)]


class TestApply:
    path = f"{API}/practitioners/apply/"

    async def test_anonymous_is_401(self, client):
        assert (await client.post(self.path, json=PROFILE)).status_code == 401

    async def test_answers_the_pending_application(self, app, client):
        user_id = new_id()
        answer = await client.post(self.path, json=PROFILE, headers=headers_for(user_id))
        body = answer.json()
        assert answer.status_code == 201
        assert body == {
            "id": body["id"],
            "user_id": str(user_id),
            "display_name": "Maya Ríos",
            "verification_status": "pending",
            "onboarding": {"completed_steps": ["profile"], "next_step": "verification"},
        }
        [event] = await published(app, PractitionerApplied)
        assert (str(event.practitioner_id), event.user_id, event.version) == (body["id"], user_id, 1)

    async def test_twice_is_refused(self, client):
        headers = headers_for()
        await client.post(self.path, json=PROFILE, headers=headers)
        answer = await client.post(self.path, json=PROFILE, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "already_applied")

    async def test_at_once_gives_one_application(self, app, client):
        headers = headers_for()
        answers = await asyncio.gather(*(client.post(self.path, json=PROFILE, headers=headers) for _ in range(5)))
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
        assert len(await published(app, PractitionerApplied)) == 1

    async def test_a_repeat_with_the_same_key_gets_the_same_answer(self, client):
        headers = {**headers_for(), "Idempotency-Key": "once"}
        first = await client.post(self.path, json=PROFILE, headers=headers)
        again = await client.post(self.path, json=PROFILE, headers=headers)
        assert (again.status_code, again.content) == (201, first.content)
        assert again.headers["Idempotent-Replayed"] == "true"

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"display_name": " "}, "display_name"),
            ({"display_name": "x" * 121}, "display_name"),
            ({"display_name": "Yoga at evil.com"}, "display_name"),
            ({"bio": "x" * 10_001}, "bio"),
            ({"bio": "a\x00b"}, "bio"),
            ({"specializations": ["a"] * 21}, "specializations"),
            ({"specializations": ["\x00"]}, "specializations.0"),
            ({"specializations": "yoga"}, "specializations"),
            ({"timezone": "Nowhere"}, "timezone"),
            ({"verification_status": "approved"}, "verification_status"),
        ],
    )
    async def test_a_bad_field_is_named(self, client, change, field):
        answer = await client.post(self.path, json={**PROFILE, **change}, headers=headers_for())
        assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [field])


class TestGet:
    async def test_an_approved_one_is_public(self, client, maya):
        shown = (await client.get(f"{API}/practitioners/{maya.id}")).json()
        assert (shown["display_name"], shown["verification_status"]) == ("Maya Ríos", "approved")
        assert "note" not in shown

    async def test_a_pending_one_is_404_for_all_but_its_owner_and_staff(self, client, applicant, staff):
        person = await applicant()
        path = f"{API}/practitioners/{person.id}/"
        assert (await client.get(path)).status_code == 404
        assert (await client.get(path, headers=headers_for())).status_code == 404
        assert (await client.get(path, headers=staff)).status_code == 200
        own = (await client.get(path, headers=headers_for(person.user_id))).json()
        assert own["onboarding"] == {"completed_steps": ["profile"], "next_step": "verification"}

    @pytest.mark.parametrize("unknown", ["00000000-0000-7000-8000-000000000007", "no-id"])
    async def test_an_unknown_one_is_404(self, client, unknown):
        assert (await client.get(f"{API}/practitioners/{unknown}/")).status_code == 404

    async def test_internally_any_state_is_shown_to_services_only(self, client, applicant, staff):
        person = await applicant()
        path = f"/internal/practitioners/{person.id}/"
        assert (await client.get(path)).status_code == 401
        assert (await client.get(path, headers=staff)).status_code == 401
        assert (await client.get(path, headers=service_headers())).json() == {
            "practitioner_id": str(person.id),
            "user_id": str(person.user_id),
            "display_name": "Maya Ríos",
            "timezone": "UTC",
            "verification_status": "pending",
            "version": 1,
        }
        assert (await client.get(f"/internal/practitioners/{new_id()}/", headers=service_headers())).status_code == 404

    async def test_internally_one_is_found_by_user_too(self, client, applicant):
        person = await applicant()
        path = "/internal/practitioners/by-user"
        assert (await client.get(f"{path}/{person.user_id}/")).status_code == 401
        found = await client.get(f"{path}/{person.user_id}/", headers=service_headers())
        assert found.json()["practitioner_id"] == str(person.id)
        assert (await client.get(f"{path}/{person.id}/", headers=service_headers())).status_code == 404


class TestList:
    async def names(self, client, **query):
        answer = await client.get(f"{API}/practitioners/", params=query)
        assert answer.status_code == 200, answer.text
        return [row["display_name"] for row in answer.json()["results"]]

    async def test_shows_the_approved_newest_first(self, client, practitioner, applicant, clock):
        for name in ("First", "Second"):
            await practitioner(display_name=name)
            clock.advance(timedelta(minutes=1))
        await applicant(display_name="Pending")
        assert await self.names(client) == ["Second", "First"]
        assert await self.names(client, ordering="display_name", limit=1) == ["First"]

    @pytest.mark.parametrize("query", ["maya rios", "RÍOS", "may", "vinyasa", "balanced", "vinyassa"])
    async def test_search_finds_by_name_part_accent_and_word(self, client, practitioner, maya, query):
        await practitioner(display_name="Bob", bio="Drums", specializations=["Rhythm"])
        assert await self.names(client, search=query) == ["Maya Ríos"]

    async def test_an_unknown_ordering_is_422(self, client):
        answer = await client.get(f"{API}/practitioners/", params={"ordering": "user_id"})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "ordering")

    async def test_takes_two_queries_however_many_there_are(self, client, practitioner, statements):
        for _ in range(2):
            await practitioner()
            with statements() as made:
                await self.names(client, search="maya")
            assert len(made) == 2


class TestChangeProfile:
    async def test_anonymous_is_401_and_a_stranger_404(self, client, maya):
        path = f"{API}/practitioners/{maya.id}/"
        assert (await client.put(path, json={})).status_code == 401
        assert (await client.put(path, json={}, headers=headers_for())).status_code == 404

    async def test_changes_what_is_given_and_tells_the_others(self, app, client, maya):
        path = f"{API}/practitioners/{maya.id}/"
        shown = (await client.put(path, json={"display_name": "Maya R."}, headers=maya.headers)).json()
        assert (shown["display_name"], shown["bio"]) == ("Maya R.", PROFILE["bio"])
        [event] = await published(app, PractitionerUpdated)
        assert (event.display_name, event.version) == ("Maya R.", 3)

    async def test_another_zone_is_published_with_each_service(self, app, client, maya):
        service = await maya.creates_service()
        path = f"{API}/practitioners/{maya.id}/"
        await client.put(path, json={"timezone": "Asia/Tokyo"}, headers=maya.headers)
        [event] = await published(app, ServiceUpdated)
        assert (str(event.service.service_id), event.service.practitioner_timezone) == (service["id"], "Asia/Tokyo")

    async def test_after_needed_changes_it_applies_again(self, app, client, applicant, decide):
        person = await applicant()
        await decide(person, "needs_changes", note="A longer text, please.")
        path = f"{API}/practitioners/{person.id}/"
        shown = (await client.put(path, json={"bio": "Longer."}, headers=headers_for(person.user_id))).json()
        assert (shown["verification_status"], shown["note"]) == ("pending", "A longer text, please.")
        statuses = [event.verification_status for event in await published(app, PractitionerVerificationChanged)]
        assert statuses == ["needs_changes", "pending"]

    @pytest.mark.parametrize("name", PROFILE)
    async def test_null_is_no_value_of_a_required_field(self, client, maya, name):
        answer = await client.put(f"{API}/practitioners/{maya.id}/", json={name: None}, headers=maya.headers)
        assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [name])


class TestVerify:
    async def test_staff_do_not_decide_on_their_own_application(self, client, applicant, staff):
        person = await applicant()
        path = f"{API}/admin/practitioners/{person.id}/verification/"
        own = headers_for(person.user_id, roles=("user", "staff", "superuser"))
        for decision in ("approve", "reject"):
            answer = await client.post(path, json={"decision": decision}, headers=own)
            assert (answer.status_code, answer.json()["code"]) == (403, "conflict_of_interest")
        shown = (await client.post(path, json={"decision": "approve"}, headers=staff)).json()
        assert shown["verification_status"] == "approved"

    async def test_needs_staff(self, client, applicant):
        path = f"{API}/admin/practitioners/{(await applicant()).id}/verification/"
        body = {"decision": "approve"}
        assert (await client.post(path, json=body)).status_code == 401
        assert (await client.post(path, json=body, headers=headers_for())).status_code == 403

    async def test_an_unknown_one_is_404_and_an_unknown_decision_422(self, client, staff, applicant):
        path = f"{API}/admin/practitioners/{new_id()}/verification/"
        assert (await client.post(path, json={"decision": "approve"}, headers=staff)).status_code == 404
        assert (await client.post(path, json={"decision": "maybe"}, headers=staff)).status_code == 422

    async def test_approval_is_published_and_audited(self, app, applicant, decide):
        person = await applicant()
        answer = await decide(person, "approve", note="Welcome")
        assert (answer.status_code, answer.json()["verification_status"], answer.json()["note"]) == (
            200,
            "approved",
            "Welcome",
        )
        [event] = await published(app, PractitionerVerificationChanged)
        assert (event.practitioner_id, event.user_id, event.verification_status) == (
            person.id,
            person.user_id,
            "approved",
        )
        assert (event.version, event.note) == (2, "Welcome")
        async with app.state.runtime.db.read() as session:
            [entry] = (await session.execute(select(session.system_tables.audit))).all()
        assert (entry.before["verification_status"], entry.after["verification_status"]) == ("pending", "approved")

    async def test_the_same_decision_again_changes_nothing(self, app, applicant, decide):
        person = await applicant()
        first, again = await decide(person, "approve"), await decide(person, "approve")
        assert (again.status_code, again.json()) == (200, first.json())
        assert len(await published(app, PractitionerVerificationChanged)) == 1

    async def test_a_step_outside_the_table_is_409_and_names_both_states(self, applicant, decide):
        person = await applicant()
        await decide(person, "reject")
        answer = await decide(person, "approve")
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
        assert "rejected" in answer.json()["detail"]
        assert "approved" in answer.json()["detail"]

    async def test_withdrawn_approval_takes_the_services_off_the_market(self, app, client, maya, decide):
        service = await maya.creates_service()
        await decide(maya, "needs_changes")
        assert (await client.get(f"{API}/services/{service['id']}/")).status_code == 404
        assert (await client.get(f"{API}/services/")).json()["total"] == 0
        answer = await client.post(f"{API}/services/", json={}, headers=maya.headers)
        assert answer.status_code == 422
        await decide(maya, "approve")
        states = [(event.service.version, event.service.is_active) for event in await published(app, ServiceEvent)]
        assert states == [(1, True), (2, False), (3, True)]

    async def test_versions_only_grow(self, app, client, maya, decide):
        await client.put(f"{API}/practitioners/{maya.id}/", json={"bio": "x"}, headers=maya.headers)
        await decide(maya, "needs_changes")
        await client.put(f"{API}/practitioners/{maya.id}/", json={"bio": "y"}, headers=maya.headers)
        versions = [event.version for event in await published(app, PractitionerEvent)]
        assert versions == sorted(set(versions))

    async def test_the_audit_log_cannot_be_rewritten(self, app, maya):
        with pytest.raises(Exception, match="permission denied"):
            async with app.state.runtime.db.transaction() as session:
                await session.execute(update(session.system_tables.audit).values(action="nothing"))


class TestListForStaff:
    path = f"{API}/admin/practitioners/"

    async def test_needs_staff(self, client, maya):
        assert (await client.get(self.path)).status_code == 401
        assert (await client.get(self.path, headers=maya.headers)).status_code == 403

    async def test_filters_by_status(self, client, applicant, maya, staff):
        person = await applicant()
        for query, expected in (({"verification_status": "pending"}, [person.id]), ({}, [person.id, maya.id])):
            rows = (await client.get(self.path, params=query, headers=staff)).json()["results"]
            assert {row["id"] for row in rows} == {str(practitioner_id) for practitioner_id in expected}

    async def test_an_unknown_status_is_422(self, client, staff):
        answer = await client.get(self.path, params={"verification_status": "new"}, headers=staff)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "verification_status")


class TestInvariants:
    async def test_hold_after_an_ordinary_life(self, app, client, maya, decide):
        await maya.creates_service()
        await decide(maya, "needs_changes")
        await client.put(f"{API}/practitioners/{maya.id}/", json={"bio": "x"}, headers=maya.headers)
        async with app.state.runtime.db.read() as session:
            broken = {name: (await session.execute(text(sql))).all() for name, sql in INVARIANTS.items()}
        assert broken == {name: [] for name in INVARIANTS}

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from devtools.testing.callers import headers_for
from devtools.testing.delivery import events_of
from services.identity.tests.conftest import CONFIRMED, registration
from shared.auth.permissions import Role
from shared.events.identity import ConsentRecorded
from shared.records.ids import new_id

CONSENTS, DOCUMENTS, PUBLISH = "/api/v1/consents/", "/api/v1/consents/documents/", "/api/v1/admin/consents/documents/"
STAFF = headers_for(new_id(), (Role.USER, Role.STAFF)) | CONFIRMED
NEWS = {"purpose": "marketing_email", "version": 1, "decision": "given"}


@pytest.fixture
def mine(ada):
    return headers_for(UUID(ada["user"]["id"]))


def terms(version: int = 2, **other) -> dict[str, Any]:
    """A version of the terms."""
    body = {"purpose": "terms", "version": version, "title": "Terms", "text": "Anew.", "required": True}
    return body | {"effective_at": "2026-12-01T00:00:00Z"} | other


def code_of(answer) -> tuple[int, str, list[str]]:
    problem = answer.json()
    return answer.status_code, problem["code"], [error["field"] for error in problem["errors"]]


class TestDocuments:
    async def test_version_one_is_there_for_everybody(self, client):
        found = (await client.get(DOCUMENTS)).json()
        assert found["total"] == 9
        assert {one["purpose"]: one["required"] for one in found["results"]} == {
            **dict.fromkeys(("terms", "privacy"), True),
            **dict.fromkeys(("marketing_email", "marketing_sms", "analytics", "recording"), False),
            **dict.fromkeys(("adult_content", "health_data", "records_sharing"), False),
        }

    async def test_a_new_version_counts_from_its_moment_on(self, app, client, ada, mine):
        later = (app.state.runtime.clock.now() + timedelta(days=1)).isoformat()
        assert (await client.post(PUBLISH, json=terms(effective_at=later), headers=STAFF)).status_code == 201
        found = {one["purpose"]: one["version"] for one in (await client.get(DOCUMENTS)).json()["results"]}
        assert found["terms"] == 1
        app.state.runtime.clock.advance(timedelta(days=2))
        found = {one["purpose"]: one["version"] for one in (await client.get(DOCUMENTS)).json()["results"]}
        assert found["terms"] == 2
        old = {"purpose": "terms", "version": 1, "decision": "given"}
        assert code_of(await client.post(CONSENTS, json=old, headers=mine)) == (422, "version_outdated", ["version"])

    async def test_versions_follow_each_other(self, client):
        for version in (1, 3):
            answer = await client.post(PUBLISH, json=terms(version), headers=STAFF)
            assert code_of(answer) == (409, "version_conflict", ["version"])

    async def test_publishing_is_audited(self, app, client):
        answer = await client.post(PUBLISH, json=terms(), headers=STAFF)
        async with app.state.runtime.db.read() as session:
            row = (await session.execute(text("select id, action, after from identity.audit"))).one()
        assert (str(row.id), row.action) == (answer.headers["Audit-Id"], "consent_document.publish")
        assert (row.after["purpose"], row.after["version"]) == ("terms", 2)

    @pytest.mark.parametrize("bad", [{"version": 0}, {"text": ""}, {"purpose": "No Such"}, {"effective_at": "soon"}])
    async def test_bad_ones_are_refused_by_field(self, client, bad):
        [field] = bad
        answer = await client.post(PUBLISH, json=terms() | bad, headers=STAFF)
        assert code_of(answer) == (422, "invalid", [field])


class TestDecisions:
    async def test_the_latest_counts_and_earlier_ones_stay(self, app, client, ada, mine):
        for decision in ("given", "withdrawn"):
            answer = await client.post(CONSENTS, json=NEWS | {"decision": decision}, headers=mine)
            assert (answer.status_code, answer.json()["decision"]) == (201, decision)
        listed = (await client.get(CONSENTS, headers=mine)).json()
        assert (listed["total"], listed["results"][0]["decision"]) == (1, "withdrawn")
        decided = [one for one in await events_of(app.state.runtime) if isinstance(one, ConsentRecorded)]
        assert [one.decision for one in decided] == ["given", "withdrawn"]
        async with app.state.runtime.db.read() as session:
            assert await session.scalar(text("select count(*) from identity.consents")) == 2

    async def test_a_scope_is_one_of_three_and_counts_by_itself(self, client, mine):
        booking_id, recording = str(new_id()), {"purpose": "recording", "version": 1, "decision": "given"}
        for scope in ({"booking_id": booking_id}, None):
            answer = await client.post(CONSENTS, json=recording | {"scope": scope}, headers=mine)
            assert (answer.status_code, answer.json()["scope"]) == (201, scope)
        assert (await client.get(CONSENTS, headers=mine)).json()["total"] == 2
        for bad in ({}, {"booking_id": booking_id, "post_id": booking_id}):
            answer = await client.post(CONSENTS, json=recording | {"scope": bad}, headers=mine)
            assert code_of(answer)[:2] == (422, "invalid")

    async def test_what_is_required_cannot_be_withdrawn(self, client, mine):
        for decision in ("refused", "withdrawn"):
            answer = await client.post(
                CONSENTS, json={"purpose": "terms", "version": 1, "decision": decision}, headers=mine
            )
            assert code_of(answer) == (409, "required_purpose", ["purpose"])

    async def test_an_unknown_purpose_or_version_is_refused(self, client, mine):
        answer = await client.post(CONSENTS, json=NEWS | {"purpose": "selling_data"}, headers=mine)
        assert code_of(answer) == (422, "unknown_purpose", ["purpose"])
        answer = await client.post(CONSENTS, json=NEWS | {"version": 2}, headers=mine)
        assert code_of(answer) == (422, "version_outdated", ["version"])

    async def test_a_yes_to_an_earlier_version_can_be_withdrawn(self, client, mine):
        assert (await client.post(CONSENTS, json=NEWS, headers=mine)).status_code == 201
        newer = terms(purpose="marketing_email", required=False)
        assert (await client.post(PUBLISH, json=newer, headers=STAFF)).status_code == 201
        assert (await client.post(CONSENTS, json=NEWS, headers=mine)).status_code == 422
        answer = await client.post(CONSENTS, json=NEWS | {"decision": "withdrawn"}, headers=mine)
        assert answer.status_code == 201

    async def test_no_decision_of_another_is_seen(self, client, mine):
        assert (await client.post(CONSENTS, json=NEWS, headers=mine)).status_code == 201
        assert (await client.get(CONSENTS, headers=headers_for(new_id()))).json()["total"] == 0

    @pytest.mark.parametrize(
        "change", ["update identity.consents set decision = 'given'", "delete from identity.consents"]
    )
    async def test_rows_are_only_added(self, app, client, mine, change):
        await client.post(CONSENTS, json=NEWS, headers=mine)
        with pytest.raises(DBAPIError):
            async with app.state.runtime.db.transaction() as session:
                await session.execute(text(change))


class TestAccount:
    async def test_registration_agrees_and_the_account_says_what_is_left(self, client):
        agreed = [{"purpose": "terms", "version": 1}] * 2
        answer = await client.post("/api/v1/auth/register/", json=registration(consents=agreed))
        assert (answer.status_code, answer.json()["user"]["pending_consents"]) == (201, ["privacy"])
        own = headers_for(UUID(answer.json()["user"]["id"]))
        await client.post(CONSENTS, json={"purpose": "privacy", "version": 1, "decision": "given"}, headers=own)
        assert (await client.get("/api/v1/auth/user/", headers=own)).json()["pending_consents"] == []
        assert (await client.post(PUBLISH, json=terms(), headers=STAFF)).status_code == 201
        assert (await client.get("/api/v1/auth/user/", headers=own)).json()["pending_consents"] == ["terms"]

    async def test_an_outdated_version_makes_no_account(self, app, client):
        bad = registration(consents=[{"purpose": "terms", "version": 7}])
        answer = await client.post("/api/v1/auth/register/", json=bad)
        assert code_of(answer) == (422, "version_outdated", ["consents.0.version"])
        bad = registration(consents=[{"purpose": "terms", "version": 1}, {"purpose": "unheard", "version": 1}])
        answer = await client.post("/api/v1/auth/register/", json=bad)
        assert code_of(answer) == (422, "unknown_purpose", ["consents.1.purpose"])
        async with app.state.runtime.db.read() as session:
            assert await session.scalar(text("select count(*) from identity.users")) == 0

from uuid import UUID

import pytest
from sqlalchemy import select, text

from devtools.testing.callers import headers_for, service_headers
from devtools.testing.delivery import events_of
from services.identity.tests.conftest import CONFIRMED, PASSWORD, erasures_end, registration
from shared.events.identity import SessionRevoked, UserDeactivated
from shared.records.ids import new_id

URL = "/api/v1/admin/users"


@pytest.fixture
def deactivate(client):
    async def call(user_id, **body):
        headers = headers_for(roles=("user", "staff")) | CONFIRMED
        return await client.post(f"{URL}/{user_id}/deactivate/", json=body, headers=headers)

    return call


async def deactivations(app):
    """What the audit log has of them, in order."""
    table = app.state.runtime.db.system_tables.audit
    query = select(table).where(table.c.action == "user.deactivate").order_by(table.c.id)
    async with app.state.runtime.db.read() as session:
        return (await session.execute(query)).all()


class TestDeactivate:
    async def test_anonymous_401_and_others_403(self, client, ada):
        url = f"{URL}/{ada['user']['id']}/deactivate/"
        assert (await client.post(url)).status_code == 401
        assert (await client.post(url, headers=headers_for(UUID(ada["user"]["id"])))).status_code == 403

    async def test_staff_confirm_it_and_who_may_not_is_told_that_first(self, app, client, ada):
        url, body = f"{URL}/{ada['user']['id']}/deactivate/", {"no": "such field"}
        answer = await client.post(url, json=body, headers=headers_for(roles=("user", "staff")))
        assert (answer.status_code, answer.json()["code"]) == (428, "confirmation_required")
        assert (await client.post(url, json=body, headers=headers_for())).status_code == 403
        assert await deactivations(app) == []

    async def test_nobody_is_404(self, deactivate):
        assert (await deactivate(new_id())).status_code == 404

    async def test_it_is_told_and_audited_once(self, app, ada, deactivate):
        for _ in range(2):
            answer = await deactivate(ada["user"]["id"], reason="spam")
            assert (answer.status_code, set(answer.json())) == (200, {"id", "deactivated_at"})
        published = [event for event in await events_of(app.state.runtime) if isinstance(event, UserDeactivated)]
        assert [str(event.user_id) for event in published] == [ada["user"]["id"]]
        assert [(entry.after, entry.reason) for entry in await deactivations(app)] == [
            ({"active": False, "erased": False}, "spam")
        ]

    async def test_the_answer_names_its_audit_row(self, app, ada, deactivate):
        answer, again = await deactivate(ada["user"]["id"]), await deactivate(ada["user"]["id"])
        assert [str(entry.id) for entry in await deactivations(app)] == [answer.headers["Audit-Id"]]
        assert "Audit-Id" not in again.headers

    async def test_nobody_is_signed_in_as_them_any_more(self, app, client, ada, deactivate):
        await deactivate(ada["user"]["id"])
        own = headers_for(UUID(ada["user"]["id"]))
        assert (await client.get("/api/v1/auth/user/", headers=own)).status_code == 401
        refreshed = await client.post("/api/v1/auth/token/refresh/", json={"refresh_token": ada["refresh_token"]})
        assert refreshed.json()["code"] == "refresh_invalid"
        login = {"email": ada["user"]["email"], "password": PASSWORD}
        assert (await client.post("/api/v1/auth/login/", json=login)).json()["code"] == "invalid_credentials"
        ended = [event for event in await events_of(app.state.runtime) if isinstance(event, SessionRevoked)]
        assert [event.reason for event in ended] == ["deactivated"]

    async def test_other_services_find_nobody(self, client, ada, deactivate):
        await deactivate(ada["user"]["id"])
        answer = await client.get(f"/internal/users/{ada['user']['id']}/", headers=service_headers())
        assert answer.status_code == 404

    async def test_who_is_erased_frees_the_address(self, app, client, ada, deactivate):
        await deactivate(ada["user"]["id"], erase=True)
        await erasures_end(app)
        again = await client.post("/api/v1/auth/register/", json=registration())
        assert again.status_code == 201
        assert again.json()["user"]["id"] != ada["user"]["id"]

    async def test_an_account_that_has_ended_can_still_be_erased_and_that_once(self, app, client, ada, deactivate):
        first = (await deactivate(ada["user"]["id"])).json()
        for _ in range(2):
            assert (await deactivate(ada["user"]["id"], erase=True)).json() == first
        entries = await deactivations(app)
        assert [(entry.before, entry.after) for entry in entries] == [
            ({"active": True}, {"active": False, "erased": False}),
            ({"active": False}, {"active": False, "erased": True}),
        ]
        await erasures_end(app)
        published = [event for event in await events_of(app.state.runtime) if isinstance(event, UserDeactivated)]
        assert len(published) <= 1
        assert (await client.post("/api/v1/auth/register/", json=registration())).status_code == 201

    async def test_of_an_erased_one_no_table_keeps_a_word_not_even_why(self, app, client, ada, deactivate):
        own = headers_for(UUID(ada["user"]["id"]))
        await client.put("/api/v1/auth/user/", json={"timezone": "Europe/Sarajevo"}, headers=own)
        await deactivate(ada["user"]["id"], reason="Ada wrote us")
        for _ in range(2):
            await deactivate(ada["user"]["id"], erase=True, reason="Lovelace insists")
        await erasures_end(app)
        async with app.state.runtime.db.read() as session:
            rows = (await session.scalars(text("select u::text from identity.users u"))).all()
        assert not [row for row in rows if "Sarajevo" in row or "Lovelace" in row]
        assert [(entry.after, entry.reason) for entry in await deactivations(app)] == [
            ({}, None),
            ({}, None),
        ]

    async def test_the_reasons_about_others_stay(self, app, client, ada, deactivate):
        other = (await client.post("/api/v1/auth/register/", json=registration("b@example.com"))).json()["user"]
        await deactivate(other["id"], reason="spam")
        await deactivate(ada["user"]["id"], erase=True)
        await erasures_end(app)
        assert [entry.reason for entry in await deactivations(app)] == ["spam", None]

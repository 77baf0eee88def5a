"""Staff in a person's place: what they see, who is told, and how it ends."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from devtools.testing.callers import edge_headers, headers_for
from devtools.testing.delivery import events_of
from services.identity.accounts.models import User
from services.identity.staff import service as staff
from services.identity.tests.conftest import CONFIRMED, PASSWORD, bearer, execute
from services.identity.tests.test_staff import audit
from shared.events.identity import SessionRevoked
from shared.records.ids import new_id

USERS, SESSIONS = "/api/v1/admin/users/", "/api/v1/auth/sessions/"
WHY = {"reason": "They ask for help."}


@pytest.fixture
async def clerk(app):
    """The headers of staff."""
    async with app.state.runtime.db.transaction() as session:
        settings = app.state.runtime.settings
        await staff.create_staff(session, settings, "first@example.com", PASSWORD)
        made = await staff.create_staff(session, settings, "clerk@example.com", PASSWORD)
    return str(made.id), headers_for(made.id, ("user", "staff")) | CONFIRMED


@pytest.fixture
def ask(client, ada, clerk):
    """`await ask(minutes=5)`: the answer to staff, about Ada unless another is named."""

    async def call(headers: dict[str, str] | None = None, user_id: str = "", **body: Any) -> Any:
        path = f"{USERS}{user_id or ada['user']['id']}/impersonate/"
        return await client.post(path, json={**WHY, **body}, headers=headers or clerk[1])

    return call


@pytest.fixture
def lent(ask):
    """`await lent()`: the headers of staff in Ada's place."""

    async def made(**given: Any) -> dict[str, str]:
        answer = await ask(**given)
        assert answer.status_code == 201, answer.text
        return bearer(answer.json())

    return made


class TestBegin:
    async def test_shows_what_the_person_sees(self, own, ask, ada):
        answer = (await ask()).json()
        assert (set(answer), answer["expires_in"]) == ({"access_token", "expires_in", "session_id"}, 900)
        shown = await own.get("/api/v1/auth/user/", headers=bearer(answer))
        assert shown.json()["id"] == ada["user"]["id"]
        assert (await ask(minutes=60)).json()["expires_in"] == 3600

    async def test_the_person_is_told_at_once_and_sees_it_among_their_sessions(self, own, ask, ada, mails):
        answer = (await ask()).json()
        [mail] = await mails("impersonated")
        assert (mail["address"], mail["token"]) == ("ada@example.com", None)
        listed = (await own.get(SESSIONS, headers=bearer(ada))).json()["results"]
        [shown] = [one for one in listed if one["kind"] == "impersonation"]
        assert (shown["id"], shown["current"], shown["address"]) == (answer["session_id"], False, None)
        assert "account.read" in shown["scopes"]
        assert not {scope for scope in shown["scopes"] if scope.split(".")[0] in ("messages", "payments", "admin")}
        assert {scope.split(".")[1] for scope in shown["scopes"]} == {"read"}

    async def test_is_audited_with_its_reason(self, app, ask, ada, clerk):
        answer = await ask(minutes=20)
        [row] = [row for row in await audit(app) if row.action == "user.impersonate"]
        assert (str(row.actor_id), str(row.subject_id), row.reason) == (clerk[0], ada["user"]["id"], WHY["reason"])
        assert row.after == {"session_id": answer.json()["session_id"], "minutes": 20, "write": False}

    async def test_a_key_of_the_client_stores_no_token(self, client, ask, clerk):
        keyed = clerk[1] | {"Idempotency-Key": "once"}
        first, second = await ask(keyed), await ask(keyed)
        assert first.json()["access_token"] != second.json()["access_token"]

    @pytest.mark.parametrize(
        "body", [{"minutes": 0}, {"minutes": 61}, {"minutes": "5"}, {"reason": " "}, {"write": "yes"}, {"who": 1}]
    )
    async def test_bad_input_is_422(self, ask, body):
        assert (await ask(**body)).status_code == 422

    async def test_who_is_refused(self, app, client, ask, clerk, superusers, ada):
        assert (await client.post(f"{USERS}{ada['user']['id']}/impersonate/", json=WHY)).status_code == 401
        for role in ("practitioner", "partner", "support", "marketing"):
            refused = await ask(headers_for(roles=("user", role)) | CONFIRMED)
            assert refused.json()["code"] == "staff_required"
        assert (await ask(headers_for(UUID(clerk[0]), ("user", "staff")))).json()["code"] == "confirmation_required"
        assert (await ask(headers_for(roles=("user", "staff")) | CONFIRMED)).json()["code"] == "staff_required"
        assert (await ask(user_id=str(new_id()))).status_code == 404
        assert (await ask(write=True)).json()["code"] == "superuser_required"
        [(boss, _)] = await superusers(1)
        for colleague in (boss, clerk[0]):
            answer = await ask(user_id=colleague)
            assert (answer.status_code, answer.json()["code"]) == (409, "staff_account")
        await execute(app, update(User).where(User.id == UUID(ada["user"]["id"])).values(granted_roles=["support"]))
        assert (await ask()).json()["code"] == "staff_account"

    async def test_nobody_is_signed_in_to_a_suspended_or_closed_account(self, client, ask, clerk, ada):
        for verb in ("suspend", "deactivate"):
            path = f"{USERS}{ada['user']['id']}/{verb}/"
            assert (await client.post(path, json=WHY, headers=clerk[1])).status_code == 200
            assert (await ask()).json()["code"] == "illegal_transition"


class TestLimits:
    async def test_changes_nothing(self, own, lent):
        for call in (
            own.put("/api/v1/auth/user/", json={"bio": "x"}, headers=await lent()),
            own.post("/api/v1/auth/sessions/end-others/", headers=await lent()),
            own.get(USERS, headers=await lent()),
        ):
            assert (await call).status_code == 403
        decision = {"purpose": "analytics", "version": 1, "decision": "given"}
        answer = await own.post("/api/v1/consents/", json=decision, headers=await lent())
        assert answer.json()["code"] == "impersonation_limited"

    async def test_to_write_superusers_may_but_sign_in_and_consent_stay_the_persons(self, own, lent, superusers):
        [(_, boss)] = await superusers(1)
        wide = await lent(headers=boss, write=True)
        decision = {"purpose": "analytics", "version": 1, "decision": "given"}
        answer = await own.post("/api/v1/consents/", json=decision, headers=wide)
        assert answer.json()["code"] == "impersonation_limited"
        for method, path in (("PUT", "/api/v1/auth/user/"), ("POST", "/api/v1/auth/logout/")):
            assert (await own.request(method, path, json={}, headers=wide)).json()["code"] == "insufficient_scope"
        assert (await own.get("/api/v1/consents/", headers=wide)).status_code == 200

    async def test_what_asks_for_a_proof_of_late_stays_closed(self, own, lent):
        path = f"/api/v1/auth/user/export/{new_id()}/download/"
        assert (await own.get(path, headers=await lent())).json()["code"] == "step_up_required"

    async def test_the_persons_second_factor_was_not_used(self, app, lent, verifier, superusers):
        [(_, boss)] = await superusers(1)
        await execute(app, update(User).values(second_factors=["totp"]))
        token = (await lent(headers=boss, write=True))["Authorization"].removeprefix("Bearer ")
        assert (await verifier.user(token)).factors == {"totp"}


class TestEnd:
    async def test_the_person_ends_it(self, own, ask, ada):
        answer = (await ask()).json()
        ended = await own.delete(f"{SESSIONS}{answer['session_id']}/", headers=bearer(ada))
        assert ended.status_code == 204
        assert (await own.get("/api/v1/auth/user/", headers=bearer(answer))).json()["code"] == "token_expired"

    async def test_end_others_ends_it(self, own, lent, ada):
        headers = await lent()
        assert (await own.post(f"{SESSIONS}end-others/", headers=bearer(ada))).json() == {"ended": 1}
        assert (await own.get("/api/v1/auth/user/", headers=headers)).status_code == 401

    @pytest.mark.parametrize("how", ["roles", "suspend", "deactivate"])
    async def test_it_ends_with_the_access_of_staff(self, app, own, client, lent, clerk, superusers, how):
        headers = await lent()
        [(_, boss)] = await superusers(1)
        path = f"{USERS}{clerk[0]}/{how}/"
        if how == "roles":
            answer = await client.put(path, json={"roles": [], **WHY}, headers=boss)
        else:
            answer = await client.post(path, json=WHY, headers=boss)
        assert answer.status_code == 200, answer.text
        assert (await own.get("/api/v1/auth/user/", headers=headers)).status_code == 401
        assert any(isinstance(event, SessionRevoked) for event in await events_of(app.state.runtime))


class TestAudit:
    async def test_a_row_names_the_address_that_the_gateway_says(self, app, client, ada, clerk):
        path = f"{USERS}{ada['user']['id']}/suspend/"
        await client.post(path, json=WHY, headers=clerk[1] | edge_headers("203.0.113.9"))
        forged = clerk[1] | {"X-Estuary-Edge": "203.0.113.10", "X-Forwarded-For": "203.0.113.10"}
        await client.post(path.replace("suspend", "restore"), json=WHY, headers=forged)
        rows = [(row.action, row.address) for row in await audit(app) if "staff" not in row.action]
        assert rows == [("user.suspend", "203.0.113.9"), ("user.restore", None)]

    async def test_what_is_refused_and_what_is_read_leaves_no_row(self, app, own, lent, superusers):
        [(_, boss)] = await superusers(1)
        wide = await lent(headers=boss, write=True)
        await own.post("/api/v1/consents/", json={}, headers=wide)
        assert "audit-id" not in (await own.get("/api/v1/auth/user/", headers=wide)).headers
        assert [row for row in await audit(app) if row.action == "user.act_in_place"] == []

from uuid import UUID

import pytest
from sqlalchemy import text, update

from devtools.testing.callers import headers_for
from devtools.testing.delivery import events_of
from services.identity.accounts.models import User
from services.identity.app import create_app
from services.identity.tests.conftest import CHEAP, PASSWORD, bearer
from shared.auth.permissions import Role
from shared.events.identity import SessionRevoked, UserDeactivated

LEAVE = "/api/v1/auth/user/deactivate/"
LOGIN = "/api/v1/auth/login/"


async def test_anonymous_is_401(client):
    assert (await client.post(LEAVE)).status_code == 401


async def test_ends_the_account_and_its_sessions(app, own, ada):
    answer = await own.post(LEAVE, json={"reason": "Too quiet."}, headers=bearer(ada))
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await own.get("/api/v1/auth/user/", headers=bearer(ada))).json()["code"] == "token_expired"
    again = await own.post(LOGIN, json={"email": "ada@example.com", "password": PASSWORD})
    assert (again.status_code, again.json()["code"]) == (401, "invalid_credentials")
    events = await events_of(app.state.runtime)
    assert [event.user_id for event in events if isinstance(event, UserDeactivated)] == [UUID(ada["user"]["id"])]
    assert [event.reason for event in events if isinstance(event, SessionRevoked)] == ["deactivated"]
    async with app.state.runtime.db.read() as session:
        rows = await session.execute(text("select action, actor_id, reason from identity.audit"))
        assert [tuple(row) for row in rows] == [("user.leave", UUID(ada["user"]["id"]), "Too quiet.")]


async def test_without_a_body_is_fine(own, ada):
    assert (await own.post(LEAVE, headers=bearer(ada))).status_code == 204


@pytest.mark.parametrize("body", [{"reason": ""}, {"reason": 5}, {"erase": True}, []])
async def test_a_bad_body_is_422(own, ada, body):
    assert (await own.post(LEAVE, json=body, headers=bearer(ada))).status_code == 422


async def test_the_last_superuser_stays(app, own, client, ada):
    async with app.state.runtime.db.autocommit() as session:
        await session.execute(update(User).values(is_staff=True, is_superuser=True))
    headers = headers_for(UUID(ada["user"]["id"]), (Role.USER, Role.STAFF, Role.SUPERUSER))
    answer = await client.post(LEAVE, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "last_superuser")


class TestObligations:
    """Another service says what is open."""

    @pytest.fixture
    async def app(self, runtime_for, payments):
        env = {**CHEAP, "ESTUARY_SERVICES": "identity,payments"}
        return create_app(await runtime_for("identity", env=env, peers={"payments": payments}))

    async def test_what_somebody_waits_for_is_named_and_nothing_ends(self, own, ada, payments):
        payments.state.results = [{"code": "unpaid_order", "count": 2}, {"code": "bought_credits", "count": 1}]
        answer = await own.post(LEAVE, headers=bearer(ada))
        assert (answer.status_code, answer.json()["code"]) == (409, "open_obligations")
        assert answer.json()["obligations"] == [{"service": "payments", "code": "unpaid_order", "count": 2}]
        assert (await own.get("/api/v1/auth/user/", headers=bearer(ada))).status_code == 200

    async def test_credits_and_earnings_may_be_left_behind(self, own, ada, payments):
        payments.state.results = [{"code": code, "count": 1} for code in ("bought_credits", "open_earnings")]
        assert (await own.post(LEAVE, headers=bearer(ada))).status_code == 204

    async def test_while_a_service_does_not_answer_nobody_leaves(self, own, ada, payments):
        payments.state.status = 503
        assert (await own.post(LEAVE, headers=bearer(ada))).status_code == 503
        assert (await own.get("/api/v1/auth/user/", headers=bearer(ada))).status_code == 200

"""Roles that staff and superusers grant and take."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from devtools.testing.callers import headers_for
from devtools.testing.delivery import events_of
from services.identity.accounts.models import User
from services.identity.accounts.repository import Users
from services.identity.tests.conftest import CONFIRMED, PASSWORD, bearer, bob, execute
from services.identity.tests.test_staff import audit
from shared.auth.permissions import Role
from shared.auth.verification import EDGE_CHANGED
from shared.events.identity import SessionRevoked
from shared.messaging.bus import Hint
from shared.records.ids import new_id

USERS = "/api/v1/admin/users/"
STAFF = headers_for(roles=("user", "staff")) | CONFIRMED


@pytest.fixture
def put(client, ada):
    """`await put(["partner"], headers)`: the answer, about Ada unless another is named."""

    async def call(roles: Any, headers: dict[str, str] = STAFF, user_id: str = "", **other: Any) -> Any:
        body = {"roles": roles, "reason": "Asked by Maya.", **other}
        return await client.put(f"{USERS}{user_id or ada['user']['id']}/roles/", json=body, headers=headers)

    return call


@pytest.fixture
async def boss(superusers):
    """The headers of a superuser."""
    [(_, headers)] = await superusers(1)
    return headers


class TestGrant:
    async def test_staff_grant_those_of_partners_and_no_other(self, put):
        answer = await put(["partner", "society_partner"])
        assert (answer.status_code, answer.json()["roles"]) == (200, ["user", "partner", "society_partner"])
        for role in ("support", "marketing", "staff", "superuser", "practitioner", "user", "king", "PARTNER"):
            refused = (await put(["partner", role])).json()
            assert (refused["status"], refused["code"]) == (422, "role_not_settable"), role
            assert [(error["field"], error["code"]) for error in refused["errors"]] == [
                ("roles.1", "role_not_settable")
            ]

    async def test_superusers_grant_all_but_what_nobody_grants(self, put, boss):
        for role in ("partner", "society_partner", "support", "marketing", "staff"):
            assert (await put([role], boss)).json()["roles"] == ["user", role]
        assert (await put(["superuser"], boss)).json()["roles"] == ["user", "staff", "superuser"]
        for role in ("user", "practitioner", "king"):
            assert (await put([role], boss)).json()["code"] == "role_not_settable"

    async def test_the_list_is_whole_of_those_that_the_caller_grants(self, app, put, boss, ada):
        own = User.id == UUID(ada["user"]["id"])
        await execute(app, update(User).where(own).values(practitioner_id=new_id()))
        await put(["partner"], boss)
        assert (await put([])).json()["roles"] == ["user", "practitioner"]
        await put(["society_partner", "support"], boss)
        assert (await put([], boss)).json()["roles"] == ["user", "practitioner"]

    async def test_of_those_at_work_superusers_decide(self, put, boss):
        await put(["support", "partner"], boss)
        assert (await put([])).json()["code"] == "superuser_required"
        assert (await put(["support"], boss)).json()["roles"] == ["user", "support"]

    async def test_a_new_sign_in_has_the_role(self, client, put, ada):
        await put(["partner"])
        pair = (await client.post("/api/v1/auth/token/refresh/", json={"refresh_token": ada["refresh_token"]})).json()
        assert pair["user"]["roles"] == ["user", "partner"]

    async def test_is_audited_once_with_its_reason(self, app, put):
        first, again = await put(["partner"]), await put(["partner"])
        [row] = await audit(app)
        assert (row.action, row.before, row.after, row.reason) == (
            "user.set_roles",
            {"roles": ["user"]},
            {"roles": ["user", "partner"]},
            "Asked by Maya.",
        )
        assert first.headers["audit-id"] == str(row.id)
        assert (again.status_code, "audit-id" in again.headers) == (200, False)


class TestTake:
    async def test_ends_every_session_everywhere(self, app, own, put, ada):
        hints: list[Hint] = []
        await put(["partner", "society_partner"])
        assert (await own.get("/api/v1/auth/user/", headers=bearer(ada))).status_code == 200
        app.state.runtime.bus.listen(EDGE_CHANGED, hints.append)
        await put(["partner"])
        [ended] = [event for event in await events_of(app.state.runtime) if isinstance(event, SessionRevoked)]
        assert (ended.reason, hints) == ("role_taken", [{"ended_sessions": [str(ended.session_id)]}])
        assert (await own.get("/api/v1/auth/user/", headers=bearer(ada))).json()["code"] == "token_expired"
        refreshed = await own.post("/api/v1/auth/token/refresh/", json={"refresh_token": ada["refresh_token"]})
        assert refreshed.json()["code"] == "refresh_invalid"

    async def test_nobody_takes_or_gives_themselves_anything(self, put, superusers):
        [(first, one), _] = await superusers(2)
        for roles in ([], ["staff"], ["superuser", "partner"]):
            assert (await put(roles, one, first)).json()["code"] == "own_account"
        clerk = new_id()
        assert (await put([], headers_for(clerk, ("user", "staff")) | CONFIRMED, str(clerk))).status_code == 404

    async def test_the_last_superuser_stays(self, app, put, superusers):
        (first, one), (second, other) = await superusers(2)
        assert (await put(["staff"], one, second)).status_code == 200
        assert (await put([], other, first)).json()["code"] == "last_superuser"
        assert (await put(["staff"], other)).json()["code"] == "superuser_required"

    async def test_fifty_at_once_leave_one_superuser(self, app, put, superusers):
        (first, one), (second, other) = await superusers(2)
        calls = [put([], one, second) for _ in range(25)] + [put([], other, first) for _ in range(25)]
        answers = await asyncio.gather(*calls)
        counted = Counter((answer.status_code, answer.json().get("code", "")) for answer in answers)
        assert counted == {(200, ""): 25, (409, "last_superuser"): 25}
        taken = [row for row in await audit(app) if row.action == "user.set_roles"]
        assert len(taken) == 1

    async def test_of_fifty_superusers_who_take_it_from_each_other_at_once_one_stays(self, app, put, superusers):
        bosses = await superusers(50)
        following = [*bosses[1:], bosses[0]]
        pairs = zip(bosses, following, strict=True)
        answers = await asyncio.gather(*(put([], mine, other) for (_, mine), (other, _) in pairs))
        taken = [answer for answer in answers if answer.status_code == 200]
        refused = {answer.json()["code"] for answer in answers if answer.status_code != 200}
        async with app.state.runtime.db.read() as session:
            left = await Users(session).staff()
        assert len(left) == 50 - len(taken) >= 1
        assert refused <= {"superuser_required", "last_superuser"}
        assert refused


class TestRefused:
    @pytest.mark.parametrize(
        "body", [{"reason": " "}, {"roles": "partner"}, {"roles": ["partner"] * 21}, {"roles": [1]}, {"why": "x"}]
    )
    async def test_bad_input_is_422(self, put, body):
        assert (await put(body.pop("roles", ["partner"]), **body)).status_code == 422

    async def test_who_is_refused(self, client, put, ada):
        body = {"roles": [], "reason": "x"}
        assert (await client.put(f"{USERS}{ada['user']['id']}/roles/", json=body)).status_code == 401
        for role in Role:
            if role not in (Role.STAFF, Role.SUPERUSER):
                refused = await put(["partner"], headers_for(roles=("user", role)))
                assert refused.json()["code"] == "staff_required"
        assert (await put([], headers_for(roles=("user", "staff")))).json()["code"] == "confirmation_required"
        assert (await put([], user_id=str(new_id()))).status_code == 404
        assert (await put([], user_id="me")).status_code == 404

    async def test_a_closed_account_has_no_roles_to_give(self, client, put):
        other = (await bob(client))["user"]["id"]
        await client.post(f"{USERS}{other}/deactivate/", headers=STAFF)
        assert (await put(["partner"], user_id=other)).json()["code"] == "illegal_transition"


class TestOtherUses:
    async def test_support_that_lost_the_role_reads_no_account(self, put, own, boss, ada):
        await put(["support"], boss)
        login = {"email": "ada@example.com", "password": PASSWORD}
        pair = (await own.post("/api/v1/auth/login/", json=login)).json()
        assert (await own.get(USERS, headers=bearer(pair))).status_code == 200
        await put([], boss)
        assert (await own.get(USERS, headers=bearer(pair))).status_code == 401

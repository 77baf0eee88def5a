"""Where an account is signed in: the list, ending one and all others."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from services.identity.sessions.models import RefreshToken, SignInSession
from services.identity.tests.conftest import bearer, registration
from services.identity.tests.test_sessions import execute, revocations
from shared.records.clock import machine_now
from shared.records.ids import new_id


@pytest.fixture
def login(own):
    """`await login("Firefox/140.0")`: Ada's pair from another device."""

    async def sign_in(agent: str = "curl/8.5.0") -> dict[str, Any]:
        body = {"email": "ada@example.com", "password": registration()["password"]}
        return (await own.post("/api/v1/auth/login/", json=body, headers={"User-Agent": agent})).json()

    return sign_in


class TestList:
    async def test_anonymous_is_401(self, client):
        assert (await client.get("/api/v1/auth/sessions/")).status_code == 401
        assert (await client.delete(f"/api/v1/auth/sessions/{new_id()}/")).status_code == 401
        assert (await client.post("/api/v1/auth/sessions/end-others/")).status_code == 401

    async def test_shows_where_the_account_is_signed_in(self, own, ada, login):
        firefox = await login("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
        listed = (await own.get("/api/v1/auth/sessions/", headers=bearer(firefox))).json()
        assert (listed["total"], listed["has_more"]) == (2, False)
        newest, first = listed["results"]
        assert (newest["current"], newest["device"], first["current"]) == (True, "Firefox on Linux", False)
        assert (newest["kind"], newest["methods"], newest["scopes"], newest["client_name"]) == (
            "sign_in", ["password"], [], None,
        )  # fmt: skip
        assert newest["created_at"] <= newest["last_used_at"] < newest["expires_at"]

    async def test_comes_in_pages(self, own, ada, login):
        newest = [ada, await login(), await login()][::-1]

        async def page(query: str) -> dict[str, Any]:
            answer = await own.get(f"/api/v1/auth/sessions/?{query}", headers=bearer(newest[0]))
            assert answer.status_code == 200
            return answer.json()

        first, last = await page("limit=2"), await page("limit=2&offset=2")
        assert [(one["total"], one["limit"], one["offset"], one["has_more"]) for one in (first, last)] == [
            (3, 2, 0, True),
            (3, 2, 2, False),
        ]
        ids = [one["id"] for one in first["results"] + last["results"]]
        assert [one["id"] for one in (await page("ordering=created_at"))["results"]] == ids[::-1]
        assert [one["current"] for one in first["results"]] == [True, False]
        refused = await own.get("/api/v1/auth/sessions/?ordering=device", headers=bearer(ada))
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "unknown_ordering")

    async def test_an_ended_one_is_gone_at_once_and_its_tokens_with_it(self, own, ada, login):
        other = await login()
        listed = (await own.get("/api/v1/auth/sessions/", headers=bearer(other))).json()["results"]
        [first] = [one for one in listed if not one["current"]]
        path = f"/api/v1/auth/sessions/{first['id']}/"
        assert (await own.delete(path, headers=bearer(other))).status_code == 204
        refused = await own.get("/api/v1/auth/user/", headers=bearer(ada))
        assert (refused.status_code, refused.json()["code"]) == (401, "token_expired")
        assert (await own.delete(path, headers=bearer(other))).status_code == 404
        assert (await own.get("/api/v1/auth/sessions/", headers=bearer(other))).json()["total"] == 1

    async def test_one_whose_tokens_have_run_out_is_gone(self, app, own, ada, login):
        other = await login()
        idle = machine_now() - timedelta(days=8)
        former = UUID((await own.get("/api/v1/auth/sessions/", headers=bearer(ada))).json()["results"][-1]["id"])
        await execute(app, update(SignInSession).where(SignInSession.id == former).values(last_used_at=idle))
        listed = await own.get("/api/v1/auth/sessions/", headers=bearer(other))
        assert listed.json()["total"] == 2  # it can still be refreshed
        await execute(
            app, update(RefreshToken).where(RefreshToken.session_id == former).values(expires_at=machine_now())
        )
        listed = await own.get("/api/v1/auth/sessions/", headers=bearer(other))
        assert [one["current"] for one in listed.json()["results"]] == [True]

    async def test_anothers_is_404(self, own, ada, verifier):
        stranger = (await own.post("/api/v1/auth/register/", json=registration("b@example.com"))).json()
        session_id = (await verifier.user(ada["access_token"])).session_id
        answer = await own.delete(f"/api/v1/auth/sessions/{session_id}/", headers=bearer(stranger))
        assert answer.status_code == 404
        assert (await own.get("/api/v1/auth/user/", headers=bearer(ada))).status_code == 200

    async def test_all_others_end_and_are_counted(self, app, own, ada, login):
        kept = await login()
        await login()
        answer = await own.post("/api/v1/auth/sessions/end-others/", headers=bearer(kept))
        assert (answer.status_code, answer.json()) == (200, {"ended": 2})
        assert (await own.get("/api/v1/auth/user/", headers=bearer(ada))).status_code == 401
        assert (await own.get("/api/v1/auth/user/", headers=bearer(kept))).status_code == 200
        assert [event.reason for event in await revocations(app)] == ["ended", "ended"]

    async def test_those_that_nothing_opened_any_more_are_not_counted(self, app, own, ada, login, verifier):
        kept = await login()
        dead = (await verifier.user(ada["access_token"])).session_id
        await login()
        idle = {"last_used_at": machine_now() - timedelta(days=8)}
        await execute(app, update(SignInSession).where(SignInSession.id == dead).values(idle))
        gone = {"expires_at": machine_now()}
        await execute(app, update(RefreshToken).where(RefreshToken.session_id == dead).values(gone))
        answer = await own.post("/api/v1/auth/sessions/end-others/", headers=bearer(kept))
        assert answer.json() == {"ended": 1}
        assert len(await revocations(app)) == 2

"""Forms, refresh tokens and a client's own secret for tokens, and what those tokens open."""

import asyncio
from base64 import b64encode
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services.identity.keys.domain import Algorithm
from services.identity.oauth.authorizations.models import OAuthCode
from services.identity.oauth.protocol.server import WRONG_CLIENT
from services.identity.tests.oauth.relying_party import BACK, INVALID_GRANT, App, end_reasons, refusal
from services.identity.tests.oauth.test_clients import CLIENTS, X, made
from shared.database.system_tables import system_tables
from shared.records.clock import machine_now

OWN = ["openid", "bookings.read", "account.read", "account.write"]


class TestForm:
    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({}, "invalid_request"),
            ({"grant_type": "password"}, "unsupported_grant_type"),
            ({"grant_type": "implicit"}, "unsupported_grant_type"),
            ({"grant_type": "authorization_code"}, "invalid_request"),
            ({"grant_type": "authorization_code", "code": "\0"}, "invalid_grant"),
            ({"grant_type": "refresh_token"}, "invalid_request"),
            ({"grant_type": "refresh_token", "refresh_token": "none"}, "invalid_grant"),
            ({"grant_type": "client_credentials"}, "unauthorized_client"),
        ],
    )
    async def test_what_cannot_be_is_refused_in_oauth_s_form(self, journal, fields, expected):
        assert refusal(await journal.post("/oauth/token", **fields)) == (400, expected)

    async def test_only_forms_each_field_once(self, journal):
        web = journal.browser.web
        assert (await web.post("/oauth/token", json={}, headers=journal.basic)).status_code == 400
        twice = "grant_type=authorization_code&grant_type=authorization_code"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        for body in (twice, b"\xff", "a=%ff"):
            answer = await web.post("/oauth/token", content=body, headers=headers | journal.basic)
            assert refusal(answer) == (400, "invalid_request")

    @pytest.mark.parametrize("basic", ["", "Basic", "Basic !", "Basic " + b64encode(b"\xff:\xff").decode(), "Bearer x"])
    async def test_nobody_is_an_invalid_client(self, journal, basic):
        headers = {"Authorization": basic} if basic else {}
        data = {"grant_type": "authorization_code", "code": "x"}
        answer = await journal.browser.web.post("/oauth/token", data=data, headers=headers)
        assert refusal(answer) == (401, "invalid_client")
        assert answer.headers["www-authenticate"].startswith("Basic")

    async def test_a_wrong_secret_is_named(self, journal):
        wrong = {"client_id": journal.client_id, "client_secret": "wrong", "grant_type": "refresh_token"}
        for form in (wrong, wrong | {"client_id": "x"}, wrong | {"client_secret": ""}):
            answer = await journal.browser.web.post("/oauth/token", data=form)
            assert answer.json()["error_description"] == WRONG_CLIENT

    async def test_a_secret_in_the_form_is_good_too(self, journal):
        fields = {"client_id": journal.client_id, "client_secret": journal.secret, "code": await journal.code()}
        fields |= {"grant_type": "authorization_code", "redirect_uri": BACK, "code_verifier": journal.verifier}
        assert (await journal.browser.web.post("/oauth/token", data=fields)).status_code == 200

    async def test_a_public_client_needs_its_verifier_alone(self, register, ada):
        app = await register(public=True)
        assert (await app.redeem(await app.code())).status_code == 200
        missing = await app.post("/oauth/token", grant_type="authorization_code", code="x", redirect_uri=BACK)
        assert refusal(missing) == INVALID_GRANT


class TestRefresh:
    @pytest.fixture
    async def offline(self, register, ada) -> App:
        app: App = await register("openid offline_access bookings.read")
        return app

    async def test_rotates_as_our_own_do(self, app, offline, verifier):
        first = await offline.tokens()
        second = (await offline.refresh(first["refresh_token"])).json()
        again = (await offline.refresh(first["refresh_token"])).json()
        assert second["refresh_token"] == again["refresh_token"] != first["refresh_token"]
        assert second["scope"] == "openid offline_access bookings.read"
        claims = await offline.claims(second["id_token"])
        assert claims["auth_time"] == (await offline.claims(first["id_token"]))["auth_time"]
        assert (await offline.refresh(second["refresh_token"])).status_code == 200
        assert refusal(await offline.refresh(first["refresh_token"])) == INVALID_GRANT
        assert await end_reasons(app) == ["refresh_reused"]
        assert refusal(await offline.refresh(second["refresh_token"])) == INVALID_GRANT

    async def test_fewer_scopes_never_more(self, offline, verifier):
        token = (await offline.tokens())["refresh_token"]
        assert refusal(await offline.refresh(token, scope="openid payments.read")) == (400, "invalid_scope")
        fewer = (await offline.refresh(token, scope="bookings.read")).json()
        assert (await verifier.user(fewer["access_token"])).scopes == {"bookings.read"}

    async def test_what_the_client_may_no_longer_have_is_gone(self, client, offline, verifier):
        token = (await offline.tokens())["refresh_token"]
        path = f"{CLIENTS}{offline.client_id}/"
        await client.put(path, json={"scopes": ["openid", "offline_access"]}, headers=X)
        fewer = (await offline.refresh(token)).json()
        assert (await verifier.user(fewer["access_token"])).scopes == {"openid", "offline_access"}
        await client.put(path, json={"scopes": ["openid"]}, headers=X)
        assert refusal(await offline.refresh(fewer["refresh_token"])) == INVALID_GRANT

    async def test_a_whole_session_is_for_ours_as_long_as_they_are(self, client, register, ada, verifier):
        ours = await register(
            "openid offline_access session", first_party=True, scopes=["openid", "offline_access", "session"]
        )
        token = (await ours.tokens())["refresh_token"]
        change = {"first_party": False, "scopes": ["openid", "offline_access"]}
        assert (await client.put(f"{CLIENTS}{ours.client_id}/", json=change, headers=X)).status_code == 200
        fewer = (await ours.refresh(token)).json()
        assert (await verifier.user(fewer["access_token"])).is_delegated

    async def test_not_where_our_own_are_refreshed_nor_the_reverse(self, own, offline, ada):
        token = (await offline.tokens())["refresh_token"]
        answer = await own.post("/api/v1/auth/token/refresh/", json={"refresh_token": token})
        assert (answer.status_code, answer.json()["code"]) == (401, "refresh_invalid")
        assert refusal(await offline.refresh(ada["refresh_token"])) == INVALID_GRANT
        assert (await offline.refresh(token)).status_code == 200

    async def test_not_by_another_client(self, app, client, offline):
        token = (await offline.tokens())["refresh_token"]
        other = await made(client, name="Other")
        thief = App(offline.browser, other["client_id"], other["client_secret"])
        assert refusal(await thief.refresh(token)) == INVALID_GRANT
        assert await end_reasons(app) == [None]
        assert (await offline.refresh(token)).status_code == 200

    async def test_of_fifty_at_once_all_get_one_successor(self, offline):
        token = (await offline.tokens())["refresh_token"]
        answers = await asyncio.gather(*(offline.refresh(token) for _ in range(50)))
        assert {one.status_code for one in answers} == {200}
        assert len({one.json()["refresh_token"] for one in answers}) == 1

    async def test_a_suspended_person_gets_none(self, client, offline, ada):
        token = (await offline.tokens())["refresh_token"]
        path = f"/api/v1/admin/users/{ada['user']['id']}/suspend/"
        await client.post(path, json={"reason": "Fraud."}, headers=X)
        assert refusal(await offline.refresh(token)) == INVALID_GRANT


class TestCredentials:
    @pytest.fixture
    async def robot(self, client, browser, ada) -> App:
        other = {"grant_types": ["client_credentials"], "redirect_uris": [], "owner_id": ada["user"]["id"]}
        found = await made(client, **other, scopes=["openid", "bookings.read", "account.read"])
        return App(browser, found["client_id"], found["client_secret"])

    async def test_speaks_for_its_owner(self, app, own, robot, ada, verifier):
        given = (await robot.post("/oauth/token", grant_type="client_credentials")).json()
        assert (given["scope"], set(given)) == (
            "bookings.read account.read",
            {"access_token", "token_type", "expires_in", "scope"},
        )
        caller = await verifier.user(given["access_token"])
        assert (str(caller.user_id), caller.client_id) == (ada["user"]["id"], robot.client_id)
        assert (caller.scopes, caller.is_fresh) == ({"bookings.read", "account.read"}, False)
        headers = {"Authorization": f"Bearer {given['access_token']}"}
        assert (await own.get("/api/v1/auth/user/", headers=headers)).json()["id"] == ada["user"]["id"]
        again = await robot.post("/oauth/token", grant_type="client_credentials", scope="bookings.read")
        assert (await verifier.user(again.json()["access_token"])).session_id == caller.session_id
        assert await end_reasons(app) == [None]

    @pytest.mark.parametrize("scope", ["openid", "session", "payments.read", "bookings.read admin.account.read"])
    async def test_no_scope_beyond_its_own(self, robot, scope):
        answer = await robot.post("/oauth/token", grant_type="client_credentials", scope=scope)
        assert refusal(answer) == (400, "invalid_scope")

    async def test_not_for_an_owner_who_is_suspended(self, client, robot, ada):
        path = f"/api/v1/admin/users/{ada['user']['id']}/suspend/"
        await client.post(path, json={"reason": "Fraud."}, headers=X)
        answer = await robot.post("/oauth/token", grant_type="client_credentials")
        assert refusal(answer) == (400, "unauthorized_client")


class TestNarrowed:
    @pytest.fixture
    async def headers(self, register, ada) -> dict[str, str]:
        app = await register(" ".join(OWN), scopes=OWN)
        return {"Authorization": f"Bearer {(await app.tokens())['access_token']}"}

    async def test_reads_and_never_writes_how_to_sign_in(self, own, headers):
        assert (await own.get("/api/v1/auth/user/", headers=headers)).status_code == 200
        for method, path in (
            ("POST", "/api/v1/auth/password/change/"),
            ("PUT", "/api/v1/auth/user/"),
            ("POST", "/api/v1/auth/sessions/end-others/"),
            ("POST", "/api/v1/auth/user/erasure/"),
            ("GET", "/api/v1/admin/users/"),
            ("POST", "/api/v1/admin/oauth-clients/"),
        ):
            answer = await own.request(method, path, json={}, headers=headers)
            assert (answer.status_code, answer.json()["code"]) in (
                (403, "insufficient_scope"),
                (403, "staff_required"),
                (403, "superuser_required"),
            )

    async def test_what_it_has_no_scope_for(self, register, own, ada):
        app = await register("openid bookings.read")
        headers = {"Authorization": f"Bearer {(await app.tokens())['access_token']}"}
        answer = await own.get("/api/v1/auth/user/", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")

    async def test_a_whole_session_for_ours_alone(self, register, own, ada, verifier):
        app = await register("openid session", scopes=["openid", "session"], first_party=True)
        token = (await app.tokens())["access_token"]
        caller = await verifier.user(token)
        assert (caller.is_delegated, caller.is_fresh) == (False, True)
        headers = {"Authorization": f"Bearer {token}"}
        assert (await own.put("/api/v1/auth/user/", json={"bio": "Hi."}, headers=headers)).status_code == 200


async def test_nothing_secret_is_stored(app, register, ada):
    offline = await register("openid offline_access bookings.read")
    given = await offline.tokens()
    tables = system_tables("identity")
    async with app.state.runtime.db.read() as session:
        texts = [str((await session.execute(select(one))).all()) for one in (tables.idempotency, tables.outbox)]
        assert await session.scalar(select(func.count()).select_from(OAuthCode)) == 1
    for secret in (given["access_token"], given["refresh_token"], given["id_token"], offline.secret):
        assert all(secret not in text for text in texts)


async def test_keys_rotate_under_load(app, journal):
    runtime = app.state.runtime
    await journal.tokens()
    for algorithm in Algorithm:
        async with runtime.db.transaction() as session:
            await runtime.keyring.rotate(session, machine_now() - timedelta(minutes=10), algorithm)
    runtime.keyring._read_at = None
    given = await asyncio.gather(*(journal.tokens(prompt="none") for _ in range(5)))
    kinds = {(await journal.claims(one["id_token"]))["kid"] for one in given}
    assert len(kinds) == 1

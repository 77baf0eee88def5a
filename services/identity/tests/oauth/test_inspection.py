"""Who signed in, what a token is worth, and its end."""

import pytest

from services.identity.tests.conftest import bearer
from services.identity.tests.oauth.relying_party import INVALID_GRANT, App, end_reasons, refusal
from services.identity.tests.oauth.test_clients import made


class TestUserinfo:
    async def test_says_what_the_scopes_allow(self, own, register, ada):
        app = await register()
        for scope, names in (
            ("openid", {"sub"}),
            ("openid email", {"sub", "email", "email_verified"}),
            ("openid profile", {"sub", "name", "given_name", "family_name", "updated_at"}),
        ):
            headers = {"Authorization": f"Bearer {(await app.tokens(scope=scope))['access_token']}"}
            for method in ("GET", "POST"):
                answer = await own.request(method, "/oauth/userinfo", headers=headers)
                assert (answer.status_code, set(answer.json())) == (200, names)
        assert answer.json()["sub"] == ada["user"]["id"]

    async def test_needs_a_token_of_an_app_with_openid(self, own, register, ada):
        app = await register()
        narrow = (await app.tokens(scope="bookings.read"))["access_token"]
        for token, expected in (("none", 401), (ada["access_token"], 401), (narrow, 403)):
            answer = await own.get("/oauth/userinfo", headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == expected
            assert answer.headers["www-authenticate"].startswith("Bearer error=")
        assert (await own.get("/oauth/userinfo")).status_code == 401


class TestInspection:
    @pytest.fixture
    async def offline(self, register, ada) -> App:
        app: App = await register("openid offline_access bookings.read")
        return app

    async def test_a_clients_own_tokens(self, offline, ada):
        given = await offline.tokens()
        for name in ("access_token", "refresh_token"):
            found = (await offline.post("/oauth/introspect", token=given[name])).json()
            assert (found["active"], found["sub"], found["client_id"]) == (True, ada["user"]["id"], offline.client_id)
            assert set(found["scope"].split()) == {"openid", "offline_access", "bookings.read"}

    async def test_of_others_it_learns_nothing(self, client, offline, ada):
        given = await offline.tokens()
        other = await made(client, name="Other")
        stranger = App(offline.browser, other["client_id"], other["client_secret"])
        for token in (given["access_token"], given["refresh_token"], given["id_token"], ada["access_token"], "x", ""):
            assert (await stranger.post("/oauth/introspect", token=token)).json() == {"active": False}
            answer = await stranger.post("/oauth/revoke", token=token)
            assert (answer.status_code, answer.content) == (200, b"")
        assert (await offline.post("/oauth/introspect", token=given["access_token"])).json()["active"] is True

    async def test_who_is_not_the_client_is_refused(self, offline):
        stranger = App(offline.browser, offline.client_id, "wrong")
        for path in ("/oauth/introspect", "/oauth/revoke"):
            assert refusal(await stranger.post(path, token="x")) == (401, "invalid_client")

    @pytest.mark.parametrize("name", ["access_token", "refresh_token"])
    async def test_revoking_ends_the_session(self, app, own, offline, name):
        given = await offline.tokens()
        assert (await offline.post("/oauth/revoke", token=given[name])).status_code == 200
        assert await end_reasons(app) == ["revoked"]
        assert (await offline.post("/oauth/introspect", token=given["access_token"])).json() == {"active": False}
        assert refusal(await offline.refresh(given["refresh_token"])) == INVALID_GRANT
        assert (await own.get("/oauth/userinfo", headers=bearer(given))).status_code == 401
        assert (await offline.post("/oauth/revoke", token=given[name])).status_code == 200

    async def test_a_public_client_revokes_its_own(self, register, ada):
        app = await register(public=True)
        given = await app.tokens()
        assert (await app.post("/oauth/revoke", token=given["access_token"])).status_code == 200
        assert refusal(await app.post("/oauth/introspect", token=given["access_token"]))[1] == "invalid_client"

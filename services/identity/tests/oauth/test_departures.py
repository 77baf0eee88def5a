"""What is left of apps when a person is erased, closed or demoted."""

from typing import Any

import pytest
from sqlalchemy import text

from devtools.testing.callers import headers_for
from services.identity.tests.conftest import CONFIRMED, bearer, erasures_end
from services.identity.tests.oauth.relying_party import App, end_reasons
from services.identity.tests.oauth.test_clients import X, made

TABLES = ("app_grants", "oauth_browsers", "oauth_codes", "oauth_handoffs", "oauth_logout_notices", "oauth_sessions")
STAFF = headers_for(roles=("user", "staff")) | CONFIRMED


async def counted(app: Any) -> dict[str, int]:
    async with app.state.runtime.db.read() as session:
        found = {name: await session.scalar(text(f"select count(*) from identity.{name}")) for name in TABLES}
    return {name: int(number) for name, number in found.items() if number}


async def test_an_erasure_takes_all_that_apps_had(app, client, own, register, ada):
    offline = await register("openid offline_access bookings.read")
    given = await offline.tokens()
    await offline.code()
    await own.post("/api/v1/auth/handoff/", json={"client_id": offline.client_id}, headers=bearer(ada))
    await offline.browser.get(f"/oauth/logout?id_token_hint={given['id_token']}")
    await offline.sign_in()
    assert set(await counted(app)) == set(TABLES)
    path = f"/api/v1/admin/users/{ada['user']['id']}/erasure/"
    answer = await client.post(path, json={"reason": "Asked by mail.", "now": True}, headers=STAFF)
    assert answer.status_code == 202, answer.text
    await erasures_end(app)
    assert await counted(app) == {}
    assert (await offline.refresh(given["refresh_token"])).json()["error"] == "invalid_grant"
    assert 'name="password"' in (await offline.browser.get(offline.address())).text


@pytest.mark.parametrize("act", ["suspend", "deactivate"])
async def test_who_may_not_sign_in_has_no_apps(app, client, register, ada, act):
    offline = await register("openid offline_access bookings.read")
    given = await offline.tokens()
    path = f"/api/v1/admin/users/{ada['user']['id']}/{act}/"
    assert (await client.post(path, json={"reason": "Fraud."}, headers=X)).status_code == 200
    assert await end_reasons(app) == ["suspended" if act == "suspend" else "deactivated"]
    assert (await offline.refresh(given["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await offline.post("/oauth/introspect", token=given["access_token"])).json() == {"active": False}
    assert 'name="password"' in (await offline.browser.get(offline.address())).text


async def test_a_client_whose_owner_is_erased_speaks_for_nobody(app, client, browser, ada):
    other = {"grant_types": ["client_credentials"], "redirect_uris": [], "owner_id": ada["user"]["id"]}
    found = await made(client, **other, scopes=["bookings.read"])
    robot = App(browser, found["client_id"], found["client_secret"])
    assert (await robot.post("/oauth/token", grant_type="client_credentials")).status_code == 200
    path = f"/api/v1/admin/users/{ada['user']['id']}/erasure/"
    await client.post(path, json={"reason": "Asked by mail.", "now": True}, headers=STAFF)
    await erasures_end(app)
    answer = await robot.post("/oauth/token", grant_type="client_credentials")
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")
    listed = (await client.get("/api/v1/admin/oauth-clients/", headers=X)).json()["results"]
    assert listed[0]["owner_id"] == ada["user"]["id"]

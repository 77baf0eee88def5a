"""Who is signed in in an app opens a page elsewhere, and is signed in there."""

import asyncio
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update

from services.identity.oauth.browsers.forms import BROWSER
from services.identity.oauth.handoffs.models import HandOff
from services.identity.sessions.models import SignInSession
from services.identity.tests.conftest import bearer, bob, execute
from services.identity.tests.oauth.relying_party import PUBLIC, Browser, back
from services.identity.tests.oauth.test_clients import X
from shared.records.clock import machine_now
from shared.records.ids import new_id

HANDOFF = "/api/v1/auth/handoff/"
BEGIN = "https://journal.example/begin?iss=http%3A%2F%2Flocalhost%3A8000"


@pytest.fixture
def handed(own, journal):
    """`await handed(pair)`: the path of a new address."""

    async def path(pair) -> str:
        answer = await own.post(HANDOFF, json={"client_id": journal.client_id}, headers=bearer(pair))
        assert (answer.status_code, answer.json()["expires_in"]) == (200, 60), answer.text
        assert answer.json()["url"].startswith(f"{PUBLIC}/oauth/handoff?token=")
        parts = urlsplit(answer.json()["url"])
        return f"{parts.path}?{parts.query}"

    return path


class TestHandOff:
    async def test_signs_the_browser_in_once(self, app, own, journal, ada, handed):
        path = await handed(ada)
        answer = await journal.browser.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, BEGIN)
        assert "asks to" in (await journal.browser.get(journal.address())).text
        assert (await Browser(own).get(path)).status_code == 400
        async with app.state.runtime.db.read() as session:
            first, second = await session.scalars(select(SignInSession).order_by(SignInSession.id))
            assert (first.authenticated_at, first.methods) == (second.authenticated_at, second.methods)

    async def test_of_many_at_once_one_is_signed_in(self, own, journal, ada, handed):
        path = await handed(ada)
        answers = await asyncio.gather(*(Browser(own).get(path) for _ in range(20)))
        assert sorted(one.status_code for one in answers) == [303] + [400] * 19

    async def test_who_is_signed_in_already_stays_so(self, journal, ada, handed):
        await journal.code()
        cookie = journal.browser.cookies[BROWSER]
        assert (await journal.browser.get(await handed(ada))).headers["location"] == BEGIN
        assert journal.browser.cookies[BROWSER] == cookie
        assert "code" in back(await journal.browser.get(journal.address(prompt="none")))

    async def test_somebody_else_is_asked(self, own, journal, ada, handed):
        other = await bob(own)
        await journal.code()
        path = await handed(other)
        page = await journal.browser.get(path)
        assert (page.status_code, "ada@example.com" in page.text, "bob@example.com" in page.text) == (200, True, True)
        forged = await journal.browser.send("POST", path, data={"form": "1.x"})
        assert "Go on" in forged.text
        answer = await journal.browser.press(path, page)
        assert answer.headers["location"] == BEGIN
        assert "bob@example.com" in (await journal.browser.get(journal.address())).text

    async def test_lives_a_minute(self, app, journal, ada, handed):
        path = await handed(ada)
        await execute(app, update(HandOff).values(expires_at=machine_now() - timedelta(seconds=1)))
        assert (await journal.browser.get(path)).status_code == 400

    async def test_ends_with_the_session_that_made_it(self, own, journal, ada, handed):
        path = await handed(ada)
        await own.post("/api/v1/auth/logout/", headers=bearer(ada))
        assert (await journal.browser.get(path)).status_code == 400

    @pytest.mark.parametrize("query", ["", "token=", "token=none", "token=a&token=%ff", "token=%00"])
    async def test_an_address_that_is_none_is_a_page(self, own, query):
        answer = await Browser(own).get(f"/oauth/handoff?{query}")
        assert (answer.status_code, "text/html" in answer.headers["content-type"]) == (400, True)


class TestRefused:
    async def test_a_client_that_is_none_or_has_no_page(self, client, own, journal, ada):
        answer = await own.post(HANDOFF, json={"client_id": str(new_id())}, headers=bearer(ada))
        assert answer.status_code == 404
        path = f"/api/v1/admin/oauth-clients/{journal.client_id}/"
        await client.put(path, json={"initiate_login_uri": None}, headers=X)
        answer = await own.post(HANDOFF, json={"client_id": journal.client_id}, headers=bearer(ada))
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "client_id")

    async def test_a_narrowed_token(self, own, register, ada):
        app = await register("openid account.write", scopes=["openid", "account.write"])
        headers = {"Authorization": f"Bearer {(await app.tokens())['access_token']}"}
        answer = await own.post(HANDOFF, json={"client_id": app.client_id}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")

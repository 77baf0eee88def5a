"""Signing out of a browser, and what clients hear of it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import func, select, update

from devtools.testing.delivery import deliver, run_jobs
from services.identity.app import create_app
from services.identity.oauth.browsers.forms import BROWSER
from services.identity.oauth.notices.models import LogoutNotice
from services.identity.tests.conftest import CHEAP, bearer, bob, execute
from services.identity.tests.oauth.relying_party import PUBLIC, App, Browser, back, end_reasons
from services.identity.tests.oauth.test_clients import CLIENTS, X
from shared.events.base import Envelope
from shared.records.clock import machine_now

HOME = "https://journal.example/"


def logout(**given: str) -> str:
    return "/oauth/logout?" + urlencode(given)


class TestLogout:
    async def test_with_a_hint_nobody_is_asked(self, app, journal):
        given = await journal.tokens()
        path = logout(id_token_hint=given["id_token"], post_logout_redirect_uri=HOME, state="a b")
        answer = await journal.browser.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}?state=a+b")
        assert BROWSER not in journal.browser.cookies
        assert await end_reasons(app) == ["logout"]
        assert 'name="password"' in (await journal.browser.get(journal.address())).text

    async def test_without_one_the_person_is_asked(self, app, journal):
        await journal.tokens()
        page = await journal.browser.get(logout(post_logout_redirect_uri=HOME, client_id=journal.client_id))
        assert (page.status_code, "ada@example.com" in page.text) == (200, True)
        assert await end_reasons(app) == [None]
        forged = await journal.browser.send("POST", logout(), data={"step": "confirm", "form": "1.x"})
        assert "Sign out?" in forged.text
        path = logout(post_logout_redirect_uri=HOME, client_id=journal.client_id)
        answer = await journal.browser.press(path, page)
        assert (answer.status_code, answer.headers["location"]) == (303, HOME)
        assert await end_reasons(app) == ["logout"]

    @pytest.mark.parametrize("hint", ["none", "a.b.c", "", "eyJhbGciOiJub25lIn0.e30."])
    async def test_a_bad_hint_is_none(self, app, journal, hint):
        await journal.tokens()
        page = await journal.browser.get(logout(id_token_hint=hint, post_logout_redirect_uri=HOME))
        assert "Sign out?" in page.text
        assert await end_reasons(app) == [None]

    async def test_an_access_token_is_no_hint(self, journal):
        given = await journal.tokens()
        assert "Sign out?" in (await journal.browser.get(logout(id_token_hint=given["access_token"]))).text

    @pytest.mark.parametrize("uri", [HOME + "x", HOME.rstrip("/"), "https://evil.example/", "https://JOURNAL.example/"])
    async def test_another_way_on_is_not_taken(self, journal, uri):
        given = await journal.tokens()
        answer = await journal.browser.get(logout(id_token_hint=given["id_token"], post_logout_redirect_uri=uri))
        assert (answer.status_code, "You are signed out" in answer.text) == (200, True)

    async def test_the_hint_of_somebody_else_is_asked_about(self, app, own, journal):
        given = await journal.tokens()
        await bob(own)
        await journal.sign_in("bob@example.com", prompt="login")
        page = await journal.browser.get(logout(id_token_hint=given["id_token"]))
        assert "bob@example.com" in page.text

    async def test_the_hint_of_another_browser_of_the_same_person_is_asked_about(self, app, own, journal):
        elsewhere = App(Browser(own), journal.client_id, journal.secret)
        given, hint = await journal.tokens(), (await elsewhere.tokens())["id_token"]
        page = await journal.browser.get(logout(id_token_hint=hint))
        assert "Sign out?" in page.text
        assert await end_reasons(app) == [None, None]
        answer = await journal.browser.get(logout(id_token_hint=given["id_token"], post_logout_redirect_uri=HOME))
        assert answer.status_code == 303
        assert sorted(map(str, await end_reasons(app))) == ["None", "logout"]

    async def test_the_hint_of_before_one_signed_in_anew_will_do(self, app, journal):
        given = await journal.tokens()
        await journal.sign_in(prompt="login")
        answer = await journal.browser.get(logout(id_token_hint=given["id_token"], post_logout_redirect_uri=HOME))
        assert answer.status_code == 303

    async def test_a_form_of_the_app_goes_on_as_a_link(self, journal):
        given = await journal.tokens()
        answer = await journal.browser.send("POST", "/oauth/logout", data={"id_token_hint": given["id_token"]})
        assert (answer.status_code, answer.headers["location"].startswith("/oauth/logout?id_token_hint=")) == (
            303,
            True,
        )

    async def test_offline_sessions_go_on(self, app, register, ada):
        offline = await register("openid offline_access")
        given = await offline.tokens()
        await offline.browser.get(logout(id_token_hint=given["id_token"]))
        assert await end_reasons(app) == [None]
        assert (await offline.refresh(given["refresh_token"])).status_code == 200

    async def test_again_is_fine(self, journal):
        given = await journal.tokens()
        for _ in range(2):
            answer = await journal.browser.get(logout(id_token_hint=given["id_token"], post_logout_redirect_uri=HOME))
            assert answer.status_code == 303
        assert "You are signed out" in (await journal.browser.get("/oauth/logout")).text


class Listener:
    """A client's server; answers `status`, after `delay` seconds."""

    def __init__(self, port: int) -> None:
        self.heard: list[str] = []
        self.status, self.delay, self.port = 204, 0.0, port

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = int(
            next(line.split(":")[1] for line in head.splitlines() if line.lower().startswith("content-length"))
        )
        self.heard.append(parse_qs((await reader.readexactly(length)).decode())["logout_token"][0])
        await asyncio.sleep(self.delay)
        writer.write(f"HTTP/1.1 {self.status} X\r\nContent-Length: 0\r\n\r\n".encode())
        writer.close()


@pytest.fixture
async def listener(free_port: int) -> AsyncIterator[Listener]:
    made = Listener(free_port)
    running = await asyncio.start_server(made.handle, "127.0.0.1", free_port)
    yield made
    running.close()


@pytest.fixture
async def app(runtime_for, free_port):
    env = {**CHEAP, "ESTUARY_PRIVATE_HOSTS": f"127.0.0.1:{free_port}"}
    return create_app(await runtime_for("identity", env=env))


@pytest.fixture
async def listening(register, ada, listener) -> App:
    made: App = await register(backchannel_logout_uri=f"http://127.0.0.1:{listener.port}/out")
    return made


async def waiting(app: Any) -> int:
    async with app.state.runtime.db.read() as session:
        return int(await session.scalar(select(func.count()).select_from(LogoutNotice)) or 0)


async def revoked_sessions(app: Any) -> None:
    """Delivers each SessionRevoked to identity itself, twice."""
    outbox = app.state.runtime.db.system_tables.outbox
    async with app.state.runtime.db.read() as session:
        rows = (
            await session.execute(select(outbox).where(outbox.c.type == "SessionRevoked").order_by(outbox.c.seq))
        ).all()
    for row in [*rows, *rows]:
        await deliver(
            app, Envelope(row.event_id, row.type, row.version, row.topic, row.key, row.occurred_at, row.payload, None)
        )


class TestBackChannel:
    async def test_says_who_and_which_session(self, app, listening, listener, ada, verifier):
        given = await listening.tokens()
        await listening.browser.get(logout(id_token_hint=given["id_token"]))
        await run_jobs(app)
        [token] = listener.heard
        keys = KeySet.import_key_set((await listening.browser.web.get("/.well-known/jwks.json")).json())
        decoded = jwt.decode(token, keys, algorithms=["RS256"])
        assert decoded.header["typ"] == "logout+jwt"
        claims = decoded.claims
        assert (claims["iss"], claims["aud"], claims["sub"]) == (PUBLIC, listening.client_id, ada["user"]["id"])
        assert claims["sid"] == (await listening.claims(given["id_token"]))["sid"]
        assert claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
        assert "nonce" not in claims
        assert await waiting(app) == 0
        await revoked_sessions(app)
        await run_jobs(app)
        assert len(listener.heard) == 1

    async def test_is_tried_again_for_an_hour(self, app, listening, listener):
        given = await listening.tokens()
        await listening.browser.get(logout(id_token_hint=given["id_token"]))
        listener.status = 500
        await run_jobs(app)
        assert (len(listener.heard), await waiting(app)) == (1, 1)
        await run_jobs(app)
        assert len(listener.heard) == 1
        listener.status = 200
        await execute(app, update(LogoutNotice).values(next_try_at=machine_now()))
        await run_jobs(app)
        assert (len(listener.heard), await waiting(app)) == (2, 0)

    async def test_is_given_up_after_an_hour(self, app, listening, listener):
        given = await listening.tokens()
        await listening.browser.get(logout(id_token_hint=given["id_token"]))
        await execute(app, update(LogoutNotice).values(created_at=machine_now() - timedelta(minutes=61)))
        await run_jobs(app)
        assert (listener.heard, await waiting(app)) == ([], 0)

    async def test_a_slow_client_holds_no_other_up(self, app, client, listening, listener):
        given = await listening.tokens()
        listener.delay = 0.5
        await listening.browser.get(logout(id_token_hint=given["id_token"]))
        await run_jobs(app)
        assert len(listener.heard) == 1

    async def test_hears_too_when_the_person_ends_the_sign_in_elsewhere(self, app, own, listening, listener, ada):
        await listening.tokens()
        listed = (await own.get("/api/v1/auth/sessions/", headers=bearer(ada))).json()["results"]
        [browser_id] = [one["id"] for one in listed if one["kind"] == "sign_in" and not one["current"]]
        assert (await own.delete(f"/api/v1/auth/sessions/{browser_id}/", headers=bearer(ada))).status_code == 204
        await revoked_sessions(app)
        await run_jobs(app)
        assert await end_reasons(app) == ["ended"]
        assert len(listener.heard) == 1

    async def test_an_address_that_leads_inside_is_not_called(self, client, listening):
        for uri in ("http://127.0.0.1:1/", "https://10.0.0.1/", "https://localhost/"):
            answer = await client.put(
                f"{CLIENTS}{listening.client_id}/", json={"backchannel_logout_uri": uri}, headers=X
            )
            assert (answer.status_code, answer.json()["code"]) == (422, "address_not_allowed")


async def test_a_client_without_an_address_hears_nothing(app, register, ada):
    silent = await register(backchannel_logout_uri=None)
    given = await silent.tokens()
    await silent.browser.get(logout(id_token_hint=given["id_token"]))
    assert (await end_reasons(app), await waiting(app)) == (["logout"], 0)


async def test_back_is_possible_after_all(journal):
    given = await journal.tokens()
    await journal.browser.get(logout(id_token_hint=given["id_token"]))
    assert "code" in back(await journal.sign_in())

"""What a browser is shown that an app sent, and where it goes."""

import asyncio
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select, update

from devtools.testing.delivery import run_jobs
from services.identity.app_grants.models import AppGrant
from services.identity.oauth.authorizations.models import OAuthCode
from services.identity.oauth.browsers.forms import BROWSER, FORM
from services.identity.sessions.models import SignInSession
from services.identity.tests.conftest import CONFIRMED, PASSWORD, bearer, bob, code_of, execute
from services.identity.tests.oauth.relying_party import App, Browser, back, end_reasons
from services.identity.tests.oauth.test_clients import CLIENTS, X, made
from shared.records.clock import machine_now


class TestPages:
    async def test_sign_in_then_consent_then_back(self, journal):
        page = await journal.sign_in()
        assert (page.status_code, "Journal asks to" in page.text) == (200, True)
        assert "see your e-mail address" in page.text
        found = back(await journal.allow(page))
        assert found["state"] == "s/1"
        assert found["iss"] == "http://localhost:8000"
        assert len(found["code"]) >= 43

    async def test_pages_have_no_scripts_of_others_and_are_framed_by_nobody(self, journal):
        page = await journal.browser.get(journal.address(login_hint='"><script>x</script>@example.com'))
        assert (page.status_code, "<script>x" in page.text, "&lt;script" in page.text) == (200, False, True)
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "form-action" not in policy
        assert page.headers["cache-control"] == "no-store"

    async def test_cookies_are_of_this_host_alone(self, journal):
        await journal.sign_in()
        by_name = {line.partition("=")[0]: line for line in journal.browser.set}
        for name in (BROWSER, FORM):
            assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(by_name[name].split("; "))
            assert "Domain" not in by_name[name]

    async def test_nobody_is_asked_again(self, journal):
        await journal.code()
        assert "code" in back(await journal.browser.get(journal.address()))
        more = await journal.browser.get(journal.address(scope="openid bookings.read"))
        assert "see your bookings" in more.text

    async def test_ours_asks_nobody(self, register, ada):
        own = await register(first_party=True)
        assert "code" in back(await own.sign_in())

    async def test_who_does_not_allow_it(self, journal):
        page = await journal.sign_in()
        found = back(await journal.allow(page, "deny"))
        assert (found["error"], found["state"], found["iss"]) == ("access_denied", "s/1", "http://localhost:8000")
        assert "asks to" in (await journal.browser.get(journal.address())).text

    async def test_a_wrong_password_has_the_page_again(self, journal):
        answer = await journal.sign_in(password="wrong quiet river")
        assert (answer.status_code, "password is wrong" in answer.text) == (401, True)
        assert BROWSER not in journal.browser.cookies
        assert 'value="ada@example.com"' in answer.text

    async def test_a_second_factor_is_asked_for(self, protected, register):
        journal = await register()
        page = await journal.sign_in()
        assert 'name="code"' in page.text
        wrong = await journal.browser.press(journal.address(), page, method="totp", code="000000")
        assert (wrong.status_code, 'name="code"' in wrong.text) == (401, True)
        page = await journal.browser.press(journal.address(), wrong, method="totp", code=protected.next_code)
        claims = await journal.claims(
            (await journal.redeem(back(await journal.allow(page))["code"])).json()["id_token"]
        )
        assert (claims["acr"], claims["amr"]) == ("aal2", ["pwd", "otp", "mfa"])

    async def test_a_suspended_account_is_refused(self, client, journal, ada):
        body = {"reason": "Fraud."}
        path = f"/api/v1/admin/users/{ada['user']['id']}/suspend/"
        assert (await client.post(path, json=body, headers=X)).status_code == 200
        answer = await journal.sign_in()
        assert (answer.status_code, "suspended" in answer.text) == (403, True)

    async def test_post_goes_on_as_get(self, journal):
        query = parse_qs(urlsplit(journal.address()).query)
        answer = await journal.browser.send("POST", "/oauth/authorize", data={k: v[0] for k, v in query.items()})
        assert (answer.status_code, answer.headers["location"]) == (303, journal.address())


class TestForms:
    async def test_a_form_of_another_browser_does_nothing(self, journal, own):
        page = await Browser(own).get(journal.address())
        answer = await journal.browser.press(journal.address(), page, email="ada@example.com", password="correct horse")
        assert (answer.status_code, "not good any more" in answer.text) == (200, True)
        assert BROWSER not in journal.browser.cookies

    async def test_a_decision_from_elsewhere_is_none(self, journal):
        await journal.sign_in()
        for form in ("", "1.x", "x", f"{int(machine_now().timestamp())}.ü"):
            fields = {"step": "consent", "decision": "allow", "form": form}
            answer = await journal.browser.send("POST", journal.address(), data=fields)
            assert (answer.status_code, "asks to" in answer.text) == (200, True)

    @pytest.mark.parametrize("body", [b"\xff", b"a=%ff&step=1", b"&".join(b"a%d=1" % at for at in range(60))])
    async def test_an_unreadable_form_is_400(self, journal, body):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await journal.browser.web.post(journal.address(), content=body, headers=headers)
        assert answer.status_code == 400


class TestPrompts:
    async def test_none_without_consent(self, journal):
        await journal.sign_in()
        assert back(await journal.browser.get(journal.address(prompt="none")))["error"] == "consent_required"
        await journal.code()
        assert "code" in back(await journal.browser.get(journal.address(prompt="none")))

    @pytest.mark.parametrize("prompt", ["login", "select_account", "login consent"])
    async def test_login_asks_once_more(self, journal, prompt):
        await journal.code()
        assert 'name="password"' in (await journal.browser.get(journal.address(prompt=prompt))).text
        assert await journal.code(prompt=prompt)

    async def test_the_form_of_another_request_is_no_sign_in(self, journal):
        page = await journal.browser.get(journal.address())
        await journal.browser.press(journal.address(), page, email="ada@example.com", password=PASSWORD)
        for other in ({"prompt": "login"}, {"max_age": "0"}):
            path = journal.address(**other)
            answer = await journal.browser.press(path, page, step="consent", decision="allow")
            assert 'name="password"' in answer.text, answer.headers

    async def test_the_form_of_another_page_confirms_nothing(self, journal):
        page = await journal.sign_in()
        answer = await journal.browser.press("/oauth/logout", page, step="confirm")
        assert "Sign out?" in answer.text
        assert "asks to" in (await journal.browser.get(journal.address())).text

    async def test_consent_asks_once_more(self, journal):
        await journal.code()
        page = await journal.browser.get(journal.address(prompt="consent"))
        assert "code" in back(await journal.allow(page, prompt="consent"))

    async def test_max_age(self, app, journal):
        await journal.code()
        assert "code" in back(await journal.browser.get(journal.address(max_age="600")))
        await execute(app, update(SignInSession).values(authenticated_at=machine_now() - timedelta(minutes=11)))
        none = await journal.browser.get(journal.address(max_age="600", prompt="none"))
        assert back(none)["error"] == "login_required"
        assert await journal.code(max_age="600")
        assert await journal.code(max_age="0")

    async def test_two_factors_where_there_are_two(self, own, journal, ada):
        assert await journal.code(acr_values="aal2")
        secret = (await own.post("/api/v1/auth/mfa/totp/", headers=bearer(ada))).json()["secret"]
        body = {"code": code_of(secret)}
        assert (await own.post("/api/v1/auth/mfa/totp/confirm/", json=body, headers=bearer(ada))).status_code == 200
        assert "code" in back(await journal.browser.get(journal.address()))
        assert 'name="password"' in (await journal.browser.get(journal.address(acr_values="aal2 aal1"))).text

    async def test_login_hint_fills_the_address_in(self, journal):
        page = await journal.browser.get(journal.address(login_hint="ada@example.com"))
        assert 'value="ada@example.com"' in page.text


class TestBrowsers:
    async def test_another_person_takes_over(self, app, own, journal):
        await journal.code()
        former = dict(journal.browser.cookies)
        await bob(own)
        page = await journal.sign_in("bob@example.com", prompt="login")
        assert "bob@example.com" in page.text
        journal.browser.cookies[BROWSER] = former[BROWSER]
        assert 'name="password"' in (await journal.browser.get(journal.address())).text

    async def test_a_browser_whose_session_ended_is_signed_out(self, own, journal, ada):
        await journal.code()
        assert (await own.post("/api/v1/auth/sessions/end-others/", headers=bearer(ada))).json()["ended"] >= 1
        assert 'name="password"' in (await journal.browser.get(journal.address())).text

    async def test_the_sign_in_is_one_of_the_account_s_sessions(self, own, journal, ada):
        await journal.tokens()
        listed = (await own.get("/api/v1/auth/sessions/", headers=bearer(ada))).json()["results"]
        assert sorted(one["kind"] for one in listed) == ["app", "sign_in", "sign_in"]
        [app_session] = [one for one in listed if one["kind"] == "app"]
        assert (app_session["client_name"], app_session["scopes"]) == ("Journal", ["openid", "profile", "email"])

    async def test_ending_all_others_takes_what_apps_were_allowed(self, own, journal, ada):
        await journal.tokens()
        assert (await own.post("/api/v1/auth/sessions/end-others/", headers=bearer(ada))).json() == {"ended": 2}
        assert "asks to" in (await journal.sign_in()).text

    async def test_ending_an_app_takes_what_was_allowed_it(self, app, own, journal, ada):
        token = (await journal.tokens(scope="openid bookings.read"))["access_token"]
        listed = (await own.get("/api/v1/auth/sessions/", headers=bearer(ada))).json()["results"]
        [session_id] = [one["id"] for one in listed if one["kind"] == "app"]
        assert (await own.delete(f"/api/v1/auth/sessions/{session_id}/", headers=bearer(ada))).status_code == 204
        refused = await own.get("/api/v1/auth/user/", headers={"Authorization": f"Bearer {token}"})
        assert (refused.status_code, refused.json()["code"]) == (401, "token_expired")
        assert "asks to" in (await journal.browser.get(journal.address(scope="openid bookings.read"))).text
        async with app.state.runtime.db.read() as session:
            assert await session.scalar(select(func.count()).select_from(AppGrant)) == 0

    async def test_with_what_was_allowed_every_session_goes_that_rests_on_it(self, own, app, register, ada):
        phone: App = await register("openid offline_access")
        await phone.tokens()
        await phone.tokens()
        listed = (await own.get("/api/v1/auth/sessions/", headers=bearer(ada))).json()["results"]
        session_id = next(one["id"] for one in listed if one["kind"] == "app")
        assert (await own.delete(f"/api/v1/auth/sessions/{session_id}/", headers=bearer(ada))).status_code == 204
        assert await end_reasons(app) == ["ended", "ended"]

    async def test_of_an_app_of_ours_the_others_go_on(self, own, app, register, ada):
        ours: App = await register("openid offline_access", first_party=True)
        await ours.tokens()
        await ours.tokens()
        listed = (await own.get("/api/v1/auth/sessions/", headers=bearer(ada))).json()["results"]
        session_id = next(one["id"] for one in listed if one["kind"] == "app")
        assert (await own.delete(f"/api/v1/auth/sessions/{session_id}/", headers=bearer(ada))).status_code == 204
        assert sorted(map(str, await end_reasons(app))) == ["None", "ended"]


async def test_a_client_that_is_deleted_ends(client, own, journal, app):
    token = (await journal.tokens(scope="openid bookings.read"))["access_token"]
    await journal.code()
    assert (await client.delete(f"{CLIENTS}{journal.client_id}/", headers=X | CONFIRMED)).status_code == 204
    assert (await journal.browser.get(journal.address())).status_code == 400
    async with app.state.runtime.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(OAuthCode)) == 0
        ended = select(SignInSession.end_reason).where(SignInSession.client_id.is_not(None))
        assert (await session.scalars(ended)).all() == ["client_removed"]
    assert token


async def test_many_codes_at_once(journal):
    await journal.code()
    answers = await asyncio.gather(*(journal.browser.get(journal.address()) for _ in range(20)))
    assert len({back(one)["code"] for one in answers}) == 20


async def test_two_clients_do_not_share_what_was_allowed(client, journal):
    await journal.code()
    other = await made(client, name="Other")
    page = await App(journal.browser, other["client_id"], other["client_secret"]).browser.get(
        App(journal.browser, other["client_id"], None).address()
    )
    assert "Other asks to" in page.text


async def test_a_reset_of_the_password_forgets_what_was_allowed(app, own, journal, tokens):
    await journal.code()
    await own.post("/api/v1/auth/password/reset/", json={"email": "ada@example.com"})
    await run_jobs(app)
    body = {"token": (await tokens("reset_password"))[0], "password": PASSWORD}
    assert (await own.post("/api/v1/auth/password/reset/confirm/", json=body)).status_code == 204
    assert "asks to" in (await journal.sign_in()).text

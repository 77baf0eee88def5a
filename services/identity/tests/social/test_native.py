"""ID tokens of native apps; what cannot be read, what belongs to another kind, what came too late."""

import re
from base64 import b64encode
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import update

from devtools.testing.callers import headers_for
from devtools.testing.delivery import run_jobs
from services.identity.social.domain import challenge_of
from services.identity.social.models import SocialAttempt
from services.identity.tests.conftest import PASSWORD, refused, set_up_totp
from services.identity.tests.social.browser import APP, PUBLIC, SOCIAL, new_person
from shared.records.clock import machine_now
from shared.records.ids import new_id


class TestNative:
    """Tokens are taken from the sandbox's own answer to a code."""

    async def token(self, browser: Any, provider: str, person: dict[str, str], nonce: str) -> str:
        """What a provider gives to an app on a device: its own exchange of a code."""
        way = await browser.start(provider)
        url = way.url.replace(PUBLIC, browser.providers)
        url = url.replace(f"nonce={url.split('nonce=')[1].split('&')[0]}", f"nonce={nonce}")
        url = re.sub(r"code_challenge=[^&]+", f"code_challenge={challenge_of('v' * 43)}", url)
        given = await browser.allow(type(way)(provider, url, way.state, way.verifier), person)
        form = {"grant_type": "authorization_code", "code": given["code"], "code_verifier": "v" * 43}
        form["redirect_uri"] = f"{PUBLIC}{SOCIAL}{provider}/callback/"
        basic = {"Authorization": f"Basic {b64encode(b'estuary-google:sandbox-google-secret').decode()}"}
        answer = await browser.web.post(f"{browser.providers}/sandbox/oidc/google/token", data=form, headers=basic)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id_token"])

    async def post(self, browser: Any, provider: str = "google", **body: Any) -> Any:
        return await browser.own.post(f"{SOCIAL}{provider}/id-token/", json=body)

    async def test_signs_in_once(self, app, browser):
        token = await self.token(browser, "google", new_person(given_name="", family_name=""), "n-1")
        answer = await self.post(browser, id_token=token, nonce="n-1", first_name="Ada", last_name="Native")
        assert answer.status_code == 201, answer.text
        user = answer.json()["user"]
        assert (user["first_name"], user["last_name"], user["is_verified"]) == ("Ada", "Native", True)
        again = await self.post(browser, id_token=token, nonce="n-1")
        assert refused(again)[:2] == (401, "invalid_grant")
        await run_jobs(app)
        assert refused(await self.post(browser, id_token=token, nonce="n-1"))[:2] == (401, "invalid_grant")

    async def test_for_another_nonce_client_or_issuer_it_opens_nothing(self, browser):
        token = await self.token(browser, "google", new_person(), "n-1")
        for provider, body in [
            ("google", {"id_token": token, "nonce": "n-2"}),
            ("acme", {"id_token": token, "nonce": "n-1"}),
            ("apple", {"id_token": token, "nonce": "n-1"}),
            ("google", {"id_token": token[:-4] + "AAAA", "nonce": "n-1"}),
            ("google", {"id_token": "a.b.c", "nonce": "n-1"}),
            ("google", {"id_token": "no token", "nonce": "n-1"}),
        ]:
            assert refused(await self.post(browser, provider, **body))[:2] == (401, "invalid_grant")

    async def test_one_that_somebody_signed_themselves_opens_nothing(self, browser):
        key, now = RSAKey.generate_key(2048, auto_kid=True), int(machine_now().timestamp())
        claims: dict[str, Any] = {
            "iss": f"{PUBLIC}/sandbox/oidc/google",
            "aud": "estuary-google",
            "sub": "s",
            "nonce": "n",
        }
        claims |= {"iat": now, "exp": now + 600, "email": "ada@gmail.com", "email_verified": True}
        token = jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)
        answer = await self.post(browser, id_token=token, nonce="n")
        assert refused(answer)[:2] == (401, "invalid_grant")

    async def test_facebook_has_none(self, browser):
        assert (await self.post(browser, "facebook", id_token="x", nonce="n")).status_code == 404


class TestBadInput:
    @pytest.mark.parametrize(
        ("path", "body", "field"),
        [
            ("google/", {"code_challenge": "c" * 43}, "redirect_uri"),
            ("google/", {"redirect_uri": APP, "code_challenge": "short"}, "code_challenge"),
            ("google/", {"redirect_uri": APP, "code_challenge": "c" * 43, "mode": "other"}, "mode"),
            ("google/", {"redirect_uri": APP, "code_challenge": "c" * 43, "more": 1}, "more"),
            ("google/", {"redirect_uri": 7, "code_challenge": "c" * 43}, "redirect_uri"),
            ("token/", {"code": "x"}, "code_verifier"),
            ("token/", {"code": "x", "code_verifier": "short"}, "code_verifier"),
            ("token/", {"code": "", "code_verifier": "v" * 43}, "code"),
            ("resolve/", {"ticket": "x"}, ""),
            ("resolve/", {"ticket": "x", "password": "a", "claim": True}, ""),
            ("resolve/", {"ticket": "x", "claim": False}, "claim"),
            ("resolve/", {"ticket": "x", "email": "no address"}, "email"),
            ("google/id-token/", {"id_token": "x"}, "nonce"),
            ("google/id-token/", {"id_token": "x" * 17_000, "nonce": "n"}, "id_token"),
        ],
    )
    async def test_names_the_field(self, client, path, body, field):
        answer = await client.post(f"{SOCIAL}{path}", json=body)
        status, _, fields = refused(answer)
        assert (status, fields) == (422, [field]), answer.text

    async def test_unknown_providers_codes_and_tickets(self, client, browser):
        start = {"redirect_uri": APP, "code_challenge": "c" * 43}
        assert (await client.post(f"{SOCIAL}nobody/", json=start)).status_code == 404
        assert (await client.get(f"{SOCIAL}nobody/callback/")).status_code == 404
        assert refused(await client.get(f"{SOCIAL}google/callback/")) == (422, "state_invalid", ["state"])
        assert refused(await browser.finish("unknown"))[:2] == (401, "invalid_grant")
        assert refused(await browser.resolve("unknown", password=PASSWORD))[:2] == (401, "ticket_invalid")
        body = {"code": "x", "code_verifier": "v" * 43}
        assert (await client.post(f"{SOCIAL}link/", json=body)).status_code == 401
        answer = await client.post(f"{SOCIAL}link/", json=body, headers=headers_for(new_id()))
        assert answer.status_code == 401

    async def test_a_ticket_of_another_kind_opens_nothing(self, browser, ada):
        await set_up_totp(browser.own, ada)
        credentials = {"email": "ada@example.com", "password": PASSWORD}
        ticket = (await browser.own.post("/api/v1/auth/login/", json=credentials)).json()["mfa"]["ticket"]
        assert refused(await browser.resolve(ticket, password=PASSWORD))[:2] == (401, "ticket_invalid")
        social = (await browser.sign_in("google", new_person("ada@example.com"))).json()["ticket"]
        body = {"ticket": social, "method": "totp", "code": "123456"}
        answer = await browser.own.post("/api/v1/auth/login/mfa/", json=body)
        assert refused(answer)[:2] == (401, "ticket_invalid")

    async def test_a_code_that_has_expired_is_void(self, app, browser):
        code = await browser.code("google", new_person())
        async with app.state.runtime.db.autocommit() as session:
            await session.execute(update(SocialAttempt).values(expires_at=machine_now()))
        assert refused(await browser.finish(code))[:2] == (401, "invalid_grant")

    async def test_wrong_passwords_for_a_ticket_are_counted(self, browser, ada):
        ticket = (await browser.sign_in("google", new_person("ada@example.com"))).json()["ticket"]
        answers = [await browser.resolve(ticket, password="wrong one") for _ in range(11)]
        assert [answer.status_code for answer in answers] == [401] * 10 + [429]

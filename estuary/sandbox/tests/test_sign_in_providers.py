"""Each provider of the sandbox in its dialect: what it publishes, what it refuses, what it says of a person."""

import hashlib
import hmac
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import AsyncIterator
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from starlette.applications import Starlette
from starlette.routing import Mount

from estuary.sandbox.oidc.app import SignInProviders
from estuary.sandbox.oidc.provider import s256
from estuary.sandbox.settings import SandboxSettings
from services.identity.providers.sandbox import APPLE_KEY_ID, APPLE_TEAM_ID, CLIENTS, apple_key
from shared.records.clock import machine_now

PUBLIC = "http://localhost:8000"
VERIFIER = "v" * 43
ADA = {"sub": "ada", "email": "ada@gmail.com", "email_verified": "true", "given_name": "Ada", "family_name": "Lovelace"}
PATHS = {
    "google": ("/o/oauth2/v2/auth", "/token"),
    "apple": ("/auth/authorize", "/auth/token"),
    "facebook": ("/v23.0/dialog/oauth", "/v23.0/oauth/access_token"),
    "acme": ("/authorize", "/token"),
}
SCOPES = {"apple": "name email", "facebook": "email,public_profile"}


@pytest.fixture
async def web(runtime_for: Any) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of all four."""
    made = SignInProviders((await runtime_for("sandbox")).db, SandboxSettings())
    await made.start()
    app = Starlette(routes=[Mount("/sandbox/oidc", app=made.app)])
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=PUBLIC) as client:
        yield client


def callback(provider: str) -> str:
    return f"{PUBLIC}/api/v1/auth/social/{provider}/callback/"


def query(provider: str, **more: str) -> dict[str, str]:
    asked = {"client_id": CLIENTS[provider][0], "redirect_uri": callback(provider), "response_type": "code"}
    asked |= {"scope": SCOPES.get(provider, "openid email profile"), "state": "s-1", "nonce": "n-1"}
    asked |= {"code_challenge": s256(VERIFIER), "code_challenge_method": "S256"}
    return asked | ({"response_mode": "form_post"} if provider == "apple" else {}) | more


async def back(web: Any, provider: str, form: dict[str, str], **more: str) -> dict[str, str]:
    """What the browser would bring back."""
    url = f"/sandbox/oidc/{provider}{PATHS[provider][0]}"
    answer = await web.post(url, params=query(provider, **more), data=form)
    if "location" in answer.headers:
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text)
    return {name: unescape(value) for name, value in found}


def apple_secret(key: ECKey | None = None, **other: Any) -> str:
    now = int(machine_now().timestamp())
    claims = {"iss": APPLE_TEAM_ID, "sub": CLIENTS["apple"][0], "aud": f"{PUBLIC}/sandbox/oidc/apple", "iat": now}
    kid = other.pop("kid", APPLE_KEY_ID)
    return jwt.encode({"alg": "ES256", "kid": kid}, {**claims, "exp": now + 60, **other}, key or apple_key())


async def exchange(web: Any, provider: str, code: str, secret: str | None = None, **more: str) -> Any:
    """The answer for a code."""
    client_id, known = CLIENTS[provider]
    secret = secret if secret is not None else apple_secret() if provider == "apple" else known
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback(provider)}
    form |= {"code_verifier": VERIFIER}
    headers = {}
    if provider == "acme":
        headers["Authorization"] = "Basic " + b64encode(f"{client_id}:{secret}".encode()).decode()
    else:
        form |= {"client_id": client_id, "client_secret": secret}
    return await web.post(f"/sandbox/oidc/{provider}{PATHS[provider][1]}", data={**form, **more}, headers=headers)


@pytest.mark.parametrize("provider", ["google", "apple", "acme"])
async def test_an_id_token_is_signed_by_a_key_that_is_published(web, provider):
    base = f"/sandbox/oidc/{provider}"
    found = (await web.get(f"{base}/.well-known/openid-configuration")).json()
    assert found["issuer"] == f"{PUBLIC}{base}"
    code = (await back(web, provider, {**ADA, "action": "allow"}))["code"]
    tokens = (await exchange(web, provider, code)).json()
    keys = KeySet.import_key_set((await web.get(found["jwks_uri"])).json())
    claims = jwt.decode(tokens["id_token"], keys, algorithms=found["id_token_signing_alg_values_supported"]).claims
    expected = (f"{PUBLIC}{base}", CLIENTS[provider][0], "ada", "n-1", "ada@gmail.com")
    assert tuple(claims[name] for name in ("iss", "aud", "sub", "nonce", "email")) == expected
    assert claims["email_verified"] == ("true" if provider == "apple" else True)
    assert ("given_name" in claims) is (provider != "apple")
    again = await exchange(web, provider, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("provider", PATHS)
class TestEach:
    async def test_shows_a_form_and_knows_one_client_and_one_way_back(self, web, provider):
        url = f"/sandbox/oidc/{provider}{PATHS[provider][0]}"
        page = await web.get(url, params=query(provider))
        assert page.status_code == 200
        assert all(f'name="{name}"' in page.text for name in (*ADA, "hd", "action"))
        for other in ({"client_id": "another"}, {"redirect_uri": callback(provider)[:-1]}):
            refused = await web.post(url, params=query(provider, **other), data={**ADA, "action": "allow"})
            assert (refused.status_code, "location" in refused.headers) == (400, False)

    async def test_a_code_needs_the_secret_the_verifier_and_the_address(self, web, provider):
        for given in ({"secret": "another"}, {"code_verifier": "w" * 43}, {"redirect_uri": PUBLIC}):
            code = (await back(web, provider, {**ADA, "action": "allow"}))["code"]
            assert (await exchange(web, provider, code, **given)).status_code in (400, 401)

    async def test_who_denies_goes_back_without_a_code(self, web, provider):
        denied = await back(web, provider, {**ADA, "action": "deny"})
        assert (denied["state"], "code" in denied) == ("s-1", False)
        name = "user_cancelled_authorize" if provider == "apple" else "access_denied"
        assert denied["error"] == name

    async def test_another_kind_of_answer_is_refused_on_the_way_back(self, web, provider):
        refused = await back(web, provider, {**ADA, "action": "allow"}, response_type="token")
        assert refused["error"] == "unsupported_response_type"

    async def test_says_who_it_is(self, web, provider):
        page = await web.get(f"/sandbox/oidc/{provider}/")
        assert f"{PUBLIC}/sandbox/oidc/{provider}" in page.text


class TestGoogle:
    async def test_names_the_domain_that_it_hosts(self, web):
        code = (await back(web, "google", {**ADA, "hd": "acme.example", "action": "allow"}))["code"]
        tokens = (await exchange(web, "google", code)).json()
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        found = (await web.get("/sandbox/oidc/google/v1/userinfo", headers=headers)).json()
        assert (found["hd"], found["email"], found["email_verified"]) == ("acme.example", "ada@gmail.com", True)
        assert (await web.get("/sandbox/oidc/google/v1/userinfo")).status_code == 401


class TestApple:
    async def test_name_and_address_are_only_posted(self, web):
        refused = await back(web, "apple", {**ADA, "action": "allow"}, response_mode="query")
        assert refused["error"] == "invalid_request"

    async def test_the_name_comes_once_until_the_token_is_revoked(self, web):
        first = await back(web, "apple", {**ADA, "action": "allow"})
        assert '"firstName":"Ada"' in first["user"]
        assert "user" not in await back(web, "apple", {**ADA, "action": "allow"})
        token = (await exchange(web, "apple", first["code"])).json()["refresh_token"]
        form = {"client_id": CLIENTS["apple"][0], "client_secret": apple_secret(), "token": token}
        url = "/sandbox/oidc/apple/auth"
        refresh = {**form, "grant_type": "refresh_token", "refresh_token": token}
        assert (await web.post(f"{url}/token", data=refresh)).status_code == 200
        assert (await web.post(f"{url}/revoke", data=form)).status_code == 200
        assert (await web.post(f"{url}/token", data=refresh)).json()["error"] == "invalid_grant"
        assert "user" in await back(web, "apple", {**ADA, "action": "allow"})

    @pytest.mark.parametrize(
        "other",
        [
            {"iss": "ANOTHER"},
            {"sub": "another"},
            {"aud": "https://appleid.apple.com"},
            {"exp": 1},
            {"exp": 4_000_000_000},
            {"kid": "ANOTHER"},
            {"key": ECKey.generate_key("P-256")},
        ],
        ids=lambda other: next(iter(other)),
    )
    async def test_the_secret_is_of_this_team_key_and_client_and_in_time(self, web, other):
        code = (await back(web, "apple", {**ADA, "action": "allow"}))["code"]
        answer = await exchange(web, "apple", code, apple_secret(**other))
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


class TestFacebook:
    async def test_has_a_graph_and_no_id_token(self, web):
        code = (await back(web, "facebook", {**ADA, "action": "allow"}))["code"]
        tokens = (await exchange(web, "facebook", code)).json()
        assert set(tokens) == {"access_token", "token_type", "expires_in"}
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        proof = hmac.new(CLIENTS["facebook"][1].encode(), tokens["access_token"].encode(), hashlib.sha256).hexdigest()
        asked = {"fields": "id,name,email", "appsecret_proof": proof}
        found = await web.get("/sandbox/oidc/facebook/v23.0/me", params=asked, headers=headers)
        assert found.json() == {"id": "ada", "name": "Ada Lovelace", "email": "ada@gmail.com"}
        wrong = await web.get("/sandbox/oidc/facebook/v23.0/me", params={"appsecret_proof": "x"}, headers=headers)
        assert (wrong.status_code, wrong.json()["error"]["type"]) == (400, "OAuthException")
        assert (await web.get("/sandbox/oidc/facebook/.well-known/openid-configuration")).status_code == 404

    async def test_who_has_no_address_has_none_there(self, web):
        code = (await back(web, "facebook", {"sub": "eva", "action": "allow"}))["code"]
        token = (await exchange(web, "facebook", code)).json()["access_token"]
        url, headers = "/sandbox/oidc/facebook/v23.0/me", {"Authorization": f"Bearer {token}"}
        assert (await web.get(url, params={"fields": "id,email"}, headers=headers)).json() == {"id": "eva"}


class TestAcme:
    async def test_wants_a_challenge(self, web):
        refused = await back(web, "acme", {**ADA, "action": "allow"}, code_challenge="")
        assert refused["error"] == "invalid_request"
        assert refused["iss"] == f"{PUBLIC}/sandbox/oidc/acme"


async def test_keys_are_the_same_after_a_restart(runtime_for):
    db = (await runtime_for("sandbox")).db
    published = []
    for _ in range(2):
        made = SignInProviders(db, SandboxSettings())
        await made.start()
        published.append([one.key.published() for one in made.providers if hasattr(one, "key")])
    assert published[0] == published[1]


def test_a_challenge_is_that_of_rfc_7636():
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    assert s256(VERIFIER) == urlsafe_b64encode(digest).rstrip(b"=").decode()

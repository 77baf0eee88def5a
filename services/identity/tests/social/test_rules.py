"""What follows from what a provider says, and how far its word counts; what it publishes; the settings."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from joserfc.jwk import ECKey
from starlette.requests import Request
from starlette.responses import Response

from devtools.testing.servers import served
from services.identity.providers.documents import Documents
from services.identity.providers.domain import Profile, Trust, is_good_word
from services.identity.providers.errors import ProviderFailed
from services.identity.providers.openid import names_of
from services.identity.providers.registry import Providers
from services.identity.providers.transport import ProviderTransport
from services.identity.settings import IdentitySettings
from services.identity.social.domain import Decision, Holder, decide, is_allowed_redirect
from services.identity.social.profiles import cleaned, first_name_of
from services.identity.tests.conftest import CHEAP
from shared.errors import NotFound
from shared.settings import SettingsError

GOOGLE = {"email": "ada@gmail.com", "email_verified": True}
REAL = {
    **CHEAP,
    "ESTUARY_STAND_INS": "false",
    "IDENTITY_KEYS": "one:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "ESTUARY_PUBLIC_URL": "https://api.example.org/",
}


@pytest.mark.parametrize(
    ("email_trust", "claims", "good"),
    [
        (Trust.GOOGLE, GOOGLE, True),
        (Trust.GOOGLE, {**GOOGLE, "email_verified": "true"}, True),
        (Trust.GOOGLE, {**GOOGLE, "email_verified": "false"}, False),
        (Trust.GOOGLE, {**GOOGLE, "email_verified": 1}, False),
        (Trust.GOOGLE, {**GOOGLE, "email_verified": "True"}, False),
        (Trust.GOOGLE, {"email": "ada@gmail.com"}, False),
        (Trust.GOOGLE, {**GOOGLE, "email": "ada@x.org"}, False),
        (Trust.GOOGLE, {**GOOGLE, "email": "ada@X.org", "hd": "x.ORG"}, True),
        (Trust.GOOGLE, {**GOOGLE, "email": "ada@y.org", "hd": "x.org"}, False),
        (Trust.GOOGLE, {**GOOGLE, "email": "ada@x.org", "hd": True}, False),
        (Trust.GOOGLE, {**GOOGLE, "email": "ada@gmail.com@x.org"}, False),
        (Trust.GOOGLE, {"email_verified": True}, False),
        (Trust.SAYS_SO, {**GOOGLE, "email": "ada@x.org"}, True),
        (Trust.SAYS_SO, {"email": ["ada@x.org"], "email_verified": True}, False),
        (Trust.NEVER, GOOGLE, False),
    ],
)
def test_a_good_word(email_trust: Trust, claims: dict[str, Any], good: bool):
    assert is_good_word(email_trust, claims) is good


def test_every_case_is_decided():
    holders = [None, *(Holder(*facts) for facts in product([True, False], repeat=3))]
    for known, address, good, holder in product([True, False], [True, False], [True, False], holders):
        found = decide(is_known=known, has_address=address, is_word_good=good, holder=holder)
        if known:
            assert found is Decision.SIGN_IN
        elif not address:
            assert found is Decision.ASK_ADDRESS
        elif holder is None:
            assert found is Decision.CREATE
        else:
            links = good and holder == Holder(is_verified=True, is_in_use=True, has_other_subject=False)
            assert found is (Decision.LINK if links else Decision.ASK_TO_LINK)


SET = "https://app.example.org/back"


@pytest.mark.parametrize(
    "given",
    [
        f"{SET}/",
        "https://app.example.org/Back",
        "https://APP.example.org/back",
        "https://app.example.org:443/back",
        f"{SET}#x",
        "https://user@app.example.org/back",
        "https://app.example.org/b%61ck",
        f"{SET}?x=1",
        f" {SET}",
        "http://localhost/back",
    ],
)
def test_an_address_that_differs_is_not_allowed(given: str):
    assert is_allowed_redirect(SET, {SET}, local_too=False)
    assert not is_allowed_redirect(given, {SET}, local_too=False)


@pytest.mark.parametrize("given", ["http://localhost", "http://localhost:3000/a?b=c", "http://127.0.0.1:1/"])
def test_with_the_sandbox_this_machine_is_allowed_too(given: str):
    assert is_allowed_redirect(given, set(), local_too=True)


def test_names_and_addresses_that_no_account_may_have_are_left_out():
    profile = Profile("i", "s", "no address", True, "visit https://evil.example", "Love\nlace")
    found = cleaned(profile)
    assert (found.email, found.is_email_good, found.first_name, found.last_name) == (None, False, "", "")
    assert cleaned(Profile("i", "s", "ada@Example.org", True, " Ada ")).email == "ada@example.org"
    assert (first_name_of("Ada", "x@y.z"), first_name_of("", "ada@y.z")) == ("Ada", "ada")
    assert names_of("", "", "Ada Augusta Lovelace") == ("Ada Augusta", "Lovelace")
    assert names_of("", "", "Ada") == ("Ada", "")


class TestSettings:
    def test_without_keys_real_settings_offer_no_provider(self):
        assert dict(Providers(IdentitySettings.of(REAL)).titles()) == {}

    def test_with_keys_they_offer_the_real_one(self):
        env = {**REAL, "IDENTITY_GOOGLE_CLIENT_ID": "g", "IDENTITY_GOOGLE_CLIENT_SECRET": "s"}
        providers = Providers(IdentitySettings.of(env))
        config = providers.get("google").config
        assert (config.issuer, config.client_id, config.email_trust) == (
            "https://accounts.google.com",
            "g",
            Trust.GOOGLE,
        )
        assert config.callback == "https://api.example.org/api/v1/auth/social/google/callback/"
        with pytest.raises(NotFound):
            providers.get("apple")

    def test_any_issuer_can_be_named(self):
        named = {"name": "work", "title": "Work", "issuer": "https://id.work.example", "client_id": "c"}
        env = {**REAL, "IDENTITY_OIDC_PROVIDERS": json.dumps([{**named, "client_secret": "s", "trust_email": True}])}
        config = Providers(IdentitySettings.of(env)).get("work").config
        assert (config.issuer, config.email_trust) == ("https://id.work.example", Trust.SAYS_SO)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("IDENTITY_OIDC_PROVIDERS", "no json"),
            ("IDENTITY_OIDC_PROVIDERS", '[{"name": "work"}]'),
            ("IDENTITY_OIDC_PROVIDERS", json.dumps([{"name": "token", "title": "T", "issuer": "https://i.example",
                                                     "client_id": "c", "client_secret": "s"}])),
            ("IDENTITY_OIDC_PROVIDERS", json.dumps([{"name": "work", "title": "T", "issuer": "http://i.example",
                                                     "client_id": "c", "client_secret": "s"}])),
            ("IDENTITY_GOOGLE_CLIENT_ID", "alone"),
            ("IDENTITY_APPLE_CLIENT_SECRET", "alone"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_used_is_refused_at_the_start(self, name, value):
        with pytest.raises(SettingsError):
            IdentitySettings.of({**CHEAP, name: value})

    def test_apples_key_needs_its_ids(self):
        env = {**REAL, "IDENTITY_APPLE_CLIENT_ID": "a", "IDENTITY_APPLE_CLIENT_SECRET": "-----BEGIN PRIVATE KEY-----"}
        with pytest.raises(SettingsError, match="APPLE_TEAM_ID"):
            IdentitySettings.of(env)
        assert IdentitySettings.of({**env, "IDENTITY_APPLE_TEAM_ID": "t", "IDENTITY_APPLE_KEY_ID": "k"})


@dataclass
class Issuer:
    """What an issuer publishes, and how often it was asked; `away`: it answers 500."""

    keys: list[Any] = field(default_factory=lambda: [ECKey.generate_key("P-256", auto_kid=True)])
    asked: list[str] = field(default_factory=list)
    issuer: str = ""
    says: str = ""
    away: bool = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope)
        self.asked.append(request.url.path)
        if self.away:
            content, status = b"away", 500
        elif request.url.path == "/jwks":
            content, status = json.dumps({"keys": [key.as_dict(private=False) for key in self.keys]}).encode(), 200
        else:
            names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            found = {"issuer": self.says or self.issuer, **dict.fromkeys(names, f"{self.issuer}/jwks")}
            content, status = json.dumps(found).encode(), 200
        await Response(content, status)(scope, receive, send)


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    made = Issuer()
    async with served(made, lifespan="off") as address:
        made.issuer = f"http://{address}"
        yield made


@pytest.fixture
async def documents(issuer: Issuer, clock: Any) -> AsyncIterator[Documents]:
    """They read the seconds from `clock`."""
    transport = ProviderTransport()
    yield Documents(issuer.issuer, transport, lambda: clock.now().timestamp())
    await transport.close()


class TestDocuments:
    async def test_are_fetched_once_an_hour_however_many_ask(self, issuer, documents, clock):
        kid = issuer.keys[0].kid
        await asyncio.gather(*(documents.keys(kid) for _ in range(50)))
        assert issuer.asked == ["/.well-known/openid-configuration", "/jwks"]
        clock.advance(timedelta(minutes=61))
        await documents.keys(kid)
        assert len(issuer.asked) == 4

    async def test_a_new_key_is_found_and_unknown_ones_make_no_flood(self, issuer, documents, clock):
        await documents.keys(issuer.keys[0].kid)
        clock.advance(timedelta(minutes=2))
        issuer.keys.append(ECKey.generate_key("P-256", auto_kid=True))
        found = await documents.keys(issuer.keys[1].kid)
        assert {key.kid for key in found.keys} == {key.kid for key in issuer.keys}
        for number in range(50):
            await documents.keys(f"unknown {number}")
        assert issuer.asked.count("/jwks") == 2

    async def test_while_it_is_away_the_last_ones_count(self, issuer, documents, clock):
        kid = issuer.keys[0].kid
        await documents.keys(kid)
        issuer.away = True
        clock.advance(timedelta(hours=2))
        assert (await documents.keys(kid)).keys[0].kid == kid

    async def test_without_any_it_fails(self, issuer, documents):
        issuer.away = True
        with pytest.raises(ProviderFailed, match="500"):
            await documents.metadata()

    async def test_who_calls_itself_otherwise_is_another_issuer(self, issuer, documents):
        issuer.says = "https://other.example"
        with pytest.raises(ProviderFailed, match="calls itself"):
            await documents.metadata()

    async def test_no_provider_is_called_inside_a_transaction(self, documents, runtime_for):
        runtime = await runtime_for("identity")
        with pytest.raises(RuntimeError, match="inside a transaction"):
            async with runtime.db.transaction():
                await documents.metadata()

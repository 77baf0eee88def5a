"""Clients as superusers keep them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from devtools.testing.callers import headers_for
from services.identity.oauth.clients.models import OAuthClient
from services.identity.tests.conftest import CONFIRMED, refused
from shared.database.system_tables import system_tables
from shared.records.clock import machine_now
from shared.records.ids import new_id

CLIENTS = "/api/v1/admin/oauth-clients/"
X = headers_for(roles=("user", "staff", "superuser")) | CONFIRMED
NEW = {
    "name": "Journal",
    "redirect_uris": ["https://journal.example/back", "http://localhost:3000/back", "app.example.journal:/back"],
    "post_logout_redirect_uris": ["https://journal.example/"],
    "backchannel_logout_uri": "https://journal.example/logout",
    "initiate_login_uri": "https://journal.example/begin",
    "grant_types": ["authorization_code", "refresh_token"],
    "scopes": ["openid", "profile", "email", "offline_access", "bookings.read"],
    "first_party": False,
    "public": False,
    "id_token_alg": "RS256",
}


async def made(client: Any, **other: Any) -> dict[str, Any]:
    answer = await client.post(CLIENTS, json={**NEW, **other}, headers=X)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


class TestWho:
    @pytest.mark.parametrize("roles", [("user",), ("user", "staff"), ("user", "support"), ("user", "marketing")])
    async def test_only_superusers(self, client, roles):
        for method, path in (("GET", CLIENTS), ("POST", CLIENTS), ("DELETE", f"{CLIENTS}{new_id()}/")):
            answer = await client.request(method, path, headers=headers_for(roles=roles) | CONFIRMED)
            assert (answer.status_code, answer.json()["code"]) == (403, "superuser_required")

    async def test_writes_are_confirmed(self, client):
        headers = headers_for(roles=("user", "staff", "superuser"))
        one = f"{CLIENTS}{new_id()}/"
        for method, path in (("POST", CLIENTS), ("PUT", one), ("DELETE", one), ("POST", f"{one}secret/")):
            assert (await client.request(method, path, json={}, headers=headers)).status_code == 428


class TestCreate:
    async def test_shows_the_secret_once_and_stores_it_nowhere(self, app, client):
        found = await client.post(CLIENTS, json=NEW, headers=X | {"Idempotency-Key": "once"})
        created = found.json()
        assert {name: created[name] for name in NEW} == NEW
        assert len(created["client_secret"]) >= 43
        listed = (await client.get(CLIENTS, headers=X)).json()
        assert [one["client_id"] for one in listed["results"]] == [created["client_id"]]
        assert "client_secret" not in listed["results"][0]
        tables = system_tables("identity")
        async with app.state.runtime.db.read() as session:
            stored = [str((await session.execute(select(one))).all()) for one in (tables.idempotency, tables.audit)]
            stored.append(str([vars(one) for one in await session.scalars(select(OAuthClient))]))
        assert all(created["client_secret"] not in text for text in stored)
        assert "oauth_client.create" in stored[1]

    async def test_a_public_client_has_no_secret(self, client):
        public = await made(client, public=True)
        assert public["client_secret"] is None
        answer = await client.post(f"{CLIENTS}{public['client_id']}/secret/", headers=X)
        assert (answer.status_code, answer.json()["code"]) == (409, "public_client")

    @pytest.mark.parametrize(
        ("other", "field", "code"),
        [
            ({"redirect_uris": []}, "redirect_uris", "missing"),
            ({"redirect_uris": ["http://journal.example/"]}, "redirect_uris.0", "redirect_not_allowed"),
            ({"redirect_uris": ["https://u@journal.example/"]}, "redirect_uris.0", "redirect_not_allowed"),
            ({"redirect_uris": ["https://*.journal.example/"]}, "redirect_uris.0", "redirect_not_allowed"),
            ({"redirect_uris": ["https://journal.example/#x"]}, "redirect_uris.0", "redirect_not_allowed"),
            ({"redirect_uris": ["https://journal.example/*", "x"]}, "redirect_uris.1", "redirect_not_allowed"),
            ({"redirect_uris": ["javascript:alert(1)"]}, "redirect_uris.0", "redirect_not_allowed"),
            ({"redirect_uris": ["data:text/html,x"]}, "redirect_uris.0", "redirect_not_allowed"),
            ({"redirect_uris": ["https://"]}, "redirect_uris.0", "redirect_not_allowed"),
            ({"redirect_uris": ["https://a.example/\\b"]}, "redirect_uris.0", "redirect_not_allowed"),
            ({"post_logout_redirect_uris": ["//x"]}, "post_logout_redirect_uris.0", "redirect_not_allowed"),
            ({"initiate_login_uri": "app.example:/x"}, "initiate_login_uri", "redirect_not_allowed"),
            ({"backchannel_logout_uri": "https://127.0.0.1/"}, "backchannel_logout_uri", "address_not_allowed"),
            ({"backchannel_logout_uri": "http://journal.example/"}, "backchannel_logout_uri", "address_not_allowed"),
            ({"grant_types": []}, "grant_types", "too_short"),
            ({"grant_types": ["password"]}, "grant_types.0", "enum"),
            ({"grant_types": ["refresh_token"]}, "grant_types", "grants_at_odds"),
            ({"grant_types": ["client_credentials"]}, "owner_id", "missing"),
            ({"scopes": ["openid", "admin.account.read"]}, "scopes.1", "scope_not_allowed"),
            ({"scopes": ["session"]}, "scopes.0", "scope_not_allowed"),
            ({"scopes": ["records.read"]}, "scopes.0", "scope_not_allowed"),
            ({"name": " "}, "name", "too_short"),
            ({"id_token_alg": "none"}, "id_token_alg", "enum"),
            ({"seat": 1}, "seat", "extra_forbidden"),
        ],
    )
    async def test_what_does_not_fit_is_refused(self, client, other, field, code):
        answer = await client.post(CLIENTS, json={**NEW, **other}, headers=X)
        assert answer.status_code == 422, answer.text
        assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]

    async def test_an_owner_has_an_account(self, client, ada):
        own = {"grant_types": ["client_credentials"], "redirect_uris": []}
        assert (await made(client, owner_id=ada["user"]["id"], **own))["owner_id"] == ada["user"]["id"]
        answer = await client.post(CLIENTS, json={**NEW, **own, "owner_id": str(new_id())}, headers=X)
        assert answer.status_code == 404

    async def test_only_ours_have_a_whole_session(self, client):
        assert "session" in (await made(client, scopes=["openid", "session"], first_party=True))["scopes"]


class TestChange:
    async def test_changes_what_is_given(self, client):
        one = await made(client)
        path = f"{CLIENTS}{one['client_id']}/"
        answer = await client.put(path, json={"name": "Diary", "backchannel_logout_uri": None}, headers=X)
        assert answer.status_code == 200, answer.text
        changed = answer.json()
        assert (changed["name"], changed["backchannel_logout_uri"]) == ("Diary", None)
        assert changed["redirect_uris"] == NEW["redirect_uris"]
        assert refused(await client.put(path, json={"redirect_uris": []}, headers=X))[2] == ["redirect_uris"]
        assert refused(await client.put(path, json={"name": None}, headers=X))[2] == ["name"]

    async def test_a_client_that_becomes_public_loses_its_secret(self, app, client):
        one = await made(client)
        await client.put(f"{CLIENTS}{one['client_id']}/", json={"public": True}, headers=X)
        async with app.state.runtime.db.read() as session:
            assert (await session.scalar(select(OAuthClient.secret_hash))) is None

    async def test_an_unknown_one_is_404(self, client):
        for method, path in (("PUT", ""), ("DELETE", ""), ("POST", "secret/")):
            answer = await client.request(method, f"{CLIENTS}{new_id()}/{path}", json={}, headers=X)
            assert answer.status_code == 404

    async def test_goes(self, client):
        path = f"{CLIENTS}{(await made(client))['client_id']}/"
        assert (await client.delete(path, headers=X)).status_code == 204
        assert (await client.delete(path, headers=X)).status_code == 404


class TestSecret:
    async def test_the_former_one_is_good_for_a_day(self, client):
        one = await made(client)
        answer = await client.post(f"{CLIENTS}{one['client_id']}/secret/", headers=X | {"Idempotency-Key": "k"})
        assert answer.status_code == 200, answer.text
        assert answer.json()["client_secret"] != one["client_secret"]
        shown = (await client.get(CLIENTS, headers=X)).json()["results"][0]["former_secret_until"]
        assert shown == answer.json()["former_secret_until"]
        assert shown[:13] == (machine_now() + timedelta(hours=24)).isoformat()[:13]


class TestDiscovery:
    async def test_says_what_there_is(self, client):
        for path in ("/.well-known/openid-configuration", "/.well-known/openid-configuration/"):
            answer = await client.get(path)
            assert answer.status_code == 200
        found = answer.json()
        assert found["issuer"] == "http://localhost:8000"
        assert found["token_endpoint"] == "http://localhost:8000/oauth/token"
        assert found["response_types_supported"] == ["code"]
        assert found["code_challenge_methods_supported"] == ["S256"]
        assert "RS256" in found["id_token_signing_alg_values_supported"]
        assert found["authorization_response_iss_parameter_supported"] is True
        assert not [scope for scope in found["scopes_supported"] if scope.startswith("admin.")]

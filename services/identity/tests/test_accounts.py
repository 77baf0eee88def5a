from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from devtools.testing.callers import headers_for, service_headers
from devtools.testing.delivery import events_of
from services.identity.accounts.models import User
from services.identity.app import create_app
from services.identity.tests.conftest import CHEAP, PASSWORD, registration
from shared.events.identity import UserRegistered, UserUpdated
from shared.runtime import Runtime


def bearer(pair) -> dict[str, str]:
    return {"Authorization": f"Bearer {pair['access_token']}"}


async def stored_hash(app):
    async with app.state.runtime.db.read() as session:
        return await session.scalar(select(User.password_hash))


class TestRegister:
    async def test_answers_a_pair_and_the_user(self, ada):
        user = ada.pop("user")
        assert set(ada) == {"access_token", "refresh_token", "token_type", "expires_in"}
        assert (ada["token_type"], ada["expires_in"]) == ("Bearer", 3600)
        assert UUID(user.pop("id")).version == 7
        assert user == {
            "email": "ada@example.com",
            "first_name": "Ada",
            "last_name": "Lovelace",
            "roles": ["user"],
            "practitioner_id": None,
            "is_verified": False,
            **dict.fromkeys(("timezone", "phone", "bio", "location", "locale")),
            "preferences": {},
            "status": "active",
            "has_password": True,
            "mfa_enabled": False,
            "providers": [],
            "pending_consents": ["privacy", "terms"],
            "created_at": "2026-12-01T08:00:00Z",
        }

    async def test_the_token_speaks_for_the_user(self, ada, verifier):
        who = await verifier.user(ada["access_token"])
        assert (str(who.user_id), who.roles) == (ada["user"]["id"], {"user"})

    async def test_tells_the_others(self, app, ada):
        event, _ = await events_of(app.state.runtime)
        assert event == UserRegistered(
            user_id=UUID(ada["user"]["id"]),
            email="ada@example.com",
            first_name="Ada",
            last_name="Lovelace",
            timezone=None,
        )

    @pytest.mark.parametrize("address", ["ADA@Example.com", " ada@example.com ", "ada@exAmple\uff0ecom"])
    async def test_an_address_in_another_spelling_is_taken(self, client, ada, address):
        answer = await client.post("/api/v1/auth/register", json=registration(address))
        assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"email": "no-address"}, "email"),
            ({"email": "=?utf-8?q?ada?=@example.com"}, "email"),
            ({"email": "a" * 250 + "@example.com"}, "email"),
            ({"password": "1234567"}, "password"),
            ({"password": "p" * 129}, "password"),
            ({"password": "12345678\x00"}, "password"),
            ({"first_name": "  "}, "first_name"),
            ({"first_name": "Win at evil.com"}, "first_name"),
            ({"last_name": "x" * 101}, "last_name"),
            ({"last_name": "a\x00b"}, "last_name"),
            ({"timezone": "Mars/Olympus"}, "timezone"),
            ({"timezone": "../etc/passwd"}, "timezone"),
            ({"roles": ["staff"]}, "roles"),
        ],
    )
    async def test_a_bad_field_is_named(self, client, change, field):
        answer = await client.post("/api/v1/auth/register/", json=registration(**change))
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
        assert [error["field"] for error in answer.json()["errors"]] == [field]

    async def test_an_idempotency_key_is_ignored(self, client, ada):
        again = await client.post("/api/v1/auth/register/", json=registration(), headers={"Idempotency-Key": "k"})
        assert again.status_code == 409


class TestLogin:
    async def test_opens_a_session(self, client, ada):
        answer = await client.post("/api/v1/auth/login/", json={"email": "Ada@example.COM", "password": PASSWORD})
        assert answer.status_code == 200
        assert answer.json()["user"] == ada["user"]
        assert answer.json()["refresh_token"] != ada["refresh_token"]

    @pytest.mark.parametrize(
        "given", [("ada@example.com", "wrong password"), ("nobody@example.com", PASSWORD), ("?", "")]
    )
    async def test_wrong_credentials_look_the_same(self, client, ada, given):
        email, password = given
        answer = await client.post("/api/v1/auth/login/", json={"email": email, "password": password})
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")

    @pytest.mark.parametrize("address", ["ada@m\u00fcnchen.de", "ada@xn--mnchen-3ya.de", "ada@mu\u0308nchen.de"])
    async def test_every_spelling_that_registers_an_address_signs_in_to_it(self, client, address):
        assert (await client.post("/api/v1/auth/register/", json=registration(address))).status_code == 201
        for typed in ("ada@m\u00fcnchen.de", " Ada@M\u00dcNCHEN.de ", "ada@xn--mnchen-3ya.de", "ada@mu\u0308nchen.de"):
            answer = await client.post("/api/v1/auth/login/", json={"email": typed, "password": PASSWORD})
            assert answer.status_code == 200, typed

    async def test_renews_a_hash_of_another_cost(self, app, client_for, ada):
        before = await stored_hash(app)
        env = {**CHEAP, "IDENTITY_ARGON2_TIME_COST": "2"}
        costlier = create_app(replace(Runtime.of(app.state.runtime), env=env))
        login = {"email": "ada@example.com", "password": PASSWORD}
        assert (await client_for(costlier).post("/api/v1/auth/login/", json=login)).status_code == 200
        after = await stored_hash(app)
        assert ("t=1" in before, "t=2" in after) == (True, True)
        assert after.startswith("$argon2id$")
        assert (await client_for(costlier).post("/api/v1/auth/login/", json=login)).status_code == 200
        assert await stored_hash(app) == after


class TestUser:
    async def test_anonymous_is_401(self, client):
        assert (await client.get("/api/v1/auth/user/")).status_code == 401
        assert (await client.put("/api/v1/auth/user/", json={})).status_code == 401

    async def test_a_token_of_no_account_is_401(self, client):
        assert (await client.get("/api/v1/auth/user/", headers=headers_for())).status_code == 401

    async def test_shows_the_account(self, client, ada):
        answer = await client.get("/api/v1/auth/user/", headers=headers_for(UUID(ada["user"]["id"])))
        assert (answer.status_code, answer.json()) == (200, ada["user"])

    async def test_changes_what_is_given_and_tells_the_others(self, app, client, ada):
        headers = headers_for(UUID(ada["user"]["id"]))
        change = {"first_name": "Augusta", "timezone": "Europe/London"}
        answer = await client.put("/api/v1/auth/user/", json=change, headers=headers)
        assert (answer.json()["first_name"], answer.json()["timezone"]) == ("Augusta", "Europe/London")
        event = (await events_of(app.state.runtime))[-1]
        assert isinstance(event, UserUpdated)
        assert (event.first_name, event.last_name, event.timezone) == ("Augusta", "Lovelace", "Europe/London")

    async def test_the_address_cannot_be_changed_here(self, client, ada):
        headers = headers_for(UUID(ada["user"]["id"]))
        assert (
            await client.put("/api/v1/auth/user/", json={"email": "b@example.com"}, headers=headers)
        ).status_code == 422


class TestProfile:
    @pytest.fixture
    def put(self, client, ada):
        async def change(**fields):
            headers = headers_for(UUID(ada["user"]["id"]))
            return await client.put("/api/v1/auth/user/", json=fields, headers=headers)

        return change

    async def test_keeps_what_is_said_and_null_empties_it(self, put):
        said = {
            "phone": "+49 30 123-456", "bio": "One.\nTwo.", "location": "Berlin", "locale": "PT-br",
            "timezone": "Europe/Berlin",
        }  # fmt: skip
        shown = (await put(**said)).json()
        assert {name: shown[name] for name in said} == said | {"phone": "+4930123456", "locale": "pt-BR"}
        assert (await put(bio="Three.")).json()["location"] == "Berlin"
        emptied = (await put(**dict.fromkeys(said))).json()
        assert {emptied[name] for name in said} == {None}

    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ("zh-hant-tw", "zh-Hant-TW"),
            ("ES-419", "es-419"),
            ("de-de-1996", "de-DE-1996"),
            ("sl-Rozaj-Biske", "sl-rozaj-biske"),
            ("en-us-U-HC-h12", "en-US-u-hc-h12"),
            ("ar-eg-u-nu-latn-x-Mine", "ar-EG-u-nu-latn-x-mine"),
        ],
    )
    async def test_every_language_tag_is_taken_in_its_usual_case(self, put, given, shown):
        assert (await put(locale=given)).json()["locale"] == shown

    async def test_preferences_are_merged_by_key(self, put):
        await put(preferences={"theme": "dark", "size": 3})
        assert (await put(preferences={"size": None, "list": [1]})).json()["preferences"] == {
            "theme": "dark",
            "list": [1],
        }
        assert (await put(preferences=None)).json()["preferences"] == {}

    async def test_preferences_have_eight_kibibytes_in_all(self, put):
        assert (await put(preferences={"a": "x" * 5000})).status_code == 200
        answer = await put(preferences={"b": "x" * 5000})
        assert (answer.status_code, answer.json()["code"]) == (422, "too_large")

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("phone", "030 123456", "invalid_phone"),
            ("phone", "+0123456789", "invalid_phone"),
            ("phone", "+1234567890123456", "invalid_phone"),
            ("phone", "+49 30 ABC", "invalid_phone"),
            ("timezone", "Mars/Base", "invalid_timezone"),
            ("bio", "x" * 2001, "too_long"),
            ("bio", "a\x00b", "invisible_text"),
            ("location", "x" * 201, "too_long"),
            ("locale", "english", "invalid_locale"),
            ("locale", "e", "invalid_locale"),
            ("locale", "en-u", "invalid_locale"),
            ("locale", "d\u0131-DE", "invalid_locale"),
            ("preferences", {"a": "x" * 9000}, "too_large"),
            ("preferences", {"a": "\x00"}, "not_storable"),
            ("preferences", {"a": 2**70}, "not_storable"),
            ("preferences", [], "dict_type"),
            ("first_name", None, "string_type"),
            ("avatar_upload_id", "01a2298c-a165-70d7-9588-d1a0a5ccb099", "extra_forbidden"),
        ],
    )
    async def test_a_bad_field_is_named(self, put, field, value, code):
        problem = (await put(**{field: value})).json()
        assert (problem["status"], problem["code"]) == (422, "invalid")
        assert [(error["field"], error["code"]) for error in problem["errors"]] == [(field, code)]

    @pytest.mark.parametrize("number", ["NaN", "1e400", "-Infinity"])
    async def test_what_is_no_number_is_not_kept_as_null(self, client, ada, number):
        headers = headers_for(UUID(ada["user"]["id"])) | {"Content-Type": "application/json"}
        body = f'{{"preferences": {{"a": [{number}]}}}}'
        assert (await client.put("/api/v1/auth/user/", content=body, headers=headers)).status_code == 422

    async def test_phone_and_locale_may_be_named_at_once(self, client):
        body = registration("b@example.com", phone="+4930123456", locale="de")
        pair = (await client.post("/api/v1/auth/register/", json=body)).json()
        shown = await client.get("/api/v1/auth/user/", headers=headers_for(UUID(pair["user"]["id"])))
        assert (shown.json()["phone"], shown.json()["locale"]) == ("+4930123456", "de")


class TestInternalStaff:
    async def test_names_who_is_staff_now_to_other_services_alone(self, client, ada):
        assert (await client.get("/internal/staff/", headers=bearer(ada))).status_code == 401
        answer = await client.get("/internal/staff/", headers=service_headers("notifications"))
        assert ada["user"]["id"] not in answer.json()["user_ids"]


class TestInternalUser:
    async def test_needs_a_service_token(self, client, ada):
        path = f"/internal/users/{ada['user']['id']}/"
        assert (await client.get(path)).status_code == 401
        assert (await client.get(path, headers=bearer(ada))).status_code == 401

    async def test_shows_the_account(self, client, ada):
        answer = await client.get(f"/internal/users/{ada['user']['id']}/", headers=service_headers())
        shown = answer.json()
        assert (shown["user_id"], shown["timezone"], shown["roles"]) == (ada["user"]["id"], None, ["user"])

    @pytest.mark.parametrize("user_id", ["00000000-0000-7000-8000-000000000007", "not-an-id"])
    async def test_an_unknown_id_is_404(self, client, user_id):
        assert (await client.get(f"/internal/users/{user_id}/", headers=service_headers())).status_code == 404

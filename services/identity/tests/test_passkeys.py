import asyncio
from uuid import UUID

import pytest
from sqlalchemy import insert

from devtools.testing.passkeys import SoftPasskey, spoiled
from services.identity.factors.models import Passkey
from services.identity.settings import IdentitySettings
from services.identity.tests.conftest import (
    CHEAP,
    CREDENTIALS,
    LOGIN,
    MFA,
    ORIGIN,
    PASSKEYS,
    add_passkey,
    bearer,
    bob,
    refused,
)
from shared.records.clock import machine_now
from shared.records.ids import new_id
from shared.settings import SettingsError

pytestmark = pytest.mark.usefixtures("invariants_hold")

OPTIONS = f"{PASSKEYS}options/"
REAL = {"ESTUARY_STAND_INS": "false", "IDENTITY_KEYS": "one:" + "A" * 43 + "="}
TICKET = (422, "ticket_invalid", ["ticket"])
CREDENTIAL = (422, "invalid_credential", ["credential"])


async def asked(client, pair):
    answer = await client.post(OPTIONS, headers=bearer(pair))
    assert answer.status_code == 200, answer.text
    return answer.json()["ticket"], answer.json()["options"]


class TestAdd:
    async def test_anonymous_is_401(self, client):
        for method, path in [("POST", OPTIONS), ("POST", PASSKEYS), ("GET", PASSKEYS)]:
            assert (await client.request(method, path, json={})).status_code == 401

    async def test_asks_for_one_that_signs_in_by_itself(self, own, ada):
        _, options = await asked(own, ada)
        assert options["rp"] == {"id": "localhost", "name": "Estuary"}
        assert options["user"]["name"] == "ada@example.com"
        selection = options["authenticatorSelection"]
        assert (selection["residentKey"], selection["userVerification"]) == ("required", "required")

    async def test_adds_it_and_mails_that(self, own, ada, mails):
        answer = await add_passkey(own, bearer(ada), SoftPasskey(ORIGIN), "My laptop")
        assert answer.status_code == 201
        assert answer.json().keys() == {"id", "name", "backed_up", "created_at", "last_used_at"}
        assert (answer.json()["name"], answer.json()["last_used_at"]) == ("My laptop", None)
        listed = (await own.get(PASSKEYS, headers=bearer(ada))).json()
        assert (listed["results"], listed["total"]) == ([answer.json()], 1)
        assert len(await mails("passkey_added")) == 1

    async def test_does_not_turn_two_step_sign_in_on(self, own, ada):
        await add_passkey(own, bearer(ada), SoftPasskey(ORIGIN))
        state = (await own.get(MFA, headers=bearer(ada))).json()
        assert state == {"enabled": False, "totp": False, "passkeys": 1, "recovery_codes_left": 0}
        assert (await own.post(LOGIN, json=CREDENTIALS)).status_code == 200
        on = await own.put(MFA, json={"enabled": True}, headers=bearer(ada))
        assert (on.status_code, len(on.json()["recovery_codes"])) == (200, 10)
        answer = await own.post(LOGIN, json=CREDENTIALS)
        assert answer.json()["mfa"]["methods"] == ["passkey", "recovery_code"]

    async def test_names_those_that_there_are_so_that_no_device_makes_a_second_one(self, own, ada):
        passkey = SoftPasskey(ORIGIN)
        await add_passkey(own, bearer(ada), passkey)
        _, options = await asked(own, ada)
        assert [one["id"] for one in options["excludeCredentials"]] == [passkey.create(options)["id"]]

    @pytest.mark.parametrize(
        "change", [{"verifies": False}, {"origin": "https://evil.example"}, {"origin": "http://localhost:9"}]
    )
    async def test_what_does_not_fit_is_refused(self, own, ada, change):
        assert refused(await add_passkey(own, bearer(ada), SoftPasskey(**{"origin": ORIGIN, **change}))) == CREDENTIAL

    async def test_a_ticket_works_once_even_for_a_wrong_answer(self, own, ada):
        ticket, options = await asked(own, ada)
        wrong = SoftPasskey(ORIGIN).create(options)
        wrong["response"]["clientDataJSON"] = spoiled(wrong["response"]["clientDataJSON"])
        body = {"ticket": ticket, "name": "x", "credential": wrong}
        assert refused(await own.post(PASSKEYS, json=body, headers=bearer(ada))) == CREDENTIAL
        right = {**body, "credential": SoftPasskey(ORIGIN).create(options)}
        assert refused(await own.post(PASSKEYS, json=right, headers=bearer(ada))) == TICKET

    async def test_another_persons_ticket_and_one_for_a_sign_in_are_refused(self, own, ada):
        ticket, options = await asked(own, await bob(own))
        signing_in = (await own.post(f"{PASSKEYS}login/options/", json={})).json()["ticket"]
        for given in (ticket, signing_in, "nothing"):
            body = {"ticket": given, "name": "x", "credential": SoftPasskey(ORIGIN).create(options)}
            assert refused(await own.post(PASSKEYS, json=body, headers=bearer(ada))) == TICKET

    async def test_one_that_somebody_has_already_is_refused(self, own, ada):
        passkey = SoftPasskey(ORIGIN)
        await add_passkey(own, bearer(ada), passkey)
        for pair in (ada, await bob(own)):
            assert refused(await add_passkey(own, bearer(pair), passkey)) == (409, "passkey_exists", [])

    @pytest.mark.parametrize("credential", [{}, {"id": 1}, {"rawId": "AA", "response": 5}, {"response": {}}])
    async def test_what_is_no_answer_of_a_browser_is_refused(self, own, ada, credential):
        ticket, _ = await asked(own, ada)
        body = {"ticket": ticket, "name": "x", "credential": credential}
        assert refused(await own.post(PASSKEYS, json=body, headers=bearer(ada))) == CREDENTIAL

    @pytest.mark.parametrize(
        ("body", "fields"),
        [
            ({}, ["ticket", "name", "credential"]),
            ({"ticket": "x", "name": "", "credential": {}}, ["name"]),
            ({"ticket": "x", "name": "n" * 101, "credential": {}}, ["name"]),
            ({"ticket": "x", "name": "n", "credential": "text"}, ["credential"]),
            ({"ticket": "x", "name": "n", "credential": {}, "user_id": "x"}, ["user_id"]),
        ],
    )
    async def test_a_bad_body_is_422(self, own, ada, body, fields):
        assert refused(await own.post(PASSKEYS, json=body, headers=bearer(ada))) == (422, "invalid", fields)

    async def test_the_twentieth_is_the_last_also_at_once(self, app, own, ada):
        user_id = UUID(ada["user"]["id"])
        rows = [
            {"id": new_id(), "user_id": user_id, "credential_id": bytes([number]), "public_key": b"k", "name": "n"}
            for number in range(19)
        ]
        more = {"sign_count": 0, "backed_up": False, "transports": [], "created_at": machine_now()}
        async with app.state.runtime.db.autocommit() as session:
            await session.execute(insert(Passkey), [row | more for row in rows])
        tickets = [await asked(own, ada) for _ in range(50)]
        bodies = [
            {"ticket": ticket, "name": "x", "credential": SoftPasskey(ORIGIN).create(options)}
            for ticket, options in tickets
        ]
        answers = await asyncio.gather(*(own.post(PASSKEYS, json=body, headers=bearer(ada)) for body in bodies))
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 49
        assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"limit_reached"}
        assert refused(await own.post(OPTIONS, headers=bearer(ada))) == (409, "limit_reached", [])


class TestList:
    async def test_comes_in_pages_oldest_first(self, own, ada):
        for name in ("b", "a", "c"):
            assert (await add_passkey(own, bearer(ada), SoftPasskey(ORIGIN), name)).status_code == 201
        pages = [
            (await own.get(f"{PASSKEYS}?limit=2&{more}", headers=bearer(ada))).json()
            for more in ("", "offset=2", "ordering=-name")
        ]
        assert ["".join(one["name"] for one in page["results"]) for page in pages] == ["ba", "c", "cb"]
        assert [(page["total"], page["limit"], page["has_more"]) for page in pages] == [
            (3, 2, True),
            (3, 2, False),
            (3, 2, True),
        ]


class TestChange:
    async def test_anothers_is_not_found(self, own, ada):
        made = (await add_passkey(own, bearer(await bob(own)), SoftPasskey(ORIGIN))).json()
        path = f"{PASSKEYS}{made['id']}/"
        assert (await own.put(path, json={"name": "mine"}, headers=bearer(ada))).status_code == 404
        assert (await own.delete(path, headers=bearer(ada))).status_code == 404

    async def test_can_be_named(self, own, ada):
        made = (await add_passkey(own, bearer(ada), SoftPasskey(ORIGIN))).json()
        answer = await own.put(f"{PASSKEYS}{made['id']}/", json={"name": "Telephone"}, headers=bearer(ada))
        assert answer.json() == {**made, "name": "Telephone"}

    async def test_deleted_it_opens_nothing(self, own, ada, mails):
        passkey = SoftPasskey(ORIGIN)
        made = (await add_passkey(own, bearer(ada), passkey)).json()
        assert (await own.delete(f"{PASSKEYS}{made['id']}/", headers=bearer(ada))).status_code == 204
        asked_for = (await own.post(f"{PASSKEYS}login/options/", json={})).json()
        body = {"ticket": asked_for["ticket"], "credential": passkey.get(asked_for["options"])}
        assert refused(await own.post(f"{PASSKEYS}login/", json=body)) == (401, "invalid_credentials", [])
        assert len(await mails("passkey_removed")) == 1

    async def test_deleting_the_last_factor_turns_two_step_sign_in_off(self, own, protected, mails):
        made = (await add_passkey(own, protected.headers, SoftPasskey(ORIGIN))).json()
        assert (await own.delete(f"{MFA}totp/", headers=protected.headers)).status_code == 204
        state = (await own.get(MFA, headers=protected.headers)).json()
        assert (state["enabled"], state["recovery_codes_left"]) == (True, 10)
        assert (await own.delete(f"{PASSKEYS}{made['id']}/", headers=protected.headers)).status_code == 204
        state = (await own.get(MFA, headers=protected.headers)).json()
        assert (state["enabled"], state["recovery_codes_left"]) == (False, 0)
        assert len(await mails("mfa_turned_off")) == 1


class TestRelyingParty:
    def of(self, **env):
        return IdentitySettings.of({**CHEAP, **env})

    def test_is_the_host_of_the_public_address(self):
        settings = self.of(
            ESTUARY_PUBLIC_URL="https://API.bücher.example:8443/",
            ESTUARY_APP_URL="https://book.example/start",
            GATEWAY_CORS_ORIGINS="https://a.example, https://b.example:443,*",
        )
        assert settings.rp_id == "api.xn--bcher-kva.example"
        own, *others = settings.passkey_origins
        assert own == "https://api.xn--bcher-kva.example:8443"
        assert others == ["https://book.example", "https://a.example", "https://b.example"]

    @pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://[::1]:8000", "http://192.0.2.7"])
    def test_is_never_an_ip_address(self, address):
        assert self.of(ESTUARY_PUBLIC_URL=address).rp_id == "localhost"
        with pytest.raises(SettingsError, match="ESTUARY_PUBLIC_URL needs a host name"):
            self.of(ESTUARY_PUBLIC_URL=address, **REAL)

    def test_by_default_is_localhost(self):
        assert (self.of().rp_id, self.of().passkey_origins) == ("localhost", ("http://localhost:8000",))
        assert self.of(ESTUARY_PUBLIC_URL="http://127.0.0.1:81").passkey_origins == ("http://localhost:81",)

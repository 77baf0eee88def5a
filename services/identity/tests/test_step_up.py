import asyncio

import pytest
from sqlalchemy import update

from devtools.testing.passkeys import SoftPasskey
from services.identity.sessions.models import SignInSession
from services.identity.tests.conftest import (
    CREDENTIALS,
    LOGIN,
    ORIGIN,
    PASSWORD,
    SECOND_OPTIONS,
    STEP_UP,
    STEP_UP_OPTIONS,
    TOTP,
    add_passkey,
    ask,
    bearer,
    bob,
    code_of,
    execute,
    grow_old,
    refused,
    wrong_code,
)
from shared.records.clock import machine_now


class TestStepUp:
    async def test_anonymous_is_401(self, client):
        assert (await client.post(STEP_UP, json={"method": "totp", "code": "1"})).status_code == 401
        assert (await client.post(STEP_UP_OPTIONS)).status_code == 401

    async def test_by_password_while_no_second_factor_is_on(self, app, own, ada, verifier):
        await grow_old(app)
        pair = await own.post("/api/v1/auth/token/refresh/", json={"refresh_token": ada["refresh_token"]})
        assert not (await verifier.user(pair.json()["access_token"])).is_fresh
        answer = await own.post(STEP_UP, json={"method": "password", "password": PASSWORD}, headers=bearer(pair.json()))
        assert answer.json().keys() == {"access_token", "expires_in", "fresh_until"}
        caller = await verifier.user(answer.json()["access_token"])
        assert caller.is_fresh
        assert (await own.post(TOTP, headers=bearer(answer.json()))).status_code == 201

    async def test_a_wrong_password_is_422(self, own, ada):
        answer = await own.post(STEP_UP, json={"method": "password", "password": "wrong"}, headers=bearer(ada))
        assert refused(answer) == (422, "wrong_password", ["password"])

    async def test_a_password_is_refused_while_a_second_factor_is_on(self, own, protected, passkey):
        body = {"method": "password", "password": PASSWORD}
        answer = await own.post(STEP_UP, json=body, headers=protected.headers)
        assert refused(answer) == (403, "step_up_required", [])
        assert answer.json()["methods"] == ["totp", "passkey"]

    async def test_by_code(self, app, own, protected, verifier):
        await grow_old(app)
        body = {"method": "totp", "code": protected.next_code}
        answer = await own.post(STEP_UP, json=body, headers=protected.headers)
        assert answer.status_code == 200
        assert (await verifier.user(answer.json()["access_token"])).is_fresh
        assert refused(await own.post(STEP_UP, json=body, headers=protected.headers)) == (422, "invalid_code", ["code"])

    async def test_an_older_session_becomes_one_of_two_factors(self, own, ada, verifier):
        other = (await own.post(LOGIN, json=CREDENTIALS)).json()
        secret = (await own.post(TOTP, headers=bearer(ada))).json()["secret"]
        await own.post(f"{TOTP}confirm/", json={"code": code_of(secret)}, headers=bearer(ada))
        body = {"method": "totp", "code": code_of(secret, 1)}
        answer = await own.post(STEP_UP, json=body, headers=bearer(other))
        caller = await verifier.user(answer.json()["access_token"])
        assert (caller.acr, caller.amr) == ("aal2", {"pwd", "otp", "mfa"})

    async def test_by_passkey(self, app, own, protected, passkey, verifier):
        await grow_old(app)
        ticket, options = await ask(own, STEP_UP_OPTIONS, protected.headers)
        body = {"method": "passkey", "ticket": ticket, "credential": passkey.get(options)}
        answer = await own.post(STEP_UP, json=body, headers=protected.headers)
        assert answer.status_code == 200
        assert (await verifier.user(answer.json()["access_token"])).is_fresh
        again = await own.post(STEP_UP, json=body, headers=protected.headers)
        assert refused(again) == (422, "invalid_code", ["credential"])

    async def test_another_persons_ticket_and_one_for_a_sign_in_are_wrong(self, own, protected, passkey, ticket_of):
        stranger = bearer(await bob(own))
        other = SoftPasskey(ORIGIN)
        await add_passkey(own, stranger, other)
        of_bob, options = await ask(own, STEP_UP_OPTIONS, stranger)
        signing_in, for_sign_in = await ask(own, SECOND_OPTIONS, ticket=await ticket_of())
        for ticket, credential in [
            (of_bob, other.get(options)),
            (of_bob, passkey.get(options)),
            (signing_in, passkey.get(for_sign_in)),
        ]:
            body = {"method": "passkey", "ticket": ticket, "credential": credential}
            answer = await own.post(STEP_UP, json=body, headers=protected.headers)
            assert refused(answer) == (422, "invalid_code", ["credential"])

    async def test_without_a_passkey_there_are_no_options(self, own, ada):
        assert refused(await own.post(STEP_UP_OPTIONS, headers=bearer(ada))) == (409, "no_factor", [])

    async def test_a_recovery_code_is_no_method(self, own, protected):
        body = {"method": "recovery_code", "code": protected.recovery_codes[0]}
        assert refused(await own.post(STEP_UP, json=body, headers=protected.headers)) == (422, "invalid", ["method"])

    async def test_wrong_codes_are_limited(self, own, protected):
        wrong = {"method": "totp", "code": wrong_code(protected.secret)}
        answers = [await own.post(STEP_UP, json=wrong, headers=protected.headers) for _ in range(21)]
        assert [answer.status_code for answer in answers] == [422] * 20 + [429]

    async def test_a_session_that_has_ended_is_not_renewed(self, app, client, own, protected):
        await execute(app, update(SignInSession).values(ended_at=machine_now(), end_reason="ended"))
        body = {"method": "totp", "code": protected.next_code}
        assert refused(await own.post(STEP_UP, json=body, headers=protected.headers)) == (401, "token_expired", [])

    async def test_of_fifty_at_once_by_one_code_one_wins(self, own, protected):
        body = {"method": "totp", "code": protected.next_code}
        answers = await asyncio.gather(*(own.post(STEP_UP, json=body, headers=protected.headers) for _ in range(50)))
        assert [answer.status_code for answer in answers].count(200) == 1

    @pytest.mark.parametrize(
        ("body", "fields"),
        [
            ({}, ["method"]),
            ({"method": "totp"}, ["code"]),
            ({"method": "passkey", "ticket": "x"}, ["credential"]),
            ({"method": "password"}, ["password"]),
            ({"method": "password", "password": "x", "code": "1"}, ["code"]),
        ],
    )
    async def test_a_bad_body_is_422(self, own, ada, body, fields):
        assert refused(await own.post(STEP_UP, json=body, headers=bearer(ada))) == (422, "invalid", fields)

import asyncio

import pytest
from sqlalchemy import select, update

from devtools.testing.callers import edge_headers
from devtools.testing.passkeys import SoftPasskey
from services.identity.accounts.models import User
from services.identity.factors.domain import Purpose
from services.identity.factors.errors import WRONG_PASSKEY
from services.identity.factors.models import Ticket
from services.identity.factors.repository import Tickets
from services.identity.tests.conftest import (
    BY_PASSKEY_OPTIONS,
    CREDENTIALS,
    INVALID,
    LOGIN,
    MFA,
    NO_PASSKEY,
    ORIGIN,
    SECOND,
    SECOND_OPTIONS,
    STEP_UP_OPTIONS,
    VOID,
    WRONG,
    add_passkey,
    ask,
    bearer,
    bob,
    code_of,
    execute,
    refused,
    wrong_code,
)
from shared.records.clock import machine_now


class TestFirstStep:
    async def test_a_right_password_gets_a_ticket_and_no_session(self, own, protected):
        before = (await own.get("/api/v1/auth/sessions/", headers=protected.headers)).json()["total"]
        answer = await own.post(LOGIN, json=CREDENTIALS)
        assert refused(answer) == (403, "mfa_required", [])
        assert answer.json()["mfa"].keys() == {"ticket", "methods", "expires_in"}
        assert answer.json()["mfa"]["methods"] == ["totp", "recovery_code"]
        assert answer.json()["mfa"]["expires_in"] == 300
        after = (await own.get("/api/v1/auth/sessions/", headers=protected.headers)).json()["total"]
        assert before == after

    async def test_a_wrong_password_says_nothing_of_it(self, own, protected):
        answer = await own.post(LOGIN, json={**CREDENTIALS, "password": "wrong horse"})
        assert refused(answer) == INVALID
        assert "mfa" not in answer.json()

    async def test_names_the_methods_that_there_are(self, own, protected, passkey):
        answer = await own.post(LOGIN, json=CREDENTIALS)
        assert answer.json()["mfa"]["methods"] == ["totp", "passkey", "recovery_code"]


class TestSecondStep:
    async def test_a_code_opens_the_session(self, own, protected, ticket_of, verifier):
        body = {"ticket": await ticket_of(), "method": "totp", "code": protected.next_code}
        answer = await own.post(SECOND, json=body)
        assert (answer.status_code, answer.json()["user"]["email"]) == (200, CREDENTIALS["email"])
        caller = await verifier.user(answer.json()["access_token"])
        assert (caller.acr, caller.amr, caller.factors) == ("aal2", {"pwd", "otp", "mfa"}, {"totp"})
        assert caller.is_fresh
        listed = (await own.get("/api/v1/auth/sessions/", headers=bearer(answer.json()))).json()["results"]
        assert [one["methods"] for one in listed if one["current"]] == [["password", "totp"]]

    async def test_the_code_that_confirmed_the_app_is_used(self, own, protected, ticket_of):
        body = {"ticket": await ticket_of(), "method": "totp", "code": code_of(protected.secret)}
        assert refused(await own.post(SECOND, json=body)) == WRONG

    async def test_a_ticket_works_once_and_a_code_too(self, own, protected, ticket_of):
        body = {"ticket": await ticket_of(), "method": "totp", "code": protected.next_code}
        assert (await own.post(SECOND, json=body)).status_code == 200
        assert refused(await own.post(SECOND, json=body)) == VOID
        assert refused(await own.post(SECOND, json={**body, "ticket": await ticket_of()})) == WRONG

    async def test_a_recovery_code_works_once(self, own, protected, ticket_of, verifier):
        body = {"method": "recovery_code", "code": protected.recovery_codes[3].lower()}
        answer = await own.post(SECOND, json={**body, "ticket": await ticket_of()})
        assert answer.status_code == 200
        assert (await verifier.user(answer.json()["access_token"])).acr == "aal2"
        assert refused(await own.post(SECOND, json={**body, "ticket": await ticket_of()})) == WRONG
        left = (await own.get(MFA, headers=bearer(answer.json()))).json()["recovery_codes_left"]
        assert left == 9

    async def test_a_code_of_another_method_or_person_is_wrong(self, own, protected, ticket_of):
        ticket = await ticket_of()
        as_totp = {"ticket": ticket, "method": "totp", "code": protected.recovery_codes[0]}
        as_recovery = {"ticket": ticket, "method": "recovery_code", "code": protected.next_code}
        for body in (as_totp, as_recovery):
            assert refused(await own.post(SECOND, json=body)) == WRONG

    async def test_after_five_wrong_codes_it_is_void(self, own, protected, ticket_of):
        ticket = await ticket_of()
        wrong = {"ticket": ticket, "method": "totp", "code": wrong_code(protected.secret)}
        assert [refused(await own.post(SECOND, json=wrong)) for _ in range(6)] == [WRONG] * 5 + [VOID]
        right = {"ticket": ticket, "method": "totp", "code": protected.next_code}
        assert refused(await own.post(SECOND, json=right)) == VOID
        assert (await own.post(SECOND, json={**right, "ticket": await ticket_of()})).status_code == 200

    async def test_after_five_minutes_it_is_void(self, app, own, protected, ticket_of):
        body = {"ticket": await ticket_of(), "method": "totp", "code": protected.next_code}
        await execute(app, update(Ticket).values(expires_at=machine_now()))
        assert refused(await own.post(SECOND, json=body)) == VOID

    async def test_twenty_wrong_codes_an_hour_are_enough(self, own, protected, ticket_of):
        answers = []
        for _ in range(5):
            wrong = {"ticket": await ticket_of(), "method": "totp", "code": wrong_code(protected.secret)}
            answers += [await own.post(SECOND, json=wrong) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [401] * 20 + [429] * 5
        right = {"ticket": await ticket_of(), "method": "totp", "code": protected.next_code}
        assert refused(await own.post(SECOND, json=right)) == (429, "too_many_attempts", [])

    async def test_a_right_code_does_not_count(self, own, protected, ticket_of):
        for number in range(8):
            body = {"ticket": await ticket_of(), "method": "recovery_code", "code": protected.recovery_codes[number]}
            assert (await own.post(SECOND, json=body)).status_code == 200
        wrong = {"method": "totp", "code": wrong_code(protected.secret)}
        statuses = []
        for _ in range(4):
            ticket = await ticket_of()
            statuses += [(await own.post(SECOND, json={**wrong, "ticket": ticket})).status_code for _ in range(5)]
        assert statuses == [401] * 20

    @pytest.mark.parametrize("kind", ["unknown", "passkey sign-in", "step-up"])
    async def test_a_ticket_for_something_else_is_void(self, own, protected, passkey, kind):
        ticket = {
            "unknown": lambda: "nothing",
            "passkey sign-in": lambda: BY_PASSKEY_OPTIONS,
            "step-up": lambda: STEP_UP_OPTIONS,
        }[kind]()
        if ticket != "nothing":
            ticket, _ = await ask(own, ticket, protected.headers)
        body = {"ticket": ticket, "method": "totp", "code": protected.next_code}
        assert refused(await own.post(SECOND, json=body)) == VOID
        assert refused(await own.post(SECOND_OPTIONS, json={"ticket": ticket})) == VOID

    async def test_of_fifty_uses_of_one_ticket_one_wins(self, own, protected, ticket_of):
        ticket = await ticket_of()
        bodies = [
            {"ticket": ticket, "method": "recovery_code", "code": protected.recovery_codes[number % 10]}
            for number in range(50)
        ]
        answers = await asyncio.gather(*(own.post(SECOND, json=body) for body in bodies))
        assert sorted(answer.status_code for answer in answers) == [200] + [401] * 49
        assert {answer.json()["code"] for answer in answers if answer.status_code == 401} == {"ticket_invalid"}

    @pytest.mark.parametrize("method", ["totp", "recovery_code"])
    async def test_of_fifty_uses_of_one_code_one_wins(self, app, own, protected, method):
        code = protected.next_code if method == "totp" else protected.recovery_codes[0]
        async with app.state.runtime.db.transaction() as session:
            user_id = (await session.scalars(select(User.id))).one()
            tickets = [await Tickets(session).add(Purpose.SECOND_STEP, user_id, ["password"]) for _ in range(50)]
        bodies = [{"ticket": ticket, "method": method, "code": code} for ticket in tickets]
        answers = await asyncio.gather(*(own.post(SECOND, json=body) for body in bodies))
        assert [answer.status_code for answer in answers].count(200) == 1
        codes = {answer.json()["code"] for answer in answers if answer.status_code != 200}
        assert codes <= {"invalid_code", "too_many_attempts"}

    async def test_an_account_that_has_ended_gets_no_session(self, app, own, protected, ticket_of):
        body = {"ticket": await ticket_of(), "method": "totp", "code": protected.next_code}
        await execute(app, update(User).values(deactivated_at=machine_now()))
        assert refused(await own.post(SECOND, json=body)) == VOID

    async def test_a_new_device_is_reported_after_the_second_step(self, own, protected, ticket_of, mails):
        body = {"ticket": await ticket_of(), "method": "totp", "code": protected.next_code}
        headers = edge_headers("192.0.2.77") | {"User-Agent": "Lynx/2"}
        assert (await own.post(SECOND, json=body, headers=headers)).status_code == 200
        assert len(await mails("signed_in")) == 1

    @pytest.mark.parametrize(
        ("body", "fields"),
        [
            ({}, ["ticket", "method"]),
            ({"ticket": "x", "method": "totp"}, ["code"]),
            ({"ticket": "x", "method": "totp", "code": "1", "credential": {}}, ["credential"]),
            ({"ticket": "x", "method": "passkey", "code": "1"}, ["credential", "code"]),
            ({"ticket": "x", "method": "password", "code": "1"}, ["method"]),
            ({"ticket": "x" * 201, "method": "totp", "code": "1"}, ["ticket"]),
            ({"ticket": "x", "method": "totp", "code": 123456}, ["code"]),
            ({"ticket": "x", "method": "totp", "code": "1", "email": "x"}, ["email"]),
        ],
    )
    async def test_a_bad_body_is_422_and_names_the_fields(self, client, body, fields):
        assert refused(await client.post(SECOND, json=body)) == (422, "invalid", fields)


class TestSecondStepByPasskey:
    async def test_a_passkey_opens_the_session(self, own, passkey, ticket_of, verifier):
        ticket = await ticket_of()
        again, options = await ask(own, SECOND_OPTIONS, ticket=ticket)
        assert (again, options["rpId"], options["userVerification"]) == (ticket, "localhost", "required")
        assert len(options["allowCredentials"]) == 1
        body = {"ticket": ticket, "method": "passkey", "credential": passkey.get(options)}
        answer = await own.post(SECOND, json=body)
        assert answer.status_code == 200, answer.text
        assert (await verifier.user(answer.json()["access_token"])).amr == {"pwd", "pop", "mfa"}

    async def test_without_options_or_with_a_challenge_that_was_answered_it_is_wrong(self, own, passkey, ticket_of):
        ticket = await ticket_of()
        body = {"ticket": ticket, "method": "passkey"}
        answer = await own.post(SECOND, json={**body, "credential": NO_PASSKEY})
        assert (refused(answer), answer.json()["detail"]) == (WRONG, WRONG_PASSKEY)
        _, options = await ask(own, SECOND_OPTIONS, ticket=ticket)
        assert refused(await own.post(SECOND, json={**body, "credential": NO_PASSKEY})) == WRONG
        assert refused(await own.post(SECOND, json={**body, "credential": passkey.get(options)})) == WRONG

    async def test_without_any_passkey_there_are_no_options(self, own, protected, ticket_of):
        answer = await own.post(SECOND_OPTIONS, json={"ticket": await ticket_of()})
        assert refused(answer) == (409, "no_factor", [])
        assert "passkey" in answer.json()["detail"]
        assert "authenticator app" not in answer.json()["detail"]

    async def test_another_persons_passkey_is_wrong(self, own, passkey, ticket_of):
        other = SoftPasskey(ORIGIN)
        assert (await add_passkey(own, bearer(await bob(own)), other)).status_code == 201
        ticket, options = await ask(own, SECOND_OPTIONS, ticket=await ticket_of())
        body = {"ticket": ticket, "method": "passkey", "credential": other.get(options)}
        assert refused(await own.post(SECOND, json=body)) == WRONG

import asyncio

import pytest
from sqlalchemy import update

from devtools.testing.passkeys import SoftPasskey, spoiled
from services.identity.accounts.models import User
from services.identity.sessions.errors import UNKNOWN_PASSKEY
from services.identity.tests.conftest import (
    BY_PASSKEY,
    BY_PASSKEY_OPTIONS,
    CREDENTIALS,
    INVALID,
    NO_PASSKEY,
    ORIGIN,
    PASSKEYS,
    SECOND_OPTIONS,
    STEP_UP_OPTIONS,
    ask,
    execute,
    refused,
)
from shared.records.clock import machine_now


class TestSignInByPasskey:
    async def sign_in(self, client, passkey, **changed):
        ticket, options = await ask(client, BY_PASSKEY_OPTIONS)
        credential = passkey.get(options, **changed)
        return await client.post(BY_PASSKEY, json={"ticket": ticket, "credential": credential})

    async def test_needs_nothing_else(self, own, passkey, verifier):
        answer = await self.sign_in(own, passkey)
        assert (answer.status_code, answer.json()["user"]["email"]) == (200, CREDENTIALS["email"])
        caller = await verifier.user(answer.json()["access_token"])
        assert (caller.acr, caller.amr) == ("aal2", {"pop", "mfa"})
        assert caller.is_fresh

    async def test_the_options_name_no_passkey(self, client):
        answer = await client.post(BY_PASSKEY_OPTIONS, json={})
        assert answer.json()["options"].get("allowCredentials", []) == []
        assert (await client.post(BY_PASSKEY_OPTIONS)).status_code == 200
        assert refused(await client.post(BY_PASSKEY_OPTIONS, json={"email": "x"}))[:2] == (422, "invalid")

    async def test_without_its_users_verification_it_is_refused(self, own, passkey):
        passkey.verifies = False
        assert refused(await self.sign_in(own, passkey)) == INVALID

    @pytest.mark.parametrize("origin", ["http://localhost:8001", "https://evil.example", "http://localhost:8000.evil"])
    async def test_a_page_of_another_origin_is_refused(self, own, passkey, origin):
        passkey.origin = origin
        assert refused(await self.sign_in(own, passkey)) == INVALID

    async def test_that_of_another_relying_party_is_refused(self, own, passkey):
        assert refused(await self.sign_in(own, passkey, rp_id="evil.example")) == INVALID

    async def test_a_wrong_signature_and_an_unknown_passkey_are_refused(self, own, passkey):
        ticket, options = await ask(own, BY_PASSKEY_OPTIONS)
        credential = passkey.get(options)
        credential["response"]["signature"] = spoiled(credential["response"]["signature"])
        assert refused(await own.post(BY_PASSKEY, json={"ticket": ticket, "credential": credential})) == INVALID
        stranger = SoftPasskey(ORIGIN, user_handle=passkey.user_handle)
        assert refused(await self.sign_in(own, stranger)) == INVALID

    @pytest.mark.parametrize("handle", [None, "AAAA", "AAAAAAAAAAAAAAAAAAAAAA"])
    async def test_the_account_that_the_authenticator_names_has_to_be_ours(self, own, passkey, handle):
        passkey.user_handle = handle
        assert refused(await self.sign_in(own, passkey)) == INVALID

    async def test_an_answer_works_once_and_a_wrong_one_uses_the_ticket_up(self, own, passkey):
        ticket, options = await ask(own, BY_PASSKEY_OPTIONS)
        body = {"ticket": ticket, "credential": passkey.get(options)}
        assert (await own.post(BY_PASSKEY, json=body)).status_code == 200
        assert refused(await own.post(BY_PASSKEY, json=body)) == INVALID
        ticket, options = await ask(own, BY_PASSKEY_OPTIONS)
        assert refused(await own.post(BY_PASSKEY, json={"ticket": ticket, "credential": NO_PASSKEY})) == INVALID
        late = {"ticket": ticket, "credential": passkey.get(options)}
        assert refused(await own.post(BY_PASSKEY, json=late)) == INVALID

    async def test_of_fifty_uses_of_one_answer_one_wins(self, own, passkey):
        ticket, options = await ask(own, BY_PASSKEY_OPTIONS)
        body = {"ticket": ticket, "credential": passkey.get(options)}
        answers = await asyncio.gather(*(own.post(BY_PASSKEY, json=body) for _ in range(50)))
        assert sorted(answer.status_code for answer in answers) == [200] + [401] * 49

    async def test_a_challenge_for_something_else_is_refused(self, own, protected, passkey, ticket_of):
        ticket, options = await ask(own, SECOND_OPTIONS, ticket=await ticket_of())
        body = {"ticket": ticket, "credential": passkey.get(options)}
        assert refused(await own.post(BY_PASSKEY, json=body)) == INVALID
        signing_in, _ = await ask(own, BY_PASSKEY_OPTIONS)
        _, options = await ask(own, STEP_UP_OPTIONS, protected.headers)
        crossed = {"ticket": signing_in, "credential": passkey.get(options)}
        assert refused(await own.post(BY_PASSKEY, json=crossed)) == INVALID

    async def test_a_counter_moves_and_a_copy_is_refused(self, app, own, passkey):
        passkey.step = 3
        assert (await self.sign_in(own, passkey)).status_code == 200
        passkey.step = 0
        assert refused(await self.sign_in(own, passkey)) == INVALID
        passkey.counter = 1
        assert refused(await self.sign_in(own, passkey)) == INVALID
        passkey.step = 5
        assert (await self.sign_in(own, passkey)).status_code == 200

    async def test_of_copies_with_one_counter_at_once_one_wins(self, own, passkey):
        passkey.counter = 7
        asked = [await ask(own, BY_PASSKEY_OPTIONS) for _ in range(20)]
        bodies = [{"ticket": ticket, "credential": passkey.get(options)} for ticket, options in asked]
        answers = await asyncio.gather(*(own.post(BY_PASSKEY, json=body) for body in bodies))
        assert sorted(answer.status_code for answer in answers) == [200] + [401] * 19

    async def test_one_without_a_counter_works_again_and_again(self, app, own, passkey):
        assert [(await self.sign_in(own, passkey)).status_code for _ in range(3)] == [200] * 3

    async def test_an_account_that_has_ended_gets_no_session(self, app, own, passkey):
        await execute(app, update(User).values(deactivated_at=machine_now()))
        answer = await self.sign_in(own, passkey)
        assert (refused(answer), answer.json()["detail"]) == (INVALID, UNKNOWN_PASSKEY)

    @pytest.mark.parametrize(
        "credential",
        [
            {},
            {"id": 5},
            {"rawId": "!!", "id": "!!"},
            {"rawId": "a", "response": []},
            {"rawId": "AAAA", "response": {"userHandle": 7}},
        ],
    )
    async def test_what_is_no_answer_of_a_browser_is_401(self, client, credential):
        ticket, _ = await ask(client, BY_PASSKEY_OPTIONS)
        assert refused(await client.post(BY_PASSKEY, json={"ticket": ticket, "credential": credential})) == INVALID

    async def test_a_passkey_that_is_spoiled_in_every_part_is_401(self, own, passkey):
        values: list[object] = [None, 5, "", "!", "AAAA", {}]
        for part in ("clientDataJSON", "authenticatorData", "signature"):
            for value in values:
                ticket, options = await ask(own, BY_PASSKEY_OPTIONS)
                credential = passkey.get(options)
                credential["response"][part] = value
                body = {"ticket": ticket, "credential": credential}
                assert refused(await own.post(BY_PASSKEY, json=body)) == INVALID, (part, value)

    @pytest.mark.parametrize("body", [{}, {"ticket": "x"}, {"ticket": "x", "credential": "y"}, {"ticket": 1}])
    async def test_a_bad_body_is_422(self, client, body):
        assert refused(await client.post(BY_PASSKEY, json=body))[:2] == (422, "invalid")


async def test_the_use_of_a_passkey_is_shown(app, own, protected, passkey):
    def of(listed):
        return listed.json()["results"][0]["last_used_at"]

    assert of(await own.get(PASSKEYS, headers=protected.headers)) is None
    await TestSignInByPasskey().sign_in(own, passkey)
    assert of(await own.get(PASSKEYS, headers=protected.headers)) is not None

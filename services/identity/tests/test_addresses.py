import asyncio
from base64 import urlsafe_b64decode
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from devtools.testing.callers import KEY, headers_for, service_headers
from devtools.testing.delivery import events_of, run_jobs
from services.identity.mail_tokens.models import MailToken
from services.identity.tests.conftest import PASSWORD, bearer, registration
from shared.auth.token_signing import Proof, sign_access_token
from shared.events.identity import UserUpdated
from shared.records.clock import machine_now
from shared.records.ids import new_id

VERIFY, RESEND = "/api/v1/auth/verify-email/", "/api/v1/auth/verify-email/resend/"


def signed(pair: Any) -> dict[str, str]:
    return headers_for(UUID(pair["user"]["id"]))


async def expire(app: Any) -> None:
    async with app.state.runtime.db.transaction() as session:
        await session.execute(update(MailToken).values(expires_at=machine_now() - timedelta(seconds=1)))


def refused(answer: Any) -> tuple[int, str, list[str]]:
    problem = answer.json()
    return answer.status_code, problem["code"], [error["field"] for error in problem["errors"]]


INVALID = (422, "token_invalid", ["token"])


class TestMail:
    async def test_signing_up_mails_a_token_that_the_event_does_not_carry(self, app, client, ada, mails):
        [mail] = await mails("verify_email")
        assert (mail["address"], mail["first_name"], mail["timezone"]) == ("ada@example.com", "Ada", None)
        published = [event.model_dump_json() for event in await events_of(app.state.runtime)]
        assert not any(mail["token"] in event for event in published)

    async def test_the_token_is_stored_nowhere(self, app, ada, tokens):
        [token] = await tokens("verify_email")
        async with app.state.runtime.db.read() as session:
            row = await session.get(MailToken, UUID(bytes=urlsafe_b64decode(token)[:16]))
        assert token not in str(vars(row))

    async def test_people_cannot_ask_and_an_unknown_one_is_404(self, client, ada):
        path = f"/internal/mail-tokens/{new_id()}/"
        assert (await client.get(path, headers=signed(ada))).status_code == 401
        assert (await client.get(path, headers=service_headers("notifications"))).status_code == 404


class TestVerify:
    async def test_proves_the_address_and_tells_the_others(self, app, client, ada, tokens):
        [token] = await tokens("verify_email")
        answer = await client.post(VERIFY, json={"token": token})
        assert (answer.status_code, answer.json()) == (200, {"email": "ada@example.com", "is_verified": True})
        event = (await events_of(app.state.runtime))[-1]
        assert isinstance(event, UserUpdated)
        assert event.is_verified is True
        assert (await client.get("/api/v1/auth/user/", headers=signed(ada))).json()["is_verified"] is True

    async def test_again_is_200_and_tells_nothing_new(self, app, client, ada, tokens):
        [token] = await tokens("verify_email")
        for _ in range(2):
            assert (await client.post(VERIFY, json={"token": token})).status_code == 200
        assert [type(event) for event in await events_of(app.state.runtime)].count(UserUpdated) == 1

    async def test_fifty_at_once_prove_it_once(self, app, client, ada, tokens):
        [token] = await tokens("verify_email")
        answers = await asyncio.gather(*(client.post(VERIFY, json={"token": token}) for _ in range(50)))
        assert {answer.status_code for answer in answers} == {200}
        assert [type(event) for event in await events_of(app.state.runtime)].count(UserUpdated) == 1

    async def test_an_expired_token_is_refused_used_or_not(self, app, client, ada, tokens):
        [token] = await tokens("verify_email")
        await client.post(VERIFY, json={"token": token})
        await expire(app)
        assert refused(await client.post(VERIFY, json={"token": token})) == INVALID

    @pytest.mark.parametrize(
        "change", [lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"), lambda t: t + "A", str.lower]
    )
    async def test_a_changed_token_is_refused(self, client, ada, tokens, change):
        [token] = await tokens("verify_email")
        assert refused(await client.post(VERIFY, json={"token": change(token)})) == INVALID

    @pytest.mark.parametrize("token", ["none", "é" * 64, "=" * 64, "A" * 64])
    async def test_no_token_of_ours_is_refused(self, client, token):
        assert refused(await client.post(VERIFY, json={"token": token})) == INVALID

    @pytest.mark.parametrize("body", [{}, {"token": ""}, {"token": 5}, {"token": "x", "email": "a@example.com"}])
    async def test_a_bad_body_is_422(self, client, body):
        answer = await client.post(VERIFY, json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


class TestResend:
    async def test_anonymous_is_401(self, client):
        assert (await client.post(RESEND)).status_code == 401

    async def test_voids_the_former(self, client, ada, mails, tokens):
        [former] = await tokens("verify_email")
        answer = await client.post(RESEND, headers=signed(ada))
        assert (answer.status_code, answer.json()) == (202, {})
        void, fresh = await mails("verify_email")
        assert void is None
        assert refused(await client.post(VERIFY, json={"token": former})) == INVALID
        assert (await client.post(VERIFY, json={"token": fresh["token"]})).status_code == 200

    async def test_sends_nothing_once_it_is_proven(self, client, ada, mails, tokens):
        await client.post(VERIFY, json={"token": (await tokens("verify_email"))[0]})
        assert (await client.post(RESEND, headers=signed(ada))).status_code == 202
        assert len(await mails("verify_email")) == 1

    async def test_a_fourth_within_the_hour_is_not_sent_and_the_third_stays_good(self, client, ada, mails, tokens):
        answers = [await client.post(RESEND, headers=signed(ada)) for _ in range(5)]
        assert {(answer.status_code, answer.text) for answer in answers} == {(202, "{}")}
        assert len(await mails("verify_email")) == 3
        assert (await client.post(VERIFY, json={"token": (await tokens("verify_email"))[-1]})).status_code == 200

    async def test_one_persons_mails_are_not_anothers(self, client, ada, mails):
        for _ in range(3):
            await client.post(RESEND, headers=signed(ada))
        assert (await client.post("/api/v1/auth/register/", json=registration("b@example.com"))).status_code == 201
        assert [mail["address"] for mail in await mails("verify_email") if mail] == ["ada@example.com", "b@example.com"]


CHANGE, CONFIRM, UNDO = (f"/api/v1/auth/email/{name}/" for name in ("change", "change/confirm", "undo"))


@pytest.fixture
async def change(app, own, ada):
    """`await change("new@example.com")`: asks for it as Ada, and has the mails decided."""

    async def ask(email: str, pair: Any = ada) -> Any:
        answer = await own.post(CHANGE, json={"email": email}, headers=bearer(pair))
        await run_jobs(app)
        return answer

    return ask


def login(client: Any, email: str) -> Any:
    return client.post("/api/v1/auth/login/", json={"email": email, "password": PASSWORD})


class TestRequestChange:
    async def test_anonymous_is_401_and_an_old_sign_in_403(self, app, client, ada):
        assert (await client.post(CHANGE, json={"email": "b@example.com"})).status_code == 401
        stale = {"Authorization": f"Bearer {stale_token(ada)}"}
        answer = await client.post(CHANGE, json={"no": "field"}, headers=stale)
        assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")
        assert answer.json()["methods"] == ["password"]

    async def test_mails_the_new_address_a_link_and_the_present_one_a_notice(self, change, mails):
        answer = await change("new@example.com")
        assert (answer.status_code, answer.json()) == (202, {})
        assert [mail["address"] for mail in await mails("change_email")] == ["new@example.com"]
        [notice] = await mails("email_change_requested")
        assert (notice["address"], notice["token"]) == ("ada@example.com", None)

    async def test_a_taken_address_has_the_same_answer_and_its_owner_learns_of_it(self, client, change, mails):
        await client.post("/api/v1/auth/register/", json=registration("bob@example.com"))
        answer = await change("Bob@example.com")
        assert (answer.status_code, answer.json()) == (202, {})
        assert await mails("change_email") == []
        assert [mail["address"] for mail in await mails("email_taken")] == ["bob@example.com"]

    async def test_ones_own_is_422(self, change):
        answer = await change("ADA@example.com")
        assert refused(answer) == (422, "same_address", ["email"])

    async def test_a_newer_one_voids_the_older(self, own, change, tokens):
        await change("one@example.com")
        [older] = await tokens("change_email")
        await change("two@example.com")
        [newer] = await tokens("change_email")
        assert refused(await own.post(CONFIRM, json={"token": older})) == INVALID
        assert (await own.post(CONFIRM, json={"token": newer})).json() == {"email": "two@example.com"}


class TestConfirmChange:
    async def test_switches_proves_and_ends_the_other_sessions(self, app, own, ada, change, tokens, mails):
        other = (await login(own, "ada@example.com")).json()
        await change("new@example.com")
        [token] = await tokens("change_email")
        answer = await own.post(CONFIRM, json={"token": token})
        assert (answer.status_code, answer.json()) == (200, {"email": "new@example.com"})
        shown = (await own.get("/api/v1/auth/user/", headers=bearer(ada))).json()
        assert (shown["email"], shown["is_verified"]) == ("new@example.com", True)
        assert (await own.get("/api/v1/auth/user/", headers=bearer(other))).status_code == 401
        event = [event for event in await events_of(app.state.runtime) if isinstance(event, UserUpdated)][-1]
        assert (event.email, event.is_verified) == ("new@example.com", True)
        [undo] = await mails("undo_email")
        assert (undo["address"], undo["account_address"]) == ("ada@example.com", "new@example.com")
        assert refused(await own.post(CONFIRM, json={"token": token})) == INVALID

    async def test_fifty_at_once_switch_once(self, own, change, tokens, mails):
        await change("new@example.com")
        [token] = await tokens("change_email")
        answers = await asyncio.gather(*(own.post(CONFIRM, json={"token": token}) for _ in range(50)))
        assert sorted(answer.status_code for answer in answers) == [200] + [422] * 49
        assert len(await mails("undo_email")) == 1

    async def test_taken_by_then_is_409_and_the_token_stays_good(self, app, own, change, tokens):
        await change("new@example.com")
        await own.post("/api/v1/auth/register/", json=registration("new@example.com"))
        [token] = await tokens("change_email")
        answer = await own.post(CONFIRM, json={"token": token})
        assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")
        assert await tokens("change_email") == [token]

    async def test_two_accounts_and_one_address_one_wins(self, app, own, change, tokens):
        bob = (await own.post("/api/v1/auth/register/", json=registration("bob@example.com"))).json()
        await change("new@example.com")
        await change("new@example.com", bob)
        found = await tokens("change_email")
        answers = await asyncio.gather(*(own.post(CONFIRM, json={"token": token}) for token in found))
        assert sorted(answer.status_code for answer in answers) == [200, 409]


class TestUndo:
    @pytest.fixture
    async def undo(self, own, change, tokens):
        """The token in the mail to the address that Ada had."""
        await change("new@example.com")
        await own.post(CONFIRM, json={"token": (await tokens("change_email"))[0]})
        return (await tokens("undo_email"))[0]

    async def test_gives_the_address_back_and_locks_everybody_out(self, own, ada, undo):
        answer = await own.post(UNDO, json={"token": undo})
        assert (answer.status_code, answer.json()) == (200, {"email": "ada@example.com"})
        assert (await own.get("/api/v1/auth/user/", headers=bearer(ada))).status_code == 401
        for email in ("ada@example.com", "new@example.com"):
            assert (await login(own, email)).status_code == 401
        assert refused(await own.post(UNDO, json={"token": undo})) == INVALID

    async def test_then_a_reset_opens_the_account_again(self, app, own, undo, tokens):
        await own.post(UNDO, json={"token": undo})
        await own.post("/api/v1/auth/password/reset/", json={"email": "ada@example.com"})
        await run_jobs(app)
        given = {"token": (await tokens("reset_password"))[0], "password": "another quiet river"}
        assert (await own.post("/api/v1/auth/password/reset/confirm/", json=given)).status_code == 204

    async def test_meanwhile_nobody_else_gets_the_address(self, app, own, ada, undo, mails):
        answer = await own.post("/api/v1/auth/register/", json=registration("ada@example.com"))
        assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")
        bob = (await own.post("/api/v1/auth/register/", json=registration("bob@example.com"))).json()
        await own.post(CHANGE, json={"email": "ada@example.com"}, headers=bearer(bob))
        await run_jobs(app)
        assert [mail["address"] for mail in await mails("change_email") if mail] == []

    async def test_who_took_the_account_can_neither_void_it_nor_undo_it_again(self, app, own, ada, undo, tokens):
        """They change the password, then the address once more, and use the mail that follows."""
        await own.post("/api/v1/auth/password/reset/", json={"email": "new@example.com"})
        await run_jobs(app)
        given = {"token": (await tokens("reset_password"))[0], "password": "another quiet river"}
        await own.post("/api/v1/auth/password/reset/confirm/", json=given)
        signed_in = {"email": "new@example.com", "password": "another quiet river"}
        thief = (await own.post("/api/v1/auth/login/", json=signed_in)).json()
        await own.post(CHANGE, json={"email": "third@example.com"}, headers=bearer(thief))
        await run_jobs(app)
        await own.post(CONFIRM, json={"token": (await tokens("change_email"))[0]})
        first, second = await tokens("undo_email")
        assert (await own.post(UNDO, json={"token": undo})).json() == {"email": "ada@example.com"}
        assert first == undo
        assert refused(await own.post(UNDO, json={"token": second})) == INVALID

    async def test_after_72_hours_it_is_void(self, app, own, undo):
        await expire(app)
        assert refused(await own.post(UNDO, json={"token": undo})) == INVALID


def stale_token(pair: Any) -> str:
    """Of somebody who signed in more than five minutes ago."""
    return sign_access_token(
        KEY,
        user_id=UUID(pair["user"]["id"]),
        roles=["user"],
        practitioner_id=None,
        session_id=new_id(),
        now=machine_now(),
        lifetime=timedelta(hours=1),
        proof=Proof(machine_now() - timedelta(seconds=301)),
    )

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from devtools.testing.callers import headers_for
from devtools.testing.delivery import events_of, run_jobs
from services.identity.accounts.common_passwords import common_passwords
from services.identity.accounts.models import User
from services.identity.mail_tokens.models import MailToken
from services.identity.mails.jobs import decide_mail_requests
from services.identity.tests.conftest import PASSWORD, bearer, registration
from shared.events.identity import MailTokenIssued, SessionRevoked, UserUpdated
from shared.records.clock import machine_now

RESET, CONFIRM, CHANGE = (f"/api/v1/auth/password/{name}/" for name in ("reset", "reset/confirm", "change"))
NEW = "another quiet river"
ADDRESS = "ada@example.com"


def login(client: Any, password: str, email: str = ADDRESS) -> Any:
    return client.post("/api/v1/auth/login/", json={"email": email, "password": password})


async def rows(app: Any) -> list[MailToken]:
    async with app.state.runtime.db.read() as session:
        return list((await session.scalars(select(MailToken).order_by(MailToken.id))).all())


async def change_users(app: Any, **values: Any) -> None:
    async with app.state.runtime.db.transaction() as session:
        await session.execute(update(User).values(**values))


def refused(answer: Any) -> tuple[int, str, list[str]]:
    problem = answer.json()
    return answer.status_code, problem["code"], [error["field"] for error in problem["errors"]]


INVALID = (422, "token_invalid", ["token"])


@pytest.fixture
async def reset(app, client, ada, tokens):
    """The token of a mail that Ada asked for."""
    await client.post(RESET, json={"email": ADDRESS})
    await run_jobs(app)
    return (await tokens("reset_password"))[-1]


class TestRequest:
    @pytest.mark.parametrize("email", [ADDRESS, "ADA@example.com", "nobody@example.com"])
    async def test_every_address_has_the_same_answer_and_the_same_work(self, app, client, ada, email):
        before = len(await rows(app))
        answer = await client.post(RESET, json={"email": email})
        assert (answer.status_code, answer.json()) == (202, {})
        assert len(await rows(app)) == before + 1

    async def test_a_known_address_gets_a_mail_and_an_unknown_one_leaves_no_trace(self, app, client, ada, mails):
        for email in ("Ada@example.com", "nobody@example.com"):
            await client.post(RESET, json={"email": email})
        await run_jobs(app)
        [mail] = await mails("reset_password")
        assert mail["address"] == ADDRESS
        assert "nobody@example.com" not in {row.address for row in await rows(app)}

    async def test_a_deactivated_account_gets_none(self, app, client, ada, mails):
        await change_users(app, deactivated_at=machine_now())
        await client.post(RESET, json={"email": ADDRESS})
        await run_jobs(app)
        assert await mails("reset_password") == []

    async def test_killed_before_the_job_it_is_decided_later_once(self, app, client, ada, mails):
        await client.post(RESET, json={"email": ADDRESS})
        assert await mails("reset_password") == []
        runtime = app.state.runtime
        await asyncio.gather(*(decide_mail_requests(runtime) for _ in range(5)))
        assert len(await mails("reset_password")) == 1

    async def test_a_fourth_within_the_hour_is_not_sent_and_the_third_stays_good(self, app, client, ada, mails):
        await client.post("/api/v1/auth/register/", json=registration("b@example.com"))
        for _ in range(5):
            assert (await client.post(RESET, json={"email": ADDRESS})).text == "{}"
            await run_jobs(app)
        sent = [event for event in await events_of(app.state.runtime) if isinstance(event, MailTokenIssued)]
        assert [event.kind for event in sent] == ["verify_email", "verify_email", "reset_password", "reset_password"]
        assert (await mails("reset_password"))[-1] is not None

    @pytest.mark.parametrize("body", [{}, {"email": "no-address"}, {"email": 5}, {"email": ADDRESS, "password": "x"}])
    async def test_a_bad_body_is_422(self, client, body):
        answer = await client.post(RESET, json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


class TestConfirm:
    async def test_sets_the_password_proves_the_address_and_signs_nobody_in(self, app, own, reset):
        answer = await own.post(CONFIRM, json={"token": reset, "password": NEW})
        assert (answer.status_code, answer.content) == (204, b"")
        assert (await login(own, PASSWORD)).status_code == 401
        signed_in = (await login(own, NEW)).json()
        assert signed_in["user"]["is_verified"] is True
        updated = [event for event in await events_of(app.state.runtime) if isinstance(event, UserUpdated)]
        assert [event.is_verified for event in updated] == [True]

    async def test_ends_all_sessions_and_reports_it_by_mail(self, app, own, ada, reset, mails):
        await login(own, PASSWORD)
        await own.post(CONFIRM, json={"token": reset, "password": NEW})
        assert (await own.get("/api/v1/auth/user/", headers=bearer(ada))).json()["code"] == "token_expired"
        again = await own.post("/api/v1/auth/token/refresh/", json={"refresh_token": ada["refresh_token"]})
        assert again.status_code == 401
        revoked = [event for event in await events_of(app.state.runtime) if isinstance(event, SessionRevoked)]
        assert [event.reason for event in revoked] == ["password_changed"] * 2
        assert [mail["address"] for mail in await mails("password_changed")] == [ADDRESS]

    async def test_works_once(self, client, reset):
        given = {"token": reset, "password": NEW}
        assert (await client.post(CONFIRM, json=given)).status_code == 204
        assert refused(await client.post(CONFIRM, json=given)) == INVALID

    async def test_of_fifty_at_once_one_wins(self, app, client, reset):
        given = [{"token": reset, "password": f"{NEW} {number}"} for number in range(50)]
        answers = await asyncio.gather(*(client.post(CONFIRM, json=body) for body in given))
        while any(answer.status_code == 503 for answer in answers):  # the hashing queue was full: nothing was done
            late = [body for body, answer in zip(given, answers, strict=True) if answer.status_code == 503]
            more = await asyncio.gather(*(client.post(CONFIRM, json=body) for body in late))
            answers = [answer for answer in answers if answer.status_code != 503] + more
            given = [body for body in given if body not in late] + late
        assert sorted(answer.status_code for answer in answers) == [204] + [422] * 49
        [winner] = [body for body, answer in zip(given, answers, strict=True) if answer.status_code == 204]
        assert (await login(client, winner["password"])).status_code == 200

    async def test_voids_what_was_mailed_before(self, app, client, ada, tokens):
        for _ in range(2):
            await client.post(RESET, json={"email": ADDRESS})
        await run_jobs(app)
        [verify], [last] = await tokens("verify_email"), await tokens("reset_password")
        await client.post(CONFIRM, json={"token": last, "password": NEW})
        assert refused(await client.post("/api/v1/auth/verify-email/", json={"token": verify})) == INVALID

    async def test_a_token_of_another_kind_is_refused(self, client, ada, tokens):
        [verify] = await tokens("verify_email")
        assert refused(await client.post(CONFIRM, json={"token": verify, "password": NEW})) == INVALID

    async def test_an_expired_one_and_that_of_a_deactivated_account_are_refused(self, app, client, reset):
        await change_users(app, deactivated_at=machine_now())
        assert refused(await client.post(CONFIRM, json={"token": reset, "password": NEW})) == INVALID
        await change_users(app, deactivated_at=None)
        async with app.state.runtime.db.transaction() as session:
            await session.execute(update(MailToken).values(expires_at=machine_now() - timedelta(seconds=1)))
        assert refused(await client.post(CONFIRM, json={"token": reset, "password": NEW})) == INVALID

    @pytest.mark.parametrize("password", ["1234567890", "PASSWORD1", "ada@example.com", "AdaLovelace", "ada lovelace"])
    async def test_a_common_password_is_refused_and_the_token_stays_good(self, client, reset, password):
        common = await client.post(CONFIRM, json={"token": reset, "password": password})
        assert refused(common) == (422, "password_too_common", ["password"])
        assert (await client.post(CONFIRM, json={"token": reset, "password": NEW})).status_code == 204


class TestChange:
    async def change(self, client, pair, current=PASSWORD, password=NEW):
        body = {"current_password": current, "password": password}
        return await client.post(CHANGE, json=body, headers=bearer(pair))

    async def test_anonymous_is_401(self, client):
        assert (await client.post(CHANGE, json={"password": NEW})).status_code == 401

    async def test_gives_a_new_pair_and_ends_the_old_one_and_all_others(self, own, ada):
        other = (await login(own, PASSWORD)).json()
        answer = await self.change(own, ada)
        assert (answer.status_code, answer.json()["user"]["id"]) == (200, ada["user"]["id"])
        for pair in (ada, other):
            assert (await own.get("/api/v1/auth/user/", headers=bearer(pair))).status_code == 401
        assert (await own.get("/api/v1/auth/user/", headers=bearer(answer.json()))).status_code == 200
        assert (await login(own, NEW)).status_code == 200

    @pytest.mark.parametrize("current", ["wrong password", "", None])
    async def test_a_wrong_present_password_is_422(self, own, ada, current):
        answer = await self.change(own, ada, current)
        assert refused(answer) == (422, "wrong_password", ["current_password"])
        assert (await login(own, PASSWORD)).status_code == 200

    async def test_of_several_at_once_one_wins(self, own, ada):
        answers = await asyncio.gather(*(self.change(own, ada, password=f"{NEW} {n}") for n in range(5)))
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses.count(200) == 1
        assert set(statuses) <= {200, 401, 422}

    async def test_voids_a_reset_that_was_mailed_before(self, own, ada, reset):
        await self.change(own, ada)
        assert refused(await own.post(CONFIRM, json={"token": reset, "password": "a third quiet river"})) == INVALID

    async def test_without_a_password_a_fresh_sign_in_is_enough(self, app, client, ada, verifier):
        await change_users(app, password_hash="")
        headers = headers_for(UUID(ada["user"]["id"]))
        answer = await client.post(CHANGE, json={"password": NEW}, headers=headers)
        assert answer.status_code == 200
        assert (await login(client, NEW)).status_code == 200

    async def test_an_account_without_a_password_has_none_that_fits(self, app, client, ada):
        await change_users(app, password_hash="")
        for password in ("", "not the password of any account", PASSWORD):
            assert (await login(client, password)).status_code == 401


class TestCommonPasswords:
    def test_are_ten_thousand_of_eight_characters_and_more(self):
        assert len(common_passwords()) == 10_000
        assert min(map(len, common_passwords())) == 8

    @pytest.mark.parametrize("password", ["iloveyou1", "Baseball", "ada@example.com"])
    async def test_cannot_be_registered_with(self, client, password):
        answer = await client.post("/api/v1/auth/register/", json=registration(password=password))
        assert refused(answer) == (422, "password_too_common", ["password"])

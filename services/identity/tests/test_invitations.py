"""Invitations: made, withdrawn, accepted by who has an account and by who has none."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from devtools.testing.callers import headers_for
from devtools.testing.delivery import run_jobs
from services.identity.accounts.models import User
from services.identity.invitations.models import Invitation
from services.identity.mail_tokens.models import MailToken
from services.identity.tests.conftest import CONFIRMED, PASSWORD, bearer, erasures_end, execute, refused, registration
from services.identity.tests.test_staff import audit
from shared.auth.permissions import Role
from shared.records.clock import machine_now
from shared.records.ids import new_id

INVITATIONS, ACCEPT = "/api/v1/admin/staff/invitations/", "/api/v1/auth/invitations/accept/"
GRACE = {"first_name": "Grace", "last_name": "Hopper", "password": "ninety quiet ships"}
INVALID = (422, "token_invalid", ["token"])


@pytest.fixture
async def boss(superusers):
    """The id and headers of a superuser."""
    [made] = await superusers(1)
    return made


@pytest.fixture
def invite(client, boss):
    """`await invite()`: the answer to a superuser who invites Grace as support."""

    async def call(email: str = "grace@example.org", roles: Any = ("support",), headers: Any = None) -> Any:
        body = {"email": email, "roles": list(roles)}
        return await client.post(INVITATIONS, json=body, headers=headers or boss[1])

    return call


@pytest.fixture
def token(invite, tokens):
    """`await token()`: that of a new invitation."""

    async def mailed(*given: Any) -> str:
        answer = await invite(*given)
        assert answer.status_code == 201, answer.text
        return (await tokens("accept_invitation"))[-1]

    return mailed


@pytest.fixture
def accept(own):
    """`await accept(token)`: the answer to Grace, who has no account."""

    async def call(token: str, headers: Any = None, **other: Any) -> Any:
        given = {"token": token, **(GRACE if headers is None else {}), **other}
        return await own.post(ACCEPT, json={k: v for k, v in given.items() if v is not None}, headers=headers)

    return call


class TestInvite:
    async def test_is_listed_and_mailed(self, client, boss, invite, mails):
        made = (await invite(roles=["staff", "support"])).json()
        assert (made["email"], made["roles"], made["status"]) == ("grace@example.org", ["support", "staff"], "pending")
        assert made["invited_by"] == boss[0]
        [mail] = await mails("accept_invitation")
        assert (mail["address"], mail["first_name"], mail["expires_at"]) == (
            "grace@example.org",
            "",
            made["expires_at"],
        )
        listed = (await client.get(INVITATIONS, headers=boss[1])).json()
        assert (listed["total"], listed["results"]) == (1, [made])

    async def test_a_newer_one_to_the_address_takes_the_place_of_the_older(self, client, boss, invite, mails):
        first = (await invite()).json()
        second = (await invite("GRACE@example.org", ["marketing"])).json()
        assert (second["id"], second["roles"]) == (first["id"], ["marketing"])
        assert [mail is None for mail in await mails("accept_invitation")] == [True, False]
        assert (await client.get(INVITATIONS, headers=boss[1])).json()["total"] == 1

    async def test_of_twenty_at_once_one_is_open(self, app, invite, mails):
        answers = await asyncio.gather(*(invite() for _ in range(20)))
        assert {answer.status_code for answer in answers} == {201}
        assert sum(mail is not None for mail in await mails("accept_invitation")) == 1

    async def test_which_roles(self, invite):
        for role in ("user", "practitioner", "king"):
            assert refused(await invite(roles=["support", role])) == (422, "role_not_settable", ["roles.1"])
        assert (await invite(roles=[])).status_code == 422
        assert (await invite(email="nobody")).status_code == 422
        assert (await invite(roles=["partner", "society_partner", "superuser"])).status_code == 201

    async def test_is_for_superusers_who_confirm(self, client, invite, boss):
        assert (await client.get(INVITATIONS)).status_code == 401
        for role in Role:
            if role is not Role.SUPERUSER:
                headers = headers_for(roles=("user", role)) | CONFIRMED
                assert (await client.get(INVITATIONS, headers=headers)).json()["code"] == "superuser_required"
                assert (await invite(headers=headers)).json()["code"] == "superuser_required"
        unconfirmed = headers_for(UUID(boss[0]), ("user", "superuser"))
        assert (await invite(headers=unconfirmed)).json()["code"] == "confirmation_required"
        former = headers_for(new_id(), ("user", "staff", "superuser")) | CONFIRMED
        assert (await invite(headers=former)).json()["code"] == "superuser_required"


class TestWithdraw:
    async def test_voids_the_link_once(self, app, client, boss, token, accept):
        given = await token()
        [made] = (await client.get(INVITATIONS, headers=boss[1])).json()["results"]
        answers = [await client.delete(f"{INVITATIONS}{made['id']}/", headers=boss[1]) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [204, 409]
        assert refused(await accept(given)) == INVALID
        [shown] = (await client.get(INVITATIONS, headers=boss[1])).json()["results"]
        assert shown["status"] == "withdrawn"
        rows = [(row.action, row.after) for row in await audit(app) if row.action.startswith("invitation.")]
        assert rows == [("invitation.make", {"roles": ["support"]}), ("invitation.withdraw", {"status": "withdrawn"})]

    async def test_who_is_refused(self, client, boss):
        path = f"{INVITATIONS}{new_id()}/"
        assert (await client.delete(path, headers=boss[1])).status_code == 404
        staff = headers_for(roles=("user", "staff")) | CONFIRMED
        assert (await client.delete(path, headers=staff)).json()["code"] == "superuser_required"
        unconfirmed = {name: value for name, value in boss[1].items() if name not in CONFIRMED}
        assert (await client.delete(path, headers=unconfirmed)).json()["code"] == "confirmation_required"


class TestNewAccount:
    async def test_is_made_proven_with_its_roles_and_signed_in(self, app, own, token, accept):
        pair = (await accept(await token())).json()
        user = pair["user"]
        assert (user["email"], user["roles"], user["is_verified"]) == ("grace@example.org", ["user", "support"], True)
        assert (await own.get("/api/v1/admin/users/", headers=bearer(pair))).status_code == 200
        login = {"email": "grace@example.org", "password": GRACE["password"]}
        assert (await own.post("/api/v1/auth/login/", json=login)).status_code == 200
        [row] = [row for row in await audit(app) if row.action == "user.accept_invitation"]
        assert (row.before, row.after["roles"], str(row.subject_id)) == (
            {"roles": ["user"]},
            ["user", "support"],
            user["id"],
        )

    async def test_of_fifty_at_once_one_is_made(self, app, token, accept):
        given = await token()
        answers = await asyncio.gather(*(accept(given) for _ in range(50)))
        assert Counter(answer.status_code for answer in answers)[200] == 1
        assert {answer.json()["code"] for answer in answers if answer.status_code != 200} <= {
            "token_invalid",
            "email_taken",
            "overloaded",  # so many passwords are not hashed at once
        }
        async with app.state.runtime.db.read() as session:
            assert await session.scalar(select(func.count()).where(User.email == "grace@example.org")) == 1

    @pytest.mark.parametrize("missing", ["first_name", "last_name", "password"])
    async def test_needs_every_field(self, token, accept, missing):
        assert refused(await accept(await token(), **{missing: None})) == (422, "invalid", [missing])

    async def test_a_common_password_uses_nothing_up(self, token, accept):
        given = await token()
        assert refused(await accept(given, password="password1")) == (422, "password_too_common", ["password"])
        assert (await accept(given)).status_code == 200

    async def test_a_bad_token_tells_nothing(self, app, client, boss, ada, token, accept, tokens):
        given = await token()
        other = (await tokens("verify_email"))[0]
        for bad in ("none", other, given[:-1] + ("A" if given[-1] != "A" else "B")):
            assert refused(await accept(bad)) == INVALID
        await execute(app, update(Invitation).values(expires_at=machine_now()))
        await execute(app, update(MailToken).values(expires_at=machine_now()))
        assert refused(await accept(given)) == INVALID

    async def test_one_by_who_may_not_invite_any_more_is_void(self, app, boss, token, accept):
        given = await token()
        await execute(app, update(User).where(User.id == UUID(boss[0])).values(is_superuser=False))
        assert refused(await accept(given)) == INVALID

    async def test_the_page_makes_the_account_and_signs_nobody_in(self, own, token):
        given = await token()
        shown = await own.get("/account/accept-invitation", params={"token": given})
        assert all(f'name="{name}"' in shown.text for name in GRACE)
        form = {"token": given, **GRACE}
        assert (await own.post("/account/accept-invitation", data={**form, "first_name": ""})).status_code == 422
        done = await own.post("/account/accept-invitation", data=form)
        assert (done.status_code, "access_token" in done.text) == (200, False)
        login = {"email": "grace@example.org", "password": GRACE["password"]}
        pair = (await own.post("/api/v1/auth/login/", json=login)).json()
        assert pair["user"]["roles"] == ["user", "support"]
        assert (await own.post("/account/accept-invitation", data=form)).status_code == 422


class TestExistingAccount:
    async def test_gets_the_roles_and_a_new_pair(self, own, ada, token, accept):
        given = await token("ada@example.com", ["support"])
        assert refused(await accept(given)) == (409, "email_taken", [])
        pair = (await accept(given, bearer(ada))).json()
        assert (pair["user"]["roles"], pair["user"]["is_verified"]) == (["user", "support"], True)
        assert (await own.get("/api/v1/admin/users/", headers=bearer(pair))).status_code == 200
        assert (await own.get("/api/v1/auth/user/", headers=bearer(ada))).status_code == 200
        assert refused(await accept(given, bearer(pair))) == INVALID

    async def test_keeps_the_roles_that_it_has(self, app, ada, token, accept):
        await execute(app, update(User).where(User.email == "ada@example.com").values(granted_roles=["partner"]))
        pair = (await accept(await token("ada@example.com", ["marketing"]), bearer(ada))).json()
        assert pair["user"]["roles"] == ["user", "partner", "marketing"]

    async def test_of_another_address_cannot_use_it(self, ada, token, accept):
        given = await token()
        assert refused(await accept(given, bearer(ada))) == INVALID
        assert (await accept(given)).status_code == 200

    async def test_sends_the_token_alone(self, ada, token, accept):
        answer = await accept(await token("ada@example.com"), bearer(ada), password="another quiet ship")
        assert refused(answer) == (422, "invalid", ["password"])

    async def test_of_fifty_at_once_one_succeeds(self, app, ada, token, accept):
        given = await token("ada@example.com")
        answers = await asyncio.gather(*(accept(given, bearer(ada)) for _ in range(50)))
        counted = Counter((answer.status_code, answer.json().get("code", "")) for answer in answers)
        assert counted == {(200, ""): 1, (422, "token_invalid"): 49}
        assert len([row for row in await audit(app) if row.action == "user.accept_invitation"]) == 1

    async def test_that_never_proved_its_address_loses_its_other_sessions(self, own, ada, token, accept):
        login = {"email": "ada@example.com", "password": PASSWORD}
        other = (await own.post("/api/v1/auth/login/", json=login)).json()
        await accept(await token("ada@example.com"), bearer(ada))
        assert (await own.get("/api/v1/auth/user/", headers=bearer(other))).status_code == 401


class TestEnd:
    async def test_a_month_later_nothing_is_kept(self, app, token):
        await token()
        await execute(app, update(Invitation).values(expires_at=machine_now() - timedelta(days=31)))
        await run_jobs(app)
        async with app.state.runtime.db.read() as session:
            assert await session.scalar(select(func.count()).select_from(Invitation)) == 0

    async def test_an_erasure_takes_it(self, app, client, invite, accept, tokens):
        registered = await client.post("/api/v1/auth/register/", json=registration("grace@example.org"))
        await invite()
        own = headers_for(UUID(registered.json()["user"]["id"]))
        assert (await client.post("/api/v1/auth/user/erasure/", headers=own)).status_code == 202
        app.state.runtime.clock.advance(timedelta(days=8))
        await erasures_end(app)
        async with app.state.runtime.db.read() as session:
            assert await session.scalar(select(func.count()).select_from(Invitation)) == 0
            assert await session.scalar(select(func.count()).where(MailToken.address == "grace@example.org")) == 0

"""Linked, unlinked, gone with the account; what a second factor makes of it; ID tokens of native apps."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select, text, update

from devtools.testing.callers import headers_for
from devtools.testing.delivery import run_jobs
from services.identity.base import Base
from services.identity.invariants import INVARIANTS
from services.identity.sessions.models import SignInSession
from services.identity.social.models import ProviderToken, SocialAttempt, SocialIdentity
from services.identity.tests.conftest import (
    CONFIRMED,
    PASSWORD,
    bearer,
    code_of,
    erasures_end,
    refused,
    registration,
    set_up_totp,
)
from services.identity.tests.social.browser import NAMES, PUBLIC, SOCIAL, new_person
from shared.records.clock import machine_now

USER = "/api/v1/auth/user/"


async def rows(app: Any, model: Any) -> list[Any]:
    async with app.state.runtime.db.read() as session:
        return list((await session.scalars(select(model))).all())


async def broken(app: Any) -> list[str]:
    async with app.state.runtime.db.read() as session:
        return [name for name, sql in INVARIANTS.items() if (await session.execute(text(sql))).all()]


async def other(client: Any) -> dict[str, Any]:
    return (await client.post("/api/v1/auth/register/", json=registration("bob@example.com"))).json()


@pytest.mark.parametrize("provider", NAMES)
class TestLink:
    async def test_opens_the_account_from_then_on(self, app, browser, ada, mails, provider):
        person = new_person("somebody@else.example")
        answer = await browser.link(provider, person, bearer(ada))
        assert (answer.status_code, answer.json()) == (201, {"provider": provider})
        assert (await browser.own.get(USER, headers=bearer(ada))).json()["providers"] == [provider]
        assert (await browser.sign_in(provider, person)).json()["user"]["id"] == ada["user"]["id"]
        assert [mail["address"] for mail in await mails("provider_linked")] == ["ada@example.com"]
        again = await browser.link(provider, person, bearer(ada))
        assert again.status_code == 201
        assert len(await rows(app, SocialIdentity)) == 1
        assert await broken(app) == []

    async def test_what_opens_another_account_is_taken(self, browser, client, ada, provider):
        person = new_person("somebody@else.example")
        await browser.link(provider, person, bearer(ada))
        answer = await browser.link(provider, person, bearer(await other(client)))
        assert refused(answer)[:2] == (409, "identity_taken")


class TestPurpose:
    async def test_a_link_begins_with_a_sign_in_of_late(self, app, browser, ada):
        assert (await browser.begin("google", mode="link")).status_code == 401
        async with app.state.runtime.db.autocommit() as session:
            long_ago = machine_now().replace(year=2020)
            await session.execute(update(SignInSession).values(authenticated_at=long_ago))
        pair = await browser.own.post("/api/v1/auth/token/refresh/", json={"refresh_token": ada["refresh_token"]})
        answer = await browser.begin("google", bearer(pair.json()), mode="link")
        assert refused(answer)[:2] == (403, "step_up_required")

    async def test_the_code_of_a_link_signs_nobody_in_and_is_burnt(self, browser, ada):
        code = await browser.code("google", new_person(), bearer(ada), mode="link")
        assert refused(await browser.finish(code))[:2] == (401, "invalid_grant")
        body = {"code": code, "code_verifier": browser.verifier}
        answer = await browser.own.post(f"{SOCIAL}link/", json=body, headers=bearer(ada))
        assert refused(answer)[:2] == (401, "invalid_grant")

    async def test_the_code_of_a_sign_in_links_nothing_and_is_burnt(self, browser, ada):
        code = await browser.code("google", new_person())
        body = {"code": code, "code_verifier": browser.verifier}
        answer = await browser.own.post(f"{SOCIAL}link/", json=body, headers=bearer(ada))
        assert refused(answer)[:2] == (401, "invalid_grant")
        assert refused(await browser.finish(code))[:2] == (401, "invalid_grant")

    async def test_the_code_of_another_persons_link_links_nothing(self, app, browser, client, ada):
        code = await browser.code("google", new_person(), bearer(ada), mode="link")
        body = {"code": code, "code_verifier": browser.verifier}
        answer = await browser.own.post(f"{SOCIAL}link/", json=body, headers=bearer(await other(client)))
        assert refused(answer)[:2] == (401, "invalid_grant")
        assert await rows(app, SocialIdentity) == []

    async def test_a_ticket_is_good_for_what_it_asks(self, browser, client):
        await client.post("/api/v1/auth/register/", json=registration("ada@gmail.com"))
        to_link = (await browser.sign_in("google", new_person())).json()["ticket"]
        no_address = (await browser.sign_in("google", new_person(""))).json()["ticket"]
        void: tuple[int, str, list[str]] = (401, "ticket_invalid", [])
        assert refused(await browser.resolve(to_link, email="eva@example.com")) == void
        assert refused(await browser.resolve(no_address, password=PASSWORD)) == void
        assert refused(await browser.resolve(no_address, claim=True)) == void
        assert (await browser.resolve(to_link, claim=True)).status_code == 201
        assert (await browser.resolve(no_address, email="eva@example.com")).status_code == 201

    async def test_an_address_that_is_named_and_taken_is_linked_by_its_password_alone(self, browser, ada):
        ticket = (await browser.sign_in("google", new_person(""))).json()["ticket"]
        answer = await browser.resolve(ticket, email="ada@example.com")
        assert refused(answer)[:2] == (409, "link_required")
        assert refused(await browser.resolve(ticket, password=PASSWORD))[:2] == (401, "ticket_invalid")
        ticket = answer.json()["ticket"]
        assert refused(await browser.resolve(ticket, claim=True))[:2] == (409, "claim_refused")
        resolved = await browser.resolve(ticket, password=PASSWORD)
        assert (resolved.status_code, resolved.json()["user"]["id"]) == (200, ada["user"]["id"])

    async def test_an_address_that_moved_to_another_person_links_nothing_by_itself(self, browser):
        first = await browser.sign_in("google", new_person("info@acme.example", hd="acme.example"))
        assert first.status_code == 201
        successor = await browser.sign_in("google", new_person("info@acme.example", hd="acme.example"))
        assert refused(successor)[:2] == (409, "link_required")
        assert refused(await browser.resolve(successor.json()["ticket"], claim=True))[:2] == (409, "claim_refused")


class TestUnlink:
    async def test_takes_the_provider_and_says_so_by_mail(self, app, browser, ada, mails):
        person = new_person("somebody@else.example")
        await browser.link("google", person, bearer(ada))
        answer = await browser.own.delete(f"{SOCIAL}google/", headers=bearer(ada))
        assert answer.status_code == 204
        assert (await browser.own.get(USER, headers=bearer(ada))).json()["providers"] == []
        assert len(await mails("provider_unlinked")) == 1
        assert (await browser.sign_in("google", person)).json()["user"]["id"] != ada["user"]["id"]
        assert (await browser.own.delete(f"{SOCIAL}google/", headers=bearer(ada))).status_code == 404
        assert (await browser.own.delete(f"{SOCIAL}google/")).status_code == 401
        assert await broken(app) == []

    async def test_the_last_way_in_stays(self, app, browser):
        person = new_person()
        pair = (await browser.sign_in("google", person)).json()
        url = f"{SOCIAL}google/"
        assert refused(await browser.own.delete(url, headers=bearer(pair)))[:2] == (409, "last_sign_in_method")
        await browser.link("acme", new_person(), bearer(pair))
        assert (await browser.own.delete(url, headers=bearer(pair))).status_code == 204
        answer = await browser.own.delete(f"{SOCIAL}acme/", headers=bearer(pair))
        assert refused(answer)[:2] == (409, "last_sign_in_method")

    async def test_both_at_once_leave_one(self, app, browser):
        pair = (await browser.sign_in("google", new_person())).json()
        await browser.link("acme", new_person(), bearer(pair))
        answers = await asyncio.gather(
            *(browser.own.delete(f"{SOCIAL}{name}/", headers=bearer(pair)) for name in ("google", "acme") * 5)
        )
        assert sorted(answer.status_code for answer in answers)[0] == 204
        assert [answer.status_code for answer in answers].count(204) == 1
        assert len(await rows(app, SocialIdentity)) == 1


class TestApplesToken:
    async def test_is_sealed_and_revoked_when_the_provider_is_unlinked(self, app, browser, ada, providers):
        person = new_person("somebody@else.example")
        await browser.link("apple", person, bearer(ada))
        [kept] = await rows(app, ProviderToken)
        assert kept.next_try_at is None
        await run_jobs(app)
        assert len(await rows(app, ProviderToken)) == 1
        assert (await browser.own.delete(f"{SOCIAL}apple/", headers=bearer(ada))).status_code == 204
        await run_jobs(app)
        assert await rows(app, ProviderToken) == []
        told_again = await browser.allow(await browser.start("apple"), person)
        assert "user" in told_again, "revoked at Apple, the person is new there"

    async def test_is_revoked_at_an_erasure_of_which_nothing_else_stays(self, app, browser, client):
        person = new_person()
        pair = (await browser.sign_in("apple", person)).json()
        headers = headers_for(roles=("user", "staff")) | CONFIRMED
        url = f"/api/v1/admin/users/{pair['user']['id']}/deactivate/"
        assert (await client.post(url, json={"erase": True}, headers=headers)).status_code == 200
        await erasures_end(app)
        assert (await rows(app, SocialIdentity), await rows(app, SocialAttempt)) == ([], [])
        await run_jobs(app)
        assert await rows(app, ProviderToken) == []
        assert (await browser.sign_in("apple", person)).status_code == 201

    async def test_is_tried_again_while_apple_is_away(self, app, browser, ada):
        await browser.link("apple", new_person("x@else.example"), bearer(ada))
        await browser.own.delete(f"{SOCIAL}apple/", headers=bearer(ada))
        transport = app.state.runtime.providers._transport
        transport._sandbox, there = (PUBLIC + "/sandbox/oidc", "http://127.0.0.1:9"), transport._sandbox
        await run_jobs(app)
        [kept] = await rows(app, ProviderToken)
        assert (kept.tries, "does not answer" in kept.last_error) == (1, True)
        transport._sandbox = there
        async with app.state.runtime.db.autocommit() as session:
            await session.execute(update(ProviderToken).values(next_try_at=machine_now()))
        await run_jobs(app)
        assert await rows(app, ProviderToken) == []

    async def test_opens_with_the_keys_of_the_operator(self, app, browser):
        await browser.sign_in("apple", new_person())
        sealing = await app.state.runtime.sealing.loaded(app.state.runtime.db)
        async with app.state.runtime.db.read() as session:
            assert await sealing.unopened(session, Base.metadata) == []


class TestSecondFactor:
    async def test_a_known_person_is_asked_for_it(self, app, browser, ada):
        person = new_person("somebody@else.example")
        await browser.link("google", person, bearer(ada))
        secret, _ = await set_up_totp(browser.own, ada)
        answer = await browser.sign_in("google", person)
        assert refused(answer)[:2] == (403, "mfa_required")
        body = {"ticket": answer.json()["mfa"]["ticket"], "method": "totp", "code": code_of(secret, 1)}
        done = await browser.own.post("/api/v1/auth/login/mfa/", json=body)
        assert (done.status_code, done.json()["user"]["id"]) == (200, ada["user"]["id"])

    async def test_a_link_by_password_waits_for_it(self, app, browser, ada):
        secret, _ = await set_up_totp(browser.own, ada)
        person = new_person("ada@example.com")
        ticket = (await browser.sign_in("google", person)).json()["ticket"]
        answer = await browser.resolve(ticket, password=PASSWORD)
        assert refused(answer)[:2] == (403, "mfa_required")
        assert await rows(app, SocialIdentity) == []
        body = {"ticket": answer.json()["mfa"]["ticket"], "method": "totp", "code": code_of(secret, 1)}
        done = await browser.own.post("/api/v1/auth/login/mfa/", json=body)
        assert (done.status_code, done.json()["user"]["providers"]) == (200, ["google"])
        assert [str(one.user_id) for one in await rows(app, SocialIdentity)] == [ada["user"]["id"]]


class TestDeactivated:
    async def test_cannot_be_signed_in_to(self, browser, client):
        person = new_person()
        pair = (await browser.sign_in("google", person)).json()
        headers = headers_for(roles=("user", "staff")) | CONFIRMED
        await client.post(f"/api/v1/admin/users/{pair['user']['id']}/deactivate/", json={}, headers=headers)
        assert refused(await browser.sign_in("google", person))[:2] == (401, "invalid_credentials")

"""New, known, link required, claimed, no address, unverified, replayed, swapped, mixed up: by each of the providers."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from devtools.testing.delivery import events_of, run_jobs
from services.identity.accounts.models import User
from services.identity.social.models import SocialAttempt, SocialIdentity
from services.identity.tests.conftest import PASSWORD, bearer, refused, registration
from services.identity.tests.social.browser import APP, GOOD, NAMES, PUBLIC, SOCIAL, new_person
from shared.events.identity import UserRegistered, UserUpdated

USER = "/api/v1/auth/user/"


async def rows(app: Any, model: type) -> list[Any]:
    async with app.state.runtime.db.read() as session:
        return list((await session.scalars(select(model))).all())


async def verify(client: Any, tokens: Any) -> None:
    for token in await tokens("verify_email"):
        assert (await client.post("/api/v1/auth/verify-email/", json={"token": token})).status_code == 200


async def test_lists_the_providers(client):
    found = (await client.get(SOCIAL)).json()
    assert found == [{"name": name, "title": name.title()} for name in NAMES]


@pytest.mark.parametrize("provider", NAMES)
class TestEachProvider:
    async def test_somebody_new_gets_an_account_that_is_proven_where_the_word_is_good(self, app, browser, provider):
        answer = await browser.sign_in(provider, new_person())
        assert answer.status_code == 201, answer.text
        user = answer.json()["user"]
        assert (user["email"], user["first_name"], user["last_name"]) == ("ada@gmail.com", "Ada", "Lovelace")
        assert (user["is_verified"], user["has_password"], user["providers"]) == (provider in GOOD, False, [provider])
        me = await browser.own.get(USER, headers=bearer(answer.json()))
        assert (me.status_code, me.json()["id"]) == (200, user["id"])
        sent = [type(event) for event in await events_of(app.state.runtime)]
        assert (UserRegistered in sent, UserUpdated in sent) == (True, provider in GOOD)

    async def test_is_known_the_next_time_whatever_the_address_is_then(self, browser, provider):
        person = new_person()
        first = (await browser.sign_in(provider, person)).json()
        again = await browser.sign_in(provider, {**person, "email": "other@gmail.com"})
        assert (again.status_code, again.json()["user"]["id"]) == (200, first["user"]["id"])
        assert again.json()["user"]["email"] == "ada@gmail.com"

    async def test_an_account_with_the_address_has_to_be_signed_in_to(self, app, browser, ada, provider):
        person = new_person("ada@example.com")
        answer = await browser.sign_in(provider, person)
        assert refused(answer)[:2] == (409, "link_required")
        ticket = answer.json()["ticket"]
        assert refused(await browser.resolve(ticket, password="another one"))[:2] == (401, "invalid_credentials")
        resolved = await browser.resolve(ticket, password=PASSWORD)
        assert (resolved.status_code, resolved.json()["user"]["id"]) == (200, ada["user"]["id"])
        assert resolved.json()["user"]["providers"] == [provider]
        assert (await browser.sign_in(provider, person)).json()["user"]["id"] == ada["user"]["id"]
        assert refused(await browser.resolve(ticket, password=PASSWORD))[:2] == (401, "ticket_invalid")

    async def test_links_by_itself_only_if_both_sides_have_proven_the_address(self, browser, client, tokens, provider):
        account = await client.post("/api/v1/auth/register/", json=registration("ada@gmail.com"))
        await verify(client, tokens)
        answer = await browser.sign_in(provider, new_person())
        if provider in GOOD:
            assert (answer.status_code, answer.json()["user"]["id"]) == (200, account.json()["user"]["id"])
        else:
            assert refused(answer)[:2] == (409, "link_required")

    async def test_the_address_of_an_account_that_never_proved_it_can_be_claimed(self, app, browser, client, provider):
        former = (await client.post("/api/v1/auth/register/", json=registration("ada@gmail.com"))).json()
        answer = await browser.sign_in(provider, new_person())
        assert refused(answer)[:2] == (409, "link_required")
        claimed = await browser.resolve(answer.json()["ticket"], claim=True)
        if provider not in GOOD:
            assert refused(claimed)[:2] == (409, "claim_refused")
            assert (await browser.resolve(answer.json()["ticket"], password=PASSWORD)).status_code == 200
            return
        assert claimed.status_code == 201, claimed.text
        assert claimed.json()["user"]["id"] != former["user"]["id"]
        assert (claimed.json()["user"]["email"], claimed.json()["user"]["is_verified"]) == ("ada@gmail.com", True)
        old = {"email": "ada@gmail.com", "password": PASSWORD}
        assert (await browser.own.post("/api/v1/auth/login/", json=old)).status_code == 401
        refresh = {"refresh_token": former["refresh_token"]}
        assert (await browser.own.post("/api/v1/auth/token/refresh/", json=refresh)).status_code == 401
        kept = next(user for user in await rows(app, User) if str(user.id) == former["user"]["id"])
        assert (kept.first_name, kept.deactivated_at) == ("Ada", None)

    async def test_a_missing_address_is_asked_for_and_stays_unproven(self, browser, provider):
        person = new_person("")
        answer = await browser.sign_in(provider, person)
        assert refused(answer)[:2] == (409, "email_required")
        named = await browser.resolve(answer.json()["ticket"], email="ada@example.com")
        assert named.status_code == 201, named.text
        user = named.json()["user"]
        assert (user["email"], user["is_verified"], user["providers"]) == ("ada@example.com", False, [provider])
        assert (await browser.sign_in(provider, person)).json()["user"]["id"] == user["id"]

    async def test_an_address_that_the_provider_did_not_prove_is_not_proven(self, browser, client, provider):
        person = new_person(email_verified="false")
        answer = await browser.sign_in(provider, person)
        assert (answer.status_code, answer.json()["user"]["is_verified"]) == (201, False)
        await client.post("/api/v1/auth/register/", json=registration("eva@gmail.com"))
        other = await browser.sign_in(provider, new_person("eva@gmail.com", email_verified="false"))
        claimed = await browser.resolve(other.json()["ticket"], claim=True)
        assert refused(claimed)[:2] == (409, "claim_refused")

    async def test_a_state_is_good_once_and_for_its_provider(self, browser, provider):
        way = await browser.start(provider)
        given = await browser.allow(way, new_person())
        other = NAMES[NAMES.index(provider) - 1]
        assert refused(await browser.bring(other, given)) == (422, "state_invalid", ["state"])
        assert "code" in await browser.back(provider, given)
        assert refused(await browser.bring(provider, given)) == (422, "state_invalid", ["state"])

    async def test_the_code_of_another_browser_at_the_provider_signs_nobody_in(self, app, make_browser, provider):
        thief, victim = make_browser(), make_browser()
        stolen = await thief.allow(await thief.start(provider), new_person("thief@gmail.com"))
        way = await victim.start(provider)
        mine = await victim.allow(way, new_person())
        swapped = await victim.back(provider, {**mine, "code": stolen["code"]})
        assert swapped == {"error": "provider_error", "state": way.state}
        assert await rows(app, SocialIdentity) == []

    async def test_the_answer_of_another_issuer_signs_nobody_in(self, app, browser, provider):
        for issuer in (f"{PUBLIC}/sandbox/oidc/other", PUBLIC):
            way = await browser.start(provider)
            given = await browser.allow(way, new_person())
            mixed_up = await browser.back(provider, {**given, "iss": issuer})
            assert mixed_up == {"error": "provider_error", "state": way.state}
        assert await rows(app, SocialIdentity) == []

    async def test_who_denies_comes_back_without_a_code(self, browser, provider):
        way = await browser.start(provider)
        denied = await browser.allow(way, new_person(), action="deny")
        assert await browser.back(provider, denied) == {"error": "access_denied", "state": way.state}

    async def test_a_code_is_good_once_and_for_its_verifier(self, browser, provider):
        person = new_person()
        code = await browser.code(provider, person)
        assert (await browser.finish(code)).status_code == 201
        assert refused(await browser.finish(code))[:2] == (401, "invalid_grant")
        other = await browser.code(provider, person)
        assert refused(await browser.finish(other, "v" * 43))[:2] == (401, "invalid_grant")
        assert refused(await browser.finish(other))[:2] == (401, "invalid_grant")

    async def test_nothing_secret_is_stored(self, app, browser, provider):
        way = await browser.start(provider)
        back = await browser.back(provider, await browser.allow(way, new_person()))
        stored = str([vars(row) for row in await rows(app, SocialAttempt)])
        assert not any(secret in stored for secret in (way.state, way.verifier, back["code"]))


class TestIssuer:
    @pytest.mark.parametrize("provider", ["google", "acme"])
    async def test_who_names_itself_has_to_do_so_each_time(self, browser, provider):
        way = await browser.start(provider)
        given = await browser.allow(way, new_person())
        assert given.pop("iss") == f"{PUBLIC}/sandbox/oidc/{provider}"
        assert await browser.back(provider, given) == {"error": "provider_error", "state": way.state}


class TestGoogle:
    @pytest.mark.parametrize(
        ("email", "hd", "good"),
        [
            ("ada@gmail.com", "", True),
            ("ada@acme.example.org", "acme.example.org", True),
            ("ada@example.org", "", False),
            ("ada@example.org", "acme.example.org", False),
            ("ada@notgmail.com", "", False),
        ],
    )
    async def test_speaks_for_its_own_addresses_and_for_the_domain_it_hosts(self, browser, email, hd, good):
        answer = await browser.sign_in("google", new_person(email, hd=hd))
        assert (answer.status_code, answer.json()["user"]["is_verified"]) == (201, good)


class TestApple:
    async def test_the_name_comes_once_and_is_kept_with_the_attempt(self, browser, client):
        person = new_person("ada@example.com")
        await client.post("/api/v1/auth/register/", json=registration("ada@example.com"))
        first = await browser.allow(await browser.start("apple"), person)
        assert "user" in first
        assert "user" not in await browser.allow(await browser.start("apple"), person)

    async def test_a_relayed_address_is_an_address(self, browser):
        answer = await browser.sign_in("apple", new_person("x1@privaterelay.appleid.com"))
        assert (answer.status_code, answer.json()["user"]["is_verified"]) == (201, True)


class TestRaces:
    async def test_fifty_with_one_state_one_comes_back(self, browser):
        given = await browser.allow(await browser.start("acme"), new_person())
        answers = await asyncio.gather(*(browser.bring("acme", given) for _ in range(50)))
        assert sorted(answer.status_code for answer in answers) == [303] + [422] * 49

    async def test_fifty_with_one_code_one_is_signed_in(self, app, browser):
        code = await browser.code("google", new_person())
        answers = await asyncio.gather(*(browser.finish(code) for _ in range(50)))
        assert sorted(answer.status_code for answer in answers) == [201] + [401] * 49
        assert len(await rows(app, User)) == 1

    @pytest.mark.parametrize("how", [{"password": PASSWORD}, {"claim": True}])
    async def test_fifty_with_one_ticket_one_is_signed_in(self, app, browser, client, how):
        await client.post("/api/v1/auth/register/", json=registration("ada@gmail.com"))
        ticket = (await browser.sign_in("google", new_person())).json()["ticket"]
        answers = await asyncio.gather(*(browser.resolve(ticket, **how) for _ in range(50)))
        statuses = [answer.status_code for answer in answers]
        assert sum(status in (200, 201) for status in statuses) == 1
        assert set(statuses) <= {200, 201, 401, 429, 503}
        assert len(await rows(app, SocialIdentity)) == 1

    async def test_one_person_on_ten_devices_at_once_gets_one_account(self, app, make_browser):
        person = new_person()
        browsers = [make_browser() for _ in range(10)]
        codes = [await each.code("google", person) for each in browsers]
        answers = await asyncio.gather(*(each.finish(code) for each, code in zip(browsers, codes, strict=True)))
        assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
        assert len(await rows(app, User)) == 1


class TestRedirect:
    @pytest.mark.parametrize(
        "given",
        [
            "https://app.example.org/back",
            "http://localhost.example.org/",
            "http://localhost:3000@example.org/",
            "http://user@localhost/",
            "http://localhost:3000/#token",
            "http://LOCALHOST:3000/",
            "http://localhost:3000\\@example.org/",
            "//localhost/",
            "javascript:alert(1)",
            "http://localhost:3000/ü",
            "http://localhost:3000/\nx",
            "",
        ],
    )
    async def test_goes_nowhere_else(self, browser, given):
        assert refused(await browser.begin("google", redirect_uri=given))[1:] == (
            "redirect_not_allowed",
            ["redirect_uri"],
        )

    async def test_keeps_the_query_of_the_address(self, browser):
        way = await browser.start("acme", redirect_uri=f"{APP}?lang=de")
        back = await browser.back("acme", await browser.allow(way, new_person()))
        assert (back["lang"], back["state"]) == ("de", way.state)


async def test_jobs_leave_what_is_under_way(app, browser):
    code = await browser.code("apple", new_person())
    await run_jobs(app)
    assert (await browser.finish(code)).status_code == 201

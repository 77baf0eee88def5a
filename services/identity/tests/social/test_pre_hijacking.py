"""Five known ways to take an account before its owner comes (Sudhodanan and Paverd, 2022), times three ways that
the owner comes: by a reset, by a provider with a good word, by a change of address. The attacker is out each time."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import text

from devtools.testing.delivery import run_jobs
from services.identity.tests.conftest import PASSWORD, bearer, registration
from services.identity.tests.social.browser import new_person

VICTIM, ATTACKER = "victim@gmail.com", "attacker@evil.example"
NEW = "a quiet green river"
LOGIN, REFRESH = "/api/v1/auth/login/", "/api/v1/auth/token/refresh/"


@dataclass
class Loot:
    """What an attacker has in hand when the owner comes."""

    pairs: list[dict[str, Any]] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)
    people: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)


@dataclass
class Stage:
    """Who acts, and with what."""

    app: Any
    client: Any
    browser: Any
    tokens: Any


async def an_hour_passes(stage: Stage) -> None:
    """The address gets mails again: a fourth one within the hour is not sent."""
    async with stage.app.state.runtime.db.autocommit() as session:
        await session.execute(text("delete from throttle"))


async def registered(stage: Stage) -> dict[str, Any]:
    answer = await stage.client.post("/api/v1/auth/register/", json=registration(VICTIM))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def classic_federated_merge(stage: Stage) -> Loot:
    """Registers the address with a password, and waits until a provider merges its owner in."""
    await registered(stage)
    return Loot(passwords=[PASSWORD])


async def unexpired_session(stage: Stage) -> Loot:
    """The same, and stays signed in."""
    return Loot(pairs=[await registered(stage)], passwords=[PASSWORD])


async def trojan_identifier(stage: Stage) -> Loot:
    """The same, and links an account of their own at a provider."""
    pair, own = await registered(stage), ("google", new_person("attacker@gmail.com"))
    assert (await stage.browser.link(*own, bearer(pair))).status_code == 201
    return Loot(people=[own])


async def unexpired_email_change(stage: Stage) -> Loot:
    """The same, and has a change to their own address ready to be confirmed."""
    pair = await registered(stage)
    body = {"email": ATTACKER}
    answer = await stage.browser.own.post("/api/v1/auth/email/change/", json=body, headers=bearer(pair))
    assert answer.status_code == 202
    await run_jobs(stage.app)
    changes = await stage.tokens("change_email")
    assert len(changes) == 1
    return Loot(changes=changes)


async def provider_that_proves_nothing(stage: Stage) -> Loot:
    """Has a provider that does not prove addresses say that the owner's is theirs."""
    own = ("acme", new_person(VICTIM))
    answer = await stage.browser.sign_in(*own)
    assert answer.status_code == 201
    return Loot(pairs=[answer.json()], people=[own])


async def by_reset(stage: Stage) -> str:
    """The owner sets a password by the mail; the id of their account."""
    assert (await stage.client.post("/api/v1/auth/password/reset/", json={"email": VICTIM})).status_code == 202
    await run_jobs(stage.app)
    token = (await stage.tokens("reset_password"))[-1]
    body = {"token": token, "password": NEW}
    assert (await stage.client.post("/api/v1/auth/password/reset/confirm/", json=body)).status_code == 204
    answer = await stage.client.post(LOGIN, json={"email": VICTIM, "password": NEW})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["user"]["id"])


async def by_provider(stage: Stage) -> str:
    """The owner signs in by a provider whose word is good, and claims the address."""
    answer = await stage.browser.sign_in("google", new_person(VICTIM))
    assert (answer.status_code, answer.json()["code"]) == (409, "link_required")
    claimed = await stage.browser.resolve(answer.json()["ticket"], claim=True)
    assert claimed.status_code == 201
    return str(claimed.json()["user"]["id"])


async def by_email_change(stage: Stage) -> str:
    """The owner has an account with another address, and wants this one: a mail says that it is taken, and after a
    reset the attacker's account is theirs."""
    account = registration("victim@work.example", password=NEW)
    pair = (await stage.client.post("/api/v1/auth/register/", json=account)).json()
    headers = bearer(pair)
    answer = await stage.browser.own.post("/api/v1/auth/email/change/", json={"email": VICTIM}, headers=headers)
    assert answer.status_code == 202
    await run_jobs(stage.app)
    assert await stage.tokens("email_taken") == [None]
    await an_hour_passes(stage)
    mine = await by_reset(stage)
    assert mine != pair["user"]["id"]
    return mine


ATTACKS = [
    classic_federated_merge,
    unexpired_session,
    trojan_identifier,
    unexpired_email_change,
    provider_that_proves_nothing,
]


@pytest.mark.parametrize("owner_comes", [by_reset, by_provider, by_email_change])
@pytest.mark.parametrize("attack", ATTACKS)
async def test_the_attacker_is_out(app, client, browser, tokens, attack, owner_comes):
    stage = Stage(app, client, browser, tokens)
    loot = await attack(stage)
    mine = await owner_comes(stage)
    for pair in loot.pairs:
        answer = await client.post(REFRESH, json={"refresh_token": pair["refresh_token"]})
        assert answer.status_code == 401
    for password in loot.passwords:
        assert (await client.post(LOGIN, json={"email": VICTIM, "password": password})).status_code == 401
    for token in loot.changes:
        answer = await client.post("/api/v1/auth/email/change/confirm/", json={"token": token})
        assert answer.status_code == 422
    for provider, person in loot.people:
        answer = await browser.sign_in(provider, person)
        assert answer.status_code == 409 or answer.json()["user"]["id"] != mine

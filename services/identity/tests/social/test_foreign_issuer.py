"""Sign-in by an issuer that is not ours: `oidc-provider` from npm."""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx2
import pytest

from devtools.testing.node import MODULES, demand_node, needs_node
from services.identity.tests.conftest import refused, registration
from services.identity.tests.social.browser import PUBLIC, SOCIAL, Browser

SCRIPT = Path(__file__).with_name("foreign_issuer.mjs")
CALLBACK = f"{PUBLIC}{SOCIAL}foreign/callback/"

pytestmark = needs_node("oidc-provider")


@pytest.fixture(params=["in the ID token", "in userinfo"])
async def issuer(request: pytest.FixtureRequest, free_port: int) -> AsyncIterator[str]:
    """Where it answers; the address of a person stands in the ID token, or in userinfo alone."""
    demand_node("oidc-provider")
    env = {**os.environ, "IN_USERINFO": "1" if request.param == "in userinfo" else "0"}
    arguments = (str(SCRIPT), str(MODULES), str(free_port), CALLBACK)
    running = await asyncio.create_subprocess_exec(
        "node", *arguments, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    assert running.stdout is not None
    async with asyncio.timeout(60):
        assert b"ready" in await running.stdout.readline()
    yield f"http://localhost:{free_port}"
    running.terminate()
    await running.wait()


@pytest.fixture(params=[True, False], ids=["trusted", "not trusted"])
def trusted(request: pytest.FixtureRequest) -> bool:
    """Whether its word on addresses counts."""
    return bool(request.param)


@pytest.fixture
def settings(issuer: str, trusted: bool) -> dict[str, str]:
    named = {"name": "foreign", "title": "Foreign", "issuer": issuer, "client_id": "estuary", "trust_email": trusted}
    secret = {"client_secret": "a-secret-of-more-than-thirty-two-characters"}
    return {"IDENTITY_OIDC_PROVIDERS": json.dumps([named | secret])}


async def allowed(url: str, login: str) -> dict[str, str]:
    """Goes through the issuer's pages as a person would; what it sends back."""
    async with httpx2.AsyncClient(timeout=30) as web:
        for _ in range(12):
            answer = await web.get(url)
            while answer.is_redirect:
                url = urljoin(url, answer.headers["location"])
                if url.startswith(CALLBACK):
                    return dict(parse_qsl(urlsplit(url).query))
                answer = await web.get(url)
            found = (
                re.search(r'action="([^"]+)"', answer.text),
                re.search(r'name="prompt" value="([^"]+)"', answer.text),
            )
            action, prompt = (match[1] for match in found if match)
            posted = await web.post(urljoin(url, action), data={"prompt": prompt, "login": login, "password": "x"})
            url = urljoin(url, posted.headers["location"])
    raise AssertionError("the issuer does not come to an end")


async def sign_in(browser: Browser, login: str) -> Any:
    way = await browser.start("foreign")
    back = await browser.back("foreign", await allowed(way.url, login))
    return await browser.finish(back["code"])


async def test_signs_in_and_knows_the_person_the_next_time(browser, trusted, request):
    in_token = "in the ID token" in request.node.name
    first = await sign_in(browser, "ada")
    assert first.status_code == 201, first.text
    user = first.json()["user"]
    assert (user["email"], user["first_name"], user["providers"]) == ("ada@example.test", "Ada", ["foreign"])
    assert user["is_verified"] is (trusted and in_token), "unsigned, an address is not proven"
    again = await sign_in(browser, "ada")
    assert (again.status_code, again.json()["user"]["id"]) == (200, user["id"])


async def test_an_account_with_the_address_is_not_linked_by_itself(browser, client):
    await client.post("/api/v1/auth/register/", json=registration("eva@example.test"))
    assert refused(await sign_in(browser, "eva"))[:2] == (409, "link_required")


async def test_an_answer_without_its_issuer_signs_nobody_in(browser):
    way = await browser.start("foreign")
    given = await allowed(way.url, "ada")
    del given["iss"]
    assert await browser.back("foreign", given) == {"error": "provider_error", "state": way.state}

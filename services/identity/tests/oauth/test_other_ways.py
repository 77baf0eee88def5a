"""The sign-in page without a password: what is refused. What works is tried in a browser (tests/browser)."""

import json
from urllib.parse import urlsplit

import pytest

from devtools.testing.passkeys import SoftPasskey, spoiled
from services.identity.oauth.browsers.forms import FORM
from services.identity.tests.conftest import (
    BY_PASSKEY_OPTIONS,
    ORIGIN,
    SECOND_OPTIONS,
    add_passkey,
    ask,
    bearer,
)
from services.identity.tests.oauth.relying_party import Browser

UNKNOWN = "No account here has this passkey"


@pytest.fixture
async def own_passkey(own, ada) -> SoftPasskey:
    """A passkey of Ada's, who has no second factor on."""
    made = SoftPasskey(ORIGIN)
    assert (await add_passkey(own, bearer(ada), made)).status_code == 201
    return made


class TestPasskey:
    async def test_signs_in(self, journal, own, own_passkey):
        path = journal.address()
        page = await journal.browser.get(path)
        ticket, options = await ask(own, BY_PASSKEY_OPTIONS)
        given = {"step": "passkey", "ticket": ticket, "credential": json.dumps(own_passkey.get(options))}
        assert "asks to" in (await journal.browser.press(path, page, **given)).text

    async def test_is_used_once(self, own, journal, own_passkey):
        path, other = journal.address(), Browser(own)
        ticket, options = await ask(own, BY_PASSKEY_OPTIONS)
        given = {"step": "passkey", "ticket": ticket, "credential": json.dumps(own_passkey.get(options))}
        page, second = await journal.browser.get(path), await other.get(path)
        assert "asks to" in (await journal.browser.press(path, page, **given)).text
        assert UNKNOWN in (await other.press(path, second, **given)).text

    @pytest.mark.parametrize("credential", ["", "{", "[]", "null", "{}", '{"rawId": 1}', "[" * 100_000, "\ud800"])
    async def test_anything_else_is_one_refusal(self, journal, own, own_passkey, credential):
        path = journal.address()
        page = await journal.browser.get(path)
        ticket, _ = await ask(own, BY_PASSKEY_OPTIONS)
        sent = credential.encode("utf-8", "replace").decode()
        answer = await journal.browser.press(path, page, step="passkey", ticket=ticket, credential=sent)
        assert (answer.status_code, UNKNOWN in answer.text) == (401, True)

    async def test_as_second_factor_a_wrong_one_asks_again(self, journal, own, passkey, protected):
        path = journal.address()
        page = await journal.sign_in()
        ticket = page.text.partition('name="ticket" value="')[2].partition('"')[0]
        _, options = await ask(own, SECOND_OPTIONS, ticket=ticket)
        good = passkey.get(options)
        response = {**good["response"], "signature": spoiled(good["response"]["signature"])}
        bad = json.dumps({**good, "response": response})
        answer = await journal.browser.press(path, page, step="second_passkey", credential=bad)
        assert (answer.status_code, "Use a passkey" in answer.text, "Recovery code" in answer.text) == (401, True, True)
        _, options = await ask(own, SECOND_OPTIONS, ticket=ticket)
        given = {"step": "second_passkey", "credential": json.dumps(passkey.get(options))}
        assert "asks to" in (await journal.browser.press(path, answer, **given)).text

    async def test_its_script_is_the_only_one(self, journal):
        page = await journal.browser.get(journal.address())
        policy = page.headers["content-security-policy"]
        assert page.text.count("<script") == 1
        assert ("script-src 'sha256-" in policy, "'unsafe-inline'" in policy.partition("script-src")[2]) == (
            True,
            False,
        )


class TestProvider:
    async def test_one_that_does_not_answer(self, journal):
        page = await journal.browser.get(journal.address())
        answer = await journal.browser.press(journal.address(), page, provider="acme")
        assert (answer.status_code, "The provider does not answer." in answer.text) == (503, True)
        assert set(journal.browser.cookies) == {FORM}, "what a sign-in elsewhere needs is kept here"

    async def test_one_that_is_none(self, journal):
        page = await journal.browser.get(journal.address())
        answer = await journal.browser.press(journal.address(), page, provider="nowhere")
        assert (answer.status_code, "There is no such provider." in answer.text) == (404, True)

    async def test_a_request_that_is_too_long(self, journal):
        path = journal.address(state="s" * 2500)
        page = await journal.browser.get(path)
        answer = await journal.browser.press(path, page, provider="acme")
        assert (answer.status_code, "Sign in another way" in answer.text) == (422, True)

    async def test_a_code_that_is_none(self, journal):
        page = await journal.browser.get(journal.address())
        form = page.text.partition('name="form" value="')[2].partition('"')[0]
        to = urlsplit(journal.address()).query
        for code, status in (("x", 401), ("", 422), ("x" * 5000, 401)):
            given = {"to": to, "form": form, "provider": "acme", "code": code, "state": "x"}
            answer = await journal.browser.get("/oauth/authorize/social/", params=given)
            assert (answer.status_code, "Sign in to go on" in answer.text) == (status, True), code

    async def test_another_browser(self, own, journal):
        page = await journal.browser.get(journal.address())
        form = page.text.partition('name="form" value="')[2].partition('"')[0]
        given = {"to": urlsplit(journal.address()).query, "form": form, "code": "x", "state": "x"}
        answer = await Browser(own).get("/oauth/authorize/social/", params=given)
        assert "This form is not good any more." in answer.text

    @pytest.mark.parametrize("query", ["", "to=%ff", "to=client_id%3Dx", "form=1.x&code=y"])
    async def test_an_address_that_is_none_is_a_page(self, own, query):
        answer = await Browser(own).get(f"/oauth/authorize/social/?{query}")
        assert (answer.status_code, "text/html" in answer.headers["content-type"]) == (400, True)


class TestTicket:
    @pytest.mark.parametrize("given", [{"step": "link"}, {"step": "link", "claim": "true"}, {"step": "address"}])
    async def test_one_that_is_none_begins_again(self, journal, given):
        page = await journal.browser.get(journal.address())
        fields = {"ticket": "none", "password": "x", "email": "a@example.com"} | given
        answer = await journal.browser.press(journal.address(), page, **fields)
        assert (answer.status_code, "Sign in to go on" in answer.text) == (401, True)

    async def test_no_address_is_asked_for_again(self, journal):
        page = await journal.browser.get(journal.address())
        answer = await journal.browser.press(journal.address(), page, step="address", ticket="t", email="none")
        assert (answer.status_code, "This is no e-mail address." in answer.text) == (422, True)

"""`id_token_hint`: of whom the app means; no other account will do."""

import pytest

from services.identity.tests.conftest import bob
from services.identity.tests.oauth.relying_party import App, back
from services.identity.tests.oauth.test_clients import made


class TestHints:
    async def test_of_who_is_signed_in(self, journal):
        hint = (await journal.tokens())["id_token"]
        for prompt in (None, "none"):
            assert "code" in back(await journal.browser.get(journal.address(id_token_hint=hint, prompt=prompt)))

    async def test_of_somebody_else_nobody_signs_in_silently(self, own, journal):
        hint = (await journal.tokens())["id_token"]
        await bob(own)
        await journal.allow(await journal.sign_in("bob@example.com", prompt="login"), prompt="login")
        found = back(await journal.browser.get(journal.address(id_token_hint=hint, prompt="none")))
        assert (found["error"], found["state"]) == ("login_required", "s/1")

    async def test_of_somebody_else_asks_for_a_sign_in_and_takes_no_other(self, own, journal, ada):
        hint = (await journal.tokens())["id_token"]
        await bob(own)
        await journal.allow(await journal.sign_in("bob@example.com", prompt="login"), prompt="login")
        again = await journal.sign_in("bob@example.com", id_token_hint=hint)
        assert back(again)["error"] == "login_required"
        given = await journal.sign_in(id_token_hint=hint)
        claims = await journal.claims((await journal.redeem(back(given)["code"])).json()["id_token"])
        assert claims["sub"] == ada["user"]["id"]

    async def test_where_nobody_is_signed_in(self, own, journal):
        hint = (await journal.tokens())["id_token"]
        journal.browser.cookies.clear()
        found = back(await journal.browser.get(journal.address(id_token_hint=hint, prompt="none")))
        assert found["error"] == "login_required"
        assert "code" in back(await journal.sign_in(id_token_hint=hint))

    @pytest.mark.parametrize("prompt", [None, "none"])
    async def test_that_is_no_id_token_of_the_client_is_refused(self, client, journal, prompt):
        given = await journal.tokens()
        other = await made(client, name="Other")
        theirs = App(journal.browser, other["client_id"], other["client_secret"])
        hints = ("none", "a.b.c", given["access_token"], given["id_token"][:-2], (await theirs.tokens())["id_token"])
        for hint in hints:
            found = back(await journal.browser.get(journal.address(id_token_hint=hint, prompt=prompt)))
            assert (found["error"], found["state"]) == ("invalid_request", "s/1"), hint

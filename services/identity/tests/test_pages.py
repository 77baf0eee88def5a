"""The pages of mailed links: a button that posts, and nothing that happens by opening them."""

import re
from typing import Any

import pytest

from devtools.testing.delivery import run_jobs
from services.identity.pages.domain import TEXTS, PageName
from services.identity.tests.conftest import CREDENTIALS, LOGIN, PASSWORD, bearer

NEW = "another quiet river"


async def press(client: Any, page: str, **fields: str) -> Any:
    return await client.post(f"/account/{page}", data=fields)


class TestShow:
    @pytest.mark.parametrize("page", list(PageName))
    async def test_every_page_has_a_form_and_asks_for_no_script(self, client, page):
        answer = await client.get(f"/account/{page}", params={"token": "abc"})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert '<form method="post">' in answer.text
        assert "<script" not in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]

    async def test_what_the_address_holds_is_shown_as_text(self, client):
        answer = await client.get("/account/verify-email", params={"token": '"><script>alert(1)</script>'})
        assert "<script" not in answer.text

    async def test_another_page_is_404(self, client):
        assert (await client.get("/account/none")).status_code == 404

    @pytest.mark.parametrize("page", list(PageName))
    async def test_a_password_is_hidden_and_a_manager_fills_it_in(self, client, page):
        answer = await client.get(f"/account/{page}", params={"token": "abc"})
        fields = [field for field in re.findall(r"<input[^>]*>", answer.text) if 'name="password"' in field]
        assert len(fields) == TEXTS[page].asks_password
        assert all('type="password" autocomplete="new-password"' in field for field in fields)

    async def test_opening_it_uses_nothing_up(self, client, ada, tokens):
        [token] = await tokens("verify_email")
        for _ in range(2):
            assert (await client.get("/account/verify-email", params={"token": token})).status_code == 200
        shown = await client.get("/account/verify-email", params={"token": token})
        assert re.findall(r'name="token" value="([^"]+)"', shown.text) == [token]
        assert await tokens("verify_email") == [token]


class TestPress:
    async def test_verifies(self, own, ada, tokens):
        answer = await press(own, "verify-email", token=(await tokens("verify_email"))[0])
        assert (answer.status_code, "Your address is confirmed." in answer.text) == (200, True)
        assert (await own.get("/api/v1/auth/user/", headers=bearer(ada))).status_code == 401
        assert (await own.post(LOGIN, json=CREDENTIALS)).json()["user"]["is_verified"] is True

    @pytest.mark.parametrize("page", list(PageName))
    async def test_a_void_token_has_a_page_that_says_so(self, client, page):
        answer = await press(client, page, token="none", password=NEW, first_name="Ada", last_name="Byron")
        assert (answer.status_code, "not valid any more" in answer.text) == (422, True)

    async def test_sets_a_password(self, app, own, ada, tokens):
        await own.post("/api/v1/auth/password/reset/", json={"email": "ada@example.com"})
        await run_jobs(app)
        [token] = await tokens("reset_password")
        for bad, why in (("short", "8 to 128"), ("password1", "commonest")):
            answer = await press(own, "reset-password", token=token, password=bad)
            assert (answer.status_code, why in answer.text, token in answer.text) == (422, True, True)
        assert (await press(own, "reset-password", token=token, password=NEW)).status_code == 200
        signed_in = await own.post("/api/v1/auth/login/", json={"email": "ada@example.com", "password": NEW})
        assert signed_in.status_code == 200

    async def test_changes_an_address_and_takes_it_back(self, app, own, ada, tokens):
        await own.post("/api/v1/auth/email/change/", json={"email": "new@example.com"}, headers=bearer(ada))
        await run_jobs(app)
        assert (await press(own, "change-email", token=(await tokens("change_email"))[0])).status_code == 200
        assert (await press(own, "undo-email", token=(await tokens("undo_email"))[0])).status_code == 200
        signed_in = {"email": "new@example.com", "password": PASSWORD}
        assert (await own.post("/api/v1/auth/login/", json=signed_in)).status_code == 401

    @pytest.mark.parametrize("body", [b"", b"token=%00", b"no=token", b"\xff"])
    async def test_a_bad_form_is_422(self, client, body):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        assert (await client.post("/account/verify-email", content=body, headers=headers)).status_code == 422

"""Requests that cannot be answered: at the client's address only where that is its own."""

import pytest

from services.identity.tests.oauth.relying_party import BACK, back

WRONG_REDIRECTS = [
    None,
    "",
    BACK + "/",
    BACK.removesuffix("k"),
    BACK + "?",
    BACK + "#",
    BACK + "#x",
    "https://journal.example:443/back",
    "https://journal.example:8443/back",
    "https://JOURNAL.example/back",
    "https://journal.example/Back",
    "https://journal.example/%62ack",
    "https://journal.example/./back",
    "https://journal.example//back",
    "https://journal.example/back%20",
    "https://user@journal.example/back",
    "https://journal.example@evil.example/back",
    "https://journal.example.evil.example/back",
    "http://journal.example/back",
    "HTTPS://journal.example/back",
    "https://evil.example/?https://journal.example/back",
    "http://localhost:3001/back",
    "http://127.0.0.1:3000/back",
    "app.example.journal:/back/",
    "app.example.journal://back",
    "javascript:alert(1)",
    '"><script>',
    "https://journal.example/ü",
]


class TestRefused:
    @pytest.mark.parametrize("redirect", WRONG_REDIRECTS)
    async def test_another_redirect_is_a_page(self, journal, redirect):
        answer = await journal.browser.get(journal.address(redirect_uri=redirect))
        assert (answer.status_code, "location" in answer.headers) == (400, False)
        assert "text/html" in answer.headers["content-type"]
        assert "<script" not in answer.text

    async def test_another_redirect_is_a_page_without_response_type_too(self, journal):
        answer = await journal.browser.get(journal.address(redirect_uri="https://evil.example/", response_type=None))
        assert (answer.status_code, "location" in answer.headers) == (400, False)

    @pytest.mark.parametrize("redirect", ["http://localhost:3000/back", "app.example.journal:/back"])
    async def test_each_of_its_own_is_good(self, journal, redirect):
        answer = await journal.sign_in(redirect_uri=redirect)
        answer = await journal.browser.press(journal.address(redirect_uri=redirect), answer, decision="allow")
        assert answer.headers["location"].startswith(f"{redirect}?code=")

    @pytest.mark.parametrize(
        "client_id", [None, "", "none", "\0", "ü", "{upper}", "0198e3f0-0000-7000-8000-000000000000"]
    )
    async def test_an_unknown_client_is_a_page(self, journal, client_id):
        given = None if client_id is None else client_id.replace("{upper}", journal.client_id.upper())
        answer = await journal.browser.get(journal.address(client_id=given))
        assert (answer.status_code, "location" in answer.headers) == (400, False)

    async def test_twice_is_a_page(self, journal):
        for name in ("redirect_uri", "state", "scope", "code_challenge", "client_id"):
            answer = await journal.browser.get(f"{journal.address()}&{name}=x")
            assert answer.status_code == 400

    @pytest.mark.parametrize(
        ("other", "error"),
        [
            ({"response_type": None}, "invalid_request"),
            ({"response_type": ""}, "invalid_request"),
            ({"response_type": "token"}, "unsupported_response_type"),
            ({"response_type": "code id_token"}, "unsupported_response_type"),
            ({"code_challenge": None}, "invalid_request"),
            ({"code_challenge_method": None}, "invalid_request"),
            ({"code_challenge_method": "plain"}, "invalid_request"),
            ({"code_challenge": "short"}, "invalid_request"),
            ({"scope": "openid payments.read"}, "invalid_scope"),
            ({"scope": "openid session"}, "invalid_scope"),
            ({"scope": ""}, "invalid_scope"),
            ({"nonce": "n" * 501}, "invalid_request"),
            ({"nonce": "a\0b"}, "invalid_request"),
            ({"prompt": "none login"}, "invalid_request"),
            ({"prompt": "shout"}, "invalid_request"),
            ({"max_age": "-1"}, "invalid_request"),
            ({"response_mode": "fragment"}, "invalid_request"),
            ({"request": "x"}, "request_not_supported"),
            ({"request_uri": "https://x"}, "request_uri_not_supported"),
            ({"prompt": "none"}, "login_required"),
        ],
    )
    async def test_what_cannot_be_goes_back(self, journal, other, error):
        found = back(await journal.browser.get(journal.address(**other)))
        assert (found["error"], found["state"], found["iss"]) == (error, "s/1", "http://localhost:8000")

    async def test_pkce_is_for_confidential_and_public_clients(self, register, ada):
        for public in (False, True):
            app = await register(public=public)
            found = back(await app.browser.get(app.address(code_challenge=None, code_challenge_method=None)))
            assert found["error"] == "invalid_request"

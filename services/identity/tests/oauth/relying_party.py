"""A browser and an app that signs people in by Estuary, in Python."""

import re
from base64 import b64encode
from dataclasses import dataclass, field
from html import unescape
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import select

from services.identity.sessions.models import SignInSession
from services.identity.social.domain import challenge_of
from services.identity.tests.conftest import PASSWORD

PUBLIC, BACK = "http://localhost:8000", "https://journal.example/back"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@dataclass
class Browser:
    """Keeps cookies as browsers do on a secure origin: our client speaks plain http."""

    web: httpx2.AsyncClient
    cookies: dict[str, str] = field(default_factory=dict)
    set: list[str] = field(default_factory=list)

    async def get(self, path: str, **given: Any) -> httpx2.Response:
        """Opens it."""
        return await self.send("GET", path, **given)

    async def send(self, method: str, path: str, **given: Any) -> httpx2.Response:
        """Sends it, without following redirects."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = await self.web.request(method, path, headers={"Cookie": cookie} if cookie else None, **given)
        self.web.cookies.clear()
        for line in answer.headers.get_list("set-cookie"):
            self.set.append(line)
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies.pop(name, None)
            if "max-age=0" not in line.lower():
                self.cookies[name] = value
        return answer

    async def press(self, path: str, page: httpx2.Response, **fields: str) -> httpx2.Response:
        """Fills the page's form in and sends it."""
        hidden = {name: unescape(value) for name, value in HIDDEN.findall(page.text)}
        return await self.send("POST", path, data={**hidden, **fields})


@dataclass
class App:
    """A client with its browser; `secret` is None for a public one."""

    browser: Browser
    client_id: str
    secret: str | None
    scope: str = "openid profile email"
    verifier: str = field(default_factory=lambda: token_urlsafe(48))
    nonce: str = field(default_factory=lambda: token_urlsafe(8))

    def address(self, **other: str | None) -> str:
        """Where it sends the browser; what is None is left out."""
        query = {
            "client_id": self.client_id,
            "response_type": "code",
            "redirect_uri": BACK,
            "scope": self.scope,
            "state": "s/1",
            "nonce": self.nonce,
            "code_challenge": challenge_of(self.verifier),
            "code_challenge_method": "S256",
        } | other
        return "/oauth/authorize?" + urlencode({name: value for name, value in query.items() if value is not None})

    async def sign_in(self, email: str = "ada@example.com", password: str = PASSWORD, **other: Any) -> httpx2.Response:
        """What follows from signing in on the page that asks for it."""
        path = self.address(**other)
        page = await self.browser.get(path)
        assert 'name="password"' in page.text, page.text
        return await self.browser.press(path, page, email=email, password=password)

    async def allow(self, page: httpx2.Response, decision: str = "allow", **other: Any) -> httpx2.Response:
        """What follows from the answer to the question."""
        assert "asks to" in page.text, page.text
        return await self.browser.press(self.address(**other), page, decision=decision)

    async def code(self, **other: Any) -> str:
        """A code, by whatever is asked on the way."""
        answer = await self.browser.get(self.address(**other))
        if 'name="password"' in answer.text:
            answer = await self.sign_in(**other)
        if answer.status_code == 200:
            answer = await self.allow(answer, **other)
        found = back(answer)
        assert (found["state"], found["iss"]) == ("s/1", PUBLIC), found
        return found["code"]

    @property
    def basic(self) -> dict[str, str]:
        """Who it is."""
        return {"Authorization": "Basic " + b64encode(f"{self.client_id}:{self.secret}".encode()).decode()}

    async def post(self, path: str, **fields: str) -> httpx2.Response:
        """Asks for itself, and says who it is."""
        if self.secret is None:
            return await self.browser.web.post(path, data={"client_id": self.client_id, **fields})
        return await self.browser.web.post(path, data=fields, headers=self.basic)

    async def redeem(self, code: str, **other: str) -> httpx2.Response:
        """The answer for a code."""
        fields = {"code": code, "redirect_uri": BACK, "code_verifier": self.verifier} | other
        return await self.post("/oauth/token", grant_type="authorization_code", **fields)

    async def tokens(self, **other: Any) -> dict[str, Any]:
        """Tokens, from the beginning."""
        answer = await self.redeem(await self.code(**other))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def refresh(self, token: str, **other: str) -> httpx2.Response:
        """The answer for a refresh token."""
        return await self.post("/oauth/token", grant_type="refresh_token", refresh_token=token, **other)

    async def claims(self, id_token: str) -> dict[str, Any]:
        """What an ID token says, checked as a relying party does."""
        keys = (await self.browser.web.get("/.well-known/jwks.json")).json()
        decoded = jwt.decode(id_token, KeySet.import_key_set(keys), algorithms=["RS256", "ES256"])
        assert (decoded.claims["iss"], decoded.claims["aud"]) == (PUBLIC, self.client_id)
        return dict(decoded.header) | dict(decoded.claims)


def back(answer: httpx2.Response) -> dict[str, str]:
    """What came back to the app with the browser."""
    assert answer.status_code == 303, answer.text
    location = answer.headers["location"]
    assert location.startswith(f"{BACK}?"), location
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


INVALID_GRANT = (400, "invalid_grant")


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    """A refusal in OAuth's form, which nobody keeps."""
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json()["error"]


async def end_reasons(app: Any) -> list[str | None]:
    """How the sessions of apps ended, None for those that did not."""
    async with app.state.runtime.db.read() as session:
        found = select(SignInSession.end_reason).where(SignInSession.client_id.is_not(None))
        return list(await session.scalars(found.order_by(SignInSession.id)))

"""A browser with an app in it: to the provider, back to identity, back to the app."""

import re
from dataclasses import dataclass, field
from html import unescape
from secrets import token_hex, token_urlsafe
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2

from services.identity.social.domain import challenge_of

SOCIAL = "/api/v1/auth/social/"
PUBLIC = "http://localhost:8000"
APP = "http://localhost:3000/signed-in"
NAMES = ("google", "apple", "facebook", "acme")
GOOD = ("google", "apple")
"""Those whose word on an address counts here."""
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
ACTION = re.compile(r'<form method="post" action="([^"]+)">')


def new_person(email: str = "ada@gmail.com", **other: str) -> dict[str, str]:
    """Somebody whom the providers have not seen, with an address that is proven."""
    names = {"given_name": "Ada", "family_name": "Lovelace"}
    return {"sub": f"sub-{token_hex(8)}", "email": email, "email_verified": "true", **names, **other}


@dataclass
class Way:
    """A sign-in that has begun."""

    provider: str
    url: str
    state: str
    verifier: str


@dataclass
class Browser:
    """`own` is a client of identity, `web` goes to the providers."""

    own: httpx2.AsyncClient
    web: httpx2.AsyncClient
    providers: str
    verifier: str = field(default_factory=lambda: token_urlsafe(48))

    async def begin(self, provider: str, headers: dict[str, str] | None = None, **more: str) -> Any:
        """The answer to a start."""
        body = {"redirect_uri": APP, "code_challenge": challenge_of(self.verifier), **more}
        return await self.own.post(f"{SOCIAL}{provider}/", json=body, headers=headers)

    async def start(self, provider: str, headers: dict[str, str] | None = None, **more: str) -> Way:
        """Begins."""
        answer = await self.begin(provider, headers, **more)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert found["expires_in"] == 600
        return Way(provider, found["authorization_url"], found["state"], self.verifier)

    async def allow(self, way: Way, person: dict[str, str], action: str = "allow") -> dict[str, str]:
        """What the provider sends back."""
        url = way.url.replace(PUBLIC, self.providers)
        page = await self.web.get(url)
        assert (page.status_code, 'name="action"' in page.text) == (200, True), page.text
        answer = await self.web.post(url, data={**person, "action": action})
        back = f"{PUBLIC}{SOCIAL}{way.provider}/callback/"
        if way.provider == "apple":
            assert answer.status_code == 200
            assert [unescape(found) for found in ACTION.findall(answer.text)] == [back]
            return {name: unescape(value) for name, value in HIDDEN.findall(answer.text)}
        assert answer.status_code == 302, answer.text
        assert answer.headers["location"].startswith(f"{back}?")
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    async def bring(self, provider: str, given: dict[str, str]) -> Any:
        """Identity's answer to what the provider sent back."""
        path = f"{SOCIAL}{provider}/callback/"
        if provider == "apple":
            return await self.own.post(path, data=given)
        return await self.own.get(path, params=given)

    async def back(self, provider: str, given: dict[str, str]) -> dict[str, str]:
        """What identity sends on to the app."""
        answer = await self.bring(provider, given)
        assert answer.status_code == 303, answer.text
        assert answer.headers["location"].startswith(f"{APP}?")
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    async def code(
        self, provider: str, person: dict[str, str], headers: dict[str, str] | None = None, **more: str
    ) -> str:
        """The code with which the app goes on."""
        way = await self.start(provider, headers, **more)
        back = await self.back(provider, await self.allow(way, person))
        assert back["state"] == way.state
        return back["code"]

    async def finish(self, code: str, verifier: str | None = None) -> Any:
        """The answer for a code."""
        body = {"code": code, "code_verifier": verifier or self.verifier}
        return await self.own.post(f"{SOCIAL}token/", json=body)

    async def sign_in(self, provider: str, person: dict[str, str]) -> Any:
        """The answer at the end of the whole way."""
        return await self.finish(await self.code(provider, person))

    async def resolve(self, ticket: str, **how: Any) -> Any:
        """The answer for a ticket."""
        return await self.own.post(f"{SOCIAL}resolve/", json={"ticket": ticket, **how})

    async def link(self, provider: str, person: dict[str, str], headers: dict[str, str]) -> Any:
        """The answer to a link."""
        code = await self.code(provider, person, headers, mode="link")
        body = {"code": code, "code_verifier": self.verifier}
        return await self.own.post(f"{SOCIAL}link/", json=body, headers=headers)

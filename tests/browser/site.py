"""A site of another origin that signs people in by Estuary: silently after a hand-off, until it learns of a logout."""

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import escape
from secrets import token_urlsafe
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from joserfc import jwt
from joserfc.jwk import KeySet

from services.identity.social.domain import challenge_of

COOKIE = "site"
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"


class Site:
    """It keeps its visitors by its own cookie, and of a sign-in the claims of the ID token."""

    def __init__(self, http: aiohttp.ClientSession, issuer: str, port: int) -> None:
        """`client` is how Estuary answered to its registration."""
        self.http, self.issuer, self.port = http, issuer, port
        self.origin = f"http://127.0.0.1:{port}"
        self.client: dict[str, Any] = {}
        self.asked: dict[str, dict[str, str]] = {}
        self.visitors: dict[str, dict[str, Any]] = {}
        self.notices: list[dict[str, Any]] = []

    def registration(self) -> dict[str, Any]:
        """What Estuary has to know of it."""
        return {
            "name": "Quiet Times",
            "redirect_uris": [f"{self.origin}/back"],
            "post_logout_redirect_uris": [f"{self.origin}/"],
            "initiate_login_uri": f"{self.origin}/begin",
            "backchannel_logout_uri": f"{self.origin}/logged-out",
            "scopes": ["openid", "email", "offline_access", "bookings.read"],
        }

    def authorize(self, **other: str) -> str:
        """An address at Estuary that brings the visitor back signed in."""
        state = token_urlsafe(16)
        self.asked[state] = {"nonce": token_urlsafe(16), "verifier": token_urlsafe(48)}
        query = {
            "client_id": self.client["client_id"],
            "response_type": "code",
            "redirect_uri": f"{self.origin}/back",
            "scope": "openid email",
            "state": state,
            "nonce": self.asked[state]["nonce"],
            "code_challenge": challenge_of(self.asked[state]["verifier"]),
            "code_challenge_method": "S256",
        }
        return f"{self.issuer}/oauth/authorize?{urlencode(query | other)}"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Self]:
        """It answers for as long as the context lasts."""
        app = web.Application()
        app.add_routes(
            [
                web.get("/", self.home),
                web.get("/begin", self.begin),
                web.get("/back", self.back),
                web.get("/frame", self.frame),
                web.post("/logged-out", self.logged_out),
            ]
        )
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        try:
            yield self
        finally:
            await runner.cleanup()

    async def home(self, request: web.Request) -> web.Response:
        """Says who is signed in, with a link to sign out everywhere."""
        known = self.visitors.get(request.cookies.get(COOKIE, ""))
        if known is None:
            return _page(f'<p>Nobody is signed in.</p><p><a href="{escape(self.authorize())}">Sign in</a></p>')
        query = {"id_token_hint": known["id_token"], "post_logout_redirect_uri": f"{self.origin}/"}
        out = f"{self.issuer}/oauth/logout?{urlencode(query)}"
        return _page(f'<p>Hello {escape(known["email"])}</p><p><a href="{escape(out)}">Sign out</a></p>')

    async def begin(self, request: web.Request) -> web.Response:
        """OpenID's third-party initiated login: asks without showing anything."""
        assert request.query["iss"] == self.issuer
        raise web.HTTPSeeOther(self.authorize(prompt="none"))

    async def back(self, request: web.Request) -> web.Response:
        """Takes the code."""
        asked = self.asked.pop(request.query["state"])
        assert request.query["iss"] == self.issuer
        if "error" in request.query:
            return _page(f"<p>Refused: {escape(request.query['error'])}</p>")
        answer = await self._redeem(request.query["code"], asked["verifier"])
        claims = await self._read(answer["id_token"])
        assert claims["nonce"] == asked["nonce"]
        cookie = token_urlsafe(16)
        self.visitors[cookie] = claims | await self._about(answer["access_token"]) | {"id_token": answer["id_token"]}
        response = web.HTTPSeeOther("/")
        response.set_cookie(COOKIE, cookie, httponly=True, samesite="Lax")
        raise response

    async def logged_out(self, request: web.Request) -> web.Response:
        """OpenID's back-channel logout: forgets the visitors of that session."""
        claims = await self._read(str((await request.post())["logout_token"]))
        assert claims["events"] == {LOGOUT: {}}
        self.notices.append(claims)
        self.visitors = {cookie: known for cookie, known in self.visitors.items() if known["sid"] != claims["sid"]}
        return web.Response()

    async def frame(self, request: web.Request) -> web.Response:
        """Shows another page inside of its own."""
        return _page(f'<iframe title="inside" src="{escape(request.query["url"])}"></iframe>')

    async def _redeem(self, code: str, verifier: str) -> dict[str, Any]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": f"{self.origin}/back"}
        basic = b64encode(f"{self.client['client_id']}:{self.client['client_secret']}".encode()).decode()
        headers = {"Authorization": f"Basic {basic}"}
        data = form | {"code_verifier": verifier}
        async with self.http.post(f"{self.issuer}/oauth/token", data=data, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            return dict(await answer.json())

    async def _about(self, token: str) -> dict[str, Any]:
        """Who signed in, as the scopes say."""
        headers = {"Authorization": f"Bearer {token}"}
        async with self.http.get(f"{self.issuer}/oauth/userinfo", headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            return dict(await answer.json())

    async def _read(self, token: str) -> dict[str, Any]:
        """The claims of a token that Estuary signed for this client."""
        async with self.http.get(f"{self.issuer}/.well-known/jwks.json") as answer:
            keys = KeySet.import_key_set(await answer.json())
        claims = dict(jwt.decode(token, keys, algorithms=["RS256"]).claims)
        assert (claims["iss"], claims["aud"]) == (self.issuer, self.client["client_id"])
        return claims


def _page(body: str) -> web.Response:
    html = f'<!doctype html><html lang="en"><head><title>Quiet Times</title></head><body>{body}</body></html>'
    return web.Response(text=html, content_type="text/html")

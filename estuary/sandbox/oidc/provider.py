"""What the providers have in common: the page, the way back, codes for tokens. Each differs by what it overrides."""

import hashlib
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from estuary.sandbox.oidc.errors import OAuthRefusal, UnknownClient
from estuary.sandbox.oidc.grants import Data, Grants
from estuary.sandbox.oidc.pages import consent_page, posting_page
from estuary.sandbox.oidc.people import Person
from estuary.sandbox.pages import page, paragraph

CODE_LIFE, ACCESS_LIFE, REFRESH_LIFE = timedelta(minutes=5), timedelta(hours=1), timedelta(days=180)
MOST_FIELDS = 50
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Client:
    """The one client of a provider: Estuary. `redirect_uri` is compared as it is."""

    id: str
    secret: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """What the client asks for; empty is what it did not say."""

    state: str
    scopes: frozenset[str]
    nonce: str
    challenge: str
    query: Mapping[str, str]


class Provider:
    """A provider at `issuer`, without a slash at its end."""

    name: ClassVar[str]
    title: ClassVar[str]
    authorize_path: ClassVar[str]
    denied: ClassVar[Mapping[str, str]] = {"error": "access_denied"}

    def __init__(self, issuer: str, client: Client, grants: Grants) -> None:
        """Opens nothing."""
        self.issuer, self.client, self.grants = issuer, client, grants

    def routes(self) -> list[Route]:
        """Its paths below the issuer."""
        return [
            Route("/", self.about, methods=["GET"]),
            Route(self.authorize_path, self.authorize, methods=["GET", "POST"]),
        ]

    async def about(self, _: Request) -> Response:
        """Who this is."""
        return page(f"{self.title} (sandbox)", paragraph(f"Issuer: {self.issuer}"))

    async def authorize(self, request: Request) -> Response:
        """The page; posted, the way back with a code, or with an error."""
        try:
            asked = self.read(dict(request.query_params))
        except UnknownClient as error:
            return page("This sign-in is not possible", paragraph(str(error)), 400)
        try:
            self.check(asked)
            if request.method == "GET":
                return consent_page(self.title)
            return await self._decided(asked, await form_of(request))
        except OAuthRefusal as refusal:
            return self.back(asked, refusal.fields)

    async def _decided(self, asked: AuthorizationRequest, form: Mapping[str, str]) -> Response:
        if form.get("action") == "deny":
            return self.back(asked, self.denied)
        if form.get("action") != "allow":
            raise OAuthRefusal("invalid_request", "action is allow or deny")
        person = Person.of(form)
        granted = {**person.stored(), "nonce": asked.nonce, "challenge": asked.challenge}
        granted["scopes"] = sorted(asked.scopes)
        code = await self.grants.add("code", granted, CODE_LIFE)
        return self.back(asked, {"code": code, **await self.beside_code(asked, person)})

    def read(self, query: Mapping[str, str]) -> AuthorizationRequest:
        """Reads the request; raises UnknownClient where nothing may go back."""
        if query.get("client_id") != self.client.id:
            raise UnknownClient("There is no client with this id.")
        if query.get("redirect_uri") != self.client.redirect_uri:
            raise UnknownClient(f"redirect_uri_mismatch: {self.client.redirect_uri} is registered.")
        scopes = frozenset(query.get("scope", "").replace(",", " ").split())
        return AuthorizationRequest(
            query.get("state", ""), scopes, query.get("nonce", ""), query.get("code_challenge", ""), query
        )

    def check(self, asked: AuthorizationRequest) -> None:
        """Raises OAuthRefusal for what the provider does not do."""
        if asked.query.get("response_type") != "code":
            raise OAuthRefusal("unsupported_response_type")
        if asked.challenge and asked.query.get("code_challenge_method") != "S256":
            raise OAuthRefusal("invalid_request", "code_challenge_method is S256")

    async def beside_code(self, asked: AuthorizationRequest, person: Person) -> dict[str, str]:
        """What goes back beside the code."""
        return {}

    def back(self, asked: AuthorizationRequest, fields: Mapping[str, str]) -> Response:
        """To the client, with the state."""
        given = {**fields, "state": asked.state}
        if asked.query.get("response_mode") == "form_post":
            return posting_page(self.client.redirect_uri, given)
        return RedirectResponse(f"{self.client.redirect_uri}?{urlencode(given)}", 302)

    async def spend_code(self, form: Mapping[str, str]) -> Data:
        """What the code stands for, which is used up; raises OAuthRefusal."""
        granted = await self.grants.take("code", form.get("code", ""))
        if granted is None:
            raise OAuthRefusal("invalid_grant", "The code is unknown, expired or used.")
        if form.get("redirect_uri") != self.client.redirect_uri:
            raise OAuthRefusal("invalid_grant", "redirect_uri is another one.")
        if granted["challenge"] and s256(form.get("code_verifier", "")) != granted["challenge"]:
            raise OAuthRefusal("invalid_grant", "code_verifier is another one.")
        return granted

    def check_secret(self, client_id: str, secret: str) -> None:
        """Raises OAuthRefusal for another client, or another secret."""
        right = compare_digest(secret.encode(), self.client.secret.encode())
        if client_id != self.client.id or not right:
            raise OAuthRefusal("invalid_client", "The client or its secret is unknown.", 401)

    async def person_of(self, request: Request) -> Data:
        """What the access token of the request stands for; raises OAuthRefusal."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        found = await self.grants.find("access", token) if scheme.lower() == "bearer" else None
        if found is None:
            raise OAuthRefusal("invalid_token", "The access token is unknown or expired.", 401)
        return found


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form; the last counts where a name comes twice."""
    try:
        text = (await request.body()).decode()
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise OAuthRefusal("invalid_request", "The form cannot be read.") from None


def basic_credentials(request: Request) -> tuple[str, str]:
    """Client and secret of HTTP Basic, empty without."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        client_id, _, secret = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return (unquote(client_id), unquote(secret)) if scheme.lower() == "basic" else ("", "")


def s256(verifier: str) -> str:
    """The challenge of that verifier."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def in_json(endpoint: Endpoint) -> Endpoint:
    """The endpoint; what it refuses is said in JSON."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except OAuthRefusal as refusal:
            return json(refusal.fields, refusal.status)

    return answer


def json(content: Any, status: int = 200) -> JSONResponse:
    """JSON that nobody may store."""
    return JSONResponse(content, status, {"Cache-Control": "no-store", "Pragma": "no-cache"})
